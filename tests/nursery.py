"""Children that begin warm: forked from a process that has already imported what they read with.

`kancil.ground.child` starts a fresh Python for each reading. Its imports take most of its time, and
after the first time prove nothing new. So the first child of each function is the real one, in
each process of tests; the next ones are forked, and then confined, asked and heard as the real one
is. A child that is to begin in another way than usual (other program, other environment) is real.

This file is also the program from which they are forked: `python nursery.py SOCKET`.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket  # noqa: TID251  files are handed over by it, inside this machine
import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import IO, Any

from kancil.ground import child, child_entry, parent
from kancil.ground.progress import Progress

_MESSAGE_BYTES = 1 << 16
_MOST_FILES = 16


class Nursery:
    """Where this process begins its children."""

    def __init__(self) -> None:
        """Take this process's environment for the usual one."""
        self._usual = [sys.executable, *child._PYTHON], child.child_environment()
        self._run = child.run
        self._asked = threading.local()
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._program: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def begin(self) -> Nursery:
        """Begin all children of this process here."""
        self._put(self._run_here, SimpleNamespace(Popen=self._begin, PIPE=subprocess.PIPE))
        return self

    def end(self) -> None:
        """Begin them as usual again."""
        self._put(self._run, subprocess)
        if self._line is not None and self._program is not None:
            self._line.close()
            self._program.wait()

    def _put(self, run: Any, starter: Any) -> None:
        vars(child).update(run=run, subprocess=starter)

    def _run_here(self, ask: child.Ask, progress: Progress) -> tuple[Any, list[bytes]]:
        self._asked.ask = ask
        return self._run(ask, progress)

    def _begin(self, command: list[str], *, env: dict[str, str], **more: Any) -> Any:
        ask: child.Ask = self._asked.ask
        with self._lock:
            is_first = ask.target not in self._known
            self._known.add(ask.target)
        if is_first or (command, env) != self._usual:
            return subprocess.Popen(command, env=env, **more)
        return WarmChild(self, ask, more["stderr"], more["pass_fds"])

    def send(self, asked: dict[str, Any], files: Sequence[int]) -> None:
        """Ask for one more child."""
        with self._lock:
            if self._line is None:
                self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                self._program = subprocess.Popen(
                    [sys.executable, "-P", __file__, str(theirs.fileno())], env=self._usual[1],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )  # fmt: skip
                theirs.close()
            socket.send_fds(self._line, [json.dumps(asked).encode()], files)


def is_begun() -> bool:
    """Whether this process begins its children in a nursery."""
    return vars(child)["subprocess"] is not subprocess


class WarmChild:
    """What `child` needs of `subprocess.Popen`."""

    def __init__(
        self, nursery: Nursery, ask: child.Ask, stderr: IO[bytes], keep: Sequence[int]
    ) -> None:
        """Begin one, from where this process stands."""
        stdin, write = os.pipe()
        read, stdout = os.pipe()
        told, tells = os.pipe()
        asked = {
            "target": ask.target, "prepare": ask.prepare, "folder": str(Path.cwd()),
        }  # fmt: skip
        nursery.send(asked, [stdin, stdout, stderr.fileno(), tells, *keep])
        for each in (stdin, stdout, tells):
            os.close(each)
        self.stdin: IO[bytes] | None = os.fdopen(write, "wb")
        self.stdout = os.fdopen(read, "rb")
        self._told = os.fdopen(told, "rb")
        self.returncode: int | None = None
        self.pid = int(self._told.readline())

    def wait(self) -> int:
        """Wait until it has ended; gives its exit status."""
        if self.returncode is None:
            self.returncode = int(self._told.readline())
        return self.returncode

    def kill(self) -> None:
        """Kill it, if it has not ended."""
        if self.returncode is None and not select.select([self._told], [], [], 0)[0]:
            os.kill(self.pid, signal.SIGKILL)

    def __enter__(self) -> WarmChild:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stdout.close()
        if self.stdin is not None:
            self.stdin.close()
        self.wait()
        self._told.close()


# --- the process from which they are forked -------------------------------------------------------


def main(line: socket.socket) -> None:
    """Fork a child for each message, and tell its number and how it ended, until the line ends."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    alive: dict[int, int] = {}
    while True:
        ready = select.select([line.fileno(), woken], [], [])[0]
        if woken in ready:
            os.read(woken, 4096)
            bury(alive)
        if line.fileno() in ready:
            message, files, _, _ = socket.recv_fds(line, _MESSAGE_BYTES, _MOST_FILES)
            if not message:
                return
            asked = json.loads(message)
            make_ready(asked)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                line.close()
                for each in (woken, wakes, *alive.values()):
                    os.close(each)
                live(asked, files)
            alive[pid] = files[3]
            os.write(files[3], b"%d\n" % pid)
            for each in (*files[:3], *files[4:]):
                os.close(each)


def bury(alive: dict[int, int]) -> None:
    """How each child ended that has."""
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = alive.pop(pid)
        try:
            os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
        except BrokenPipeError:
            """Nobody waits for it any more."""
        os.close(told)


def make_ready(asked: dict[str, str]) -> None:
    """Import what the function needs, and do what is done before a child is confined."""
    for name in ("target", "prepare"):
        module, _, function = asked[name].partition(":")
        found = getattr(import_module(module), function) if module else None
        if name == "prepare" and found is not None and found not in _prepared:
            _prepared.append(found)
            found()
    gc.freeze()
    if "kancil.bitcoin.compiled.memory" in sys.modules:
        sys.modules["kancil.bitcoin.compiled.memory"].keep_no_more()


_prepared: list[Any] = []


def live(asked: dict[str, str], files: list[int]) -> None:
    """Be a child: as `python -m kancil.ground.child_entry` from here on."""
    for number, each in enumerate(files[:3]):
        os.dup2(each, number)
    for each in files[:4]:
        os.close(each)
    os.chdir(asked["folder"])
    # Its parent is this program, which ends with the tests.
    tests, end = os.getppid(), parent.end_with_parent
    vars(child_entry).update(end_with_parent=lambda _parent, by: end(tests, by))
    status = child_entry.main()
    sys.stderr.flush()
    os._exit(status)  # all is said; what Python would still clear up takes longer than a reading


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
