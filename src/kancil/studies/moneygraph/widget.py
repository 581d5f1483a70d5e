"""The words that every picture of money says of itself, by the name its script asks for them."""

from __future__ import annotations

from kancil.ground.words import render

NAMES = (
    "cleared", "fixed", "fold", "folds", "goes-to", "in-picture",
    "is-selected", "list",
    "no-answer", "no-neighbour", "not-determined", "open", "opens", "role", "whole",
    "zoom-in", "zoom-out",
)  # fmt: skip


def widget_words() -> dict[str, str]:
    """The words in the spoken language, for the scripts in `static/js/canvas/`."""
    return {name.replace("-", "_"): render(f"note.graph-widget-{name}") for name in NAMES}
