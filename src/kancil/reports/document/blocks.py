"""The parts of a document as plain values: the same ones become PDF, HTML and a text document.

A cell is a few lines below each other. Nothing here knows what is said; words come rendered, in the
language of the document, and each line may say that it is in another one. What one document alone
has is `Own`, and stands in PDF only: that document's template knows how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kancil.ground.plain import LEFT_OUT, written

from .language import without_region

UNIT, PROGRAMME = "#0b5563", "#7d2a5c"
"""Accents of the two sites, by which nobody takes a paper of one for the other's."""
Manner = Literal["plain", "strong", "muted", "mono", "identifier"]
Level = Literal["plain", "muted", "warn", "lead", "opening"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell, or of a paragraph."""

    text: str
    manner: Manner = "plain"
    language: str = field(default="", metadata=written(by=without_region))
    """A tag (BCP 47), where it is not the document's own; Typst takes no region of it."""
    figure: str = field(default="", metadata=LEFT_OUT)
    """Which figure of the export it shows: `capability-2026.2/area/lf/percent`."""
    tag: str = ""
    """A small word before it, such as *from*."""


Cell = tuple[Line, ...]


_QUOTES = (("“", "”"), ("«", "»"))


def cut(text: str, most: int) -> str:
    """Cut a text to so many characters, with a mark; the whole of it must stand elsewhere.

    Between words, where one ends in the second half; a quotation that was begun is ended.
    """
    if len(text) <= most:
        return text
    head = text[: most - 1 - len(_QUOTES)]
    end = head.rfind(" ")
    head = (head[:end] if end * 2 > most else head).rstrip(" ,;:")
    return head + "…" + "".join(b for a, b in _QUOTES if head.count(a) > head.count(b))


def cell(*lines: Line | str | None) -> Cell:
    """A cell; a bare text is a plain line, an empty one and None are left out."""
    found = (Line(each) if isinstance(each, str) else each for each in lines)
    return tuple(each for each in found if each is not None and each.text)


def strong(text: str) -> Line:
    """A line that stands out."""
    return Line(text, "strong")


def muted(text: str | None, tag: str = "") -> Line:
    """A quiet line; `tag`: a small word before it."""
    return Line(text or "", "muted", tag=tag)


def mono(text: str | None, tag: str = "") -> Line:
    """A line for a digest, an address or an id; `tag`: a small word before it."""
    return Line(text or "", "mono", tag=tag)


def identifier(text: str, tag: str = "") -> Line:
    """A line for an account or address that a reader must copy: large, in one piece."""
    return Line(text, "identifier", tag=tag)


def named(text: str, tag: str = "") -> Line:
    """A line for a name of a chain, or for the words that stand where there is none."""
    return Line(text, "mono" if any(sign.isdigit() for sign in text) else "muted", tag=tag)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section; level 2 is the section's own first, 3 stands below it.

    Level 1 stands in a section that has no title.
    """

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `warn` stands in a box with a mark, `lead` in a quiet box, `muted` is quiet.

    `opening` is larger: what a reader in a hurry reads.
    """

    text: str
    level: Level = "plain"
    language: str = field(default="", metadata=written(by=without_region))


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values beside each other."""

    caption: str
    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns that say the same in two languages, or two sides of a letter's head."""

    left: Cell
    right: Cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width`: its part of the whole; `is_number`: set to the right."""

    title: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head comes again on each page; its first column names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    """What stands for no row."""
    note: str = ""
    """What stands below its rows, such as that they are cut."""
    is_titled: bool = False
    """Whether a heading right above says the caption already: it is then only read aloud."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; a table with the same values stands beside it."""

    svg: str
    """With its style inside."""
    title: str
    description: str
    width: int
    height: int
    """In user units of the picture."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type at a prompt."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A part that one document alone has; `kind`: by what name its template knows it."""

    kind: str
    values: Mapping[str, Any]
    """For `ground.plain`."""


@dataclass(frozen=True, slots=True)
class Halves:
    """Blocks in two columns; on a narrow page below each other."""

    start: tuple[Block, ...]
    end: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Blocks in a tinted box: what others than the authors say."""

    blocks: tuple[Block, ...]


Simple = Heading | Paragraph | Bullets | Facts | Beside | Table | Picture | Commands | Own
Block = Simple | Halves | Voice


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document."""

    title: str
    """Empty: its blocks have headings of their own."""
    blocks: tuple[Block, ...]
    starts_page: bool = False
    is_small: bool = False
    """An annex, in small letters."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document."""

    kind: str
    """What it is, in words: above the title."""
    title: str
    subtitle: str
    language: str
    author: str
    description: str
    mark: str
    """Stands on each page, such as that it is a draft; empty: nothing."""
    cover: tuple[Block, ...]
    sections: tuple[Section, ...] = field(default_factory=tuple)
    footer: str = ""
    has_contents: bool = True
    """Whether a list of contents follows the cover, and then a new page begins."""
    is_short: bool = False
    """Without contents and numbers of sections; as PDF, each run of sections is one whole page."""
    accent: str = UNIT
    """The colour of its headings."""
    opening: Document | None = None
    """A short document that stands first in this one, whole."""
    address: tuple[Block, ...] = ()
    """Of a letter: who writes to whom. It stands above the title, which is the letter's subject."""


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    empty: str = "",
    note: str = "",
) -> Table:
    """A table of rows that are lists."""
    return Table(caption, tuple(columns), tuple(tuple(row) for row in rows), empty, note)


def bullets(items: Iterable[str | Line]) -> Bullets:
    """A list of texts."""
    return Bullets(tuple(Line(each) if isinstance(each, str) else each for each in items))


def facts(caption: str, rows: Iterable[tuple[str, Cell]]) -> Facts:
    """Facts, without those that have no value."""
    return Facts(caption, tuple((name, value) for name, value in rows if value))


def section(title: str, *blocks: Block | None, starts_page: bool = False) -> Section:
    """A section; None is left out."""
    found: list[Block] = []
    above = title
    for each in blocks:
        if isinstance(each, Heading):
            above = each.text
        if isinstance(each, Table) and each.caption == above:
            each = replace(each, is_titled=True)
        if each is not None:
            found.append(each)
    return Section(title, tuple(found), starts_page)
