"""Taking block files into a chain: read in a child process, kept all or not at all.

Sources come from the officer or the vault; the chain folder is `chain_store`'s. The child may
crash, be killed or run out of what it was allowed: the chain is then as it was before, and the
error says how the child ended. Killed at any moment, this process leaves the old chain or the new.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kancil import __version__
from kancil.ground import clock, errors
from kancil.ground.errors import (
    ChainIsStore,
    ChainOtherNetwork,
    KancilError,
    ParserLimitReached,
    ParserStopped,
    StoreLimitReached,
)
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase, as_json, from_json
from kancil.ground.progress import SILENT, Progress
from kancil.ground.skipped import Skipped

from . import chain_store
from .network import Network, network_named
from .sources import Source, SourceForm, SourcePath

_CPU_SECONDS_BASE = 1800
_PYTHON = ("-P", "-m", "kancil.bitcoin.ingest_child")
_LAST_WORDS_BYTES = 4096
_OUT_OF_MEMORY = ("MemoryError", "Cannot allocate memory", "can't start new thread")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use."""

    memory_bytes: int
    """Private memory (RLIMIT_DATA); mapped source files do not count."""
    cpu_seconds: int
    """Processor time (RLIMIT_CPU)."""


def default_limits() -> Limits:
    """Allow nine tenths of the machine's memory and, for 1 TB on a slow machine, enough time."""
    return limits_of(_physical_bytes() * 9 // 10)


def _physical_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def limits_of(memory_bytes: int) -> Limits:
    """Allow so much memory, and processor time enough for 1 TB on a slow machine."""
    return Limits(memory_bytes=memory_bytes, cpu_seconds=_CPU_SECONDS_BASE * 100)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did."""

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

    def as_dict(self) -> dict[str, Any]:
        """Give the form for `--json` and for the ledger."""
        return {
            "id": self.id,
            "chain": self.chain,
            "network": self.network,
            "is_real_money": self.is_real_money,
            "files": self.files,
            "size_bytes": str(self.size_bytes),
            "added": self.added,
            "held": self.held,
            "skipped": [
                {"code": skip.code, "place": skip.place, "params": as_json(skip.params)}
                for skip in self.skipped
            ],
            "skipped_by_code": self.skipped_by_code,
            "inputs": list(self.inputs),
        }


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
    """Give what the chain keeps of an ingest: all but the single skips."""
    kept = report.as_dict()
    return {
        "id": report.id,
        "at": clock.to_text(clock.now()),
        "files": report.files,
        "size_bytes": kept["size_bytes"],
        "added": report.added,
        "skipped_by_code": report.skipped_by_code,
    }


# --- the child ------------------------------------------------------------------------------------


def _in_child(
    request: dict[str, Any], limits: Limits, progress: Progress, lock: int
) -> dict[str, Any]:
    """Run the child and give its result. Raises what the child tells, or how it ended."""
    request = request | {
        "limits": {
            "parent": os.getpid(),
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": limits.cpu_seconds,
        }
    }
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
            [sys.executable, *_PYTHON],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=child_environment(),
            pass_fds=(lock,),  # the chain stays locked while the child lives, come what may here
        ) as child,
    ):
        try:
            answer = _talk(child, request, progress)
        except BaseException:
            child.kill()
            raise
        last_words = _last_words(words)
    if "result" in answer:
        result: dict[str, Any] = answer["result"]
        return result
    if "error" in answer:
        raise _error_of(answer["error"])
    raise _ending(child.returncode, last_words, limits)


def _last_words(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
    return file.read().decode("utf-8", "replace")


def child_environment() -> dict[str, str]:
    """Let the child find this very package, and keep its libraries to one thread.

    And its memory in one arena (a setting of glibc, unknown to others): with one for each thread,
    what was let go of in one is not there for another, and a store took a third more.
    """
    package_root = str(Path(errors.__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }


def _talk(
    child: subprocess.Popen[bytes], request: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    if child.stdin is None or child.stdout is None:
        raise ParserStopped(how=Phrase("why.no-pipe"))
    try:
        child.stdin.write(json.dumps(request).encode("utf-8") + b"\n")
        child.stdin.close()
    except BrokenPipeError:
        child.stdin = None
    for message in _messages(child.stdout):
        if "result" in message or "error" in message:
            child.wait()
            return message
        _show(message, progress)
    child.wait()
    return {}


def _messages(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    for line in stream:
        try:
            yield json.loads(line)
        except ValueError:
            return


def _show(message: dict[str, Any], progress: Progress) -> None:
    if "start" in message:
        total, unit, label = message["start"]
        progress.start(total, unit, label)
    elif "advance" in message:
        progress.advance(message["advance"])
    elif "finish" in message:
        progress.finish()


def _error_of(told: dict[str, Any]) -> KancilError:
    """Make the error that the child told of again, by its code."""
    waiting: list[type[KancilError]] = [KancilError]
    while waiting:
        kind = waiting.pop()
        if kind.code == told["code"]:
            return kind(**from_json(told["params"]))
        waiting.extend(kind.__subclasses__())
    return ParserStopped(how=str(told["code"]))


def _ending(status: int, words: str, limits: Limits) -> KancilError:
    """Say how a child ended that gave no answer."""
    if status == -signal.SIGXCPU:
        return ParserLimitReached(limit=Phrase("thing.time"), amount=limits.cpu_seconds)
    if any(sign in words for sign in _OUT_OF_MEMORY):
        return ParserLimitReached(limit=Phrase("thing.memory"), amount=limits.memory_bytes)
    if status < 0:
        try:
            return ParserStopped(how=signal.Signals(-status).name)
        except ValueError:
            return ParserStopped(how=Phrase("why.signal", {"number": -status}))
    lines = words.strip().splitlines()
    return ParserStopped(how=lines[-1][:200] if lines else Phrase("why.status", {"status": status}))
