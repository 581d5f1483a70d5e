"""The check of a request of others: what was answered, and what it keeps from being done."""

from __future__ import annotations

from collections.abc import Mapping

from kancil.ground.phrase import Phrase
from kancil.legal.incoming import EXECUTES, Question, in_the_way
from kancil.legal.request_events import What
from kancil.legal.requests import kinds

from .errors import IncomingNotChecked
from .queries import Request


def checks_of(request: Request) -> Mapping[str, str]:
    """Answers of the newest check, by question; empty where none was made."""
    made = [each.body["checks"] for each in request.history.entries if each.body.get("checks")]
    return dict(made[-1]) if made else {}


def open_questions(request: Request) -> list[Question]:
    """Questions that keep it from being carried out, as they were answered."""
    return in_the_way(kinds().named(request.kind), checks_of(request))


def require_check(request: Request, what: What) -> None:
    """Raise IncomingNotChecked where a request of others would be carried out unchecked."""
    if not request.history.is_incoming or what not in EXECUTES:
        return
    missing = open_questions(request)
    if missing:
        first = Phrase(f"name.incoming-{missing[0].id}")
        raise IncomingNotChecked(request=request.label, count=len(missing), first=first)
