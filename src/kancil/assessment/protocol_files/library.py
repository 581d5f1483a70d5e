"""The protocols that come with Kancil: the files in `protocols/`, each its own registration.

A translation stands beside its protocol, `capability-2026.2.es.yaml`, and is laid over it once it
has nearly all texts. Files are read when first asked for, and again only when one has changed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.reading import read_protocol
from kancil.assessment.protocol_files.translation import (
    Coverage,
    Translation,
    coverage,
    read_translation,
    translated,
)
from kancil.ground.errors import FileNotReadable

FOLDER = Path(__file__).parents[1] / "protocols"
SCHEMA_PATH = FOLDER.parent / "protocol.schema.json"
"""The JSON Schema that editors use."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_State = tuple[Path, int, int]
"""A file, when it last changed (ns) and its size in bytes, which tell one state from the next."""


def protocol_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Name all packaged protocols, `capability-2026.2`; the versions of one the oldest first."""
    stems = {path.stem for path in folder.glob("*.yaml")}
    own = (
        stem
        for stem in stems
        if stem.rpartition(".")[0] not in stems or not _LANGUAGE.fullmatch(stem.rpartition(".")[2])
    )
    return tuple(sorted(own, key=_order))


def translation_files(name: str, folder: Path = FOLDER) -> dict[str, Path]:
    """The files beside a packaged protocol that translate it, by language."""
    found = {path.stem[len(name) + 1 :]: path for path in folder.glob(f"{name}.*.yaml")}
    return {each: found[each] for each in sorted(found) if _LANGUAGE.fullmatch(each)}


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


def translated_file(path: Path) -> Path | None:
    """The protocol that a file translates by its name, beside it or packaged; None: it is none."""
    name, _, language = path.stem.rpartition(".")
    if not _LANGUAGE.fullmatch(language):
        return None
    beside = path.with_name(f"{name}.yaml")
    packaged = FOLDER / beside.name
    return next((each for each in (beside, packaged) if each.is_file()), None)


def with_translations(protocol: Protocol, folder: Path = FOLDER) -> Protocol:
    """A protocol kept elsewhere, in all languages of the packaged one if it is that to the byte."""
    is_same = _is_packaged(protocol, folder)
    return named_protocol(protocol.name, folder) if is_same else protocol


def translations_of(
    protocol: Protocol, folder: Path = FOLDER
) -> tuple[tuple[Translation, Coverage], ...]:
    """As `translations`, of a protocol kept elsewhere; none unless it is the packaged one."""
    return translations(protocol.name, folder) if _is_packaged(protocol, folder) else ()


def _is_packaged(protocol: Protocol, folder: Path) -> bool:
    is_named = protocol.name in protocol_names(folder)
    return is_named and named_protocol(protocol.name, folder).sha256 == protocol.sha256


def translations(name: str, folder: Path = FOLDER) -> tuple[tuple[Translation, Coverage], ...]:
    """All translations of a packaged protocol and how much each has, offered or not.

    Raises ProtocolNotReadable, for the first fault of a translation too.
    """
    return _translations(_state(folder / f"{name}.yaml"), _beside(name, folder))


def _load(path: Path) -> Protocol:
    return _whole(_state(path), _beside(path.stem, path.parent))


def _beside(name: str, folder: Path) -> tuple[_State, ...]:
    return tuple(_state(each) for each in translation_files(name, folder).values())


def _state(path: Path) -> _State:
    try:
        state = path.stat()
    except OSError as error:
        raise FileNotReadable(path=str(path)) from error
    return path, state.st_mtime_ns, state.st_size


@lru_cache(maxsize=64)
def _read(own: _State) -> Protocol:
    return read_protocol(own[0])


@lru_cache(maxsize=64)
def _translations(
    own: _State, beside: tuple[_State, ...]
) -> tuple[tuple[Translation, Coverage], ...]:
    protocol = _read(own)
    read = [read_translation(path, protocol) for path, _, _ in beside]
    return tuple((each, coverage(translated(protocol, [each]), each.language)) for each in read)


@lru_cache(maxsize=64)
def _whole(own: _State, beside: tuple[_State, ...]) -> Protocol:
    offered = [each for each, has in _translations(own, beside) if has.is_offered]
    return translated(_read(own), offered)


def _order(name: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Sort by id, and versions by their numbers: 2026.10 comes after 2026.9."""
    id, _, version = name.rpartition("-")
    parts = re.findall(r"[0-9]+|[A-Za-z]+", version)
    return id, [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]
