"""Works for tests: small, slow, faulty, greedy. Only a process that imports this knows them."""

from __future__ import annotations

import os
import time
from pathlib import Path

from kancil.bitcoin.holdings.errors import ChainBusy
from kancil.custody.unit import record_backup
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.ground.errors import DiskFull


def _effect(context: CaseDoing, mark: str) -> None:
    ledger = context.bench.ledger
    context.once(
        lambda by: record_backup(ledger, sha256=mark, by=by), lambda entry: {"entry": entry.n}
    )


@work("toy-record")
def toy_record(context: CaseDoing, *, mark: str) -> None:
    """Write one entry that bears the mark."""
    _effect(context, mark)


@work("toy-slow")
def toy_slow(context: CaseDoing, *, mark: str, steps: int, seconds: float = 0.05) -> None:
    """Count slowly, then write one entry; each start leaves a trace on the disk."""
    with (context.workspace.root / f"{mark}.starts").open("a") as file:
        file.write(f"{os.getpid()}\n")
    context.progress.start(steps, "steps", "progress.trace")
    for _ in range(steps):
        time.sleep(seconds)
        context.progress.advance(1)
    context.progress.finish()
    _effect(context, mark)


@work("toy-deaf")
def toy_deaf(context: CaseDoing, *, mark: str, seconds: float) -> None:
    """Say nothing for a long while, then write one entry."""
    time.sleep(seconds)
    _effect(context, mark)


@work("toy-twice")
def toy_twice(context: CaseDoing, *, mark: str) -> None:
    """Try to have its effect a second time."""
    _effect(context, mark)
    _effect(context, mark)


@work("toy-faulty")
def toy_faulty(context: CaseDoing, *, mark: str) -> None:
    """Write an entry and then meet a fault inside the same transaction."""

    def effect(by: object) -> int:
        record_backup(context.bench.ledger, sha256=mark, by=context.by())
        return 1 // 0

    context.once(effect, lambda made: {"made": made})


@work("toy-idle")
def toy_idle(context: CaseDoing) -> None:
    """Have no effect at all."""


@work("toy-refused")
def toy_refused(context: CaseDoing) -> None:
    """Meet what will not change by trying again."""
    raise DiskFull(path="/a/full/disk")


@work("toy-busy")
def toy_busy(context: CaseDoing) -> None:
    """Meet what may be over in a moment."""
    raise ChainBusy(path=str(Path("chains") / "main"))


@work("toy-killer")
def toy_killer(context: CaseDoing) -> None:
    """Bring its worker down, every time."""
    os.kill(os.getpid(), 9)
