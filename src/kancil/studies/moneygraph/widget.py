"""The words that the money graph's script shows and says, by the name it asks for them."""

from __future__ import annotations

from kancil.ground.words import render

NAMES = (
    "cleared", "fixed", "fold", "folds", "goes-to", "in-picture",
    "is-selected", "no-answer", "no-neighbour", "not-determined", "open", "opens",
)  # fmt: skip


def widget_words() -> dict[str, str]:
    """The words in the spoken language, for `static/js/canvas/`."""
    return {name.replace("-", "_"): render(f"note.graph-widget-{name}") for name in NAMES}
