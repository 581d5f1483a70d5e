"""What leaves a classroom says so: every file, in its name and, where it can be, inside.

One place for all pages: whatever answer names a file passes here. A table gets a last column, which
spreadsheets keep and which no reader of columns by name stumbles over; an object in JSON a member;
a picture visible text. Signed files and copies of evidence keep their bytes, since a digest or a
signature is over them: signed ones state their site themselves. PDF, Word, workbooks and calendars
are marked where they are made, or by their name alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kancil.desk.base.opening import current_workspace
from kancil.ground.training_table import marked_table
from kancil.ground.words import render

from .guard import Answer

MEMBER = "training"
_NAME = re.compile(
    r"""(filename=")(?!TRAINING-)|(filename=)(?!["T])|(filename\*=utf-8'')(?!TRAINING-)"""
)
_SVG_START = re.compile(rb"<svg\b[^>]*>")
_VIEW = re.compile(rb"""viewBox=["']\s*(-?[0-9.]+)[\s,]+(-?[0-9.]+)""")
_SIGNED = frozenset(("signature", "statement", "proof"))


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
    change = {"text/csv": marked_table, "application/json": _json, "image/svg+xml": _svg}.get(kind)
    if change is None or answer.status_code != 200 or answer.has_header("ETag"):
        return
    word = render("name.training")
    if answer.streaming:
        answer.streaming_content = change(answer.streaming_content, word)  # type: ignore[attr-defined]
    else:
        answer.content = b"".join(change([answer.content], word))  # type: ignore[attr-defined]
    if answer.has_header("Content-Length"):
        del answer.headers["Content-Length"]


def _json(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """An object with one more member; a signed one, or what is no object, as it is."""
    data = b"".join(chunks)
    try:
        value = json.loads(data)
    except ValueError:  # sent as it is: this is no reader of JSON
        value = None
    if not isinstance(value, dict) or _SIGNED & value.keys() or MEMBER in value:
        yield data
        return
    end = data.rstrip()
    member = f"{',' if value else ''}{json.dumps(MEMBER)}:{json.dumps(word)}}}".encode()
    yield end[:-1].rstrip() + member + data[len(end) :]


def _svg(chunks: Iterable[bytes], word: str) -> Iterator[bytes]:
    """A picture with the word over its upper left corner."""
    data = b"".join(chunks)
    start = _SVG_START.search(data)
    at = data.rfind(b"</svg>")
    if start is None or at < 0:
        yield data
        return
    view = _VIEW.search(start[0])
    left, top = (float(view[1]), float(view[2])) if view else (0.0, 0.0)
    text = (
        f'<text x="{left + 6:g}" y="{top + 16:g}" font-size="14" font-weight="700"'
        f' font-family="sans-serif" fill="#9b1c1c" stroke="#fff" stroke-width="3"'
        f' paint-order="stroke">{word}</text>'
    )
    yield data[:at] + text.encode() + data[at:]
