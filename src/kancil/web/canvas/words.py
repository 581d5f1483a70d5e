"""The words of the canvas: what its script says, and what its template needs wherever it stands."""

from __future__ import annotations

from typing import Any

from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.studies.moneygraph.widget import widget_words

WORDS = (
    "caption-boxes", "caption-case", "caption-hidden", "caption-own",
    "changed-blocks", "changed-labels", "clear", "colour", "colour-none", "differ",
    "draft-path", "drop", "filter-all", "filter-least", "filter-no-time", "filter-time",
    "filtered", "find-at", "find-none", "finding", "group", "group-of", "groups", "hidden",
    "hide", "hide-branch", "join-none", "joined", "make-clusters",
    "mark-1", "mark-2", "mark-3", "mark-4", "mark-5",
    "mark-6", "moved",
    "next", "no-clusters", "no-longer-there", "not-shown", "path-cancel", "path-done", "path-empty",
    "path-outputs", "path-step", "paths", "pattern-at", "previous", "redone", "run-again",
    "select-first", "selected-many", "show", "undone", "ungroup",
    "unsaved", "unsaved-drop", "unsaved-go-on",
)  # fmt: skip
_GAPS = ("amount", "at", "case", "count", "digest", "hidden", "name", "shown", "since", "until")


def canvas_words() -> dict[str, str]:
    """The sentences that the canvas's script says, by the name it asks for them.

    Their parameters stay as they stand, `{count}`: the script fills them.
    """
    gaps = {name: f"{{{name}}}" for name in _GAPS}
    own = {name.replace("-", "_"): render(f"web.canvas.{name}", None, **gaps) for name in WORDS}
    return {**widget_words(), **own}


def outside() -> dict[str, Any]:
    """The same where no case is: a chain alone, with nothing to save or record."""
    return {
        "canvas_words": canvas_words(),
        "caption": {"case": ""},
        "views": [],
        "no_script": Phrase("web.canvas.no-script"),
    }
