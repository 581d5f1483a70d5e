"""The team's texts as a paper prints them, and which of them are in another language than it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.narratives import TextRow
from kancil.ground.words import render

from .signed import text_name


def row_text(row: TextRow | None) -> str:
    """What a text says; empty: there is none."""
    return row.text if row else ""


def mixed_names(rows: Iterable[TextRow], protocols: Sequence[Protocol]) -> str:
    """Name texts with their languages, for a warning."""
    return "; ".join(
        text_name(each.section, each.kind, each.language, protocols)
        if each.language
        else render("note.stood-unstated", what=text_name(each.section, each.kind, "", protocols))
        for each in rows
    )
