"""What stands before every page: the content policy, the reader's language, errors in words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.db import Error, IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render as render_page
from django.template.loader import render_to_string
from django.utils import timezone

from kancil.desk.base.opening import ours
from kancil.ground.errors import (
    DeskBusy,
    DeskNotReadable,
    IntegrityBroken,
    KancilError,
    NotFound,
    NotPermitted,
    TextNotStorable,
    Unreachable,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, speak

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)


PERMISSIONS = "camera=(), microphone=(), geolocation=()"


def content_security(get_response: Answer) -> Answer:
    """Let a page load from here alone, and nothing inline."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer


def speak_to_reader(get_response: Answer) -> Answer:
    """Render words in the language the person has chosen, else the unit's."""

    def answer(request: HttpRequest) -> HttpResponse:
        from kancil.web.unit_desk import unit_desk

        chosen = getattr(request.user, "language", "") or request.COOKIES.get("language", "")
        unit = unit_desk().workspace.unit
        timezone.activate(unit.zone)
        speak(chosen if chosen in languages() else unit.language)
        return get_response(request)

    return answer


def status_of(error: KancilError) -> int:
    """Give the HTTP status of an error's family."""
    families: tuple[tuple[type[KancilError], int], ...] = (
        (DeskBusy, 503),
        (DeskNotReadable, 500),
        (NotFound, 404),
        (NotPermitted, 403),
        (IntegrityBroken, 500),
        (Unreachable, 503),
    )
    return next((status for family, status in families if isinstance(error, family)), 400)


class _TellErrors:
    """Put an error of ours into words: what happened, and what to do next."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Refuse text with the character NUL, which no column holds and PostgreSQL refuses."""
        given = (request.path, *_texts(request.GET), *_texts(request.POST))
        if any("\x00" in text for text in given):
            return error_page(request, TextNotStorable())
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the error page for an error of ours; anything else is a fault and goes up."""
        if isinstance(error, KancilError):
            return error_page(request, error)
        return None


tell_errors = _TellErrors


def _texts(given: QueryDict) -> Iterator[str]:
    for name, values in given.lists():
        yield name
        yield from values


def no_answer(request: HttpRequest) -> HttpResponse:
    """Answer a fault that nobody foresaw, or a database that does not answer.

    The page stands alone: what usually stands around it asks the database.
    """
    fault = sys.exc_info()[1]
    if isinstance(fault, Error) and not isinstance(fault, IntegrityError):
        fault = ours(fault)
    shown = _in_words(fault) if isinstance(fault, KancilError) else {"status": 500}
    return HttpResponse(render_to_string("kancil/error.html", shown), status=shown["status"])


def error_page(request: HttpRequest, error: KancilError) -> HttpResponse:
    """Give the page of an error: what happened, and what to do next."""
    shown = _in_words(error)
    return render_page(request, "kancil/error.html", shown, status=shown["status"])


def _in_words(error: KancilError) -> dict[str, Any]:
    return {
        "code": error.code,
        "next": Phrase(f"error.{error.code}.next", error.params),
        "sentence": Phrase(f"error.{error.code}.sentence", error.params),
        "status": status_of(error),
    }


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token no longer fits; what was typed stays in the browser's draft."""
    return render_page(request, "kancil/form_too_old.html", {"reason": reason}, status=403)
