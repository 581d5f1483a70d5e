"""Benchmark rows of the programme's desk: its pages under load, a donor report, its IATI file.

`delivery-load` (goal: 200 ms): the 95th percentile of what list and dashboard pages take, of a desk
with 20,000 activities, 300,000 participations and 500 indicators on SQLite, served by `kancil
serve` to 20 signed-in programme officers that ask for one page each every five seconds. Five
minutes, or `KANCIL_BENCH_SECONDS`; client and server share this machine, and a page that fails
stops it. `delivery-report` (goal: 10 s): a donor report of one grant and year, written as PDF by
its command. `delivery-iati` (goal: 20 s), `delivery-iati-memory` (goal: 300 MB): the IATI
file of everything, checked before it is kept. No peer: what could be compared does other work.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.big_delivery import big_delivery
from benchmarks.big_programme import CACHE, OFFICER, BigProgramme, copy_of
from benchmarks.delivery_clients import PAGES
from benchmarks.programme import print_pages, row, served
from benchmarks.site import SECONDS, SECONDS_VARIABLE, child_rss_mb

NAMES = ("delivery-iati", "delivery-iati-memory", "delivery-report", "delivery-load")


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure all, or the one named `only`."""
    desk = big_delivery()
    wanted = [name for name in NAMES if only not in NAMES or name == only]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="delivery-", dir=CACHE) as folder:
        root = copy_of(desk, Path(folder))
        if {"delivery-iati", "delivery-iati-memory"} & set(wanted):
            seconds, megabytes = _iati(root)
            found.append(row("delivery-iati", seconds, "s", 20.0, machine))
            found.append(row("delivery-iati-memory", megabytes, "MB", 300.0, machine))
        if "delivery-report" in wanted:
            found.append(row("delivery-report", _report(desk, root), "s", 10.0, machine))
        if "delivery-load" in wanted:
            found.append(row("delivery-load", _load(desk, root), "ms (p95)", 200, machine))
    return [each for each in found if each["name"] in wanted]


def _command(root: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kancil.cli", "--workspace", str(root), "--as", OFFICER, *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    return done.stdout


def _report(desk: BigProgramme, root: Path) -> float:
    """The seconds of the command that writes a donor report of one grant and year as PDF."""
    out = root.parent / "report.pdf"
    made = _command(
        root, "programme", "report", "begin", desk.facts["grant_references"][0],
        "--ends", "2026-01-02", "--title", "Report of a year", "--json",
    )  # fmt: skip
    began = time.perf_counter()
    _command(root, "programme", "report", "show", json.loads(made)["id"], "-o", str(out))
    took = time.perf_counter() - began
    if not out.read_bytes().startswith(b"%PDF"):
        raise AssertionError("no PDF was written")
    return took


def _iati(root: Path) -> tuple[float, float]:
    """Seconds and the most memory of the command that exports everything."""
    out = root.parent / "activities.xml"
    _command(
        root, "iati", "reporter", "XM-DAC-99999", "--name", "Office", "--title", "Programme",
        "--description", "Invented.",
    )  # fmt: skip
    began = time.perf_counter()
    _command(root, "iati", "export", "--practice", "-o", str(out))
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if out.stat().st_size < 1_000_000:
        raise AssertionError("the file holds too little")
    return took, peak


def _load(desk: BigProgramme, root: Path) -> float:
    """Serve and let the clients ask; gives the p95 of all pages in ms."""
    seconds = float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
    facts = desk.root.parent.with_suffix(".json")
    with served(root) as (address, child):
        began = child_rss_mb(child.pid)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.delivery_clients", address, str(facts),
             str(seconds)],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        ended = child_rss_mb(child.pid)
    heard = json.loads(done.stdout)
    if heard["faults"]:
        raise AssertionError(f"pages failed: {heard['faults'][:5]}")
    return print_pages(heard, PAGES, seconds, began, ended)
