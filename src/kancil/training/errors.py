"""Errors of the training craft."""

from __future__ import annotations

from kancil.ground.errors import NotReadable


class EvaluationSheetWrong(NotReadable):
    """An answer of an evaluation sheet does not fit its question. Params: `question`."""

    code = "evaluation-sheet-wrong"
