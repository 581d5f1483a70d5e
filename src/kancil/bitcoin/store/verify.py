"""Checking a store again: every column against its digests, its links, and its blocks.

Three things are told apart. *Unchanged*: the bytes are those that were written. *Consistent*: what
follows from other columns follows from them. *Proved from blocks*: the rows were read again from
the block files, whose transactions give the Merkle roots of their headers. Only the last says
that the rows are those of the chain; and where a block file is no longer here, that part is *not
re-provable here*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from kancil import __version__
from kancil.bitcoin.blocks.columns import Columns
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.sources import Source
from kancil.bitcoin.holdings.store_layout import BY_NAME, COLUMNS, Rows, Table
from kancil.bitcoin.holdings.store_record import StoreRecord
from kancil.ground.plain import LEFT_OUT
from kancil.ground.progress import SILENT, Progress

from . import check_kernels, files, kernels, runs
from .back import digest_between
from .errors import BlockNotSound, ChainNotStore
from .feed import Reader, Wanted
from .grow import FROM_PARSER

Array = NDArray[Any]
REBUILT = tuple(column.name for column in COLUMNS if column.is_mutable)
"""Columns that follow from others and are made anew from them."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written."""

    column: str
    """Column, or name of a run."""
    what: str
    """`missing`, `checksum`, `links`, `blocks`."""
    first_height: int | None = None
    last_height: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking a store found."""

    PLAIN_ALSO: ClassVar = ("unchanged", "consistent", "blocks_not_read")

    chain: str
    blocks: int
    first_height: int
    last_height: int
    size_bytes: int
    """Bytes of the columns and runs that were read."""
    damages: tuple[Damage, ...]
    blocks_proved: int
    """Blocks that were read again from their files and give the same rows."""
    blocks_not_here: int
    """Blocks whose file is gone, or not what it was: not re-provable here."""
    missing_sources: tuple[str, ...]
    asked_blocks: bool = field(metadata=LEFT_OUT)

    @property
    def unchanged(self) -> bool:
        """Whether the bytes are those that were written."""
        return not any(one.what in ("missing", "checksum") for one in self.damages)

    @property
    def consistent(self) -> bool:
        """Whether what follows from other columns follows from them, too."""
        return not self.damages

    @property
    def blocks_not_read(self) -> int:
        """Blocks that were not compared, for nobody asked for it."""
        return 0 if self.asked_blocks else self.blocks


class Verifier:
    """Checks one store. The caller holds the chain, or nobody writes to it."""

    def __init__(self, chain_dir: Path, progress: Progress = SILENT) -> None:
        """Read the record. Raises ChainNotFound, ChainNotStore, FormatTooNew."""
        self.chain_dir = chain_dir
        self.kept = chain_store.read_record(chain_dir)
        if self.kept.store is None:
            raise ChainNotStore(path=str(chain_dir))
        self.store: StoreRecord = self.kept.store
        self.progress = progress
        self.damages: list[Damage] = []
        self.size_bytes = 0

    def check(self, *, blocks: bool = False) -> Verified:
        """Check all; `blocks`: also read every block again."""
        columns = self._columns()
        self._runs()
        if not any(one.what in ("missing", "checksum") for one in self.damages):
            self._links(columns)
        proved, not_here, missing = self._blocks(columns) if blocks else (0, 0, ())
        store = self.store
        return Verified(
            chain=self.chain_dir.name,
            blocks=store.rows.blocks,
            first_height=store.first_height,
            last_height=store.next_height - 1,
            size_bytes=self.size_bytes,
            damages=tuple(self.damages),
            blocks_proved=proved,
            blocks_not_here=not_here,
            missing_sources=missing,
            asked_blocks=blocks,
        )

    # --- unchanged --------------------------------------------------------------------------------

    def _columns(self) -> dict[str, Array]:
        rows = self.store.rows
        self.progress.start(rows.size_bytes, "bytes", "progress.bitcoin-check")
        found: dict[str, Array] = {}
        for column in COLUMNS:
            try:
                found[column.name] = mapped = files.map_column(self.chain_dir, column, rows)
            except ChainBroken:
                self.damages.append(Damage(column.name, "missing"))
                continue
            self.size_bytes += mapped.nbytes
            if column.is_mutable:
                continue
            done = Rows()
            for one in self.store.ranges:
                after = done.plus(one.rows)
                is_start = column.points_to is not None
                digest = digest_between(mapped, is_start, done, after, column.table.value)
                if digest != one.checks[column.name]:
                    heights = one.first_height, one.last_height
                    self.damages.append(Damage(column.name, "checksum", *heights))
                done = after
            self.progress.advance(mapped.nbytes)
        return found

    def _runs(self) -> None:
        for kind in (self.store.id_runs, self.store.script_runs):
            for file in kind:
                try:
                    run = runs.open_run(self.chain_dir, file)
                    is_same = runs.check_of(run) == file.check
                except (OSError, ChainBroken, KeyError):
                    self.damages.append(Damage(file.name, "missing"))
                    continue
                self.size_bytes += sum(array.nbytes for array in run)
                if not is_same:
                    self.damages.append(Damage(file.name, "checksum"))
        self.progress.finish()

    # --- consistent -------------------------------------------------------------------------------

    def _links(self, columns: dict[str, Array]) -> None:
        rows = self.store.rows
        for column in COLUMNS:
            if column.points_to is not None:
                most = rows.of(column.points_to)
                starts = columns[column.name]
                if int(check_kernels.falls_at(starts, most)) >= 0 or (
                    len(starts) and starts[-1] != most
                ):
                    self.damages.append(Damage(column.name, "links"))
        if any(one.what == "links" for one in self.damages):
            return
        told = np.full(2, -1, np.int64)
        source, spender = columns["input_source"], columns["output_spender"]
        if int(check_kernels.spends_that_differ(source, spender, told)):
            self.damages.append(Damage("output_spender", "links"))
        seen = np.full(rows.scripts, -1, np.int64)
        script, before = columns["output_script_id"], columns["output_before"]
        if int(check_kernels.links_that_differ(script, before, seen)):
            self.damages.append(Damage("output_before", "links"))
        elif (seen != columns["script_last"]).any():
            self.damages.append(Damage("script_last", "links"))
        for name, kind, table in (
            ("id_runs", self.store.id_runs, Table.TRANSACTIONS),
            ("script_runs", self.store.script_runs, Table.SCRIPTS),
        ):
            if sum(file.entries for file in kind) != rows.of(table):
                self.damages.append(Damage(name, "links"))

    # --- proved from blocks -----------------------------------------------------------------------

    def _blocks(self, columns: dict[str, Array]) -> tuple[int, int, tuple[str, ...]]:
        """Read every block again; gives how many fit, how many are not here, and which files."""
        rows = self.store.rows
        sources = self.kept.sources
        here = [Path(source.path).is_file() for source in sources]
        proved, not_here = 0, 0
        missing = {sources[number].name for number, found in enumerate(here) if not found}
        self.progress.start(int(columns["block_size"].sum()), "bytes", "progress.bitcoin-prove")
        reader = Reader(
            [source.path for source in sources], [source.xor_key for source in sources], 1
        )
        for block in range(rows.blocks):
            number, size = int(columns["block_source"][block]), int(columns["block_size"][block])
            self.progress.advance(size)
            if not here[number]:
                not_here += 1
                continue
            place = number, int(columns["block_offset"][block]), size
            shown = bytes(columns["block_hash"][block])[::-1].hex()
            height = self.store.first_height + block
            try:
                read = reader.sound(Wanted(height, (place,), shown))[0]
            except BlockNotSound:
                not_here += 1
                missing.add(sources[number].name)
                continue
            if bytes(read.block_hash[0]) != bytes(columns["block_hash"][block]):
                not_here += 1
                missing.add(sources[number].name)
            elif wrong := self._differing(columns, block, read):
                self.damages.append(Damage(wrong, "blocks", height, height))
            else:
                proved += 1
        self.progress.finish()
        return proved, not_here, tuple(sorted(missing))

    def _differing(self, columns: dict[str, Array], block: int, read: Columns) -> str:
        """The first column whose rows of a block are not those of the block; else nothing."""
        spans: dict[Table, slice] = {Table.BLOCKS: slice(block, block + 1)}
        first, last = columns["block_tx_start"][block : block + 2].tolist()
        spans[Table.TRANSACTIONS] = slice(first, last)
        for table, name in ((Table.INPUTS, "tx_input_start"), (Table.OUTPUTS, "tx_output_start")):
            spans[table] = slice(int(columns[name][first]), int(columns[name][last]))
        for name in FROM_PARSER:
            if name in ("block_source", "block_offset"):
                continue
            held = columns[name][spans[BY_NAME[name].table]]
            if not np.array_equal(held, getattr(read, name)):
                return name
        if not self._scripts_fit(columns, spans[Table.OUTPUTS], read):
            return "output_script_id"
        if not self._sources_fit(columns, spans[Table.INPUTS], read):
            return "input_source"
        return ""

    @staticmethod
    def _scripts_fit(columns: dict[str, Array], outputs: slice, read: Columns) -> bool:
        numbers = columns["output_script_id"][outputs].astype(np.int64)
        starts = columns["script_payload_start"]
        if len(numbers) and int(numbers.max()) >= len(starts) - 1:
            return False
        payload = columns["payload"]
        return all(
            payload[starts[number] : starts[number + 1]].tobytes() == read.payload_of(place)
            for place, number in enumerate(numbers.tolist())
        ) and np.array_equal(columns["script_kind"][numbers], read.output_script)

    @staticmethod
    def _sources_fit(columns: dict[str, Array], inputs: slice, read: Columns) -> bool:
        source = columns["input_source"][inputs]
        held = np.flatnonzero(source >= 0)
        starts = columns["tx_output_start"]
        if len(held) and int(source.max()) >= int(starts[-1]):
            return False
        txs = np.searchsorted(starts, source[held], side="right") - 1
        same_id = (columns["tx_id"][txs] == read.input_prev_id[held]).all()
        return bool(same_id) and np.array_equal(
            source[held] - starts[txs], read.input_prev_index[held].astype(np.int64)
        )


# --- making anew ----------------------------------------------------------------------------------


def repair(chain_dir: Path, damages: Sequence[Damage]) -> int | None:
    """Make damaged columns anew: those that follow from others at once, the rest by taking back.

    Gives the height from which blocks have to be ingested again; None if none have to. The caller
    holds the chain. Raises ChainBeingRead.
    """
    kept = chain_store.read_record(chain_dir)
    if kept.store is None:
        raise ChainNotStore(path=str(chain_dir))
    store = kept.store
    with files.unread(chain_dir):
        files.mark_rebuilding(chain_dir)
        again = _first_wrong(store, damages)
        if again is not None:
            rows = Rows()
            for one in store.ranges[:again]:
                rows = rows.plus(one.rows)
            store = replace(
                store,
                rows=rows,
                ranges=store.ranges[:again],
                id_runs=(),
                script_runs=(),
                tree="",
                seen=(),
            )
        store = _with_runs(chain_dir, store)
        chain_store.write_record(chain_dir, replace(kept, store=store, kancil=__version__))
        files.rebuild(chain_dir, store.rows)
    return None if again is None else store.next_height


def _first_wrong(store: StoreRecord, damages: Sequence[Damage]) -> int | None:
    """The first range that cannot stay; None where only what follows is wrong."""
    run_names = {run.name for run in (*store.id_runs, *store.script_runs)}
    follows = {*REBUILT, "id_runs", "script_runs", *run_names}
    heights = [
        store.first_height if one.first_height is None else one.first_height
        for one in damages
        if one.column not in follows
    ]
    if not heights:
        return None
    first = min(heights)
    return next(number for number, one in enumerate(store.ranges) if one.last_height >= first)


def _with_runs(chain_dir: Path, store: StoreRecord) -> StoreRecord:
    """Make the runs anew from ids and scripts, a range at a time."""
    sorter = runs.Sorter()
    rows = store.rows
    ids = files.map_column(chain_dir, BY_NAME["tx_id"], rows)
    table = tuple(
        files.map_column(chain_dir, BY_NAME[name], rows)
        for name in ("script_kind", "script_payload_start", "payload")
    )
    pool = table[2] if len(table[2]) else np.zeros(1, np.uint8)
    id_files: tuple[Any, ...] = ()
    script_files: tuple[Any, ...] = ()
    done = Rows()
    for one in store.ranges:
        after = done.plus(one.rows)
        part = ids[done.transactions : after.transactions]
        run = runs.id_run(part, done.transactions, store.seed, sorter)
        id_files = runs.joined(
            chain_dir, (*id_files, runs.write_run(chain_dir, run)), rows.transactions
        )
        numbers = np.arange(done.scripts, after.scripts, dtype=np.int64)
        keys = np.empty(len(numbers), np.uint64)
        kernels.script_keys(table[0], table[1], pool, numbers, np.uint64(store.seed), keys)
        sorter.by_key(keys, numbers)
        script_run = runs.Run(keys, np.empty(0, np.uint64), numbers)
        script_files = runs.joined(
            chain_dir, (*script_files, runs.write_run(chain_dir, script_run)), rows.scripts
        )
        done = after
    return replace(store, id_runs=id_files, script_runs=script_files)


def sources_at(sources: Sequence[Source], folder: Path) -> tuple[Source, ...]:
    """Sources as files of the same name in another folder, where there are such.

    Their paths are absolute: whoever opens the chain later may stand elsewhere.
    """
    moved = []
    for source in sources:
        path = folder.absolute() / Path(source.name).name
        moved.append(replace(source, path=str(path)) if path.is_file() else source)
    return tuple(moved)
