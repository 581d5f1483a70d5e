"""Files opened and drawn in a child of their own (`ground.child`): what doors call."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from kancil.evidence.errors import (
    FileNotOfForm,
    TableIsNoText,
    TableNotReadable,
    TableTooLarge,
    VaultBytesBroken,
)
from kancil.ground.child import in_child
from kancil.ground.digests import CHUNK_BYTES
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase

from .json_values import json_page
from .kinds import HEAD_BYTES, PICTURES, kind_of, ways_of
from .mail import attachment, mail_page
from .page import Asked, Drawn, Opened, Shown, Way
from .papers import paper_page
from .tables import table_page
from .text import bytes_page, text_page

CHECKED_BYTES = 64_000_000
"""A file that is no longer is compared with its SHA-256 each time before it is shown."""
_MEMORY_BYTES = 1 << 30
_DEPTH = 8
_UNFIT = (FileNotOfForm, TableIsNoText, TableNotReadable, TableTooLarge)


@in_child(memory_bytes=_MEMORY_BYTES, cpu_seconds=60)
def open_file(path: Path, name: str, sha256: str, asked: Asked) -> Opened:
    """Show a file at one place, in the way that was asked for or that it suggests.

    `name`: as it was taken in. Raises FileNotOfForm and the errors of tables where it is not of the
    form that was asked for, VaultBytesBroken where its bytes are not those that were taken in.
    """
    with path.open("rb") as file:
        return open_stream(file, name, sha256, asked)


def open_stream(file: BinaryIO, name: str, sha256: str, asked: Asked) -> Opened:
    """Show bytes that can be sought in, as `open_file`; called in a child."""
    stream, inner = _part(file, name, sha256, asked)
    head = stream.read(HEAD_BYTES)
    kind = kind_of(head, inner or name)
    ways = ways_of(kind, inner or name, head)
    size = stream.seek(0, 2)
    way, fallen_back = asked.way or ways[0], None
    try:
        shown = _shown(way, stream, inner or name, asked)
    except _UNFIT as error:
        if asked.way is not None:
            raise
        way, fallen_back = (
            next(each for each in ways if each in (Way.TEXT, Way.BYTES)),
            _why(error),
        )
        shown = _shown(way, stream, inner or name, asked)
    return Opened(way, ways, kind, inner, size, shown, fallen_back)


@in_child(memory_bytes=_MEMORY_BYTES, cpu_seconds=60)
def draw_file(path: Path, name: str, sha256: str, asked: Asked) -> Drawn:
    """Draw a page of a PDF, or a picture; raises as `open_file`."""
    with path.open("rb") as file:
        return draw_stream(file, name, sha256, asked)


def draw_stream(file: BinaryIO, name: str, sha256: str, asked: Asked) -> Drawn:
    """Draw of bytes that can be sought in, as `draw_file`; called in a child."""
    from .drawn import draw_pdf_page, draw_picture

    stream, inner = _part(file, name, sha256, asked)
    kind = kind_of(stream.read(HEAD_BYTES), inner or name)
    if kind == "pdf":
        return draw_pdf_page(stream, asked)
    if kind in PICTURES:
        return draw_picture(stream)
    why = Phrase("why.file-no-picture")
    raise FileNotOfForm(way=Phrase("name.way-picture"), why=why)


def _part(file: BinaryIO, name: str, sha256: str, asked: Asked) -> tuple[BinaryIO, str]:
    """The file itself, or the attachment of it that is asked for, with its name."""
    if file.seek(0, 2) <= CHECKED_BYTES:
        _check(file, sha256)
    stream, inner = file, ""
    for number in asked.parts[:_DEPTH]:
        inner, stream = attachment(stream, number)
    stream.seek(0)
    return stream, inner


def _check(file: BinaryIO, sha256: str) -> None:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise VaultBytesBroken(sha256=sha256)


def _why(error: KancilError) -> Phrase:
    why = error.params.get("why")
    return why if isinstance(why, Phrase) else Phrase("why.file-other-form")


def _shown(way: Way, stream: BinaryIO, name: str, asked: Asked) -> Shown:
    """One way of showing; the libraries that draw are loaded for pages and pictures alone."""
    if way is Way.TEXT:
        return text_page(stream, asked)
    if way is Way.TABLE:
        return table_page(stream, name, asked)
    if way is Way.JSON:
        return json_page(stream, asked)
    if way is Way.MAIL:
        return mail_page(stream, asked)
    if way is Way.PAPER:
        return paper_page(stream, asked)
    if way is Way.BYTES:
        return bytes_page(stream, asked)
    from .drawn import pdf_page, picture_page

    return pdf_page(stream, asked) if way is Way.PAGES else picture_page(stream, asked)
