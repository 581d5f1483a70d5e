"""Errors of the invented world of the labs."""

from __future__ import annotations

from kancil.ground.errors import NotFound, Refused


class LabLanguageUnknown(NotFound):
    """There are no names and messages in this language. Params: `name`, `known`."""

    code = "lab-language-unknown"


class PlotNotPlayed(Refused):
    """No chain of this seed held the story, after many tries. Params: `seed`."""

    code = "plot-not-played"
