"""Benchmark rows of starting: what a person waits for before anything is there.

`help`: `kancil --help`, from the start of the process to its end; goal 250 ms. `serve-cold`:
`kancil serve` on the big unit (200,000 entries), from the start of the process to the last byte of
the sign-in page; goal 5 s. Both the best of five. No peer: the goal is a person's patience.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.big_unit import CACHE, big_unit, copy_of
from benchmarks.site import free_port

NAMES = ("help", "serve-cold")
ROUNDS = 5
HELP_GOAL_MS, COLD_GOAL_S = 250, 5
_PATIENCE_S = 120


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure both, or the one named `only`."""
    found = []
    if only != "serve-cold":
        best = min(_help_ms() for _ in range(ROUNDS))
        found.append(_row("help", round(best, 1), "ms", HELP_GOAL_MS, machine))
    if only != "help":
        with tempfile.TemporaryDirectory(prefix="cold-", dir=_cache()) as folder:
            root = copy_of(big_unit(), Path(folder))
            best = min(_cold_s(root) for _ in range(ROUNDS))
        found.append(_row("serve-cold", round(best, 2), "s", COLD_GOAL_S, machine))
    return found


def _cache() -> Path:
    CACHE.mkdir(exist_ok=True)
    return CACHE


def _row(
    name: str, figure: float, unit: str, goal: float, machine: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name, "ours": figure, "unit": unit, "peer": None, "peer_figure": None,
        "ratio": None, "goal": goal, "met": figure <= goal, "machine": machine,
    }  # fmt: skip


def _command(*words: str) -> list[str]:
    installed = Path(sys.executable).parent / "kancil"
    begin = [str(installed)] if installed.exists() else [sys.executable, "-m", "kancil.cli"]
    return [*begin, *words]


def _help_ms() -> float:
    began = time.perf_counter()
    subprocess.run(_command("--help"), stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def _cold_s(root: Path) -> float:
    port = free_port()
    began = time.perf_counter()
    child = subprocess.Popen(
        _command("--workspace", str(root), "--as", "O1", "serve", "--port", str(port)),
        stdout=subprocess.DEVNULL, env={**os.environ, "DATABASE_URL": ""},
    )  # fmt: skip
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("localhost", port, timeout=_PATIENCE_S)
                connection.request("GET", "/sign-in/")
                answer = connection.getresponse()
                answer.read()
                taken = time.perf_counter() - began
                if answer.status != 200:
                    raise AssertionError(f"the first page is {answer.status}")
                return taken
            except ConnectionError:
                if child.poll() is not None or time.perf_counter() - began > _PATIENCE_S:
                    raise AssertionError("the server does not answer") from None
                time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)
