"""Errors of notes."""

from __future__ import annotations

from kancil.ground.errors import NotFound, Refused


class NoteNotFound(NotFound):
    """No note of this case has this id."""

    code = "note-not-found"


class NoteWithdrawnAlready(Refused):
    """The note was withdrawn before."""

    code = "note-withdrawn-already"
