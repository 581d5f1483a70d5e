"""The command that does background work, and the workers that `kancil serve` keeps running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

import typer

import kancil
from kancil.cli.frame.desk import database_url
from kancil.cli.frame.door import Door
from kancil.cli.programme.door import require_desk
from kancil.desk.base.opening import open_desk
from kancil.ground.errors import OptionNotUsable
from kancil.ground.parent import end_with_parent
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Site

if TYPE_CHECKING:
    from kancil.desk.jobs.doing import Bench

MOST_WORKERS = 32
_SHORTEST_LEASE, _LONGEST_LEASE = 2, 3600
_TRAINING = "kancil.desk.training"
"""Its tables are a classroom's alone."""
_END_SECONDS = 10
"""How long a worker may take to give its task back before it is ended."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_HEALTHY_SECONDS = 60.0


def work(
    context: typer.Context,
    lease: Annotated[
        int, typer.Option(help="Seconds of silence after which a worker counts as dead.")
    ] = 30,
    end_with: Annotated[
        int | None, typer.Option(metavar="PID", help="End when this parent process ends.")
    ] = None,
) -> None:
    """Run background jobs that were started on the site.

    One worker does one job after another until it is told to end; then it gives its job back.
    `kancil serve` runs workers of its own: this command is for more of them, or for a service
    manager. A unit's entries are signed by its server for whoever asked; on a programme's site a
    job acts by the account of whoever asked.

        kancil work
    """
    if not _SHORTEST_LEASE <= lease <= _LONGEST_LEASE:
        why = Phrase("why.lease", {"least": _SHORTEST_LEASE, "most": _LONGEST_LEASE})
        raise OptionNotUsable(option="--lease", value=str(lease), why=why)
    if end_with is not None and not end_with_parent(end_with, signal.SIGTERM):
        return
    bench = bench_of(Door(context, site=None))
    from kancil.desk.jobs.worker import Pace, Worker

    worker = Worker(bench, Pace(lease_seconds=lease))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.end())
    worker.run()


def bench_of(door: Door) -> Bench[Any]:
    """Open the desk of either site, and make all its work known.

    Raises WorkspaceNotFound, FileNotReadable, LedgerFileBroken.
    """
    if door.workspace.site is Site.PROGRAMME:
        require_desk(door)
        open_desk(door.workspace, database_url())
        load_programme_works()
        from kancil.desk.programme.doing import ProgrammeBench

        return ProgrammeBench(door.workspace)
    ledger = door.ledger
    load_works()
    from kancil.desk.cases.doing import CaseBench

    return CaseBench(door.workspace, ledger)


def load_works() -> None:
    """Make all work of a site that holds cases known; the desk must be open."""
    from django.apps import apps

    rooms = ["kancil.desk.cases", "kancil.desk.studies"]
    rooms += [_TRAINING] if apps.is_installed(_TRAINING) else []
    for room in rooms:
        import_module(f"{room}.jobs")  # which registers its work


def load_programme_works() -> None:
    """Make all work of a programme known; the desk must be open."""
    import kancil.desk.programme.jobs  # noqa: F401  (importing it registers)


class Workers:
    """Worker processes beside the server: started again when they end, and ended with it."""

    def __init__(self, root: Path, count: int) -> None:
        """Take the workspace's folder and how many there are to be."""
        self._root = root
        self._is_ending = threading.Event()
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._keeping = [
            threading.Thread(target=self._keep, args=(place,), name=f"worker {place}", daemon=True)
            for place in range(count)
        ]

    def __enter__(self) -> Workers:
        """Start them."""
        for thread in self._keeping:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End them: each gives its task back, or is ended if that takes too long."""
        self._is_ending.set()
        for child in list(self._children.values()):
            child.terminate()
        ends = time.monotonic() + _END_SECONDS
        for thread in self._keeping:
            thread.join(max(0.0, ends - time.monotonic()))
        for child in list(self._children.values()):
            child.kill()

    def command(self) -> Sequence[str]:
        """The command line of a worker."""
        words = ["--workspace", str(self._root), "work", "--end-with", str(os.getpid())]
        return [sys.executable, "-P", "-m", "kancil.cli", *words]

    def _keep(self, place: int) -> None:
        """Keep one worker running. This thread starts it, and so must outlive it."""
        pause = _FIRST_PAUSE_SECONDS
        while not self._is_ending.is_set():
            begun = time.monotonic()
            child = subprocess.Popen(self.command(), env=_environment(), stdin=subprocess.DEVNULL)  # noqa: S603  our own module, by our own interpreter
            self._children[place] = child
            if self._is_ending.is_set():
                child.terminate()
            child.wait()
            del self._children[place]
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            if time.monotonic() - begun > _HEALTHY_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            self._is_ending.wait(pause)


def _environment() -> dict[str, str]:
    """Let the child find this very package."""
    package_root = str(Path(kancil.__file__).parents[1])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
