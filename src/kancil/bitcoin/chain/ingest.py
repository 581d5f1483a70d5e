"""Taking block files into a chain: read in a child process, kept all or not at all.

Sources come from the officer or the vault; the chain folder is `holdings.store`'s. The child may
crash, be killed or run out of what it was allowed: the chain is then as it was before, and the
error says how the child ended. Killed at any moment, this process leaves the old chain or the new.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from kancil import __version__
from kancil.bitcoin.blocks.file import KEY_NAME
from kancil.bitcoin.holdings import store as chain_store
from kancil.bitcoin.holdings.sources import Source, SourceForm, SourcePath
from kancil.bitcoin.network import Network, network_named
from kancil.ground import clock
from kancil.ground.child import in_child, show
from kancil.ground.confine import Grants, Limits
from kancil.ground.errors import ParserLimitReached
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase, from_json
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped

from .errors import ChainIsStore, ChainOtherNetwork, StoreLimitReached
from .ready_kernels import ready_to_add, ready_to_read

CPU_SECONDS = 180_000
"""Of one ingest: enough for 1 TB on a slow machine. By the clock it may take as long as it takes:
an officer sees its progress and can end it."""


def default_limits() -> Limits:
    """Allow five eighths of the machine's memory and, for 1 TB on a slow machine, enough time.

    A step of a store takes half; the rest is for the site, its database and the columns that are
    mapped, so that no file brings the machine to its knees. An officer may allow more.
    """
    return limits_of(_physical_bytes() * 5 // 8)


def _physical_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def limits_of(memory_bytes: int) -> Limits:
    """Allow so much memory, and processor time enough for 1 TB on a slow machine."""
    return Limits(memory_bytes=memory_bytes, cpu_seconds=CPU_SECONDS)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did."""

    PLAIN_ALSO: ClassVar = ("skipped_by_code",)

    id: str
    chain: str
    """Name of the chain: its folder's."""
    network: str
    is_real_money: bool
    files: int
    size_bytes: int
    added: dict[str, int]
    """Rows that are new by kind, and what was found a second time or set aside."""
    held: dict[str, int]
    """Rows in the chain now."""
    skipped: tuple[Skipped, ...]
    inputs: tuple[str, ...]
    """SHA-256 of every source of the chain, sorted."""

    @property
    def skipped_by_code(self) -> dict[str, int]:
        """Count the skips by code, the most frequent first."""
        return dict(Counter(skip.code for skip in self.skipped).most_common())


def ingest(
    chain_dir: Path,
    sources: Sequence[SourcePath | Path],
    *,
    network: Network,
    spent: Sequence[SourcePath | Path] = (),
    first_height: int | None = None,
    is_network_named: bool = True,
    progress: Progress = SILENT,
    limits: Limits | None = None,
) -> IngestReport:
    """Read the sources into the chain of this folder, which is made if it is not there.

    `spent`: spent-outputs files. `first_height`: begin a store (`kancil.bitcoin.store`) with the
    block of this height; 0 says that the chain is whole. A store that is there goes on anyway.
    `is_network_named`: whether somebody chose the network; else it must follow from what is read.

    Raises NothingToIngest, NetworkNotNamed, SourceNotFound, SpentNotReadable, SpentNotMatched,
    SpentAmbiguous, ChainOtherNetwork, ChainBusy, ChainBroken, ParserStopped, ParserLimitReached,
    DiskFull, FormatTooNew, FormatTooOld; the chain is then as before. For a store also ChainHasGap,
    NoChainFound, StoreNoRoom, ChainBeingRead, ChainIsStore, ChainNotStore, and BlockNotSound,
    SpendNotResolved, SpentTwice, AmountsNotPossible, StoreFull, StoreLimitReached (for
    ParserLimitReached): it then
    holds what it held before and the blocks that whole steps added up to there.
    """
    task = _Task(
        chain_dir,
        network,
        tuple(sources),
        tuple(spent),
        first_height=first_height,
        is_network_named=is_network_named,
    )
    with chain_store.held(chain_dir) as lock:
        try:
            return _ingest(task, progress, limits, lock)
        finally:
            # Under the lock, so that nobody else's beginning is taken away.
            if not chain_store.exists(chain_dir):
                shutil.rmtree(chain_dir, ignore_errors=True)


def rebuild(
    chain_dir: Path, *, progress: Progress = SILENT, limits: Limits | None = None
) -> IngestReport:
    """Build a chain anew from the sources it was made from, as after a change of format.

    Raises as `ingest`; SourceNotFound where a source is gone. The chain is then as before.
    """
    record = chain_store.read_record(chain_dir, accept_older=True)
    files: dict[tuple[str, bool], SourcePath] = {}
    for source in record.sources:
        is_spent = source.form is SourceForm.SPENT_OUTPUTS
        files[source.path, is_spent] = SourcePath(
            Path(source.path), source.name, source.origin, source.xor_key
        )
    task = _Task(
        chain_dir,
        network_named(record.network),
        tuple(file for (_, is_spent), file in files.items() if not is_spent),
        tuple(file for (_, is_spent), file in files.items() if is_spent),
        is_fresh=True,
    )
    with chain_store.held(chain_dir) as lock:
        return _ingest(task, progress, limits, lock)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be ingested where."""

    chain_dir: Path
    network: Network
    sources: tuple[SourcePath | Path, ...]
    spent: tuple[SourcePath | Path, ...]
    is_fresh: bool = False
    """What the chain holds so far is not taken over."""
    first_height: int | None = None
    is_network_named: bool = True


def _ingest(task: _Task, progress: Progress, limits: Limits | None, lock: int) -> IngestReport:
    chain_dir, network = task.chain_dir, task.network
    before: tuple[dict[str, Any], ...] = ()
    is_store = task.first_height is not None
    if chain_store.exists(chain_dir):
        record = chain_store.read_record(chain_dir, accept_older=task.is_fresh)
        before = record.ingests
        is_store = is_store or record.store is not None
        if record.network != network.name:
            raise ChainOtherNetwork(
                path=str(chain_dir), network=network.name, belongs=record.network
            )
    if is_store:
        return _into_store(task, progress, limits, lock)
    limits = limits or default_limits()
    temporary = chain_store.new_temporary(chain_dir)
    request = {
        "chain_dir": str(chain_dir.absolute()),
        "temporary": str(temporary.absolute()),
        "network": network.name,
        "sources": [_row(source) for source in task.sources],
        "spent": [_row(source) for source in task.spent],
        "fresh": task.is_fresh,
        "network_named": task.is_network_named or bool(before),
    }
    try:
        result = _in_child(request, limits, progress, lock)
        report = _report(chain_dir, network, result)
        kept = tuple(
            Source(**{**row, "form": SourceForm(row["form"])}) for row in result["sources"]
        )
        chain_store.commit(
            chain_dir,
            temporary,
            chain_store.Record(
                network=network.name,
                arrays=chain_store.new_arrays_name(),
                sources=kept,
                proofs=tuple(result["proofs"]),
                ingests=(*before, _history(report)),
                kancil=__version__,
            ),
        )
    finally:
        temporary.unlink(missing_ok=True)
    return report


def _into_store(task: _Task, progress: Progress, limits: Limits | None, lock: int) -> IngestReport:
    """Have the child add blocks to a store; it keeps the record itself, step by step.

    Unless told otherwise, a step takes half of the machine's memory: columns that are mapped stand
    in the other half.
    """
    if task.spent:
        raise ChainIsStore(path=str(task.chain_dir), what=Phrase("thing.spent-file"))
    step_bytes = limits.memory_bytes if limits else _physical_bytes() // 2
    limits = limits or default_limits()
    request = {
        "chain_dir": str(task.chain_dir.absolute()),
        "network": task.network.name,
        "sources": [_row(source) for source in task.sources],
        "store": {
            "first_height": task.first_height,
            "threads": os.cpu_count() or 1,
            "memory_bytes": step_bytes,
        },
    }
    try:
        result = _in_child(request, limits, progress, lock)
    except ParserLimitReached as error:
        raise StoreLimitReached(**error.params) from error
    return _report(task.chain_dir, task.network, result)


def _row(source: SourcePath | Path) -> list[str]:
    if isinstance(source, SourcePath):
        return [str(source.path.absolute()), source.name, source.origin, source.xor_key]
    return [str(source.absolute()), "", "", ""]


def _report(chain_dir: Path, network: Network, result: dict[str, Any]) -> IngestReport:
    return IngestReport(
        id=result.get("id") or new_id(),
        chain=chain_dir.name,
        network=network.name,
        is_real_money=network.is_real_money,
        files=result["files"],
        size_bytes=result["size_bytes"],
        added=result["added"],
        held=result["held"],
        skipped=tuple(
            Skipped(code, place, from_json(params)) for code, place, params in result["skipped"]
        ),
        inputs=tuple(sorted({row["sha256"] for row in result["sources"]})),
    )


def _history(report: IngestReport) -> dict[str, Any]:
    """What the chain keeps of an ingest: all but the single skips."""
    return {
        "id": report.id,
        "at": clock.to_text(clock.now()),
        "files": report.files,
        "size_bytes": str(report.size_bytes),
        "added": report.added,
        "skipped_by_code": report.skipped_by_code,
    }


# --- the child ------------------------------------------------------------------------------------


@in_child(memory_bytes=1 << 30, cpu_seconds=CPU_SECONDS, prepare=ready_to_read)
def read_sources(request: dict[str, Any], progress: Progress = SILENT) -> dict[str, Any]:
    """Do one ingest into a chain that is built whole; `ingest` allows memory by the machine."""
    from .ingest_child import run  # Numba is slow to import

    return run(request, partial(show, progress=progress))


@in_child(memory_bytes=1 << 30, cpu_seconds=CPU_SECONDS, prepare=ready_to_add)
def add_to_store(request: dict[str, Any], progress: Progress = SILENT) -> dict[str, Any]:
    """Do one ingest into a store; `ingest` allows memory by the machine."""
    from .ingest_child import run  # Numba is slow to import

    return run(request, partial(show, progress=progress))


def _in_child(
    request: dict[str, Any], limits: Limits, progress: Progress, lock: int
) -> dict[str, Any]:
    """Run the child and give its result. Raises what the child tells, or how it ended."""
    read = add_to_store if "store" in request else read_sources
    grants = Grants(reads=_to_be_read(request), writes=[request["chain_dir"]])
    # The chain stays locked while the child lives, come what may here.
    return read.within(limits, grants, keep=(lock,))(request, progress=progress)


def _to_be_read(request: dict[str, Any]) -> list[str]:
    """List the files that the child may open: those asked for and those that the chain was made of.

    Beside a block file lies the key that its bytes are combined with.
    """
    rows = [*request["sources"], *request.get("spent", ())]
    paths = [Path(row[0]) for row in rows]
    chain_dir = Path(request["chain_dir"])
    if chain_store.exists(chain_dir):
        record = chain_store.read_record(chain_dir, accept_older=True)
        paths += [Path(source.path) for source in record.sources]
    keys = {path.with_name(KEY_NAME) for path in paths}
    return [str(path) for path in dict.fromkeys((*paths, *sorted(keys)))]
