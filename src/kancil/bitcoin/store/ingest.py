"""One ingest into a store, from the list of files to the record; runs in the ingest's child.

Blocks are read in pieces and added in steps of many pieces. Every step that was added is kept when
the next one begins: killed at any moment, the store holds the blocks up to there, and the same
command goes on from them to the same bytes.
"""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kancil import __version__
from kancil.bitcoin.blocks import file as blockfile
from kancil.bitcoin.blocks import parse
from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.blocks.headers import NOT_HELD, Headers, HeaderTree, build_tree
from kancil.bitcoin.holdings import read as chain_read
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.sources import Found, Source, SourceForm, list_files, without_others
from kancil.bitcoin.holdings.store_layout import BY_NAME, expected_rows
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.bitcoin.network import Network
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.skipped import Skipped
from kancil.ground.units import bytes_text

from . import files as store_files
from .back import rolled_back
from .errors import BlockNotSound, ChainHasGap, ChainNotStore, NoChainFound, StoreNoRoom
from .feed import UNDO_NOT_NEEDED, OpenFiles, Places, Reader, Wanted, places_in
from .grow import Grower, Piece
from .trees import read_others, save_tree, stored_headers

Tell = Callable[[dict[str, Any]], None]
LEAST_PIECE_BYTES, MOST_PIECE_BYTES = 8 << 20, 1 << 27
_PIECES_IN_MEMORY = 64
_MEMORY_A_PIECE = 8
"""Memory that reading takes at most, by the bytes of a piece: twice its blocks and their columns,
since the next one is parsed while one is written."""
_PROCESS_BYTES = 500 << 20
"""What the process takes before it reads anything: libraries and compiled kernels."""
_WHOLE_BYTES = 1 << 20
_BESIDE = 3
"""While a store is made in many steps, files without a name take up to about this part of its room
more (a whole chain one fourteenth); with less room it is made without them, more slowly."""


def piece_bytes(memory_bytes: int) -> int:
    """How many bytes of blocks are read at a time."""
    return min(max(memory_bytes // _PIECES_IN_MEMORY, LEAST_PIECE_BYTES), MOST_PIECE_BYTES)


def step_memory_bytes(memory_bytes: int) -> int:
    """How much memory a step may take until it is done; at the least a step is one piece."""
    return memory_bytes - _PROCESS_BYTES - _MEMORY_A_PIECE * piece_bytes(memory_bytes)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked."""

    chain_dir: Path
    network: Network
    paths: Sequence[Any]
    """`SourcePath`s."""
    first_height: int | None
    """Height to begin at; 0 for a whole chain; None to go on with a store that is there."""
    memory_bytes: int
    threads: int


class _Run:
    """One ingest, step by step."""

    def __init__(self, request: Request, tell: Tell) -> None:
        self.request, self.tell = request, tell
        self.chain_dir, self.network = request.chain_dir, request.network
        self.skipped: list[Skipped] = []
        self.added = {"blocks": 0, "transactions": 0, "inputs": 0, "outputs": 0}
        self.duplicates = 0
        self.size_bytes = 0
        self.untold_bytes = 0
        self.file_count = 0
        self.rolled = 0
        self.files = OpenFiles()
        self.others = Places()
        self.digests = _Digests()
        if chain_store.exists(self.chain_dir):
            self.kept = chain_store.read_record(self.chain_dir)
            if self.kept.store is None:
                raise ChainNotStore(path=str(self.chain_dir))
            self.store = self.kept.store
            store_files.take_back(self.chain_dir, self.store.rows)
            self.others = read_others(self.chain_dir, self.store)
        else:
            self.store = StoreRecord(secrets.randbits(64), request.first_height or 0)
            self.kept = chain_store.Record(self.network.name, "", ())
        self._sweep()
        self.sources: list[Source] = list(self.kept.sources)
        self.seen: list[tuple[int, int] | None] = list(self.store.seen)
        self.seen += [None] * (len(self.sources) - len(self.seen))

    def _sweep(self) -> None:
        runs = (*self.store.id_runs, *self.store.script_runs)
        kept = {run.name for run in runs} | {self.store.tree}
        store_files.swept(self.chain_dir, kept)

    # --- first pass: which blocks there are -------------------------------------------------------

    def find(self) -> Places:
        """Look for blocks in every file that is new or has changed."""
        every, skipped = list_files(self.request.paths)
        listed, others = without_others(every, blocks_only=True)
        self.skipped += skipped + others
        self.file_count = len(listed)
        number_of = {source.path: number for number, source in enumerate(self.sources)}
        parts = [Places()]
        undo: list[Skipped] = []
        self.tell({"start": [len(listed), "files", "progress.bitcoin-find"]})
        for file in listed:
            self.tell({"advance": 1})
            stat = file.path.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            number = number_of.get(str(file.path), len(self.sources))
            if number < len(self.sources) and self.seen[number] == seen:
                continue
            places, key, broken = places_in(file, number, self.network, self.files)
            undo += [skip for skip in broken if skip.code == UNDO_NOT_NEEDED]
            self.skipped += [skip for skip in broken if skip.code != UNDO_NOT_NEEDED]
            if not len(places):
                continue
            self._keep_source(number, file, key, seen)
            parts.append(places)
        self.tell({"finish": True})
        if undo:
            self.skipped.append(replace(undo[0], params={"count": len(undo)}))
        return Places.joined(parts)

    def _keep_source(self, number: int, file: Found, key: str, seen: tuple[int, int]) -> None:
        source = Source(
            path=str(file.path),
            name=file.name,
            origin=file.origin,
            size_bytes=seen[0],
            sha256="",
            form=SourceForm.BLOCK_FILE,
            xor_key=key,
        )
        if number == len(self.sources):
            self.sources.append(source)
            self.seen.append(seen)
        else:
            self.sources[number], self.seen[number] = source, seen
        self.digests.ask(number, source.path)

    # --- which of them are the chain --------------------------------------------------------------

    def choose(self, places: Places) -> tuple[list[Wanted], Places]:
        """Link all headers; say which blocks come next, and which others are known."""
        held = stored_headers(self.chain_dir, self.store)
        count = len(held)
        every = Places.joined([Places(held, *_nowhere(count)), self.others, places])
        headers = self._with_claims(every, count)
        tree = build_tree(headers, self.network)
        best = self._best(tree, headers, every, count)
        self._check_gap(tree, every, best)
        return self._decide(tree, headers, every, best, count)

    def _with_claims(self, every: Places, count: int) -> Headers:
        """Headers; a window's first block says its height by its coinbase."""
        headers = every.headers()
        if self.store.is_whole:
            return headers
        known = {bytes(one) for one in headers.block_hash}
        claimed = headers.claimed_height
        if count:
            claimed[0] = self.store.first_height
        for row in range(count, len(every)):
            if bytes(headers.prev[row]) in known or not every.size[row]:
                continue
            columns = self._parsed(every, row)
            if columns is not None and columns.block_count:
                claimed[row] = columns.block_height_claimed[0]
        return headers

    def _parsed(self, every: Places, row: int) -> Any:
        source = self.sources[int(every.source[row])]
        reader = Reader([source.path], [source.xor_key], 1)
        try:
            raw = reader.raw(0, int(every.offset[row]), int(every.size[row]))
        except OSError:
            return None
        return parse.parse_blocks(raw, np.array([[0, len(raw)]], np.int64))[0]

    def _best(self, tree: HeaderTree, headers: Headers, every: Places, count: int) -> list[int]:
        """The rows of the chain from the store's first height on, in order."""
        first = self.store.first_height
        at_first = (tree.height == first) & tree.on_best & (tree.duplicate_of == NOT_HELD)
        if count:
            at_first &= tree.island == tree.island[0]
        starts = np.flatnonzero(at_first)
        if not len(starts):
            raise NoChainFound(path=_named(self.request.paths), height=first)

        # Of several islands that hold this height the one of most work.
        def work(row: int) -> int:
            return max(
                tree.chain_work[other]
                for other in np.flatnonzero(tree.on_best & (tree.island == tree.island[row]))
            )

        start = max(starts.tolist(), key=work) if len(starts) > 1 else int(starts[0])
        rows = np.flatnonzero(tree.on_best & (tree.island == tree.island[start]))
        rows = rows[tree.height[rows] >= first]
        ordered: list[int] = rows[np.argsort(tree.height[rows], kind="stable")].tolist()
        return ordered

    def _check_gap(self, tree: HeaderTree, every: Places, best: list[int]) -> None:
        """Refuse where blocks later than the chain's last one do not connect to it."""
        own = tree.island[best[0]]
        strange = np.flatnonzero((tree.island != own) & (tree.duplicate_of == NOT_HELD))
        if not len(strange):
            return
        roots = np.unique(tree.island[strange])
        largest = max(roots.tolist(), key=lambda root: int((tree.island == root).sum()))
        amount = int((tree.island[strange] == largest).sum())
        root = int(largest)
        child = _shown(Headers.from_raw(every.header[root].tobytes()).block_hash[0])
        last = int(tree.height[best[-1]])
        is_later = self._time(every, root) > self._time(every, best[-1])
        if is_later:
            raise ChainHasGap(
                height=last,
                missing=bytes(every.header[root][4:36])[::-1].hex(),
                child=child,
                count=amount,
            )
        self.skipped.append(
            Skipped("block-not-connected", child, {"count": len(strange), "name": child})
        )

    @staticmethod
    def _time(every: Places, row: int) -> int:
        return int.from_bytes(every.header[row][68:72].tobytes(), "little")

    def _decide(
        self, tree: HeaderTree, headers: Headers, every: Places, best: list[int], count: int
    ) -> tuple[list[Wanted], Places]:
        copies: dict[int, list[int]] = {}
        for row in np.flatnonzero(tree.duplicate_of != NOT_HELD).tolist():
            copies.setdefault(int(tree.duplicate_of[row]), []).append(row)
            self.duplicates += 1
        is_best = np.zeros(len(every), np.bool_)
        is_best[best] = True
        fork = next((row for row in range(count) if not is_best[row]), count)
        wanted = []
        for row in best[fork:]:
            places = [each for each in (row, *copies.get(row, ())) if every.size[each]]
            wanted.append(
                Wanted(
                    int(tree.height[row]),
                    tuple(
                        (int(every.source[each]), int(every.offset[each]), int(every.size[each]))
                        for each in places
                    ),
                    _shown(headers.block_hash[row]),
                )
            )
        if fork < count:
            back = self._take_back(fork, headers)
            every = Places.joined([every, back])
            is_best = np.concatenate((is_best, np.zeros(len(back), np.bool_)))
        strange = np.flatnonzero(~is_best & (every.size > 0))
        first_of = np.concatenate(
            (tree.duplicate_of, np.full(len(every) - len(tree.height), NOT_HELD))
        )
        strange = strange[first_of[strange] == NOT_HELD]
        return wanted, every.taken(strange)

    def _take_back(self, fork: int, headers: Headers) -> Places:
        """Take back the blocks from this one on; gives where they lie."""
        self.tell({"start": [None, "", "progress.bitcoin-back"]})
        rows = self.store.rows
        numbers = range(fork, rows.blocks)
        columns = {
            name: store_files.map_column(self.chain_dir, BY_NAME[name], rows)
            for name in ("block_source", "block_offset", "block_size")
        }
        held = stored_headers(self.chain_dir, self.store)
        places = Places(
            held[fork:].copy(),
            columns["block_source"][fork:].copy(),
            columns["block_offset"][fork:].copy(),
            columns["block_size"][fork:].copy(),
        )
        del columns, held
        now = clock.to_text(clock.now())
        left = [
            {
                "hash": _shown(headers.block_hash[number]),
                "height": self.store.first_height + number,
                "at": now,
                "source": self.sources[int(places.source[number - fork])].name,
                "offset": int(places.offset[number - fork]),
            }
            for number in numbers
        ]
        with store_files.unread(self.chain_dir):
            shorter, pending = rolled_back(self.chain_dir, self.store, fork)
            pending.save(self.chain_dir)
            self._write(replace(shorter, left=(*shorter.left, *left)))
            store_files.take_back(self.chain_dir, shorter.rows)
        self.rolled = len(left)
        self.tell({"finish": True})
        return places

    # --- second pass ------------------------------------------------------------------------------

    def add(self, wanted: list[Wanted]) -> None:
        """Read and add the blocks, piece by piece. Raises StoreNoRoom and what `Grower` raises."""
        total = sum(one.copies[0][2] for one in wanted)
        expected = expected_rows(total) if self._check_room(total) else None
        reader = Reader(
            [source.path for source in self.sources],
            [source.xor_key for source in self.sources],
            piece_bytes(self.request.memory_bytes),
            self.request.threads,
        )
        self.tell({"start": [total, "bytes", "progress.bitcoin-add"]})
        with (
            closing(
                Grower(self.chain_dir, self.store, self.network, self.request.threads, expected)
            ) as grower,
            closing(reader.pieces(wanted)) as pieces,
        ):
            self._add_pieces(grower, pieces)
            self._finish_step(grower, goes_on=False)
        self.tell({"finish": True})

    def _add_pieces(self, grower: Grower, pieces: Iterator[tuple[Piece, int]]) -> None:
        most_memory = step_memory_bytes(self.request.memory_bytes)
        while True:
            try:
                piece, size_bytes = next(pieces)
            except StopIteration:
                return
            except (BlockNotSound, OSError):
                self._finish_step(grower, goes_on=False)  # what was before it stays
                raise
            if not grower.has_room(piece, most_memory):
                self._finish_step(grower, goes_on=True)
            grower.take(piece)
            self._count(piece.columns, size_bytes)
            half = size_bytes // 2  # the other half of the work is finding what its inputs spend
            self.untold_bytes += size_bytes - half
            self.tell({"advance": half})

    def _finish_step(self, grower: Grower, *, goes_on: bool) -> None:
        if not grower.has_taken:
            return
        self._commit(grower.finish_step(goes_on=goes_on))
        self._sweep()
        self.tell({"advance": self.untold_bytes})
        self.untold_bytes = 0

    def _count(self, rows: Columns, size_bytes: int) -> None:
        self.added["blocks"] += rows.block_count
        self.added["transactions"] += rows.tx_count
        self.added["inputs"] += rows.input_count
        self.added["outputs"] += rows.output_count
        self.size_bytes += size_bytes

    def _check_room(self, block_bytes: int) -> bool:
        """Whether there is room beside the store, too. Raises StoreNoRoom."""
        needed = expected_rows(block_bytes).size_bytes
        free = shutil.disk_usage(self.chain_dir).free
        if needed > free and needed > _WHOLE_BYTES:
            raise StoreNoRoom(
                path=str(self.chain_dir),
                blocks=bytes_text(block_bytes),
                needed=bytes_text(needed),
                free=bytes_text(free),
            )
        return free >= needed + needed // _BESIDE

    def _commit(self, store: StoreRecord) -> None:
        """Let the record count what was added."""
        self._write(store)
        store_files.Pending.done(self.chain_dir)

    def _write(self, store: StoreRecord) -> None:
        """Write the record; digests that are not made yet stay empty."""
        self.store = store
        self.kept = replace(
            self.kept,
            sources=tuple(self._digested()),
            store=replace(store, seen=()),
            kancil=__version__,
        )
        chain_store.write_record(self.chain_dir, self.kept)

    def _digested(self) -> list[Source]:
        for number, sha256 in self.digests.made().items():
            self.sources[number] = replace(self.sources[number], sha256=sha256)
        return self.sources

    def finish(self, others: Places) -> dict[str, Any]:
        """Write the header tree, the digests of all sources and the history."""
        self.digests.wait()
        tree = save_tree(self.chain_dir, self.store, others, self.network)
        self.store = replace(self.store, tree=tree, seen=tuple(self.seen))
        added = {
            **self.added,
            "loose_transactions": 0,
            "headers": 0,
            "spent_outputs_files": 0,
            "blocks_set_aside": 0,
            "duplicate_blocks": self.duplicates,
            "duplicate_transactions": 0,
            "blocks_taken_back": self.rolled,
        }
        ingest_id = new_id()
        history = {
            "id": ingest_id,
            "at": clock.to_text(clock.now()),
            "files": self.file_count,
            "size_bytes": str(self.size_bytes),
            "added": added,
            "skipped_by_code": _by_code(self.skipped),
        }
        self.kept = replace(
            self.kept,
            sources=tuple(self._digested()),
            store=self.store,
            ingests=(*self.kept.ingests, history),
            kancil=__version__,
        )
        chain_store.write_record(self.chain_dir, self.kept)
        self._sweep()
        rows = self.store.rows
        return {
            "id": ingest_id,
            "sources": [source.as_dict() for source in self.sources],
            "proofs": [],
            "skipped": [[skip.code, skip.place, skip.params] for skip in self.skipped],
            "added": added,
            "held": {
                "blocks": rows.blocks,
                "transactions": rows.transactions,
                "inputs": rows.inputs,
                "outputs": rows.outputs,
            },
            "files": self.file_count,
            "size_bytes": self.size_bytes,
        }


class _Digests:
    """SHA-256 of the files that were read, made beside the work."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="digests")
        self._asked: dict[int, Future[str]] = {}

    def ask(self, number: int, path: str) -> None:
        """Have the digest of a source made."""
        self._asked[number] = self._pool.submit(_digest_of, path)

    def made(self) -> dict[int, str]:
        """Those that are done."""
        return {number: one.result() for number, one in self._asked.items() if one.done()}

    def close(self) -> None:
        """Make no more of them: an ingest that failed does not wait for its files to be read."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Wait for all."""
        for one in self._asked.values():
            one.result()


def _digest_of(path: str) -> str:
    return chain_read.digest_of(blockfile.open_bytes(Path(path)))


def _by_code(skipped: Sequence[Skipped]) -> dict[str, int]:
    return dict(Counter(skip.code for skip in skipped).most_common())


def _nowhere(count: int) -> tuple[Any, Any, Any]:
    return np.zeros(count, np.int32), np.zeros(count, np.uint64), np.zeros(count, np.uint32)


def _named(paths: Sequence[Any]) -> str:
    return ", ".join(str(path.path) for path in paths)


def _shown(internal: Any) -> str:
    return bytes(internal)[::-1].hex()


def run(request: Request, tell: Tell) -> dict[str, Any]:
    """Do one ingest. Raises what `kancil.bitcoin.chain.ingest.ingest` names for a store."""
    work = _Run(request, tell)
    try:
        places = work.find()
        wanted, others = work.choose(places)
        work.add(wanted)
        return work.finish(others)
    finally:
        work.digests.close()
