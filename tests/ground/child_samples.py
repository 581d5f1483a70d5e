"""What the tests of children have run in one: each does one thing that a parser must not."""

from __future__ import annotations

import ctypes
import os
import resource
import socket  # noqa: TID251 (to see that it is refused)
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from kancil.ground.child import in_child
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Progress

small_memory = 256 << 20
small = in_child(memory_bytes=small_memory, cpu_seconds=10)


@dataclass(frozen=True, slots=True)
class Seen:
    """A value with something of each kind."""

    words: str
    number: int | None
    at: datetime
    raw: bytes
    part: Phrase | str | int
    counts: Mapping[str, int]
    manifest: dict[str, Any]


@small
def echo(seen: Seen, stream: BinaryIO, progress: Progress = SILENT) -> tuple[Seen, bytes]:
    progress.start(3, "rows", "progress.labels")
    progress.advance(1)
    progress.advance(2)
    progress.finish()
    print("not part of the answer")  # noqa: T201
    return seen, stream.read()


@small
def read(path: Path, other: str | None = None) -> str:
    return (path if other is None else Path(other)).read_text(encoding="utf-8")


@small
def refuse(path: str) -> None:
    raise FileNotReadable(path=path)


@small
def allocate() -> int:
    return len(bytearray(1 << 30))


@small
def spin() -> None:
    while True:
        pass


@small
def sleep() -> None:
    threading.Event().wait()


@small
def die(signal: int) -> None:
    os.kill(os.getpid(), signal)


@small
def fault() -> None:
    raise RuntimeError("a fault")


@small
def lie() -> int:
    return "no number"  # type: ignore[return-value]


def tried(what: str, there: str) -> str:
    """Try one thing and name what the system said."""
    doing = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "run": lambda: subprocess.run(["/bin/true"], check=True),
        "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", "print(1)"]),
        "fork": os.fork,
        "signal": lambda: os.kill(os.getppid(), 0),
        "read": lambda: Path(there).read_bytes(),
        "list folder": lambda: list(Path(there).parent.iterdir()),
        "make": lambda: os.close(os.open(there + "2", os.O_CREAT | os.O_WRONLY)),
        "link": lambda: os.link(there, there + "2"),
        "trace": lambda: called("ptrace", 16, os.getppid(), 0, 0),
        "write": lambda: Path(there).write_bytes(b"x"),
        "remove": lambda: Path(there).unlink(),
        "chmod": lambda: Path(there).chmod(0o644),
        "environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "limits": raise_limits,
    }[what]
    try:
        doing()
    except (OSError, ValueError) as error:
        return type(error).__name__
    return "done"


def called(name: str, *arguments: int) -> None:
    """Call the system by a function of libc; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def raise_limits() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@small
def attempt(what: str, there: str) -> str:
    return tried(what, there)


@small
def private() -> list[str]:
    """Names of what is in the environment."""
    return sorted(os.environ)


@small
def umask_and_privileges() -> tuple[int, int]:
    mask = os.umask(0)
    return mask, ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)


@small
def in_loop() -> int:
    """An event loop and a thread work: pyHanko needs both."""
    import asyncio

    found: list[int] = []

    async def later() -> int:
        return 7

    thread = threading.Thread(target=lambda: found.append(asyncio.run(later())))
    thread.start()
    thread.join()
    return found[0]
