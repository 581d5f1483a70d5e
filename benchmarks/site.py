"""Benchmark rows of the site under load, on SQLite and on PostgreSQL.

`site-load-sqlite` (goal: 150 ms) and `site-load-postgresql` (printed): the 95th percentile of what
a page takes, of a unit with 200 cases, 20,000 exhibits and 200,000 entries, served by `kancil
serve` to 50 signed-in sessions that ask for one page each every five seconds, while cases are
opened and files taken in. Five minutes, or `KANCIL_BENCH_SECONDS`. Client and server share this
machine. A page that fails, or an entry that is not there or does not verify afterwards, stops the
benchmark: there is no figure without it. No peer: what could be compared does other work.
"""

from __future__ import annotations

import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.big_unit import CACHE, BigUnit, big_unit, copy_of
from benchmarks.site_clients import PAGES
from kancil.cli.frame.desk import DATABASE_VARIABLE
from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.desk.base.opening import bring_up_to_date, close_desk, open_desk
from kancil.evidence.vault import Vault
from kancil.ground.workspace import Workspace, open_workspace
from tests.desk.postgres import SETTINGS, binaries, running

NAMES = ("site-load-sqlite", "site-load-postgresql")
GOAL_MS = 150
SECONDS = 300.0
SECONDS_VARIABLE = "KANCIL_BENCH_SECONDS"
_VAULT_SAMPLE = 200
_QUIET_S = 4


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure both, or the one named `only`."""
    unit = big_unit()
    found = []
    for name in NAMES:
        if only in NAMES and only != name:
            continue
        if name.endswith("sqlite"):
            with tempfile.TemporaryDirectory(prefix="load-", dir=CACHE) as folder:
                root = copy_of(unit, Path(folder))
                found.append(_row(name, _load(unit, open_workspace(root), None), GOAL_MS, machine))
        elif binaries() is not None:
            with _postgresql(unit) as (workspace, url):
                found.append(_row(name, _load(unit, workspace, url), None, machine))
    return found


def _row(name: str, p95_ms: float, goal: int | None, machine: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "ours": round(p95_ms, 1), "unit": "ms (p95)", "peer": None,
        "peer_figure": None, "ratio": None, "goal": goal,
        "met": None if goal is None else p95_ms <= goal, "machine": machine,
    }  # fmt: skip


@contextmanager
def _postgresql(unit: BigUnit) -> Iterator[tuple[Workspace, str]]:
    """Move the unit's ledger and accounts into a database of its own."""
    from kancil.desk.base.tables import table_lines, take_table_lines

    with tempfile.TemporaryDirectory(prefix="load-", dir=CACHE) as folder, running(SETTINGS) as pg:
        workspace = open_workspace(copy_of(unit, Path(folder)))
        open_desk(workspace)
        from kancil.desk.cases.index import open_ledger
        from kancil.desk.custody.store import one_transaction

        entries, tables = list(open_ledger(workspace).lines()), list(table_lines())
        url = pg.url(pg.create())
        open_desk(workspace, url)
        bring_up_to_date()
        with one_transaction():
            take_table_lines(tables, "memory")
            open_ledger(workspace).import_lines(iter(entries))
        close_desk()
        pg.say("ANALYZE", url.partition("@/")[2].partition("?")[0])
        yield workspace, url


def _load(unit: BigUnit, workspace: Workspace, url: str | None) -> float:
    """Serve, let the clients work, check that nothing is lost; gives the p95 of all pages in ms."""
    seconds = float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
    with _served(workspace, url) as (address, child):
        _wait_until_folded(child)
        began = child_rss_mb(child.pid)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.site_clients", address,
             str(unit.root.parent.with_suffix(".json")), str(seconds)],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        ended = child_rss_mb(child.pid)
    heard = json.loads(done.stdout)
    if heard["faults"] or not heard["answers"]:
        raise AssertionError(f"pages failed: {heard['faults'][:5]}")
    p95 = _print_pages(heard, seconds, began, ended)
    _check_nothing_lost(unit, workspace, url, heard)
    return p95


@contextmanager
def _served(workspace: Workspace, url: str | None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "kancil.cli", "--workspace", str(workspace.root), "--as", "O1",
         "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL, env={**os.environ, DATABASE_VARIABLE: url or ""},
    )  # fmt: skip
    try:
        wait_for(port, child)
        yield f"http://localhost:{port}", child
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with closing(socket.socket()) as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def wait_for(port: int, child: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait until a child answers on its port."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and child.poll() is None:
        with closing(socket.socket()) as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.02)
    raise AssertionError("the server did not start")


def _wait_until_folded(child: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait until server and worker have read the ledger: the load is that of a day, not a start."""
    ends = time.monotonic() + seconds
    spent = [_cpu_s(child.pid)]
    while time.monotonic() < ends:
        time.sleep(1)
        spent.append(_cpu_s(child.pid))
        if len(spent) > _QUIET_S and spent[-1] - spent[-1 - _QUIET_S] < 0.1:
            return
    raise AssertionError("the server is still busy with itself")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def child_rss_mb(pid: int) -> float:
    """How much memory of its own a process has in use; mapped files are the system's."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def _print_pages(heard: dict[str, Any], seconds: float, began: float, ended: float) -> float:
    by_page: dict[str, list[float]] = {name: [] for name in PAGES}
    errors = 0
    for page, taken, status in heard["answers"]:
        by_page[page].append(taken * 1000)
        errors += status not in ((200, 302) if page == "search" else (200,))
    every = [taken for values in by_page.values() for taken in values]
    lines = [f"\n{'page':12} {'asked':>6} {'p50':>7} {'p95':>7} {'p99':>7} ms"]
    for name, values in [*by_page.items(), ("all", every)]:
        if not values:
            continue
        shown = " ".join(f"{percentile(values, share):7.1f}" for share in (0.5, 0.95, 0.99))
        lines.append(f"{name:12} {len(values):6} {shown}")
    written = len(heard["cases"]) + len(heard["exhibits"])
    lines.append(
        f"{len(every) / seconds:.1f} pages/s for {seconds:.0f} s, {errors} errors; {written} forms "
        f"that write, p95 {percentile([each * 1000 for each in heard['write_s']], 0.95):.0f} ms; "
        f"memory of the server {began:.0f} MB before, {ended:.0f} MB after; load of the machine "
        f"{os.getloadavg()[0]:.1f}"
    )
    print("\n".join(lines), flush=True)
    if errors:
        raise AssertionError(f"{errors} pages were not answered")
    return percentile(every, 0.95)


def _check_nothing_lost(
    unit: BigUnit, workspace: Workspace, url: str | None, heard: dict[str, Any]
) -> None:
    """Hold what was written against the ledger, all of which must verify, and a sample of bytes."""
    open_desk(workspace, url)
    from kancil.desk.cases.index import open_ledger, row_faults

    ledger = open_ledger(workspace)
    verdict = verify_ledger(ledger)
    if verdict.problems:
        raise AssertionError(f"the ledger does not verify: {verdict.problems[:3]}")
    faults = row_faults(ledger)
    if faults:
        raise AssertionError(f"rows differ from the ledger: {faults[:3]}")
    roll = ledger.folded(Roll)
    titles = {each.title for each in roll.cases.values()}
    titles |= {each.title for each in roll.exhibits.values()}
    lost = {*heard["cases"], *heard["exhibits"]} - titles
    grown = (len(roll.cases) - unit.facts["cases"], len(roll.exhibits) - unit.facts["exhibits"])
    if lost or grown != (len(heard["cases"]), len(heard["exhibits"])):
        raise AssertionError(f"written and lost: {lost}, {grown}")
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    held = [exhibit for exhibit in roll.exhibits.values() if exhibit.contents]
    sample = random.Random(0).sample(held, _VAULT_SAMPLE)  # noqa: S311 (a sample, no secret)
    for exhibit in (*sample, *held[-len(heard["exhibits"]) :]):
        for content in exhibit.contents:
            vault.check(content["listing_sha256"])
    print(
        f"nothing lost: {roll.size - unit.facts['entries']} new entries, all {roll.size} verify, "
        f"every row fits, {_VAULT_SAMPLE} exhibits of {len(held)} read again",
        flush=True,
    )
    close_desk()
