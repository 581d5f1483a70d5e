"""What stands before every page: the content policy, the reader's language, errors in words."""

from __future__ import annotations

import errno
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_plus

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import Error, IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render as render_page
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.bitcoin.script.errors import AddressIsPrivateKey
from kancil.bitcoin.store.errors import ChainBeingChanged
from kancil.desk.base.errors import DeskBusy, DeskNotReadable, DeskUnreachable, TextNotStorable
from kancil.desk.base.opening import current_workspace, ours
from kancil.ground.errors import (
    DiskFull,
    IntegrityBroken,
    KancilError,
    NotFound,
    NotPermitted,
    Unreachable,
)
from kancil.ground.phrase import Param, Phrase
from kancil.ground.private_keys import holds_private_key
from kancil.ground.words import has, languages, speak
from kancil.ground.workspace import Site

from .surface import speak_as_offered

Answer = Callable[[HttpRequest], HttpResponse]
_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_OF_THE_DATABASE = (DeskNotReadable, DeskUnreachable)
_UNSEEN = re.compile("pass(word|phrase)")
"""In the names of fields whose text no page shows and nothing keeps."""
_logger = logging.getLogger(__name__)

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
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer


class _SpeakToReader:
    """Render words in the language the person has chosen, else the unit's, where it is offered."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Speak the chosen language until it is known which page is asked for."""
        chosen = getattr(request.user, "language", "") or request.COOKIES.get("language", "")
        unit = current_workspace().unit
        timezone.activate(unit.zone)
        speak(chosen if chosen in languages() else unit.language)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *_given: object
    ) -> None:
        """Speak English where the page is not offered in that language."""
        speak_as_offered(request, view)


speak_to_reader = _SpeakToReader


def status_of(error: KancilError) -> int:
    """The HTTP status of an error's family."""
    families: tuple[tuple[type[KancilError], int], ...] = (
        (DeskBusy, 503),
        (ChainBeingChanged, 503),
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
        """Refuse a private key in the address before anything names the address."""
        asked = (unquote_plus(request.META.get("QUERY_STRING", "")), *_texts(request.GET))
        if any(map(holds_private_key, (request.path, *asked))) and not _is_api(request):
            return _private_key_refused(request, [])
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, *_given: object
    ) -> HttpResponse | None:
        """Refuse private keys, and the character NUL, which no column holds.

        What is typed into a field for a passphrase is shown nowhere and is not looked at. The API
        is left alone: it looks at no text before it knows who asks and how much is sent.
        """
        if getattr(view, "guards_itself", False):
            return None
        given = (request.path, *_texts(request.GET), *_texts(request.POST))
        if any("\x00" in text for text in given):
            return error_page(request, TextNotStorable())
        holding = [name for name, values in request.POST.lists() if _is_refused(name, values)]
        return _private_key_refused(request, holding) if holding else None

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


def _is_refused(name: str, values: list[Any]) -> bool:
    typed = (name, *([] if _UNSEEN.search(name) else values))
    return any(holds_private_key(text) for text in typed)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _private_key_refused(request: HttpRequest, fields: list[str]) -> HttpResponse:
    """Answer without repeating it; `fields` are emptied in what the browser keeps of the form."""
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    request.META["QUERY_STRING"] = ""  # the page's forms name the address they stand at
    if holds_private_key(request.path):
        request.path = request.path_info = "/"
    shown = {
        "code": AddressIsPrivateKey.code,
        "next": Phrase(f"error.{AddressIsPrivateKey.code}.next"),
        "sentence": Phrase("web.private-key.sentence"),
        "status": 400,
        "forgotten": [name for name in fields if not holds_private_key(name)],
        "back": back if is_ours and not holds_private_key(unquote_plus(back)) else "",
    }
    return render_page(request, "kancil/error.html", shown, status=400)


def no_answer(request: HttpRequest) -> HttpResponse:
    """Answer a fault that nobody foresaw, a database that does not answer, or a full disk.

    The page stands alone: what usually stands around it asks the database.
    """
    fault = fault_met()
    return _alone({"status": 500} if fault is None else _in_words(fault))


def fault_met() -> KancilError | None:
    """The error of ours that was met just now; None: a fault that nobody foresaw."""
    fault = sys.exc_info()[1]
    if isinstance(fault, Error) and not isinstance(fault, IntegrityError):
        fault = ours(fault)
    elif isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        fault = DiskFull(path=str(fault.filename or ""))
    return fault if isinstance(fault, KancilError) else None


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is no request of ours: a host nobody declared, too many fields, too much."""
    return _alone({"status": 413 if isinstance(exception, _TOO_MUCH) else 400})


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what a part of Django refuses."""
    return render_page(request, "kancil/error.html", {"status": 403}, status=403)


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that no page has."""
    return render_page(request, "kancil/error.html", {"status": 404}, status=404)


def wrong_method(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """Answer a request that the page does not take, such as the address of a form's button."""
    answer = render_page(request, "kancil/error.html", {"status": 405}, status=405)
    answer["Allow"] = ", ".join(methods)
    return answer


def _alone(shown: dict[str, Any]) -> HttpResponse:
    return HttpResponse(render_to_string("kancil/error.html", shown), status=shown["status"])


def error_page(request: HttpRequest, error: KancilError) -> HttpResponse:
    """The page of an error: what happened, and what to do next."""
    shown = _in_words(error)
    return render_page(request, "kancil/error.html", shown, status=shown["status"])


def _in_words(error: KancilError) -> dict[str, Any]:
    params = shown_params(error)
    return {
        "code": error.code,
        "next": Phrase(_next_of(error), params),
        "sentence": Phrase(f"error.{error.code}.sentence", params),
        "status": status_of(error),
    }


def _next_of(error: KancilError) -> str:
    """Name the words on what to do next: those of the site, where it has its own."""
    site = Site.UNIT if current_workspace().site.holds_cases else Site.PROGRAMME
    own = f"web.next-in-{site}.{error.code}"
    return own if has(own, "en") else f"error.{error.code}.next"


def shown_params(error: KancilError) -> dict[str, Param]:
    """An error's parameters for a browser, in which the machine itself is not shown.

    A path is shown as its last name; what a database said of itself goes to the server's log.
    """
    shown: dict[str, Param] = {}
    for name, value in error.params.items():
        shown[name] = value
        if name == "why" and isinstance(error, _OF_THE_DATABASE):
            _logger.error("%s: %s", error.code, value)
            shown[name] = Phrase("web.fault.in-the-log")
        elif isinstance(value, str) and value.startswith("/"):
            shown[name] = PurePosixPath(value).name
    return shown


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token no longer fits; what was typed stays in the browser's draft."""
    return render_page(request, "kancil/form_too_old.html", {"reason": reason}, status=403)
