"""Looking outputs up in all labels of a workspace, by script kind and payload.

An address is looked up, never a key: a P2PK output whose key also has a labelled P2PKH address is
not a hit, since its publisher said nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kancil.bitcoin.network import MAINNET, Network
from kancil.bitcoin.script.kind import ScriptKind

from .label import Label, label_of_fields
from .store import StoredImport, load_imports

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_PREFIX_BYTES = 8
_BLOCK_OF_OUTPUTS = 1 << 20
# Kinds whose payload can be shorter than the prefix that the fast search compares.
_SHORT_KINDS = (ScriptKind.P2A, ScriptKind.WITNESS_FUTURE)


class OutputColumns(Protocol):
    """The columns of outputs that labels are looked up by (see `columns.Columns`)."""

    @property
    def output_script(self) -> NDArray[np.uint8]:
        """ScriptKind of each output."""

    @property
    def output_payload_start(self) -> NDArray[np.int64]:
        """Where each output's payload begins in the pool, and the end of the last."""

    @property
    def payload(self) -> NDArray[np.uint8]:
        """The pool of payloads."""

    def payload_of(self, output: int) -> bytes:
        """The payload of one output."""


class LabelIndex:
    """The labels of bitcoin addresses of one network, from any number of imports."""

    def __init__(
        self, imports: list[tuple[StoredImport, pa.Table]], network: Network = MAINNET
    ) -> None:
        """Take stored imports; those of other networks are left aside."""
        self._take([(stored, table) for stored, table in imports if stored.network == network.name])

    def _take(self, kept: list[tuple[StoredImport, pa.Table]]) -> None:
        self.imports = tuple(stored for stored, _ in kept)
        self._rows: list[tuple[pa.Table, int]] = []
        self._by_key: dict[tuple[int, bytes], list[int]] = {}
        self._made: dict[int, Label] = {}
        self._tables = [table for _, table in kept]
        self._first_row: dict[int, int] = {}
        for table in self._tables:
            self._first_row[id(table)] = len(self._rows)
            kinds: list[int | None] = table["kind"].to_pylist()
            payloads: list[bytes] = table["payload"].to_pylist()
            for row, (kind, payload) in enumerate(zip(kinds, payloads, strict=True)):
                if kind is not None:
                    self._by_key.setdefault((kind, payload), []).append(len(self._rows))
                    self._rows.append((table, row))

    @classmethod
    def load(cls, labels_dir: Path, network: Network = MAINNET, chain: str = "") -> LabelIndex:
        """Read what stands: shared imports and the chain's own. Raises LabelStoreBroken."""
        loaded = load_imports(labels_dir, chain)
        return cls([each for each in loaded if not each[0].is_withdrawn], network)

    def __len__(self) -> int:
        """Count the labels of bitcoin addresses."""
        return len(self._rows)

    @property
    def address_count(self) -> int:
        """Count the addresses that have a label."""
        return len(self._by_key)

    def of(self, kind: int, payload: bytes) -> tuple[Label, ...]:
        """All labels of a script, in order of import; empty if there are none."""
        return tuple(self._label(row) for row in self._by_key.get((int(kind), payload), ()))

    def only(self, imports: Iterable[str]) -> LabelIndex:
        """The labels of some of the imports alone, by their ids."""
        wanted = set(imports)
        pairs = zip(self.imports, self._tables, strict=True)
        index = LabelIndex([])
        index._take([(stored, table) for stored, table in pairs if stored.id in wanted])
        return index

    def scripts(self) -> Iterable[tuple[ScriptKind, bytes]]:
        """Every script that has a label, once."""
        return ((ScriptKind(kind), payload) for kind, payload in self._by_key)

    def all_labels(self) -> list[Label]:
        """Every label of a bitcoin address, in order of import."""
        for table in self._tables:
            first = self._first_row[id(table)]
            fields = (row for row in table.to_pylist() if row["kind"] is not None)
            for row, each in enumerate(fields, first):
                self._made.setdefault(row, label_of_fields(each))
        return [self._made[row] for row in range(len(self._rows))]

    def label_of(self, outputs: OutputColumns) -> Callable[[int], tuple[Label, ...]]:
        """Make the question that a trace asks: the labels of output number i."""

        def labels(output: int) -> tuple[Label, ...]:
            return self.of(int(outputs.output_script[output]), outputs.payload_of(output))

        return labels

    def labelled_outputs(self, outputs: OutputColumns) -> NDArray[np.int64]:
        """Find all outputs that pay a labelled address; ascending output numbers, int64.

        Searches in blocks of about a million outputs, so that a whole chain can be asked.
        """
        prefixes = self._prefixes()
        count = len(outputs.output_script)
        found = [
            self._search(outputs, prefixes, start, min(start + _BLOCK_OF_OUTPUTS, count))
            for start in range(0, count, _BLOCK_OF_OUTPUTS)
        ]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def _prefixes(self) -> NDArray[np.uint64]:
        """The first 8 bytes of each labelled payload that has so many, as numbers."""
        joined = b"".join(
            payload[:_PREFIX_BYTES] for _, payload in self._by_key if len(payload) >= _PREFIX_BYTES
        )
        return np.unique(np.frombuffer(joined, "<u8"))

    def _search(
        self, outputs: OutputColumns, prefixes: NDArray[np.uint64], first: int, after: int
    ) -> NDArray[np.int64]:
        starts = outputs.output_payload_start[first : after + 1].astype(np.int64)
        is_long = np.diff(starts) >= _PREFIX_BYTES
        likely = np.isin(outputs.output_script[first:after], _SHORT_KINDS)
        places = starts[:-1][is_long, None] + np.arange(_PREFIX_BYTES)
        heads = np.ascontiguousarray(outputs.payload[places]).view("<u8").reshape(-1)
        likely[is_long] |= np.isin(heads, prefixes)
        rows = np.flatnonzero(likely) + first
        label_of = self.label_of(outputs)
        return np.array([row for row in rows if label_of(int(row))], np.int64)

    def _label(self, row: int) -> Label:
        made = self._made.get(row)
        if made is None:
            table, at = self._rows[row]
            made = self._made[row] = label_of_fields(table.slice(at, 1).to_pylist()[0])
        return made
