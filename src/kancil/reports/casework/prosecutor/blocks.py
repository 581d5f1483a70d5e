"""The parts a printed page is made of, as JSON-ready values that the template knows how to set.

A cell is a list of lines; a line is a text and a manner: plain, mono for names of the chain, muted
for what stands below, strong. Nothing here knows what is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
Line = dict[str, str]
"""`text`, `manner`, and `tag`: a small word before it, such as *from*."""
Cell = list[Line]


def line(text: str, manner: str = "plain", tag: str = "") -> Line:
    """One line. `manner`: plain, mono, muted, strong."""
    return {"text": text, "manner": manner, "tag": tag}


def cell(*lines: Line | str | None) -> Cell:
    """A cell; a bare text is a plain line, an empty one and None are left out."""
    return [line(one) if isinstance(one, str) else one for one in lines if one]


def mono(text: str, tag: str = "") -> Line | None:
    """A line for a digest, address or outpoint; None where there is none."""
    return line(text, "mono", tag) if text else None


def named(text: str, tag: str = "") -> Line | None:
    """A line for a name of the chain, or for the words that stand where there is none."""
    return mono(text, tag) if any(sign.isdigit() for sign in text) else muted(text, tag)


def muted(text: str, tag: str = "") -> Line | None:
    """A quiet line; None where there is none."""
    return line(text, "muted", tag) if text else None


def strong(text: str) -> Line | None:
    """A line that stands out; None where there is none."""
    return line(text, "strong") if text else None


def heading(text: str, level: int = 2) -> Block:
    """A heading; level 2 is a section's own, deeper ones stand within it."""
    return {"block": "heading", "text": text, "level": level}


def paragraph(text: str, manner: str = "plain") -> Block:
    """A paragraph. `manner`: plain, muted, warn."""
    return {"block": "paragraph", "text": text, "manner": manner}


def bullets(items: Iterable[str]) -> Block:
    """A list."""
    return {"block": "bullets", "items": list(items)}


def commands(lines: Iterable[str]) -> Block:
    """Give lines to type at a prompt."""
    return {"block": "commands", "lines": list(lines)}


def facts(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Give names and values beside each other."""
    return {"block": "facts", "rows": [[name, value] for name, value in rows]}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width`: share of the page's width; `is_number`: set to the right."""

    title: str
    width: float
    is_number: bool = False


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, note: str = "", empty: str = ""
) -> Block:
    """A table whose head comes again on each page; `empty`: what stands for no row."""
    return {
        "block": "table",
        "columns": [
            {"title": one.title, "width": one.width, "is_number": one.is_number} for one in columns
        ],
        "rows": [list(row) for row in rows],
        "note": note,
        "empty": empty,
    }


def section(title: str, blocks: Iterable[Block]) -> Block:
    """A numbered section."""
    return {"title": title, "blocks": list(blocks)}
