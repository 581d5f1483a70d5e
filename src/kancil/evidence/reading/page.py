"""What a file shows of itself at one place: plain values that cross from the child to a door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kancil.ground.phrase import Phrase


class Way(StrEnum):
    """How a file is shown; the words are `name.way-<value>`."""

    TEXT = "text"
    TABLE = "table"
    JSON = "json"
    MAIL = "mail"
    PAPER = "paper"
    """The text of an HTML file, with its headings and tables."""
    PAGES = "pages"
    """Pages of a PDF, each drawn as a picture."""
    PICTURE = "picture"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a file; a door takes it from an address."""

    way: Way | None = None
    """None: as the file itself suggests."""
    encoding: str = ""
    """Empty: found or guessed."""
    at: int = 0
    """Byte at which text or bytes begin, row of a table, item of JSON, page of a PDF, from 0."""
    is_near: bool = False
    """Text begins with the line in which that byte stands."""
    line: int = 0
    """Lines before `at`, where they were counted; 0 at a place other than the beginning: not."""
    pointer: str = ""
    """Of JSON: which value, as in RFC 6901."""
    parts: tuple[int, ...] = ()
    """Of mail: which attachment, and which of its attachments, each from 1."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a piece of one that is very long."""

    at: int
    """Byte at which it begins."""
    number: int
    """From 1; 0: not counted, or the line goes on from the one above."""
    text: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """Some lines of a text."""

    lines: tuple[Line, ...]
    encoding: str
    reason: Phrase
    """How the encoding is known."""
    at: int
    before: int
    """Byte at which the page before begins; -1: this is the first."""
    after: int
    """Byte at which the next page begins; -1: this is the last."""
    line_before: int
    line_after: int
    """Lines before those pages, as in `Asked.line`."""


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows of a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Line in the file, and the cells."""
    at: int
    has_more: bool
    reasons: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One item of a JSON value."""

    key: str
    pointer: str
    text: str
    """The value, as JSON on several lines where it has parts; cut where it is long."""
    size: int
    """How many parts it has; -1: a plain value."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A list of objects inside a JSON file: what most exports are about."""

    pointer: str
    size: int


@dataclass(frozen=True, slots=True)
class JsonPage:
    """Some items of one value in a JSON file; a list of objects also as a table."""

    pointer: str
    nodes: tuple[Node, ...]
    columns: tuple[str, ...]
    """Keys of the objects, where all items are objects; else empty."""
    rows: tuple[tuple[str, ...], ...]
    at: int
    size: int
    lists: tuple[Found, ...]
    """The largest lists of objects of the whole file; at its first value alone."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail that is no text of it."""

    number: int
    name: str
    kind: str
    """As the mail states it: a claim."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail: who, when, what it says, and what is attached."""

    headers: tuple[tuple[str, str], ...]
    text: str
    is_from_html: bool
    """The mail has no plain text: this was taken from its HTML."""
    is_cut: bool
    attachments: tuple[Attachment, ...]


class BlockKind(StrEnum):
    """What a block of a paper is."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    ROW = "row"
    HEADED = "headed"
    """A row of column names."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a paper, as text; of a row each cell."""

    kind: BlockKind
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The text of an HTML file."""

    blocks: tuple[Block, ...]
    encoding: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page of a PDF; its picture is asked for apart."""

    at: int
    count: int
    text: str
    """The text that lies under the picture, as the PDF states it; often incomplete."""


@dataclass(frozen=True, slots=True)
class PicturePage:
    """A picture that was not drawn: its format and size, from its head."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class BytesPage:
    """Some bytes: rows of sixteen, as hex and as letters."""

    rows: tuple[tuple[int, str, str], ...]
    at: int
    before: int
    after: int


Shown = TextPage | TablePage | JsonPage | MailPage | PaperPage | PdfPage | PicturePage | BytesPage


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, opened at one place."""

    way: Way
    ways: tuple[Way, ...]
    """In which it can be shown; the first is what the file itself suggests."""
    kind: str
    """What the file is by its first bytes: the word is `thing.file-<kind>`."""
    name: str
    """Of an attachment, else empty."""
    size_bytes: int
    shown: Shown
    fallen_back: Phrase | None
    """Why it is not shown in the way that it suggests."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture made anew."""

    data: bytes
    media_type: str
    width: int
    height: int
