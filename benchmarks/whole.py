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

from kancil.bitcoin.store import kernels
from kancil.bitcoin.store.grow import step_bytes_of
from kancil.bitcoin.store.ingest import step_memory_bytes
from kancil.bitcoin.store.runs import TOGETHER
from kancil.bitcoin.store_layout import ID_RUN_BYTES, SCRIPT_RUN_BYTES, Rows

OUTPUTS, INPUTS, TRANSACTIONS, SCRIPTS = 3_000_000_000, 2_800_000_000, 1_150_000_000, 1_300_000_000
"""The whole chain, as the goal takes it; outputs, and the others in proportion to late 2024."""
BLOCK_BYTES = 700_000_000_000
MEMORY_BYTES = 12_000_000_000
CORES = 8
DISK_BYTES_A_SECOND = 3_000_000_000
TABLE = 500_000_000
"""Keys of the largest table that is searched here: 4 GB."""
_NEEDLES = 2_500_000

BY_BYTES = ("parse", "digests")
SHARED = ("parse", "search")
"""Parts that all cores work on."""
BESIDE = (("scripts", "sources"), ("spends", "id runs", "key runs"))
"""Parts of a step that run side by side."""


def search_ns(keys: int, needles: int = _NEEDLES) -> float:
    """Measure one search for ascending needles in so many ascending keys: nanoseconds each."""
    random = np.random.default_rng(1)
    gap = 2**64 // (keys + 1)
    table = np.empty(keys, np.uint64)
    for first in range(0, keys, 1 << 24):
        part = np.arange(first, min(first + (1 << 24), keys), dtype=np.uint64) * np.uint64(gap)
        table[first : first + len(part)] = part + random.integers(0, gap, len(part), np.uint64)
    asked = table[np.sort(random.integers(0, keys, needles))]
    place, answer = np.arange(needles), np.full(needles, -1, np.int64)
    run = table, table, table.view(np.int64)
    best = math.inf
    for _ in range(3):
        started = time.perf_counter()
        kernels.find_ids(*run, 2**62, asked, asked, place, answer)
        best = min(best, time.perf_counter() - started)
    return best / needles * 1e9


def told(parts: dict[str, float], held: dict[str, Any], smaller: dict[str, Any] | None) -> str:
    """Give the table: parts are processor seconds, `held` rows, `bytes` of blocks and `steps`.

    `smaller`: clusters' seconds and outputs of a smaller chain, to see how they grow.
    """
    outputs, steps = held["outputs"], held["steps"]
    rows = Rows(transactions=TRANSACTIONS, inputs=INPUTS, outputs=OUTPUTS, scripts=SCRIPTS)
    payload = 22 * SCRIPTS
    whole_steps = math.ceil(step_bytes_of(rows, 24 * OUTPUTS) / step_memory_bytes(MEMORY_BYTES))
    by_outputs, by_bytes = OUTPUTS / outputs, BLOCK_BYTES / held["bytes"]
    near, far = search_ns(held["transactions"]), search_ns(TABLE)
    factors = {name: by_bytes if name in BY_BYTES else by_outputs for name in parts}
    factors["search"] *= far / near
    for name in ("id runs", "key runs"):
        factors[name] *= math.log2(whole_steps) / math.log2(max(steps, 2))
    if smaller is not None:
        growth = (parts["clusters"] / outputs) / (smaller["clusters"] / smaller["outputs"])
        doublings = math.log2(by_outputs) / math.log2(outputs / smaller["outputs"])
        factors["clusters"] *= max(growth, 1.0) ** doublings
    whole = {name: seconds * factors[name] for name, seconds in parts.items()}
    eight = _on_cores(whole)
    disk = _disk_bytes(rows, payload, whole_steps) / DISK_BYTES_A_SECOND
    lines = [f"3 billion outputs, reckoned ({whole_steps} steps with 12 GB, here {steps}):"]
    for name, seconds in parts.items():
        minutes = whole[name] / 60
        lines.append(f"  {name:9} {seconds:7.1f} s x {factors[name]:6.1f} = {minutes:6.1f} min")
    keys = f"{held['transactions'] / 1e6:.0f} million keys"
    lines.append(f"  a search: {near:.0f} ns in {keys}, {far:.0f} ns in {TABLE / 1e6:.0f} million")
    hours = sum(whole.values()) / 3600
    both = f"processors {eight / 60:.0f} min with {CORES}, disk {disk / 60:.0f} min at 3 GB/s"
    lines.append(f"  {hours:.1f} h of one core; {both}")
    best, worst = max(eight, disk) / 3600, (eight + disk) / 3600
    lines.append(f"  {best:.1f} h if these go side by side, {worst:.1f} h one after the other")
    return "\n".join(lines)


def _on_cores(whole: dict[str, float]) -> float:
    """Say how long it takes where what can is done side by side."""
    seconds = sum(whole[name] for name in SHARED) / CORES
    seconds += sum(max(whole[name] for name in names) for names in BESIDE)
    seconds += whole["columns"] / 3  # three are written at a time
    return max(seconds + whole["in place"] + whole["clusters"], whole["digests"])


def _disk_bytes(rows: Rows, payload: int, steps: int) -> float:
    """Say how much is read and written: blocks, columns, runs, tables, places, and the answer."""
    columns = Rows(**{**rows.as_dict(), "payload": payload}).size_bytes
    runs = ID_RUN_BYTES * rows.transactions + SCRIPT_RUN_BYTES * rows.scripts
    merged = 2 * runs * math.log(steps, TOGETHER)
    # At the worst every step reads all keys there are by then, and writes every page of both
    # columns that change in place; on the average half of what there is in the end.
    tables = steps * 8 * (rows.transactions + rows.scripts) / 2
    places = steps * 8 * (rows.outputs + rows.scripts) / 2
    return BLOCK_BYTES + columns + merged + tables + places + 2 * 50 * rows.scripts
