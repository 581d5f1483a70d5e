"""What the whole chain would take, reckoned part by part from the largest chain that was measured.

Nothing of that size was tried. Each part has a law by which it is taken to grow, and each law is an
assumption that stands in the table. A search in a table of the size that the whole chain's would
have is measured, in memory.
"""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from kancil.bitcoin.holdings.store_layout import ID_RUN_BYTES, SCRIPT_RUN_BYTES, Rows
from kancil.bitcoin.store import kernels
from kancil.bitcoin.store.grow import step_bytes_of
from kancil.bitcoin.store.growth_kernels import BODY
from kancil.bitcoin.store.ingest import step_memory_bytes
from kancil.bitcoin.store.runs import TOGETHER, are_alike
from kancil.bitcoin.store.script_filter import BITS_A_KEY

OUTPUTS, INPUTS, TRANSACTIONS, SCRIPTS = 3_000_000_000, 2_800_000_000, 1_150_000_000, 1_300_000_000
"""The whole chain, as the goal takes it; outputs, and the others in proportion to late 2024."""
LIVE = 120_000_000
"""Transactions with an output to spend: of some 180 million such outputs in 2025."""
LIVE_BYTES = 8 * (1 + BODY)
BLOCK_BYTES = 700_000_000_000
MEMORY_BYTES = 12_000_000_000
CORES = 8
DISK_BYTES_A_SECOND = 3_000_000_000
TABLE = 200_000_000
"""Entries of the largest table that is searched here: 5 GB."""
_NEEDLES = 2_500_000

BY_BYTES = ("parse", "digests")
SCRIPT_BYTES = 1 + 8 + 22
"""Bytes a script of the columns that say whether what was found is it."""
SHARED = ("parse", "keys", "look back", "in runs")
"""Parts that all cores work on."""
BESIDE = (("scripts", "sources"), ("spends", "id runs", "key runs"))
"""Parts that run side by side."""


def search_ns(keys: int, needles: int = _NEEDLES) -> float:
    """Measure one search for ascending needles in a run of so many entries: nanoseconds each."""
    random = np.random.default_rng(1)
    gap = 2**64 // (keys + 1)
    table = np.empty(keys, np.uint64)
    for first in range(0, keys, 1 << 24):
        part = np.arange(first, min(first + (1 << 24), keys), dtype=np.uint64) * np.uint64(gap)
        table[first : first + len(part)] = part + random.integers(0, gap, len(part), np.uint64)
    rows = np.sort(random.integers(0, keys, needles))
    asked = table[rows]
    run = table, table.copy(), np.arange(keys)
    best = math.inf
    for _ in range(3):
        answer = np.full(needles, -1, np.int64)
        started = time.perf_counter()
        kernels.find_ids(*run, keys, asked, asked, answer)
        best = min(best, time.perf_counter() - started)
        if not (answer == rows).all():
            raise AssertionError("a key was not found where it stands")
    return best / needles * 1e9


def runs_looked_into(steps: int) -> float:
    """How many runs a step finds on the average, where all steps are alike."""
    entries: list[int] = []
    found = 0
    for _ in range(steps):
        found += len(entries)
        entries.append(1)
        while are_alike(entries):
            entries[-TOGETHER:] = [sum(entries[-TOGETHER:])]
    return found / steps


def told(parts: dict[str, float], held: dict[str, Any], smaller: dict[str, Any] | None) -> str:
    """The table: parts are processor seconds, `held` rows, `bytes` of blocks and `steps`.

    `smaller`: clusters' seconds and outputs of a smaller chain, to see how they grow.
    """
    outputs, steps = held["outputs"], held["steps"]
    rows = Rows(transactions=TRANSACTIONS, inputs=INPUTS, outputs=OUTPUTS, scripts=SCRIPTS)
    payload = 22 * SCRIPTS
    whole_steps = math.ceil(step_bytes_of(rows, 24 * OUTPUTS) / step_memory_bytes(MEMORY_BYTES))
    by_outputs, by_bytes = OUTPUTS / outputs, BLOCK_BYTES / held["bytes"]
    near, far = search_ns(held["transactions"]), search_ns(TABLE)
    factors = {name: by_bytes if name in BY_BYTES else by_outputs for name in parts}
    searched = runs_looked_into(whole_steps) / runs_looked_into(max(steps, 2))
    factors["look back"] *= far / near
    factors["in runs"] *= far / near * searched
    factors["unspent"] = whole_steps * LIVE / (steps * held["live"])
    for name in ("id runs", "key runs"):
        factors[name] *= math.log2(whole_steps) / math.log2(max(steps, 2))
    if smaller is not None:
        growth = (parts["clusters"] / outputs) / (smaller["clusters"] / smaller["outputs"])
        doublings = math.log2(by_outputs) / math.log2(outputs / smaller["outputs"])
        factors["clusters"] *= max(growth, 1.0) ** doublings
    whole = {name: seconds * factors[name] for name, seconds in parts.items()}
    eight = _on_cores(whole)
    read, looked_into, written = (
        each / DISK_BYTES_A_SECOND / 60 for each in _disk_bytes(rows, payload, whole_steps)
    )
    lines = [f"3 billion outputs, reckoned ({whole_steps} steps with 12 GB, here {steps}):"]
    for name, seconds in parts.items():
        minutes = whole[name] / 60
        lines.append(f"  {name:9} {seconds:7.1f} s x {factors[name]:6.1f} = {minutes:6.1f} min")
    keys = f"{held['transactions'] / 1e6:.0f} million keys"
    lines.append(f"  a search: {near:.0f} ns in {keys}, {far:.0f} ns in {TABLE / 1e6:.0f} million;")
    lines.append(f"  and {searched:.1f} times as many runs are looked into")
    hours = sum(whole.values()) / 3600
    lines.append(f"  {hours:.1f} h of one core; {eight / 60:.0f} min with {CORES}")
    lines.append(f"  disk at 3 GB/s: {read:.0f} min read ahead, {written:.0f} min written behind,")
    lines.append(f"  and {looked_into:.0f} min waited for, if no page looked into stays in memory")
    return "\n".join(lines)


def _on_cores(whole: dict[str, float]) -> float:
    """How long it takes where what can is done side by side."""
    seconds = sum(whole[name] for name in SHARED) / CORES
    seconds += sum(max(whole[name] for name in names) for names in BESIDE)
    seconds += max(whole["columns"] / 3, whole["unspent"])  # three are written at a time
    seconds += whole["in place"] + whole["the rest"] + whole["clusters"]
    return max(seconds, whole["digests"])


def _disk_bytes(rows: Rows, payload: int, steps: int) -> tuple[float, float, float]:
    """How much is read from end to end, how much looked into at the worst, and written.

    Read are blocks, runs that are merged, what is kept of the unspent and the filter, and twice
    what clusters are made of. Looked into are, at the worst in every step, all pages of the runs of
    scripts, of the columns beside them, and of both columns that change in place; written are
    these two, columns, runs, the unspent, the filter and clusters. Each of what grows counts with
    half of what there is in the end.
    """
    columns = Rows(**{**rows.as_dict(), "payload": payload}).size_bytes
    runs = ID_RUN_BYTES * rows.transactions + SCRIPT_RUN_BYTES * rows.scripts
    helps = steps * (LIVE_BYTES * LIVE + 2 * BITS_A_KEY * rows.scripts / 8) / 2
    both = runs * math.log(steps, TOGETHER) + helps + 50 * rows.scripts
    tables = (SCRIPT_RUN_BYTES + SCRIPT_BYTES) * rows.scripts
    places = 8 * (rows.outputs + rows.scripts)
    looked_into = steps * (tables + places) / 2
    twice = 2 * 8 * (rows.inputs + rows.outputs)
    return BLOCK_BYTES + both + twice, looked_into, columns + both + steps * places / 2
