"""An export's tables, clusters, exposure and shapes in plain Python, one transaction at a time.

The slow twin of `kancil.bitcoin.export` and `kancil.bitcoin.export.spark`: it reads the chain
through the questions that people ask of it, and knows scripts by kind and payload, never by address
id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.views import TxView
from kancil.bitcoin.clusters.clusters import Clusters, Excluding, Exclusions, build_clusters
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.labels import read_label_file
from kancil.bitcoin.labels.store import load_imports, store_import
from kancil.bitcoin.script.kind import ScriptKind
from tests.bitcoin.slow_clusters import join_slowly

Script = tuple[str, str]
"""Kind and payload in hex of a script with an owner."""
OWNED = ("p2pk", "p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr", "multisig")


@dataclass(frozen=True)
class World:
    """A chain with all that an export of it depends on."""

    chain: Chain
    clusters: Clusters
    labels: LabelIndex
    excluded: frozenset[int]
    """Transactions excluded as CoinJoins would be."""


@dataclass(frozen=True)
class PlainTx:
    """One transaction as the chain tells of it."""

    row: int
    view: TxView
    inputs: tuple[Script | None, ...]
    outputs: tuple[Script | None, ...]

    @property
    def is_coinbase(self) -> bool:
        return any(one.status == "coinbase" for one in self.view.inputs)

    @property
    def input_sat(self) -> int | None:
        values = [one.value_sat for one in self.view.inputs]
        if self.is_coinbase or None in values:
            return None
        return sum(value for value in values if value is not None)


def world_of(
    chain: Chain, folder: Path, tables: Sequence[Path], *, every: int = 0, large: int = 100
) -> World:
    """Take a chain with label files; exclude each `every`-th transaction of two inputs or more."""
    for table in tables:
        given = Given(publisher="Tests")
        store_import(folder / "labels", read_label_file(table, given, network=chain.network))
    labels = LabelIndex(load_imports(folder / "labels") if tables else [], chain.network)
    excluded: list[int] = []

    def find(asked: Chain) -> Exclusions:
        import numpy as np

        count = np.diff(asked.columns.tx_input_start)
        wide = np.flatnonzero((count > 1) & (asked.graph.tx_rank >= 0))[::every]
        is_excluded = np.zeros(len(count), np.bool_)
        is_excluded[wide] = True
        excluded.extend(wide.tolist())
        return Exclusions(is_excluded, np.zeros(len(count), np.uint8), ("made for a test",))

    excluding = Excluding("made for a test 1", find) if every else None
    clusters = build_clusters(chain, labels, excluding, large=large)
    return World(chain, clusters, labels, frozenset(excluded))


def write_labels(path: Path, rows: Iterable[tuple[str, str, str]]) -> Path:
    """Write a label table: address, label, category."""
    lines = ["address,label,category", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def plain_txs(chain: Chain) -> list[PlainTx]:
    """Read every transaction that the chain follows."""
    found = []
    for row in range(chain.columns.tx_count):
        if int(chain.graph.tx_rank[row]) < 0:
            continue
        inputs = [_script(_spent(chain, number)) for number in chain.graph.inputs_of(row)]
        outputs = [
            _script(chain.columns.script_at(number)) for number in chain.graph.outputs_of(row)
        ]
        found.append(PlainTx(row, chain.tx_at(row), tuple(inputs), tuple(outputs)))
    return found


def _spent(chain: Chain, number: int) -> tuple[ScriptKind, bytes] | None:
    source = int(chain.graph.input_source[number])
    return chain.columns.script_at(source) if source >= 0 else chain.stated_script(number)


def _script(script: tuple[ScriptKind, bytes] | None) -> Script | None:
    if script is None or script[0].name.lower() not in OWNED:
        return None
    return script[0].name.lower(), script[1].hex()


def plain_clusters(txs: Sequence[PlainTx], aside: Collection[int]) -> set[frozenset[Script]]:
    """All clusters, those of one address too."""
    numbers: dict[Script, int] = {}
    for tx in txs:
        for script in (*tx.inputs, *tx.outputs):
            if script is not None:
                numbers.setdefault(script, len(numbers))
    groups = []
    for tx in txs:
        spent = [numbers[script] for script in tx.inputs if script is not None]
        if tx.row not in aside and len(set(spent)) > 1:
            groups.append(spent)
    parts, _ = join_slowly(groups, len(numbers))
    names = list(numbers)
    return {frozenset(names[number] for number in part) for part in parts}


def plain_terms(world: World) -> dict[Script, set[str]]:
    """The categories of each labelled script: kind of owner, and abuse."""
    terms: dict[Script, set[str]] = defaultdict(set)
    for label in world.labels.all_labels():
        assert label.kind is not None
        words = {label.category or label.published_category, label.abuse} - {""}
        named = words or {"listed-by-law" if label.law else "no-category"}
        terms[label.kind.name.lower(), label.payload.hex()] |= named
    return terms


Exposed = dict[tuple[str, Script, str], tuple[int, int, int]]
"""By side, script and category: transactions, satoshi, amounts rounded down."""


def plain_exposure(world: World, txs: Sequence[PlainTx], aside: Collection[int]) -> Exposed:
    """The direct exposure of every script, by its definition, in Python's own integers."""
    terms = plain_terms(world)
    found: dict[tuple[str, Script, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for tx in txs:
        total = tx.input_sat
        if not total or tx.row in aside:
            continue
        put_in = _by_script(tx.inputs, [one.value_sat or 0 for one in tx.view.inputs])
        paid = _by_script(tx.outputs, [one.value_sat for one in tx.view.outputs])
        for side, ours, theirs in (("sent", put_in, paid), ("received", paid, put_in)):
            for own, own_sat in ours.items():
                met: Counter[str] = Counter()
                for other, sat in theirs.items():
                    if other != own:
                        for term in terms.get(other, ()):
                            met[term] += sat
                for term, sat in met.items():
                    whole, rest = divmod(own_sat * sat, total)
                    row = found[side, own, term]
                    row[0] += 1
                    row[1] += whole
                    row[2] += bool(rest)
    return {key: (row[0], row[1], row[2]) for key, row in found.items()}


def _by_script(scripts: Sequence[Script | None], values: Sequence[int]) -> dict[Script, int]:
    sums: dict[Script, int] = {}
    for script, value in zip(scripts, values, strict=True):
        if script is not None:
            sums[script] = sums.get(script, 0) + value
    return sums


def plain_shapes(txs: Sequence[PlainTx]) -> dict[str | None, tuple[int, int, int, int]]:
    """Count by month: transactions, fan-in, fan-out, equal outputs."""
    months: dict[str | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for tx in txs:
        if tx.is_coinbase:
            continue
        time = tx.view.time
        month = None if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m")
        wide_in, wide_out = len(tx.inputs), len(tx.outputs)
        values = Counter(one.value_sat for one in tx.view.outputs if one.value_sat > 0)
        row = months[month]
        row[0] += 1
        row[1] += wide_in >= 10 and wide_out <= 2
        row[2] += wide_out >= 10 and wide_in <= 2
        row[3] += max(values.values(), default=0) >= 5
    return {month: (row[0], row[1], row[2], row[3]) for month, row in months.items()}


def read_table(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read all rows of one table of an export."""
    files = sorted((folder / name).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def scripts_of(folder: Path) -> dict[int, Script]:
    """The script of each address id of an export."""
    return {
        row["address_id"]: (row["script"], row["payload"].hex())
        for row in read_table(folder, "addresses")
    }


def parts_of(rows: Iterable[dict[str, Any]], scripts: dict[int, Script]) -> set[frozenset[Script]]:
    """The clusters that rows of address and cluster id make."""
    parts: dict[int, set[Script]] = defaultdict(set)
    for row in rows:
        parts[row["cluster_id"]].add(scripts[row["address_id"]])
    return {frozenset(part) for part in parts.values()}
