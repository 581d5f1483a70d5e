"""What leaves a classroom says so: every file, in its name and, where it can be, inside.

One place for all pages: whatever answer names a file passes here. Tables, objects in JSON, pictures
and calendars are marked by `kancil.ground.training_mark`; PDF and Word where they are made. Signed
files and copies of evidence keep their bytes, since a digest or a signature is over them: signed
ones state their site themselves.
"""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kancil.desk.base.opening import current_workspace
from kancil.ground.training_mark import MARKINGS
from kancil.ground.words import render

from .guard import Answer

_NAME = re.compile(
    r"""(filename=")(?!TRAINING-)|(filename=)(?!["T])|(filename\*=utf-8'')(?!TRAINING-)"""
)


class _Marked:
    """Mark what a classroom's pages send as a file."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.has_header("Content-Disposition") and current_workspace().site.is_training:
            answer.headers["Content-Disposition"] = _NAME.sub(
                lambda found: f"{found[0]}TRAINING-", answer.headers["Content-Disposition"]
            )
            _mark_content(answer)
        return answer


marked = _Marked


def _mark_content(answer: HttpResponseBase) -> None:
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind not in MARKINGS or answer.status_code != 200 or answer.has_header("ETag"):
        return
    _, change = MARKINGS[kind]
    word = render("name.training")
    if answer.streaming:
        answer.streaming_content = change(answer.streaming_content, word)  # type: ignore[attr-defined]
    else:
        answer.content = b"".join(change([answer.content], word))  # type: ignore[attr-defined]
    if answer.has_header("Content-Length"):
        del answer.headers["Content-Length"]
