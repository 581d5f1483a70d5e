"""Protocols, answers and documents of others, read in a child of its own (`ground.child`).

What doors and books call; the same functions in `reading`, `received`, `exchange` and
`released_files` read where they are. Official texts of instruments: `official.lines`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from kancil.assessment.answer_forms.received import AnswerSheet, read_answers
from kancil.assessment.errors import OfficialTextTooLarge
from kancil.assessment.exchange import Opened, read_parcel
from kancil.assessment.law.statutes import Statute, split_statute
from kancil.assessment.official.articles import OfficialArticles, split
from kancil.assessment.official.fitting import Expected
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.reading import check_content, check_protocol, read_protocol
from kancil.assessment.protocol_files.translation import (
    Coverage,
    check_translation,
    coverage,
    translated,
)
from kancil.assessment.released_files import form_of
from kancil.ground.child import in_child
from kancil.ground.yaml_tree import Fault

_BYTES = 1 << 30
MOST_TEXT_BYTES = 20_000_000
"""Of the file of an official text, or of a statute."""


@in_child(memory_bytes=_BYTES, cpu_seconds=60)
def read_protocol_file(path: Path) -> Protocol:
    """Read a protocol; raises ProtocolNotReadable with the first fault, and FileNotReadable."""
    return read_protocol(path)


@in_child(memory_bytes=_BYTES, cpu_seconds=60)
def check_protocol_file(path: Path) -> tuple[Protocol | None, list[Fault]]:
    """Read a protocol and give all its faults; raises FileNotReadable."""
    return check_protocol(path)


@in_child(memory_bytes=_BYTES, cpu_seconds=60)
def check_translation_file(path: Path, protocol: Protocol) -> tuple[Coverage | None, list[Fault]]:
    """Read a translation of a protocol: what it covers, or all its faults.

    Raises FileNotReadable.
    """
    found, faults = check_translation(path, protocol)
    if found is None:
        return None, faults
    return coverage(translated(protocol, [found]), found.language), []


@in_child(memory_bytes=_BYTES, cpu_seconds=60)
def check_protocol_bytes(content: bytes, name: str) -> tuple[Protocol | None, list[Fault]]:
    """Check bytes as if they stood in a file of that name, which need not be there."""
    return check_content(content, Path(name))


@in_child(memory_bytes=_BYTES, cpu_seconds=120)
def read_answer_sheet(
    data: bytes, path: str, protocol: Protocol, older: Sequence[Protocol] = ()
) -> AnswerSheet:
    """Read the answers to a protocol's form; raises what `read_answers` raises."""
    return read_answers(data, path, protocol, older)


@in_child(memory_bytes=_BYTES, cpu_seconds=120)
def open_parcel(
    data: bytes, path: str, known: Mapping[str, str], protocols: Mapping[str, Protocol]
) -> Opened:
    """Read a signed file of answers; raises what `read_parcel` raises."""
    return read_parcel(data, path, known, protocols)


@in_child(memory_bytes=_BYTES, cpu_seconds=30)
def document_form(stream: BinaryIO) -> str | None:
    """Which form a document has, as `form_of` does; the stream stands at its beginning."""
    return form_of(stream)


def _refuse_too_large(data: bytes, path: str) -> None:
    if len(data) > MOST_TEXT_BYTES:
        raise OfficialTextTooLarge(path=path, megabytes=MOST_TEXT_BYTES // 1_000_000)


@in_child(memory_bytes=_BYTES, cpu_seconds=120)
def _read_official(
    data: bytes, path: str, titles: Mapping[int, Sequence[str]], is_whole: bool
) -> OfficialArticles:
    from kancil.assessment.official.lines import (
        lines_of,  # its libraries are loaded when a text is read
    )

    return split(lines_of(data, path), titles, is_whole=is_whole)


def read_official(data: bytes, path: str, wanted: Expected) -> OfficialArticles:
    """Split an official text into its articles; `wanted`: what is known of it.

    Raises OfficialTextTooLarge before a child is started, OfficialTextNotReadable, ParserStopped,
    ParserLimitReached.
    """
    _refuse_too_large(data, path)
    return _read_official(data, path, wanted.titles, wanted.is_whole)


@in_child(memory_bytes=_BYTES, cpu_seconds=120)
def _read_statute(data: bytes, path: str) -> Statute:
    from kancil.assessment.official.lines import (
        statute_lines,  # its libraries are loaded when a text is read
    )

    lines, guessed = statute_lines(data, path)
    return Statute(tuple(split_statute("\n".join(lines))), guessed)


def read_statute(data: bytes, path: str) -> Statute:
    """Split the file of a statute into its articles, as `split_statute` does.

    Raises OfficialTextTooLarge before a child is started, OfficialTextNotReadable, ParserStopped,
    ParserLimitReached.
    """
    _refuse_too_large(data, path)
    return _read_statute(data, path)
