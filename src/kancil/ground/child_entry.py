"""Where a child begins (`child`): started as `python -P -m kancil.ground.child_entry`.

One line of JSON and the bytes it announces come on standard input; lines go out on standard
output: progress, then one result with its bytes, or one error. Whatever else a library prints goes
to standard error.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import replace
from importlib import import_module
from typing import IO, Any

from .child import InChild, begin_as_child, over_memory
from .confine import Grants, Limits, confine
from .crossing import Blobs
from .errors import KancilError
from .owner import write_for_owner_only
from .parent import end_with_parent
from .phrase import as_json

_TOLD_EVERY = 0.1
"""Seconds between two words of progress."""


def main() -> int:
    """Read what is asked, give up all else, do it, and answer."""
    write_for_owner_only()
    begin_as_child()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asked = json.loads(sys.stdin.buffer.readline())
    if not end_with_parent(asked["parent"], signal.SIGKILL):
        return 1
    limits = Limits(**asked["limits"])
    grants = Grants(**asked["grants"])
    if asked["prepare"]:
        grants = replace(grants, reads=[*grants.reads, *_named(asked["prepare"])()])
    blobs: Blobs = []
    answer: dict[str, Any]
    try:
        confine(limits, grants)
        # What was sent is read only now: until here nothing of it has been looked at.
        blobs += [sys.stdin.buffer.read(size) for size in asked["blobs"]]
        found = _named(asked["target"])
        if not isinstance(found, InChild):
            raise TypeError(asked["target"])
        result = found.called(asked["arguments"], blobs, _Told(out))
        answer = {"result": result, "blobs": [len(each) for each in blobs]}
    except KancilError as error:
        answer = _error(error, blobs)
    except MemoryError:
        answer = _error(over_memory(limits.memory_bytes), blobs)
    _tell(out, answer)
    for each in blobs:
        out.write(each)
    out.flush()
    return 0


def _named(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _error(error: KancilError, blobs: Blobs) -> dict[str, Any]:
    blobs.clear()
    kind = type(error)
    told = {"room": kind.__module__, "code": kind.code, "params": as_json(error.params)}
    return {"error": told}


def _tell(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(json.dumps(message).encode("utf-8") + b"\n")
    out.flush()


class _Told:
    """Progress that is told to the parent, now and then."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._waiting = 0
        self._next = 0.0

    def start(self, total: int | None, unit: str, label: str) -> None:
        self._flush()
        _tell(self._out, {"start": [total, unit, label]})

    def advance(self, amount: int) -> None:
        self._waiting += amount
        if time.monotonic() >= self._next:
            self._flush()

    def finish(self) -> None:
        self._flush()
        _tell(self._out, {"finish": True})

    def _flush(self) -> None:
        self._next = time.monotonic() + _TOLD_EVERY
        if self._waiting:
            _tell(self._out, {"advance": self._waiting})
            self._waiting = 0


if __name__ == "__main__":
    sys.exit(main())
