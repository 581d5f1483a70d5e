"""What an ingested chain holds, found by row, hash, script or height.

Arrays come memory-mapped from `holdings.store`, as `ingest` wrote them; raw bytes are read again
from the sources and checked against their hashes. A chain may be any slice of the real one: what
is not held is *unknown*. `chain` answers from here in words and views.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.blocks import merkle_proof as merkleproof
from kancil.bitcoin.blocks.columns import LOOSE, Columns
from kancil.bitcoin.blocks.headers import HEADER_BYTES, NOT_HELD, HeaderTree, headers_for_proof
from kancil.bitcoin.blocks.merkle_proof import MerklePath, sha256d
from kancil.bitcoin.blocks.raw import base_of
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.build import columns_of, graph_of, script_key, tree_of
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.graph import UNKNOWN, Graph
from kancil.bitcoin.holdings.merge import header_of
from kancil.bitcoin.holdings.sources import Source, read_back
from kancil.bitcoin.network import Network, network_named
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.store.files import Reading
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Phrase

from .errors import HeightAmbiguous, NameNotReadable, NotInChain, SourceChanged
from .same_keys import MOST_BARE_KEYS, key_hashes, script_of_text

if TYPE_CHECKING:
    from kancil.bitcoin.store.opened import StoreView

_HASH_DIGITS = 64
_MAX_HEIGHT_DIGITS = 8
_SHOWN_CHARACTERS = 100
_AT_ONCE = 4096
"""Scripts that are compared at once; a hub's million goes byte after byte, which is quicker."""


def shown(internal: bytes | NDArray[Any]) -> str:
    """Write a hash as people see it: reversed hex."""
    return bytes(internal)[::-1].hex()


def read_hash(text: str, expected: str) -> bytes:
    """Read a hash as people write it, into internal order. Raises NameNotReadable."""
    text = text.strip().lower()
    try:
        raw = bytes.fromhex(text) if len(text) == _HASH_DIGITS else b""
    except ValueError:
        raw = b""
    if len(raw) * 2 != _HASH_DIGITS:
        raise NameNotReadable(text=text[:_SHOWN_CHARACTERS], expected=expected)
    return raw[::-1]


def _store_view(chain_dir: Path, record: chain_store.Record) -> StoreView:
    from kancil.bitcoin.store.opened import StoreView  # Numba is slow to import

    if record.store is None:
        raise ChainBroken(path=str(chain_dir))
    return StoreView(chain_dir, record.store, record.network)


class HeldChain:
    """One chain of a workspace, as it was when it was opened; later ingests do not disturb it."""

    def __init__(
        self, chain_dir: Path, record: chain_store.Record, arrays: chain_store.Arrays
    ) -> None:
        """Wrap what `open` read."""
        self.store = None if record.store is None else _store_view(chain_dir, record)
        """The columns of a whole chain or a window (`kancil.bitcoin.store`); None for a slice."""
        arrays = arrays if self.store is None else self.store.arrays
        self.path = chain_dir
        self.name = chain_dir.name
        self.record = record
        self.network: Network = network_named(record.network)
        self.sources: tuple[Source, ...] = record.sources
        self.arrays = arrays
        self.columns: Columns = columns_of(arrays) if self.store is None else self.store.columns
        self.first_loose = self.columns.tx_count - len(arrays["x.loose_source"])
        """First transaction row that came without its block."""

    @classmethod
    def open(cls, chain_dir: Path) -> Self:
        """Open the chain of a folder.

        Raises ChainNotFound, ChainBeingChanged, ChainBroken, FormatTooNew, FormatTooOld.
        """
        record, arrays = chain_store.open_chain_files(chain_dir)
        if record.store is None:
            return cls(chain_dir, record, arrays)
        with Reading(chain_dir):  # what was read before it may have been taken back since
            record, arrays = chain_store.open_chain_files(chain_dir)
            return cls(chain_dir, record, arrays)

    @cached_property
    def graph(self) -> Graph:
        """The spend graph of the blocks in the chain and the loose transactions."""
        return graph_of(self.arrays) if self.store is None else self.store.graph

    @cached_property
    def tree(self) -> HeaderTree:
        """The header tree; rows: blocks of the columns, headers alone, blocks set aside."""
        return tree_of(self.arrays)

    @property
    def inputs_digests(self) -> tuple[str, ...]:
        """SHA-256 of all sources, sorted: the inputs of whatever is computed from this chain."""
        return tuple(sorted({source.sha256 for source in self.sources}))

    # --- headers ----------------------------------------------------------------------------------

    def header(self, row: int) -> bytes:
        """The 80 bytes of a header of the tree (rows below `block_count` are blocks)."""
        bare = row - self.columns.block_count
        if bare < 0:
            return header_of(self.columns, row)
        alone = self.arrays["x.header_raw"]
        if bare < len(alone):
            return bytes(alone[bare])
        return bytes(self.arrays["x.aside_header"][bare - len(alone)])

    def hash_of(self, row: int) -> bytes:
        """The hash of a header of the tree, internal order."""
        if row < self.columns.block_count:
            return bytes(self.columns.block_hash[row])
        return sha256d(self.header(row))

    def row_of_hash(self, block_hash: bytes) -> int:
        """The tree row of a block or header by its hash, -1 if not held."""
        wanted = np.frombuffer(block_hash, np.uint8)
        hashes = self.columns.block_hash
        for row in np.flatnonzero(hashes[:, 0] == wanted[0]).tolist():
            if bytes(hashes[row]) == block_hash:
                return int(row)
        for row in range(len(hashes), len(self.arrays["t.height"])):
            if self.hash_of(row) == block_hash:
                return row
        return NOT_HELD

    def height_of(self, row: int) -> int | None:
        """The height of a header of the tree, None if not known."""
        height = int(self.arrays["t.height"][row])
        return None if height < 0 else height

    def time_of(self, row: int) -> int:
        """The time of a header of the tree: seconds since 1970, by the miner's clock."""
        return int.from_bytes(self.header(row)[68:72], "little")

    def proof_rows(self, row: int) -> list[int]:
        """The rows whose headers repeat the answer *checked* about a block's work."""
        return headers_for_proof(self.tree, row)

    def block_row(self, text: str) -> int:
        """Find a block by height or hash; gives its row in the tree.

        Raises NameNotReadable, NotInChain, HeightAmbiguous.
        """
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) <= _MAX_HEIGHT_DIGITS:
            return self._row_of_height(int(text))
        row = self.row_of_hash(read_hash(text, "height, block hash"))
        if row == NOT_HELD:
            raise NotInChain(what=Phrase("thing.block"), name=text, path=self.name)
        return row

    def _row_of_height(self, height: int) -> int:
        at_height = self.arrays["t.height"] == height
        at_height &= self.arrays["t.duplicate_of"] == NOT_HELD
        rows = np.flatnonzero(at_height)
        if not len(rows):
            raise NotInChain(what=Phrase("thing.block"), name=str(height), path=self.name)
        best = rows[self.arrays["t.on_best"][rows]]
        if len(best) == 0:
            best = rows
        if len(best) > 1:
            names = ", ".join(shown(self.hash_of(int(row))) for row in best[:5])
            raise HeightAmbiguous(height=height, blocks=names)
        return int(best[0])

    # --- transactions -----------------------------------------------------------------------------

    def tx_rows(self, txid: bytes) -> list[int]:
        """The rows of all held transactions of this id (internal order), in chain order.

        Two only for historic duplicate coinbases and for copies in stale blocks; those outside
        the graph come first.
        """
        if self.store is not None:
            return self.store.tx_rows(txid)
        keys = self.arrays["i.tx_key"]
        key = np.uint64(int.from_bytes(txid[:8], "little"))
        low, high = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        rows = self.arrays["i.tx_row"][low:high].tolist()
        found = [row for row in rows if self.columns.tx_id[row].tobytes() == txid]
        return sorted(found, key=lambda row: (int(self.graph.tx_rank[row]), row))

    def tx_row(self, text: str) -> int:
        """Find a transaction by its id, as people write it; gives the one that counts.

        Raises NameNotReadable, NotInChain.
        """
        rows = self.tx_rows(read_hash(text, "transaction id"))
        if not rows:
            raise NotInChain(what=Phrase("thing.transaction"), name=text.strip(), path=self.name)
        return rows[-1]

    def output_row(self, txid: bytes, index: int) -> int | None:
        """The output of an outpoint, None if it is not held."""
        for row in reversed(self.tx_rows(txid)):
            outputs = self.graph.outputs_of(row)
            if 0 <= index < len(outputs):
                return outputs[index]
        return None

    def txid(self, tx: int) -> str:
        """Write the id of a transaction."""
        return shown(self.columns.tx_id[tx])

    def outpoint(self, output: int) -> str:
        """Write an output as `txid:n`."""
        tx = self.graph.tx_of_output(output)
        return f"{self.txid(tx)}:{output - int(self.columns.tx_output_start[tx])}"

    def header_row_of_tx(self, tx: int) -> int:
        """The tree row of a transaction's block, held or by Merkle proof; -1 if not known."""
        block = int(self.columns.tx_block[tx])
        if block != LOOSE:
            return block
        return int(self.arrays["x.loose_header"][tx - self.first_loose])

    def height_and_time_of_tx(self, tx: int) -> tuple[int | None, int | None]:
        """Height and time (as `time_of`) of a transaction's block, held or by Merkle proof.

        None for each that is not known.
        """
        row = self.header_row_of_tx(tx)
        return (None, None) if row == NOT_HELD else (self.height_of(row), self.time_of(row))

    def address_of(self, output: int) -> str | None:
        """The address of an output, None for kinds that have none."""
        return encode_address(*self.columns.script_at(output), self.network)

    # --- scripts ----------------------------------------------------------------------------------

    def find_outputs(self, kind: ScriptKind, payload: bytes) -> NDArray[np.int64]:
        """The rows of all outputs that pay this script, ascending.

        Any kind from P2PK to WITNESS_FUTURE. Stale blocks are included: their `tx_rank` is -1.
        """
        if self.store is not None:
            return self.store.find_outputs(kind, payload)
        rows = self.columns
        return self._find(
            "script", kind, payload, (rows.output_script, rows.output_payload_start, rows.payload)
        )

    def find_outputs_in_graph(
        self, kind: ScriptKind, payload: bytes, most: int | None = None
    ) -> NDArray[np.int64]:
        """The rows of the outputs in the graph that pay this script, ascending.

        `most`: so many at most, the last ones; a store then reads no more of them.
        """
        if self.store is not None:
            return self.store.find_outputs(kind, payload, most)
        found = self.find_outputs(kind, payload)
        in_graph: NDArray[np.int64] = found[self.graph.tx_rank[self.txs_of_outputs(found)] >= 0]
        return in_graph if most is None else in_graph[max(0, len(in_graph) - most) :]

    def find_stated_in_graph(self, kind: ScriptKind, payload: bytes) -> NDArray[np.int64]:
        """The inputs in the graph that only a spent-outputs file says spend this script.

        Ascending; the outputs that they spend are not held.
        """
        found = self.find_stated(kind, payload)
        found = found[self.graph.input_source[found] == UNKNOWN]
        owner = np.searchsorted(self.columns.tx_input_start, found, side="right") - 1
        in_graph: NDArray[np.int64] = found[self.graph.tx_rank[owner] >= 0]
        return in_graph

    def paid_around(self, output: int) -> tuple[bool, bool]:
        """Whether the script of an output is paid earlier and later in the chain held here.

        Other outputs of its own transaction are neither: it is the same of each that pays the
        script, so ask once. Kinds of scripts as for `find_outputs`. What it costs:
        `payments_gone_through`.
        """
        tx = self.graph.tx_of_output(output)
        if self.store is not None:
            return self.store.paid_around(self.graph.outputs_of(tx), output)
        kind = ScriptKind(int(self.columns.output_script[output]))
        found = self.find_outputs_in_graph(kind, self.columns.payload_of(output))
        rank, ranks = int(self.graph.tx_rank[tx]), self.graph.tx_rank[self.txs_of_outputs(found)]
        return bool((ranks < rank).any()), bool((ranks > rank).any())

    def payments_gone_through(self, output: int) -> int:
        """Count the outputs that `paid_around` reads.

        In a slice all that pay the script, and those whose script has its key in the index. A store
        looks up the last one, and those before in the transaction: 0.
        """
        if self.store is not None:
            return 0
        kind = ScriptKind(int(self.columns.output_script[output]))
        places = self._places("script", kind, self.columns.payload_of(output))
        count: int = places.stop - places.start
        return count

    def find_stated(self, kind: ScriptKind, payload: bytes) -> NDArray[np.int64]:
        """The inputs that, by a spent-outputs file, spend this script."""
        arrays = self.arrays
        found = self._find(
            "stated",
            kind,
            payload,
            (arrays["x.spent_script"], arrays["x.spent_payload_start"], arrays["x.spent_payload"]),
        )
        inputs = arrays["x.spent_input"][found]
        return np.sort(inputs[inputs >= 0])

    def _find(
        self, name: str, kind: ScriptKind, payload: bytes, table: tuple[Any, Any, Any]
    ) -> NDArray[np.int64]:
        kinds, starts, pool = table
        rows = self.arrays[f"i.{name}_row"][self._places(name, kind, payload)]
        rows = rows[(kinds[rows] == kind) & (starts[rows + 1] - starts[rows] == len(payload))]
        first, pool = np.asarray(starts[rows]), np.asarray(pool)
        if len(rows) <= _AT_ONCE:
            bytes_of = pool[first[:, None] + np.arange(len(payload))]
            is_same = (bytes_of == np.frombuffer(payload, np.uint8)).all(axis=1)
        else:
            is_same = np.ones(len(rows), bool)
            for place, byte in enumerate(payload):
                is_same &= pool[first + place] == byte
        found: NDArray[np.int64] = np.sort(rows[is_same])
        return found

    def _places(self, name: str, kind: ScriptKind, payload: bytes) -> slice:
        """Where an index has a script, and the few that share its key."""
        keys = self.arrays[f"i.{name}_key"]
        key = np.uint64(script_key(kind, payload))
        low, high = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        return slice(int(low), int(high))

    def outputs_of_address(self, text: str) -> NDArray[np.int64]:
        """The outputs in the graph that pay an address, or a public key directly, in order.

        Raises the errors of `decode_address`, which say what is wrong with the text.
        """
        return self.outputs_of_script(*script_of_text(text, self.network))

    @cached_property
    def bare_keys_by_hash(self) -> dict[bytes, bytes] | None:
        """Keys that outputs here pay directly (P2PK), by HASH160; None where they are too many."""
        if self.store is not None:
            kinds = self.store.columns.script_kind
            numbers = np.flatnonzero(kinds == ScriptKind.P2PK)
            if len(numbers) > MOST_BARE_KEYS:
                return None
            keys = [self.store.columns.script_of(number)[1] for number in numbers.tolist()]
            return key_hashes(keys)
        rows = np.flatnonzero(self.columns.output_script == ScriptKind.P2PK)
        if len(rows) > 10 * MOST_BARE_KEYS:
            return None
        found = {self.columns.payload_of(row) for row in rows.tolist()}
        return key_hashes(list(found)) if len(found) <= MOST_BARE_KEYS else None

    def outputs_of_script(self, kind: ScriptKind, payload: bytes) -> NDArray[np.int64]:
        """The outputs in the graph that pay a script, in chain order."""
        found = self.find_outputs_in_graph(kind, payload)
        ranks = self.graph.tx_rank[self.txs_of_outputs(found)]
        ordered: NDArray[np.int64] = found[np.lexsort((found, ranks))]
        return ordered

    def txs_of_outputs(self, outputs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The transaction row of each output row."""
        rows = np.searchsorted(self.columns.tx_output_start, outputs, side="right") - 1
        return rows.astype(np.int64)

    def stated_script(self, number: int) -> tuple[ScriptKind, bytes] | None:
        """The script that an input spends by a spent-outputs file, None if none states it."""
        place = self.stated_place(number)
        return None if place is None else self.stated_at(place)

    def stated_at(self, place: int) -> tuple[ScriptKind, bytes]:
        """The script in this row of the stated scripts."""
        start = int(self.arrays["x.spent_payload_start"][place])
        stop = int(self.arrays["x.spent_payload_start"][place + 1])
        kind = ScriptKind(int(self.arrays["x.spent_script"][place]))
        return kind, self.arrays["x.spent_payload"][start:stop].tobytes()

    def stated_place(self, number: int) -> int | None:
        """The row, among the stated scripts, of the one that an input spends; None if none."""
        return self._stated_place.get(int(number))

    @cached_property
    def _stated_place(self) -> dict[int, int]:
        inputs = self.arrays["x.spent_input"].tolist()
        return {number: place for place, number in enumerate(inputs) if number >= 0}

    # --- raw bytes --------------------------------------------------------------------------------

    def source_of_tx(self, tx: int) -> Source:
        """The source that a transaction was read from."""
        block = int(self.columns.tx_block[tx])
        if block != LOOSE:
            return self.sources[int(self.columns.block_source[block])]
        return self.sources[int(self.arrays["x.loose_source"][tx - self.first_loose])]

    def raw_transaction(self, tx: int) -> bytes:
        """A transaction's bytes, witness included, from its source, checked by its id.

        Raises SourceChanged, FileNotReadable.
        """
        source = self.source_of_tx(tx)
        raw = _read(source, int(self.columns.tx_offset[tx]), int(self.columns.tx_size[tx]))
        if not _is_transaction(raw, self.columns.tx_id[tx].tobytes()):
            raise SourceChanged(path=source.path, what=self.txid(tx))
        return raw

    def wid_of(self, tx: int) -> bytes | None:
        """A transaction's hash with witness, internal order.

        Zeros for the coinbase of a block (BIP 141, commitment structure). None where it was not
        computed and, in a store, where its block file is no longer here.
        """
        block = int(self.columns.tx_block[tx])
        if block != LOOSE and int(self.columns.block_tx_start[block]) == tx:
            return bytes(32)
        if self.store is None:
            kept = self.columns.tx_wid[tx].tobytes()
            return kept if any(kept) else None
        try:
            return sha256d(self.raw_transaction(tx))
        except (FileNotReadable, SourceChanged):
            return None

    def raw_block(self, block: int) -> bytes:
        """A block's bytes from its source, header and every txid checked.

        Raises SourceChanged, FileNotReadable.
        """
        rows = self.columns
        source = self.sources[int(rows.block_source[block])]
        offset = int(rows.block_offset[block])
        raw = _read(source, offset, int(rows.block_size[block]))
        is_same = sha256d(raw[:HEADER_BYTES]) == rows.block_hash[block].tobytes()
        for tx in range(int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])):
            start = int(rows.tx_offset[tx]) - offset
            piece = raw[start : start + int(rows.tx_size[tx])]
            is_same = is_same and _is_transaction(piece, rows.tx_id[tx].tobytes())
        if not is_same:
            raise SourceChanged(path=source.path, what=shown(rows.block_hash[block]))
        return raw

    def merkle_path(self, tx: int) -> tuple[MerklePath, MerklePath | None] | None:
        """A transaction's Merkle path and its block's coinbase's.

        For a loose transaction both are from its Merkle proof, the coinbase's only if it came
        with it. None where no block is known.
        """
        rows = self.columns
        block = int(rows.tx_block[tx])
        if block == LOOSE:
            return self._proven_path(tx)
        first, last = int(rows.block_tx_start[block]), int(rows.block_tx_start[block + 1])
        txids = [rows.tx_id[row].tobytes() for row in range(first, last)]
        path, coinbase = merkleproof.paths_of(txids, [tx - first, 0])
        return path, coinbase

    def proof_record(self, tx: int) -> dict[str, Any] | None:
        """The Merkle proof that places a loose transaction, as it was kept; None if none."""
        row = self.header_row_of_tx(tx)
        if row == NOT_HELD or int(self.columns.tx_block[tx]) != LOOSE:
            return None
        txid, header = self.txid(tx), self.header(row).hex()
        for proof in self.record.proofs:
            if proof["txid"] == txid and proof["header"] == header:
                return proof
        return None

    def _proven_path(self, tx: int) -> tuple[MerklePath, MerklePath | None] | None:
        record = self.proof_record(tx)
        if record is None:
            return None
        proof = merkleproof.parse_proof(bytes.fromhex(record["raw"]))
        path = proof.path_of(self.columns.tx_id[tx].tobytes())
        return None if path is None else (path, proof.coinbase_path())


def _read(source: Source, offset: int, size_bytes: int) -> bytes:
    try:
        return read_back(source, offset, size_bytes)
    except OSError as error:
        raise FileNotReadable(path=source.path) from error


def _is_transaction(raw: bytes, txid: bytes) -> bool:
    """Whether bytes are the transaction of this id; any bytes may come."""
    try:
        return sha256d(base_of(raw)) == txid
    except EOFError:
        return False
