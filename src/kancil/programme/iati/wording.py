"""Texts in an IATI file: those of the desk, and our own."""

from __future__ import annotations

from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase, spoken

from .activity import Narrative, Texts
from .binding import clean
from .facts import Reporter


def told(reporter: Reporter, text: str) -> Texts:
    """A text of the desk, in the language that the reporter writes; nothing of an empty one."""
    return (Narrative(reporter.language, text),) if clean(text) else ()


def said(key: str, **params: str | int | Phrase) -> Texts:
    """A text of ours, in the language that is spoken."""
    return (Narrative(spoken(), render_phrase(Phrase(key, params))),)
