"""Run the benchmarks, print one table, write `benchmarks/results.json`.

Each module beside this one that has `NAMES` (the rows it can yield) and `rows(machine)` is a
benchmark. A row says how fast Kancil was and how fast one peer was in the same run. With
`--only NAME` only the room of this name (a module here, such as `coinjoins`) or the one row of this
name is run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.machine import measure
from tests.web.look import start_django

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
FIELDS = ("name", "ours", "unit", "peer", "peer_figure", "ratio", "goal", "met", "machine")

Row = dict[str, Any]


def modules(only: str = "") -> Iterator[ModuleType]:
    """Import each benchmark, or the one room `only`; the desk's need Django set up."""
    start_django()
    for path in sorted(HERE.glob(f"{only}.py")) or sorted(HERE.glob("*.py")):
        if path.stem.startswith("_") or path.stem in {"run", "machine"}:
            continue
        module = importlib.import_module(f"benchmarks.{path.stem}")
        if hasattr(module, "NAMES"):
            yield module


def room_of(module: ModuleType) -> str:
    """Name a benchmark as `--only` does."""
    return module.__name__.rpartition(".")[2]


def collect(only: str, machine: dict[str, Any], kept: list[Row]) -> None:
    """Run what is asked for, into `kept` as it comes; every row leaves with all its fields.

    `only`: a room or a row; where both have the name, the room, all its rows.
    """
    every = list(modules(only))
    rooms = {room_of(module): module for module in every}
    chosen = [rooms[only]] if only in rooms else [one for one in every if only in ("", *one.NAMES)]
    if not chosen:
        names = "; ".join(f"{room}: {', '.join(one.NAMES)}" for room, one in rooms.items())
        sys.exit(f"No room and no row is called {only!r}. There are: {names}")
    only = "" if only in rooms else only
    for module in chosen:
        started = time.perf_counter()
        print(f"{module.__name__} …", end=" ", flush=True)
        # A module that can run one row alone offers `rows(machine, only)`.
        takes_only = "only" in signature(module.rows).parameters
        rows: list[Row] = module.rows(machine, only) if takes_only else module.rows(machine)
        strangers = {row["name"] for row in rows} - set(module.NAMES)
        if strangers:
            sys.exit(f"{module.__name__} yields rows it does not name: {sorted(strangers)}")
        kept += [
            {field: row.get(field) for field in FIELDS} | {"machine": machine}
            for row in rows
            if not only or row["name"] == only
        ]
        print(f"{time.perf_counter() - started:.1f} s", flush=True)


def figure(value: float | str | None) -> str:
    """Write a figure so that three digits of it can be read."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def print_table(rows: list[Row], machine: dict[str, Any]) -> None:
    """Show the rows and the machine they come from."""
    table = Table(title="Kancil, measured beside its peers in the same run")
    for heading in ("row", "ours", "unit", "peer", "peer's", "ratio", "goal", "met"):
        right = heading in {"ours", "peer's", "ratio", "goal"}
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    verdicts = {True: "yes", False: "NO", None: "–"}
    for row in rows:
        table.add_row(
            row["name"],
            figure(row["ours"]),
            row["unit"],
            row["peer"] or "–",
            figure(row["peer_figure"]),
            figure(row["ratio"]),
            figure(row["goal"]),
            verdicts[row["met"]],
        )
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()))


def main() -> int:
    """Run, print, write; the exit status is 1 when a goal is missed."""
    reader = argparse.ArgumentParser(description="Measure Kancil beside its peers.")
    reader.add_argument("--only", default="", help="the name of one room or row")
    only = reader.parse_args().only
    machine = measure(HERE)
    rows: list[Row] = []
    try:
        collect(only, machine, rows)
    finally:
        # What was measured before a fault is not lost.
        print_table(rows, machine)
        RESULTS.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [f"{row['name']} beside {row['peer']}" for row in rows if row["met"] is False]
    if missed:
        print("goals missed: " + "; ".join(missed), file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
