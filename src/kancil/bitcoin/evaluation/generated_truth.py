"""What a generated chain says of itself, set beside the same chain ingested.

Reads what `kancil.bitcoin.generator.truth` wrote: `truth.json`, and the tables of transactions,
outputs and addresses. The block files must be those that `truth.json` names, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.errors import LabelledSetNotReadable
from kancil.bitcoin.generator.truth import TABLES
from kancil.bitcoin.network import Network, network_named
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import KancilError
from kancil.ground.files import sha256_of
from kancil.ground.phrase import Phrase

TRUTH_FILE = "truth.json"
SCHEMA = 1
_MOST_BYTES = 64 << 20
STRANGER, OWN, CHANGE = 0, 1, 2
"""Whose an output is: somebody else's or nobody's; the payer's; the payer's change."""


class Instance(NamedTuple):
    """One planted instance."""

    number: int
    name: str
    """Of the pattern, or of the CoinJoin's protocol."""
    is_complete: bool
    facts: Mapping[str, Any]
    """What the generator wrote down of it."""


class Act(NamedTuple):
    """One transaction of an instance."""

    plant: int
    row: int
    """Of the chain."""
    role: str


@dataclass(frozen=True, slots=True)
class GeneratedTruth:
    """A folder that `kancil bitcoin generate` wrote."""

    folder: Path
    sha256: str
    """Of `truth.json`."""
    told: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> GeneratedTruth:
        """Read a folder's truth and check its block files.

        Raises LabelledSetNotReadable, and FileNotReadable for a block file that does not answer.
        """
        path = folder / TRUTH_FILE
        try:
            raw = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
            told = json.loads(raw)
            is_known = told["generated"] is True and told["schema"] == SCHEMA
            network_named(told["network"])
            files = [(str(each["name"]), str(each["sha256"])) for each in told["files"]]
            made = int(told["counts"]["transactions_made"])
            seed = str(told["parameters"]["seed"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError, KancilError) as error:
            raise _not_readable(path, "why.labelled-generated") from error
        if not is_known or made < 0 or not seed:
            raise _not_readable(path, "why.labelled-generated")
        held = {path.name for path in (folder / "blocks").glob("*")}
        if held != {name for name, _ in files}:
            raise _not_readable(path, "why.labelled-generated-blocks-others")
        for name, digest in files:
            file = folder / "blocks" / name
            if Path(name).name != name or not file.is_file() or sha256_of(file) != digest:
                raise _not_readable(file, "why.labelled-generated-blocks")
        return cls(folder, sha256_hex(raw), told)

    @property
    def blocks(self) -> Path:
        """Folder of the block files."""
        return self.folder / "blocks"

    @property
    def network(self) -> Network:
        """Network of the chain."""
        return network_named(self.told["network"])

    @property
    def name(self) -> str:
        """Which chain it is: seed and size."""
        made = self.told["counts"]["transactions_made"]
        return f"seed {self.told['parameters']['seed']}, {made} transactions"

    @property
    def known_by(self) -> str:
        """Who knows."""
        return f"Kancil's generator {self.told['generator']}"

    def roles(self, chain: Chain) -> Array:
        """Whose each output of the ingested chain is: uint8 `[outputs]`.

        Change: the generator calls it so, and it belongs to who pays. Own: another output of
        the payer's. All of a CoinJoin, which has several payers, counts as somebody else's.
        """
        outputs = self.table("outputs", ["owner", "role"])
        row = self.rows(chain)
        place = self._places(chain, row)
        owner = outputs["owner"].fill_null(-1).to_numpy()
        graph = chain.graph
        counts = np.diff(graph.tx_output_start)[row]
        owner_of = np.full(len(graph.output_value), -1, np.int64)
        owner_of[place] = owner
        firsts = graph.input_source[graph.tx_input_start[:-1][row]]
        payer = np.where(firsts >= 0, owner_of[np.maximum(firsts, 0)], -1)
        payer[_is(self.table("transactions", ["role"])["role"], "coinjoin")] = -1
        is_own = (owner >= 0) & (owner == np.repeat(payer, counts))
        answer = np.full(len(graph.output_value), STRANGER, np.uint8)
        answer[place[is_own]] = OWN
        answer[place[is_own & _is(outputs["role"], "change")]] = CHANGE
        return answer

    def owners(self, chain: Chain) -> Array:
        """Who owns each output of the ingested chain: int64 `[outputs]`; -1: nobody."""
        owner_of = np.full(len(chain.graph.output_value), -1, np.int64)
        owner = self.table("outputs", ["owner"])["owner"].fill_null(-1).to_numpy()
        owner_of[self._places(chain, self.rows(chain))] = owner
        return owner_of

    def _places(self, chain: Chain, row: Array) -> Array:
        """The number in the chain of each output of the truth."""
        graph = chain.graph
        tx_of = self.table("outputs", ["tx"])["tx"].to_numpy()
        starts = np.searchsorted(tx_of, np.arange(len(row) + 1))
        counts = np.diff(graph.tx_output_start)[row]
        if not np.array_equal(counts, np.diff(starts)):
            raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated")
        place: Array = np.repeat(graph.tx_output_start[:-1][row] - starts[:-1], counts)
        return place + np.arange(len(tx_of))

    def steps(self, chain: Chain) -> Iterator[tuple[int, str, str]]:
        """Of each transaction of an instance its row in the chain, and its name and role."""
        names = {one.number: one.name for one in self.instances()}
        for step in self.acts(chain):
            yield step.row, names[step.plant], step.role

    def instances(self) -> Iterator[Instance]:
        """Each instance that was planted, those cut short too."""
        columns = ["plant", "name", "complete", "facts"]
        plants = self.table("plants", columns)
        for number, name, is_complete, told in zip(
            *(plants[each].to_pylist() for each in columns), strict=True
        ):
            try:
                facts = json.loads(told)
            except (ValueError, TypeError, RecursionError) as error:
                raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated") from error
            if not isinstance(facts, dict):
                raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated")
            yield Instance(number, name, is_complete, facts)

    def acts(self, chain: Chain) -> Iterator[Act]:
        """Each transaction of each instance; each has one at least."""
        known = {one.number for one in self.instances()}
        row = self.rows(chain)
        columns = ["plant", "tx", "role"]
        steps = self.table("plant_transactions", columns)
        for plant, tx, role in zip(*(steps[each].to_pylist() for each in columns), strict=True):
            if plant not in known or not 0 <= tx < len(row):
                raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated")
            yield Act(plant, int(row[tx]), role)
        if known - set(steps["plant"].to_pylist()):
            raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated")

    def table(self, name: str, columns: list[str]) -> Any:
        """Read columns of a table, in the order of the truth. Raises LabelledSetNotReadable."""
        path = self.folder / "truth" / f"{name}.parquet"
        try:
            table = pq.read_table(path, columns=columns).unify_dictionaries()
        except (OSError, pa.ArrowException, KeyError) as error:
            raise _not_readable(path, "why.labelled-generated") from error
        arrays = {column: table[column].combine_chunks() for column in columns}
        kinds = {column: TABLES[name].field(column).type for column in columns}
        if any(not arrays[column].type.equals(kinds[column]) for column in columns):
            raise _not_readable(path, "why.labelled-generated")
        return arrays

    def rows(self, chain: Chain) -> Array:
        """The row in the chain of each transaction of the truth: int64 `[transactions]`.

        Raises LabelledSetNotReadable where it speaks of others.
        """
        held = np.ascontiguousarray(chain.columns.tx_id).view(np.uint64)
        told = self.table("transactions", ["txid"])["txid"]
        raw = np.frombuffer(told.buffers()[1], np.uint8)
        told_ids = raw[32 * told.offset : 32 * (told.offset + len(told))].view(np.uint64)
        told_ids = told_ids.reshape(-1, 4)
        by_held, by_told = np.lexsort(held.T), np.lexsort(told_ids.T)
        if not np.array_equal(held[by_held], told_ids[by_told]):
            raise _not_readable(self.folder / TRUTH_FILE, "why.labelled-generated")
        rows = np.empty(len(by_told), np.int64)
        rows[by_told] = by_held
        return rows


def is_generated(path: Path) -> bool:
    """Whether a path is a folder that `kancil bitcoin generate` wrote, by its truth."""
    return (path / TRUTH_FILE).is_file()


def _is(column: Any, word: str) -> Array:
    """Where a column of words has this one."""
    words = column.dictionary.to_pylist()
    found: Array = column.indices.to_numpy() == (words.index(word) if word in words else -1)
    return found


def _not_readable(path: Path, key: str) -> LabelledSetNotReadable:
    return LabelledSetNotReadable(path=path.name, why=Phrase(key))
