"""The protocols that come with Kancil: the files in `protocols/`, each its own registration.

Read when first asked for, and again only when a file has changed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from kancil.ground.errors import FileNotReadable

from .errors import ProtocolNotFound
from .protocol import Protocol
from .reading import read_protocol

FOLDER = Path(__file__).parent / "protocols"
SCHEMA_PATH = FOLDER.parent / "protocol.schema.json"
"""The JSON Schema that editors use."""


def protocol_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Name all packaged protocols, `capability-2026.2`; the versions of one the oldest first."""
    return tuple(sorted((path.stem for path in folder.glob("*.yaml")), key=_order))


def named_protocol(name: str, folder: Path = FOLDER) -> Protocol:
    """A packaged protocol by its name, or the newest version by its id alone.

    Raises ProtocolNotFound, which lists those there are, and ProtocolNotReadable.
    """
    names = protocol_names(folder)
    fitting = [each for each in names if each == name or each.rpartition("-")[0] == name]
    if not fitting:
        raise ProtocolNotFound(name=name[:80], known=", ".join(names))
    return _load(folder / f"{name if name in names else fitting[-1]}.yaml")


def all_protocols(folder: Path = FOLDER) -> tuple[Protocol, ...]:
    """All packaged protocols; raises ProtocolNotReadable for the first that has a fault."""
    return tuple(_load(folder / f"{name}.yaml") for name in protocol_names(folder))


def _load(path: Path) -> Protocol:
    try:
        state = path.stat()
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int, size_bytes: int) -> Protocol:
    """Read a file as it was at that time and size, which only tell one state from the next."""
    return read_protocol(path)


def _order(name: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Sort by id, and versions by their numbers: 2026.10 comes after 2026.9."""
    id, _, version = name.rpartition("-")
    parts = re.findall(r"[0-9]+|[A-Za-z]+", version)
    return id, [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]
