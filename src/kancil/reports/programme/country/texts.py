"""The team's texts as a paper prints them, and which of them are in another language than it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.narrative import item_of
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.narratives import TextRow
from kancil.ground.words import render

from .signed import language_name, text_name


def row_text(row: TextRow | None) -> str:
    """What a text says; empty: there is none."""
    return row.text if row else ""


def mixed_names(rows: Iterable[TextRow], protocols: Sequence[Protocol]) -> str:
    """Name texts with their languages, for a warning."""
    return "; ".join(_mixed_name(each, protocols) for each in rows)


def _mixed_name(row: TextRow, protocols: Sequence[Protocol]) -> str:
    if item_of(row.section):
        what = f"{render('name.paper-col-item')}: {row.text}"
        if row.language:
            named = language_name(row.language)
            return render("note.stood-language", what=what, language=named)
    else:
        what = text_name(row.section, row.kind, row.language, protocols)
    return what if row.language else render("note.stood-unstated", what=what)
