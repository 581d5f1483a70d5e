"""Benchmark rows of the programme: its site under load, its scoring, its country report.

`programme-load` (goal: 150 ms): the 95th percentile of what a page takes, of a programme with 55
countries, four rounds each of 250 indicators and two assessors, on SQLite, served by `kancil serve`
to 30 signed-in sessions that ask for one page each every five seconds, while one answers questions.
Five minutes, or `KANCIL_BENCH_SECONDS`. Client and server share this machine. A page that fails or
an answer that is lost stops the benchmark. `programme-scoring` (goal: 1 s): the figures of all 220
rounds from their answers in memory, best of five; `programme-scoring-read` (printed) reads them
from the database first. `programme-report` (goal: 5 s): the whole country report as PDF, by its
command, best of three. No peer: what could be compared does other work.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.big_programme import CACHE, OFFICER, BigProgramme, big_programme, copy_of
from benchmarks.programme_clients import PAGES
from benchmarks.site import (
    SECONDS,
    SECONDS_VARIABLE,
    child_rss_mb,
    free_port,
    percentile,
    wait_for,
)
from kancil.desk.base.opening import close_desk, open_desk
from kancil.ground.workspace import open_workspace

NAMES = ("programme-load", "programme-scoring", "programme-scoring-read", "programme-report")


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure all, or the one named `only`."""
    programme = big_programme()
    found: list[dict[str, Any]] = []
    wanted = [name for name in NAMES if only not in NAMES or name == only]
    with tempfile.TemporaryDirectory(prefix="load-", dir=CACHE) as folder:
        root = copy_of(programme, Path(folder))
        if {"programme-scoring", "programme-scoring-read"} & set(wanted):
            scored, read = _scoring(root)
            found.append(row("programme-scoring", scored, "s", 1.0, machine))
            found.append(row("programme-scoring-read", read, "s", None, machine))
        if "programme-report" in wanted:
            found.append(row("programme-report", _report(programme, root), "s", 5.0, machine))
        if "programme-load" in wanted:
            found.append(row("programme-load", _load(programme, root), "ms (p95)", 150, machine))
    return [row for row in found if row["name"] in wanted]


def row(
    name: str, ours: float, unit: str, goal: float | None, machine: dict[str, Any]
) -> dict[str, Any]:
    """A row without a peer."""
    return {
        "name": name, "ours": round(ours, 3), "unit": unit, "peer": None, "peer_figure": None,
        "ratio": None, "goal": goal, "met": None if goal is None else ours <= goal,
        "machine": machine,
    }  # fmt: skip


def _scoring(root: Path) -> tuple[float, float]:
    """The seconds that all figures take: from memory, and with the reading."""
    open_desk(open_workspace(root))
    from kancil.desk.assessment.queries.answers import everything, method_of
    from kancil.desk.assessment.queries.rounds import enter, rounds
    from kancil.desk.assessment.queries.site import acting_account

    officer = acting_account(OFFICER)
    took: list[float] = []
    with_reading: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        standing = [
            everything(enter(officer, each.id), name)
            for each in rounds(officer)
            for name in each.protocols
        ]
        read = time.perf_counter()
        figures = [method_of(asked).profile(asked, now.settled).figures for asked, now in standing]
        ended = time.perf_counter()
        took.append(ended - read)
        with_reading.append(ended - began)
    if len(figures) != 220 or not all(figures):
        raise AssertionError(f"{len(figures)} rounds were scored")
    close_desk()
    return min(took), min(with_reading)


def _report(programme: BigProgramme, root: Path) -> float:
    """The seconds of a whole country report by its command."""
    account = programme.facts["accounts"][0]
    took = []
    for turn in range(3):
        out = root.parent / f"report-{turn}.pdf"
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "kancil.cli", "--workspace", str(root), "--as",
             account["username"], "assess", "report", account["open"], "--kind", "report",
             "--format", "pdf", "-o", str(out)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        took.append(time.perf_counter() - began)
        if done.returncode or not out.read_bytes().startswith(b"%PDF"):
            raise AssertionError(done.stderr)
    return min(took)


def _load(programme: BigProgramme, root: Path) -> float:
    """Serve, let the clients work, check that nothing is lost; gives the p95 of all pages in ms."""
    seconds = float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
    facts = programme.root.parent.with_suffix(".json")
    with served(root) as (address, child):
        began = child_rss_mb(child.pid)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.programme_clients", address, str(facts),
             str(seconds)],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        ended = child_rss_mb(child.pid)
    heard = json.loads(done.stdout)
    if heard["faults"] or not heard["answers"]:
        raise AssertionError(f"pages failed: {heard['faults'][:5]}")
    p95 = print_pages(heard, PAGES, seconds, began, ended)
    _check_nothing_lost(programme, root, heard["given"])
    return p95


@contextmanager
def served(root: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a programme while it is asked; gives its address and the process."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "kancil.cli", "--workspace", str(root), "serve", "--port",
         str(port)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, child)
        yield f"http://localhost:{port}", child
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


def print_pages(
    heard: dict[str, Any], pages: Sequence[str], seconds: float, began: float, ended: float
) -> float:
    """Print what each page took; gives the 95th percentile of all, in ms."""
    by_page: dict[str, list[float]] = {name: [] for name in pages}
    for page, taken, status in heard["answers"]:
        if status != 200:
            raise AssertionError(f"{page} was answered with {status}")
        by_page[page].append(taken * 1000)
    every = [taken for values in by_page.values() for taken in values]
    lines = [f"\n{'page':12} {'asked':>6} {'p50':>7} {'p95':>7} {'p99':>7} ms"]
    for name, values in [*by_page.items(), ("all", every)]:
        if values:
            shown = " ".join(f"{percentile(values, share):7.1f}" for share in (0.5, 0.95, 0.99))
            lines.append(f"{name:12} {len(values):6} {shown}")
    lines.append(
        f"{len(every) / seconds:.1f} pages/s for {seconds:.0f} s, 0 errors; "
        f"{_answers(heard)}memory of the server {began:.0f} MB before, {ended:.0f} MB after; load "
        f"of the machine {os.getloadavg()[0]:.1f}"
    )
    print("\n".join(lines), flush=True)
    return percentile(every, 0.95)


def _answers(heard: dict[str, Any]) -> str:
    if not heard["given"]:
        return ""
    slow = percentile([each * 1000 for each in heard["write_s"]], 0.95)
    return f"{len(heard['given'])} answers given, p95 {slow:.0f} ms; "


def _check_nothing_lost(programme: BigProgramme, root: Path, given: list[str]) -> None:
    open_desk(open_workspace(root))
    from kancil.desk.assessment.queries.answers import own_latest
    from kancil.desk.assessment.queries.rounds import enter
    from kancil.desk.assessment.queries.site import acting_account

    account = programme.facts["accounts"][0]
    sight = enter(acting_account(account["username"]), account["open"])
    for indicator in given:
        own = own_latest(sight, programme.facts["protocol"], indicator)
        if not any(each.comment.startswith("Under load") for each in own):
            raise AssertionError(f"the answer to {indicator} is lost")
    close_desk()
