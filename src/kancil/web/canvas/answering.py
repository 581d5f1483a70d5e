"""JSON to and from the canvas: what its page sent, what an act answers, errors in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException

from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render as words
from kancil.studies.canvas.acts import perform
from kancil.studies.canvas.errors import ViewNotReadable
from kancil.studies.canvas.picture import Material
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import LONGEST_VIEW, View
from kancil.web.guard import shown_params, status_of
from kancil.web.studies.graphs import read_sent


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON that the page sent; raises ViewNotReadable."""
    try:
        data = request.body
    except RawPostDataException as error:
        raise ViewNotReadable(part=Phrase("thing.view-view")) from error
    if len(data) > LONGEST_VIEW:
        raise ViewNotReadable(part=Phrase("thing.view-view"))
    return read_sent(data)


def told(answer: Callable[[], dict[str, Any]]) -> JsonResponse:
    """What an act answers as JSON; an error of ours as its sentence and what to do next."""
    try:
        return JsonResponse(answer())
    except KancilError as error:
        said = {part: in_words(error, part) for part in ("sentence", "next")}
        return JsonResponse(said, status=status_of(error))


def in_words(error: KancilError, part: str = "sentence") -> str:
    """An error of ours in words: what happened, or what to do next."""
    return words(f"error.{error.code}.{part}", **shown_params(error))


def after_act(material: Material, view: View, act: Any) -> dict[str, Any]:
    """A view after an act, as the page's script takes it; raises what the act raises."""
    done = perform(material, view, act, in_words)
    return {
        "view": done.view.as_json(),
        "graph": as_json(material, done.view, done.graph),
        "said": done.said,
        "rejected": plain(done.rejected),
    }
