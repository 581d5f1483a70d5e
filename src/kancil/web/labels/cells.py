"""Labels as cells: beside a box of the canvas, a keeper, whatever is named by an address."""

from __future__ import annotations

from collections.abc import Iterable

from kancil.bitcoin.labels.label import Label
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.web.cells import tag
from kancil.web.parts import Cell

MOST_LABELS = 6


def label_cells(labels: Iterable[Label]) -> list[Cell]:
    """Labels, each with its publisher, what law or list it rests on, and its date."""
    told: list[Cell] = []
    once = list(dict.fromkeys(labels))
    for label in once[:MOST_LABELS]:
        listed = label.listed_on.isoformat() if label.listed_on else Phrase("note.no-listed-on")
        told.append(
            tag(
                "danger" if label.law else "service" if label.is_service else "plain",
                "web.canvas.label",
                label=label.label or label.category or label.published_category,
                publisher=label.publisher,
                listed=listed,
            )
        )
    if len(once) > MOST_LABELS:
        left = grouped(len(once) - MOST_LABELS)
        told.append(Phrase("web.canvas.labels-left", {"count": left}))
    return told
