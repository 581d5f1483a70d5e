"""Benchmark rows of the store: joins of exact ids, the whole way from block files to clusters.

- `resolve`, `resolve-vs-duckdb`, `resolve-vs-polars`: ten million ids of 128 bits, asked for once
  each in random order, on one pinned core; million a second, beside a join of the same rows. Both
  peers get columns they need not convert, and one thread. Best of five, ours and theirs in turn.
- `trace-10-hops`: ten hops of one haircut trace over the largest chain that is at hand, warm.
- `store-1m`, `store-10m`, `store-50m`: seconds from `blk*.dat` files to clusters, a process of its
  own for each of the two, of a generated chain of about so many outputs; best of three. Peer: the
  next smaller chain, by outputs: over 1.0 the time grows faster than the chain. Peak memory,
  private and in all, is printed; and after the largest what 3 billion outputs would take
  (`benchmarks.whole`).

Chains are generated into `KANCIL_BENCH_DIR` and kept there, else into a folder that is removed.
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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import pinned
from benchmarks.whole import told
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.holdings.graph import Graph
from kancil.bitcoin.holdings.store import read_record
from kancil.bitcoin.store.grow import join_rows
from kancil.bitcoin.tracing.result import Start
from kancil.bitcoin.tracing.trace import trace
from kancil.ground.child import child_environment

TRANSACTIONS = {"store-1m": 344_000, "store-10m": 3_440_000, "store-50m": 17_200_000}
SMALLER = {"store-10m": "store-1m", "store-50m": "store-10m"}
NAMES = (
    "resolve",
    "resolve-vs-duckdb",
    "resolve-vs-polars",
    "trace-10-hops",
    *TRANSACTIONS,
)
GOALS = {
    "resolve": 8.0,
    "resolve-vs-duckdb": 1.5,
    "resolve-vs-polars": 2.5,
    "trace-10-hops": 100.0,
}
IDS = 10_000_000
HOPS = 10
ROUNDS = 5
PIPELINES = 3
"""Whole ways of which the best counts: they wait for a disk that others use too."""
MEMORY_GB = 2
"""What the pipeline may use: `--memory 2`."""

Array = NDArray[Any]

_PIPELINE = """
import json, os, sys, threading, time
from pathlib import Path
from kancil.bitcoin.network import network_named
from kancil.bitcoin.holdings.sources import SourcePath

peak = [0, 0]
def watch():
    while True:
        told = Path("/proc/self/status").read_text().split("\\n")
        kept = {line.split(":")[0]: line.split() for line in told if ":" in line}
        peak[0] = max(peak[0], int(kept["RssAnon"][1]))
        peak[1] = max(peak[1], int(kept["VmHWM"][1]))
        time.sleep(0.02)
threading.Thread(target=watch, daemon=True).start()
step, chain, blocks, memory = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
parts, writing = {}, threading.Lock()
def timed(part, holder, name):
    inner = getattr(holder, name)
    def outer(*words, **more):
        began = time.thread_time()
        try:
            return inner(*words, **more)
        finally:
            name_of = part if isinstance(part, str) else part(words)
            with writing:
                parts[name_of] = parts.get(name_of, 0.0) + time.thread_time() - began
    setattr(holder, name, outer)
started, worked = time.perf_counter(), time.process_time()
if step == "store":
    from kancil.bitcoin.blocks import parse
    from kancil.bitcoin.store import files, grow, growth_kernels, ingest, kernels, unspent
    timed("parse", parse, "parse_blocks")
    timed("columns", files.Writer, "add")
    timed("digests", ingest, "_digest_of")
    def runs_of(words):
        return "id runs" if len(words[2].low) else "key runs"
    for part, name in (("scripts", "_scripts"), ("sources", "_sources"), (runs_of, "_runs"),
                       ("spends", "_write_spends"), ("in place", "_apply")):
        timed(part, grow.Grower, name)
    timed("keys", kernels, "script_keys")
    for name in ("may_hold", "mark"):
        timed("keys", growth_kernels, name)
    timed("look back", growth_kernels, "find_unspent")
    for name in ("find_ids", "find_scripts"):
        timed("in runs", kernels, name)
    timed("unspent", unspent.Unspent, "_merged")
    chain.mkdir(parents=True)
    network, cores = network_named("regtest"), len(os.sched_getaffinity(0))
    asked = ingest.Request(chain, network, [SourcePath(blocks)], 0, memory, cores)
    done = ingest.run(asked, lambda _: None)
    held = done["held"] | {"bytes": done["size_bytes"]}
else:
    from kancil.bitcoin.chain.chain import Chain
    from kancil.bitcoin.clusters.clusters import build_clusters
    from kancil.bitcoin.holdings.scratch import Scratch
    opened, most = Chain.open(chain), int(sys.argv[5])
    made = build_clusters(opened, scratch=Scratch(chain, most) if most >= 0 else None)
    held = {"clusters": made.cluster_count, "addresses": made.address_count}
seconds = time.perf_counter() - started
if step == "store":
    parts["the rest"] = time.process_time() - worked - sum(parts.values())
else:
    parts["clusters"] = seconds
print(json.dumps({"seconds": seconds, "held": held, "parts": parts,
                  "private_mb": peak[0] / 1e3, "all_mb": peak[1] / 1e3}))
"""


def rows(machine: dict[str, Any], only: str | None = None) -> list[dict[str, Any]]:
    """Measure the rows, or those that `only` needs."""
    found: list[dict[str, Any]] = []
    if not only or only.startswith("resolve"):
        with pinned():
            found += _resolve()
    with _chains() as folder:
        if not only or only in TRANSACTIONS:
            found += _pipelines(folder, only)
        if not only or only == "trace-10-hops":
            largest = "store-50m" if (folder / "store-50m-chain").is_dir() else "store-10m"
            found.append(_ten_hops(_store(folder, largest), largest))
    return [{**row, "machine": machine} for row in found]


@contextmanager
def _chains() -> Iterator[Path]:
    kept = os.environ.get("KANCIL_BENCH_DIR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _made(folder: Path, name: str) -> Path:
    """Generate the chain of a row, unless it is there; gives its blocks."""
    made = folder / name
    if not (made / "truth.json").is_file():
        shutil.rmtree(made, ignore_errors=True)
        generate(made, Wishes(seed=1, transactions=TRANSACTIONS[name]))
    return made / "blocks"


def _store(folder: Path, name: str) -> Chain:
    chain = folder / f"{name}-chain" / "chains" / "whole"
    if not (chain / "chain.json").is_file():
        _step("store", folder, name)
    return Chain.open(chain)


# --- joins ----------------------------------------------------------------------------------------


def _resolve() -> list[dict[str, Any]]:
    random = np.random.default_rng(1)
    high = random.integers(0, 2**64, IDS, dtype=np.uint64)
    low = random.integers(0, 2**64, IDS, dtype=np.uint64)
    asked = random.permutation(IDS)
    answer = np.full(IDS, -1, np.int64)
    before = np.full(IDS, IDS, np.int64)
    wanted_high, wanted_low = high[asked], low[asked]

    def ours() -> None:
        join_rows((high, low), (wanted_high, wanted_low), before, answer)

    ours()
    if not (answer == asked).all():
        raise AssertionError("an id was not found where it stands")
    found, best = [], float("inf")
    for name, peer in (("duckdb", _duckdb), ("polars", _polars)):
        theirs = peer((high, low), (wanted_high, wanted_low), asked)
        times = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS)]
        mine, other = min(pair[0] for pair in times), min(pair[1] for pair in times)
        best = min(best, mine)
        found.append(_rate(f"resolve-vs-{name}", IDS / mine, f"{name} join", IDS / other))
    return [_rate("resolve", IDS / best, "", None), *found]


def _duckdb(held: tuple[Array, Array], asked: tuple[Array, Array], truth: Array) -> Any:
    import duckdb
    import pyarrow as pa

    door = duckdb.connect(config={"threads": 1})
    rows = np.arange(IDS)
    door.execute("CREATE TABLE held (high UBIGINT, low UBIGINT, row_number BIGINT)")
    door.execute("CREATE TABLE asked (high UBIGINT, low UBIGINT, place BIGINT)")
    for name, (high, low) in (("held", held), ("asked", asked)):
        table = pa.table({"high": high, "low": low, "n": rows})
        door.register("incoming", table)
        door.execute(f"INSERT INTO {name} SELECT * FROM incoming")  # noqa: S608  our two names
    question = (
        "SELECT place, row_number FROM asked JOIN held"
        " ON asked.high = held.high AND asked.low = held.low"
    )

    def join() -> None:
        answer = door.execute(question).fetchnumpy()
        if len(answer["place"]) != IDS:
            raise AssertionError("duckdb lost a row")

    answer = door.execute(question).fetchnumpy()
    if not (truth[answer["place"]] == answer["row_number"]).all():
        raise AssertionError("duckdb joins other rows")
    return join


def _polars(held: tuple[Array, Array], asked: tuple[Array, Array], truth: Array) -> Any:
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    rows = np.arange(IDS)
    left = pl.DataFrame({"high": asked[0], "low": asked[1], "place": rows})
    right = pl.DataFrame({"high": held[0], "low": held[1], "row_number": rows})

    def join() -> Any:
        return left.join(right, on=["high", "low"], how="inner")

    answer = join()
    if not (truth[answer["place"].to_numpy()] == answer["row_number"].to_numpy()).all():
        raise AssertionError("polars joins other rows")
    return join


def _seconds(work: Any) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _rate(name: str, ours: float, peer: str, theirs: float | None) -> dict[str, Any]:
    ratio = None if theirs is None else ours / theirs
    reached = ours / 1e6 if ratio is None else ratio
    return {
        "name": name,
        "ours": round(ours / 1e6, 2),
        "unit": "M ids/s",
        "peer": peer or None,
        "peer_figure": None if theirs is None else round(theirs / 1e6, 2),
        "ratio": None if ratio is None else round(ratio, 2),
        "goal": GOALS[name],
        "met": reached >= GOALS[name],
    }


# --- over a graph ---------------------------------------------------------------------------------


def _ten_hops(chain: Chain, name: str) -> dict[str, Any]:
    graph = chain.graph
    output = _far_going(graph)
    start = [Start(output)]
    found = trace(graph, start, policy="haircut", hops=HOPS)
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        trace(graph, start, policy="haircut", hops=HOPS)
        best = min(best, time.perf_counter() - started)
    hops = max((row.hop for row in found.transfers), default=0)
    print(f"trace: {hops} hops, {len(found.transfers)} transfers over {name}", flush=True)
    return {
        "name": "trace-10-hops",
        "ours": round(best * 1e3, 1),
        "unit": "ms",
        "peer": None,
        "peer_figure": None,
        "ratio": None,
        "goal": GOALS["trace-10-hops"],
        "met": best * 1e3 < GOALS["trace-10-hops"],
    }


def _far_going(graph: Graph) -> int:
    """An output of the second half whose coins go on for ten transactions at least."""
    for first in range(len(graph.output_value) // 2, len(graph.output_value)):
        output, hops = first, 0
        while hops < HOPS and graph.output_spender[output] >= 0:
            tx = graph.tx_of_input(int(graph.output_spender[output]))
            outputs = graph.outputs_of(tx)
            output = outputs[int(np.argmax(graph.output_value[outputs.start : outputs.stop]))]
            hops += 1
        if hops == HOPS:
            return first
    raise AssertionError("no coins go on for ten transactions")


# --- from block files to clusters -----------------------------------------------------------------


def _step(step: str, folder: Path, name: str, most_in_memory: int = -1) -> dict[str, Any]:
    """Run one part in a process of its own; `most_in_memory`: see `Scratch`, -1 as it stands."""
    home = folder / f"{name}-chain"
    chain = home / "chains" / "whole"
    if step == "store":
        shutil.rmtree(home, ignore_errors=True)
    words = [step, str(chain), str(_made(folder, name)), str(MEMORY_GB * 10**9)]
    ran = subprocess.run(
        [sys.executable, "-c", _PIPELINE, *words, str(most_in_memory)],
        check=True,
        capture_output=True,
        text=True,
        env=child_environment(),
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    if step == "store":
        store = read_record(chain).store
        found["held"]["steps"] = len(store.ranges) if store else 0
        found["held"]["live"] = _live(Chain.open(chain).graph)
    return found


def _live(graph: Graph) -> int:
    """Count the transactions that have an output to spend."""
    spender, spendable = np.asarray(graph.output_spender), np.asarray(graph.output_spendable)
    left = np.concatenate(([0], np.cumsum((spender < 0) & spendable)))
    starts = np.asarray(graph.tx_output_start)
    return int((np.diff(left[starts]) > 0).sum())


def _seconds_of(found: dict[str, Any]) -> float:
    return float(found["seconds"])


def _pipelines(folder: Path, only: str | None) -> list[dict[str, Any]]:
    wanted = [only] if only else list(TRANSACTIONS)
    wanted = [*{SMALLER[name] for name in wanted if name in SMALLER} - set(wanted), *wanted]
    took: dict[str, tuple[float, int]] = {}
    clusters: dict[str, dict[str, Any]] = {}
    found = []
    for name in sorted(wanted, key=TRANSACTIONS.__getitem__):
        store, made = (
            min((_step(step, folder, name) for _ in range(PIPELINES)), key=_seconds_of)
            for step in ("store", "clusters")
        )
        outputs = store["held"]["outputs"]
        seconds = store["seconds"] + made["seconds"]
        took[name] = seconds, outputs
        clusters[name] = {"clusters": made["seconds"], "outputs": outputs}
        in_files = _step("clusters", folder, name, 0)
        print(
            f"{name}: {outputs} outputs, {made['held']['addresses']} addresses;"
            f" store {store['seconds']:.1f} s, private {store['private_mb']:.0f} MB, with mapped"
            f" files {store['all_mb']:.0f} MB; clusters {made['seconds']:.1f} s,"
            f" private {made['private_mb']:.0f} MB; with every array that can be in a file"
            f" {in_files['seconds']:.1f} s, private {in_files['private_mb']:.0f} MB",
            flush=True,
        )
        smaller = SMALLER.get(name)
        peer = None
        if smaller in took:
            peer = took[smaller][0] * outputs / took[smaller][1]
        if name == "store-50m":
            print(told(store["parts"] | made["parts"], store["held"], clusters.get(str(smaller))))
        found.append(
            {
                "name": name,
                "ours": round(seconds, 1),
                "unit": "s",
                "peer": None if peer is None else f"{smaller}, by outputs",
                "peer_figure": None if peer is None else round(peer, 1),
                "ratio": None if peer is None else round(seconds / peer, 2),
                "goal": None if peer is None else 1.0,
                "met": None if peer is None else seconds <= peer,
            }
        )
    return found
