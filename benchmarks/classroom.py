"""Benchmark rows of the classroom: labs that can be solved, and that guessing does not solve.

For each lab `SEEDS` variants of test size (50, or `KANCIL_BENCH_SEEDS`) are worked by its solver
and its naive one, each in an empty workspace of its own, by commands alone. `classroom-solver`: the
least share of machine-marked points that the solver reached (goal: all). `classroom-naive`: the
most that guessing did (goal: under 30 %). `classroom-make` (goal: 60 s): the longest that a variant
of normal size took to be made. `classroom-mark` (goal: 5 s): marking 30 attempts of each lab, keys
opened and answers read. `classroom-load` (goal: 300 ms): the 95th percentile of what the pages of
30 trainees take who ask for one each every five seconds, while the one worker of the box goes
through the queued traces of five of them; a minute, or `KANCIL_BENCH_SECONDS`, on a box of two
cores that client and server share. No peer: what could be compared marks strings alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import pyrage

from benchmarks.big_class import big_class
from benchmarks.classroom_clients import PAGES
from benchmarks.programme import print_pages, row, served
from benchmarks.site import SECONDS_VARIABLE, child_rss_mb
from kancil.cli.main import every_command
from kancil.cli.training.bench import CommandBench, admitted_files, given_of, own_workspace
from kancil.desk.base.opening import close_desk
from kancil.ground.owner import write_for_owner_only
from kancil.ground.progress import SILENT
from kancil.training.key import Key
from kancil.training.lab import SMALL, Knobs, Lab
from kancil.training.labs import LABS
from kancil.training.making import (
    Manifest,
    make_with_key,
    open_key,
    read_answers,
    seal_key,
    write_answers,
)
from kancil.training.marking.mark import machine_marked, mark
from kancil.training.question import Answers
from kancil.training.solver import Solver
from kancil.training.solvers import SOLVERS

NAMES = (
    "classroom-solver", "classroom-naive", "classroom-make", "classroom-mark", "classroom-load",
)  # fmt: skip
SEEDS_VARIABLE = "KANCIL_BENCH_SEEDS"
SEEDS, ATTEMPTS, LOAD_SECONDS = 50, 30, 60.0


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure all, or the one named `only`."""
    write_for_owner_only()
    wanted = [name for name in NAMES if only not in NAMES or name == only]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="kancil-classroom-") as folder:
        root = Path(folder)
        if {"classroom-solver", "classroom-naive"} & set(wanted):
            solved, guessed = _proved(root)
            reached = row("classroom-solver", solved, "% (least)", 100.0, machine)
            found.append(reached | {"met": solved >= 100.0})
            naive = row("classroom-naive", guessed, "% (most)", 30.0, machine)
            found.append(naive | {"met": guessed < 30.0})
        if "classroom-make" in wanted:
            found.append(row("classroom-make", _make_seconds(root), "s", 60.0, machine))
        if "classroom-mark" in wanted:
            found.append(row("classroom-mark", _mark_seconds(root), "s", 5.0, machine))
        if "classroom-load" in wanted:
            found.append(row("classroom-load", _load(root), "ms (p95)", 300, machine))
    return [each for each in found if each["name"] in wanted]


def _load(root: Path) -> float:
    """Serve a class of 30 and let them ask; gives the p95 of all pages in ms."""
    seconds = float(os.environ.get(SECONDS_VARIABLE) or LOAD_SECONDS)
    facts = root / "class.json"
    facts.write_text(json.dumps(big_class(root / "class")), "utf-8")
    close_desk()
    with served(root / "class") as (address, child):
        began = child_rss_mb(child.pid)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.classroom_clients", address, str(facts),
             str(seconds)],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        ended = child_rss_mb(child.pid)
    heard = json.loads(done.stdout)
    if heard["faults"]:
        raise AssertionError(f"pages failed: {heard['faults'][:5]}")
    return print_pages(heard, PAGES, seconds, began, ended)


def _proved(root: Path) -> tuple[float, float]:
    """The least of all solvers and the most of all naive ones, in percent; prints each lab's."""
    seeds = int(os.environ.get(SEEDS_VARIABLE) or SEEDS)
    solvers = {each.name: each for each in SOLVERS}
    least, most = 100.0, 0.0
    with own_workspace(every_command()) as empty:
        for lab in LABS:
            shares = [
                shares_of(lab, solvers[lab.name], seed, root / f"{lab.name}-{seed}", empty.root)
                for seed in range(1, seeds + 1)
            ]
            low, high = min(each[0] for each in shares), max(each[1] for each in shares)
            mean = sum(each[1] for each in shares) / len(shares)
            free = max(each[2] for each in shares)
            print(f"\n  {lab.name}, {seeds} seeds: solver {low:.1f} % at least; "
                  f"naive {mean:.1f} % on average, {high:.1f} % at most "
                  f"({free:.1f} % without the cost of accusations)",
                  flush=True)  # fmt: skip
            least, most = min(least, low), max(most, high)
    return least, most


def shares_of(
    lab: Lab, solver: Solver, seed: int, folder: Path, empty: Path, knobs: Knobs = SMALL
) -> tuple[float, float, float]:
    """What solver and naive solver reach on one variant, in percent of machine-marked points.

    The third is what the naive one would have without the cost of its wrong accusations. `empty`: a
    workspace to copy.
    """
    manifest, key = make_with_key(lab, seed, knobs, folder / "lab", SILENT)
    with given_of(folder / "lab") as given, admitted_files(manifest):
        with _copied(empty, folder / "solved") as bench:
            solved = solver.solve(bench, given)
        with _copied(empty, folder / "guessed") as bench:
            guessed = solver.guess(bench, given)
    shutil.rmtree(folder)
    reached, free = _percent(manifest, key, guessed)
    return _percent(manifest, key, solved)[0], reached, free


def _percent(manifest: Manifest, key: Key, answers: Answers) -> tuple[float, float]:
    """With the cost of accusations, and without it."""
    marked = mark(key, manifest.questions, answers)
    earned, points = machine_marked(marked, manifest.questions)
    free = sum((each.earned_hundredths or 0) + each.penalty_hundredths for each in marked.questions)
    return earned / points, free / points


@contextmanager
def _copied(empty: Path, folder: Path) -> Iterator[CommandBench]:
    close_desk()
    shutil.copytree(empty, folder)
    with redirect_stderr(StringIO()):
        yield CommandBench(every_command(), folder)
    close_desk()


def _make_seconds(root: Path) -> float:
    """The longest of three variants of normal size of each lab."""
    longest = 0.0
    for lab in LABS:
        for seed in range(1, 4):
            began = time.perf_counter()
            make_with_key(lab, seed, Knobs(), root / f"made-{lab.name}-{seed}", SILENT)
            longest = max(longest, time.perf_counter() - began)
    return longest


def _mark_seconds(root: Path) -> float:
    """The longest of marking 30 attempts of a lab, each with a sealed key of its own."""
    trainer = pyrage.x25519.Identity.generate()
    longest = 0.0
    for lab in LABS:
        manifest, key = make_with_key(lab, 1, SMALL, root / f"marked-{lab.name}", SILENT)
        values = {each.question: each.value for each in key.expected}
        given = write_answers(Answers(manifest.variant, values))
        sealed = [seal_key(key, [trainer.to_public()]) for _ in range(ATTEMPTS)]
        began = time.perf_counter()
        for each in sealed:
            opened = open_key(each, [trainer])
            mark(opened, manifest.questions, read_answers(given, "answers.json"))
        longest = max(longest, time.perf_counter() - began)
    return longest
