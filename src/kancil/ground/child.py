"""Running what reads other people's bytes in a process of its own, which may use and see little.

`in_child` marks such a function. Whoever calls it, a page, a command or a work, starts a fresh
Python that gives up all it can (`confine`), reads, and sends back a value, or one of our errors,
which is raised here as if it had been raised here. A child that dies, hangs or takes too much is
ParserStopped or ParserLimitReached, and harms nothing. The function itself is at `.here`, for the
child and for what runs in a child already.

    @in_child(memory_bytes=1 << 30, cpu_seconds=60)
    def read_labels(path: Path, ...) -> LabelImport: ...

Its parameters and its result cross by their annotations (`crossing`). Each `Path` it is called
with is a file, or a folder with all in it, that the child may read; a parameter `progress` is told
here what the child tells. See docs/decisions/0027-one-limited-child.md.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, update_wrapper
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Generic, ParamSpec, TypeVar, get_args, get_type_hints

from . import errors
from .confine import Grants, Limits
from .crossing import Blobs, NotCrossing, pack, unpack
from .errors import KancilError, ParserLimitReached, ParserStopped
from .phrase import Phrase, from_json
from .progress import SILENT, Progress

_NO_GRANTS = Grants()

P = ParamSpec("P")
R = TypeVar("R")

WALL_PER_CPU = 3
"""A child may take so many times its processor time by the clock: others use the machine too."""
_PYTHON = ("-P", "-m", "kancil.ground.child_entry")
_LAST_WORDS_BYTES = 4096
_ROOM_OF_ERRORS = re.compile(r"kancil(\.\w+)+\.errors")
_WATCHED_EVERY = 0.5
"""Seconds."""
_OUT_OF_MEMORY = (
    "MemoryError", "Cannot allocate memory", "can't start new thread", "bad_alloc",
    "memory allocation of",
    "failed to map segment", "Memory allocation still failed", "error return without exception set",
)  # fmt: skip
"""What Python and its libraries say last when there is no more; the last one is Python's own fault
when not even the error could be made."""
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME", "PYTHONPATH", "PYTHONHASHSEED",
)  # fmt: skip
"""What a child gets of the environment: no passphrase, no address of a database."""
_PASSED_ON_STARTS = ("NUMBA_", "PYTHONWARN", "COV_")


class _Here:
    """What is so of this process."""

    is_child = False
    """Whether it is a child: what it calls then runs where it is."""


_here = _Here()


def begin_as_child() -> None:
    """Say once that this process is a child."""
    _here.is_child = True


@dataclass(frozen=True, slots=True)
class Ask:
    """One start of a child: what it is to run, and within what."""

    target: str
    """`module:function`."""
    arguments: Any
    blobs: Blobs
    limits: Limits
    grants: Grants
    keep: Sequence[int] = ()
    """Files that stay open in the child, such as a lock that is to be held while it lives."""
    prepare: str = ""
    """`module:function` that is called before it is confined."""


def in_child(
    *,
    memory_bytes: int,
    cpu_seconds: int,
    prepare: Callable[[], Iterable[str]] | None = None,
) -> Callable[[Callable[P, R]], InChild[P, R]]:
    """Mark a function that reads other people's bytes; see this module.

    `prepare`: called in the child before it is confined, for what must be written by then; it
    gives files that may be read from then on.
    """
    limits = Limits(memory_bytes, cpu_seconds, WALL_PER_CPU * cpu_seconds)

    def mark(function: Callable[P, R]) -> InChild[P, R]:
        return InChild(function, limits, prepare)

    return mark


class InChild(Generic[P, R]):
    """A function that runs in a child of its own."""

    def __init__(
        self,
        function: Callable[P, R],
        limits: Limits,
        prepare: Callable[[], Iterable[str]] | None = None,
        grants: Grants = _NO_GRANTS,
        keep: Sequence[int] = (),
    ) -> None:
        """Take the function and what its child may use; see `in_child`."""
        self.here = function
        """The function itself, in this process."""
        self.limits, self.prepare = limits, prepare
        self._grants, self._keep = grants, keep
        update_wrapper(self, function)

    def within(
        self, limits: Limits, grants: Grants = _NO_GRANTS, keep: Sequence[int] = ()
    ) -> InChild[P, R]:
        """The same function under other limits, with more files than its arguments name."""
        return InChild(self.here, limits, self.prepare, grants, keep)

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The annotations of its parameters, and of its result as `return`."""
        return get_type_hints(self.here)

    @property
    def target(self) -> str:
        """By what name a child finds it."""
        return _name_of(self.here)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it in a child; raises what it raises, ParserStopped and ParserLimitReached."""
        if _here.is_child:
            return self.here(*args, **kwargs)
        bound = inspect.signature(self.here).bind(*args, **kwargs).arguments
        progress = bound.pop("progress", SILENT)
        blobs: Blobs = []
        paths: list[str] = []
        packed = {name: self._packed(name, value, blobs, paths) for name, value in bound.items()}
        grants = replace(self._grants, reads=(*self._grants.reads, *paths))
        ask = Ask(
            self.target, packed, blobs, self.limits, grants, self._keep, _name_of(self.prepare)
        )
        answer, parts = run(ask, progress)
        try:
            result: R = unpack(self.hints["return"], answer, parts)
        except NotCrossing as error:
            raise ParserStopped(how=Phrase("why.child-answer")) from error
        return result

    def _packed(self, name: str, value: Any, blobs: Blobs, paths: list[str]) -> Any:
        if is_path(self.hints[name]):
            if value is None:
                return None
            paths.append(str(value))
            return str(value)
        return pack(self.hints[name], value, blobs)

    def called(self, arguments: dict[str, Any], blobs: Blobs, progress: Progress) -> Any:
        """Run it where it is, from what crossed; gives the result, packed into fresh `blobs`."""
        values = {
            name: (None if value is None else Path(value))
            if is_path(self.hints[name])
            else unpack(self.hints[name], value, blobs)
            for name, value in arguments.items()
        }
        if "progress" in self.hints:
            values["progress"] = progress
        result = self.here(**values)  # type: ignore[call-arg, arg-type]
        blobs.clear()
        return pack(self.hints["return"], result, blobs)


def _name_of(function: Callable[..., Any] | None) -> str:
    return "" if function is None else f"{function.__module__}:{function.__qualname__}"


def is_path(hint: Any) -> bool:
    """Whether a parameter is a path, or a path or nothing."""
    return hint is Path or (Path in get_args(hint) and type(None) in get_args(hint))


# --- talking to it --------------------------------------------------------------------------------


def run(ask: Ask, progress: Progress) -> tuple[Any, Blobs]:
    """Run a child and give its answer. Raises what the child tells, or how it ended."""
    head = {
        "target": ask.target,
        "arguments": ask.arguments,
        "blobs": [len(each) for each in ask.blobs],
        "parent": os.getpid(),
        "prepare": ask.prepare,
        "limits": asdict(ask.limits),
        "grants": {"reads": list(ask.grants.reads), "writes": list(ask.grants.writes)},
    }
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(  # noqa: S603  our own module, by our own interpreter
            [sys.executable, *_PYTHON],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=child_environment(),
            pass_fds=tuple(ask.keep),
        ) as child,
    ):
        watch = _Watch(child, ask.limits)
        try:
            _send(child, head, ask.blobs)
            answer = _hear(child, ask.limits, progress)
        except BaseException:
            child.kill()
            raise
        finally:
            watch.end()
        last_words = _last_words(words)
    if answer is None:
        raise _ending(child.returncode, last_words, ask.limits, watch.seconds)
    if "error" in answer[0]:
        raise error_of(answer[0]["error"])
    return answer[0]["result"], answer[1]


class _Watch:
    """Kills a child that takes too long by the clock, or that waits for nothing.

    A library that gets no memory for a thread may wait for that thread without end: such a child
    uses no processor time any more.
    """

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits) -> None:
        self.seconds = 0
        """After how long it was killed; 0 where it was not."""
        self._child, self._limits = child, limits
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        self._is_over.set()

    def _watch(self) -> None:
        begun = moved = time.monotonic()
        used = _processor_time(self._child.pid)
        wall, still = self._limits.wall_seconds, self._limits.still_seconds
        while not self._is_over.wait(_WATCHED_EVERY):
            now, uses = time.monotonic(), _processor_time(self._child.pid)
            if uses != used or uses is None:
                used, moved = uses, now
            if wall is not None and now - begun >= wall:
                self.seconds = wall
            elif now - moved >= still:
                self.seconds = still
            if self.seconds:
                self._child.kill()
                return


def _processor_time(pid: int) -> int | None:
    """How long a process has had a processor, in the system's ticks; None: not known."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(after_name[11]) + int(after_name[12])


def child_environment() -> dict[str, str]:
    """A child what it needs of the environment, and no more of it.

    It finds this very package, and keeps its libraries to one thread and its memory in one arena
    (a setting of glibc, unknown to others): with one for each thread, what was let go of in one is
    not there for another, and a store took a third more.
    """
    package_root = str(Path(errors.__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_STARTS)
    }
    return {
        **passed_on,
        "PYTHONPATH": os.pathsep.join(paths),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }


def _send(child: subprocess.Popen[bytes], head: dict[str, Any], blobs: Blobs) -> None:
    if child.stdin is None:
        raise ParserStopped(how=Phrase("why.no-pipe"))
    try:
        child.stdin.write(json.dumps(head).encode("utf-8") + b"\n")
        for each in blobs:
            child.stdin.write(each)
        child.stdin.close()
    except BrokenPipeError:
        child.stdin = None  # how it ended is told below


def _hear(
    child: subprocess.Popen[bytes], limits: Limits, progress: Progress
) -> tuple[dict[str, Any], Blobs] | None:
    """Show the progress that a child tells and give its answer; None where it gives none."""
    if child.stdout is None:
        raise ParserStopped(how=Phrase("why.no-pipe"))
    while True:
        line = child.stdout.readline(limits.answer_bytes)
        try:
            message = _message(line)
            if "result" in message or "error" in message:
                answer = message, _blobs(child.stdout, message, limits.answer_bytes - len(line))
                child.wait()
                return answer
        except (ValueError, TypeError, RecursionError):
            # It ended, or it was taken over: nothing it says is believed any more.
            child.kill() if line else child.wait()
            return None
        show(message, progress)


def _message(line: bytes) -> dict[str, Any]:
    """Read one line of a child; raises ValueError or TypeError for what is none."""
    message = json.loads(line)
    if type(message) is not dict:
        raise TypeError(type(message).__name__)
    if "start" in message:
        total, unit, label = message["start"]
        if not (total is None or type(total) is int) or {type(unit), type(label)} != {str}:
            raise TypeError("start")
    elif type(message.get("advance", 0)) is not int:
        raise TypeError("advance")
    return message


def _blobs(stream: IO[bytes], message: dict[str, Any], room: int) -> Blobs:
    """Read the bytes that follow an answer; raises NotCrossing where they are too many or few."""
    sizes = [int(each) for each in message.get("blobs", ())]
    if min(sizes, default=0) < 0 or sum(sizes) > room:
        raise NotCrossing(str(sum(sizes)))
    found = [stream.read(size) for size in sizes]
    if [len(each) for each in found] != sizes:
        raise NotCrossing(str(sizes))
    return found


def show(message: dict[str, Any], progress: Progress) -> None:
    """Pass on what a child tells of its progress."""
    if "start" in message:
        total, unit, label = message["start"]
        progress.start(total, unit, label)
    elif "advance" in message:
        progress.advance(message["advance"])
    elif "finish" in message:
        progress.finish()


# --- how it ended ---------------------------------------------------------------------------------


def _last_words(file: IO[bytes]) -> str:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
    return file.read().decode("utf-8", "replace")


def error_of(told: Any) -> KancilError:
    """The error that a child tells of, made again: by its code, from the room that raises it."""
    room, code = str(told["room"]), told["code"]
    try:
        kinds = vars(import_module(room)) if _ROOM_OF_ERRORS.fullmatch(room) else {}
    except ImportError:
        kinds = {}
    for kind in kinds.values():
        if isinstance(kind, type) and issubclass(kind, KancilError) and kind.code == code:
            return kind(**from_json(told["params"]))
    return ParserStopped(how=str(code)[:200])


def over_time(seconds: int) -> ParserLimitReached:
    """That a child took too long."""
    amount = Phrase("thing.seconds", {"n": seconds})
    return ParserLimitReached(limit=Phrase("thing.time"), amount=amount)


def over_memory(size_bytes: int) -> ParserLimitReached:
    """That a child needed too much memory."""
    amount = Phrase("thing.megabytes", {"n": size_bytes // 1_000_000})
    return ParserLimitReached(limit=Phrase("thing.memory"), amount=amount)


def _ending(status: int, words: str, limits: Limits, late_seconds: int) -> KancilError:
    """How a child ended that gave no answer; `late_seconds`: it was killed after so many."""
    if late_seconds or status == -signal.SIGXCPU:
        return over_time(late_seconds or limits.cpu_seconds)
    if any(sign in words for sign in _OUT_OF_MEMORY):
        return over_memory(limits.memory_bytes)
    if status < 0:
        try:
            return ParserStopped(how=signal.Signals(-status).name)
        except ValueError:
            return ParserStopped(how=Phrase("why.signal", {"number": -status}))
    lines = words.strip().splitlines()
    return ParserStopped(how=lines[-1][:200] if lines else Phrase("why.status", {"status": status}))
