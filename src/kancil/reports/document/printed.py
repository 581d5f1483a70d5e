"""A document as PDF: tagged, with bookmarks, the same bytes for the same values.

The template gets everything as data; nothing of a country stands in its source.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from kancil.ground.plain import plain
from kancil.ground.words import direction, render, visible
from kancil.reports.pdf.typeset import Typeset, typeset

from .blocks import UNIT, Block, Cell, Document, Facts, Halves, Own, Picture, Table, Voice, cut

FOLDER = Path(__file__).parent
PAGE_WIDTH, HALF_WIDTH, MOST_HIGH = 493.0, 236.0, 640.0
"""Room for a picture, in points; of one of two columns, its half."""
_READABLE, _TURNED_MORE = 0.41, 90.0
"""A picture that would be smaller gets a page of its own, turned, with so much more room."""
_SIGNS_A_LINE, _MOST_LINES, _MOST_FACTS, _SIGNS_AT_HEAD = 118, 26, 24, 100
"""The head of a page is cut to one line; page one has the whole of it."""
_NUMBERED = re.compile("\u27e8(U\\+[0-9A-F]{4,6})\u27e9")
"""As `visible` writes them; no font of ours has its brackets."""
COLOURS = {
    "ink": "#22201c", "ink-2": "#575145", "ink-3": "#6a6355", "line": "#e0d9cb",
    "line-strong": "#b9ae99", "brand": UNIT, "ground": "#f6f4ef", "warn": "#854f00",
    "warn-soft": "#fcecca", "danger": "#a3271d", "voice": "#f7ebf2",
}  # fmt: skip
"""Those of the site's light theme."""


def print_document(document: Document, *, at: datetime) -> Typeset:
    """Set a document as PDF; `at`: its date. Raises ReportNotPrinted."""
    name = "letter.typ" if document.address else "document.typ"
    name = "short.typ" if document.is_short else name
    shared = [FOLDER / "pages.typ"] if document.is_short or document.opening else []
    return typeset(template(*shared, FOLDER / name), shown(tree_of(document)), [], at=at)


def shown(value: Any) -> Any:
    """A JSON-ready value, in its texts each character that steers unseen by its number."""
    if isinstance(value, str):
        return _NUMBERED.sub(r"[\1]", visible(value))
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    return [shown(each) for each in value] if isinstance(value, list) else value


def template(*files: Path) -> str:
    """A template's source: the parts that all share, then `files`, the last one its pages."""
    return "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "parts.typ", *files))


def tree_of(document: Document) -> dict[str, Any]:
    """A document as what the template reads."""
    head = (document.kind, document.title, document.subtitle)
    tree: dict[str, Any] = {
        "kind": document.kind,
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "author": document.author,
        "description": document.description,
        "mark": document.mark,
        "header": cut(" · ".join(filter(None, head)), _SIGNS_AT_HEAD),
        "footer": document.footer,
        "has_contents": document.has_contents,
        "colours": {**COLOURS, "brand": document.accent},
        "words": {
            "page": render("note.paper-page", page="{page}", count="{count}"),
            "contents": render("name.paper-contents"),
            "replaced": render("note.paper-replaced", count="{count}"),
        },
        "cover": [block_tree(each) for each in document.cover],
        "sections": [
            {
                "title": each.title,
                "starts_page": each.starts_page,
                "is_small": each.is_small,
                "blocks": [block_tree(one) for one in each.blocks],
            }
            for each in document.sections
        ],
    }
    if direction(document.language) == "rtl":
        tree["is_turned"] = True
    if document.opening:
        tree["opening"] = tree_of(document.opening)
    if document.address:
        tree["address"] = [block_tree(each) for each in document.address]
    return tree


def block_tree(block: Block, wide: float = PAGE_WIDTH) -> dict[str, Any]:
    """A block as what the template reads: its name, its own fields, and what its size asks for.

    `wide`: room for a picture.
    """
    match block:
        case Own(kind, values):
            return {"block": kind, **plain(values)}
        case Facts(_, rows):
            more: dict[str, Any] = {"is_long": sum(len(value) for _, value in rows) > _MOST_FACTS}
        case Picture(_, title, description):
            scale = _scale(block, wide, MOST_HIGH)
            is_turned = scale < _READABLE and block.width > block.height and wide == PAGE_WIDTH
            if is_turned:
                scale = _scale(block, MOST_HIGH + _TURNED_MORE, PAGE_WIDTH - _TURNED_MORE)
            width = str(block.width * scale)
            more = {"alt": f"{title}. {description}", "width": width, "is_turned": is_turned}
        case Table():
            more = {
                "caption": "" if block.is_titled else block.caption,
                "rows": [
                    {"is_long": _is_long(block, row), "cells": plain(row)} for row in block.rows
                ],
            }
        case Halves(start, end):
            halves = {
                name: [block_tree(each, HALF_WIDTH) for each in half]
                for name, half in (("start", start), ("end", end))
            }
            return {"block": "halves", **halves}
        case Voice(blocks):
            return {"block": "voice", "blocks": [block_tree(each) for each in blocks]}
        case _:
            more = {}
    return {"block": type(block).__name__.lower(), **plain(block), **more}


def _scale(picture: Picture, wide: float, high: float) -> float:
    return min(0.72, wide / picture.width, high / max(1, picture.height))


def _is_long(table: Table, row: tuple[Cell, ...]) -> bool:
    """Whether a row may run over a page: one that is kept whole must fit on one."""
    return any(
        sum(1 + len(line.text) / (_SIGNS_A_LINE * column.width) for line in cell) > _MOST_LINES
        for column, cell in zip(table.columns, row, strict=True)
    )
