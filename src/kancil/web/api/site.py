"""The API as Django serves it: its operations, their OpenAPI, and one shape for every refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from kancil.desk.cases.errors import PageNotFound
from kancil.ground import canonical
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.web.errors import RequestNotReadable, RequestTooLarge, ServerFault, TokenNeeded
from kancil.web.guard import fault_met, no_answer
from kancil.web.guard import not_understood as page_not_understood
from kancil.web.problem import problem

from . import bundles, cases, chains, clusters, exhibits, files, search, studies, traces, work
from .operation import MOST_BYTES, OPERATIONS, BearerToken, for_ninja

ROOMS = (cases, exhibits, files, bundles, traces, studies, chains, clusters, work, search)
"""Importing a room's file registers its operations."""

VERSION = "1"
PREFIX = f"api/v{VERSION}/"
_ROOT = "api-root"
"""Ninja's name for the address above all operations."""
_SHOWN = 80

View = Callable[..., HttpResponseBase]


class StrictJson(Parser):
    """Bodies are strict JSON: UTF-8, no doubled keys, no fractions, no integer past 2^53-1."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read a body; raises NotCanonical, which ninja turns into a 400 of its own."""
        return canonical.loads(request.body)


API = NinjaAPI(
    title="Kancil",
    version=VERSION,
    description=(
        "The unit's books for programs: the actions and queries of its pages. "
        "Amounts in satoshi and sizes in bytes are strings; times are RFC 3339 in UTC."
    ),
    docs_url=None,
    urls_namespace="api",
    parser=StrictJson(),
)


_BYTES = "application/octet-stream"


def _file(media_type: str) -> dict[str, Any]:
    """How the OpenAPI tells of an answer that is a file; bytes are also sent in part."""
    content = {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}
    if media_type != _BYTES:
        return {"responses": {200: content}}
    beyond = {"description": "There are no such bytes."}
    return {"responses": {200: content, 206: content, 416: beyond}}


def _add_operations() -> None:
    for each in OPERATIONS:
        API.api_operation(
            [each.method],
            each.address,
            auth=BearerToken(each),
            response=each.answers,
            operation_id=each.name,
            summary=(each.view.__doc__ or each.name).strip().partition("\n")[0],
            description="",
            openapi_extra=_file(each.media_type) if each.gives is None else None,
        )(for_ninja(each))


def _tell(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    if isinstance(error, KancilError):
        return problem(error)
    if isinstance(error, AuthenticationError):
        return problem(TokenNeeded())
    if isinstance(error, RequestDataTooBig):
        return problem(RequestTooLarge(limit_bytes=MOST_BYTES))
    if isinstance(error, ValidationError):
        return problem(_first_fault(error))
    if isinstance(error, DisallowedHost):
        return problem(RequestNotReadable(field="Host", why=Phrase("why.request-host")))
    why = Phrase("why.request-json" if isinstance(error, HttpError) else "why.request-form")
    return problem(RequestNotReadable(field="body", why=why))


for _kind in (
    KancilError, HttpError, ValidationError, MultiPartParserError, SuspiciousOperation,
    UnreadablePostError,
):  # fmt: skip
    API.add_exception_handler(_kind, _tell)


def _first_fault(error: ValidationError) -> RequestNotReadable:
    """Name the first field that is not what it should be, and how."""
    fault = error.errors[0]
    kind = str(fault["type"])
    named = {"missing": "why.request-missing", "extra_forbidden": "why.request-unknown"}
    why = (
        Phrase(named[kind])
        if kind in named
        else Phrase("why.request-value", {"rule": kind[:_SHOWN]})
    )
    source, *place = [str(each) for each in fault["loc"]]
    if source == "body":
        del place[:1]  # the name of our own parameter
    shown = ".".join(place).encode("ascii", "replace").decode()
    return RequestNotReadable(field=shown[-_SHOWN:] or "body", why=why)


def not_found(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """Answer for every address under the API that is none of an operation."""
    return problem(PageNotFound())


def _guards_itself(view: View) -> View:
    """Mark a view that looks at no cookie, and at no text before it knows who asks."""
    view.csrf_exempt = view.guards_itself = True  # type: ignore[attr-defined]
    return view


_guards_itself(not_found)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is no request of ours, such as a host nobody declared; for pages too."""
    if request.path.startswith(f"/{PREFIX}"):
        return _tell(request, exception)
    return page_not_understood(request, exception)


def fault(request: HttpRequest) -> HttpResponseBase:
    """Answer where Kancil itself met a fault, which Django has logged; for pages too."""
    if request.path.startswith(f"/{PREFIX}"):
        return problem(fault_met() or ServerFault())
    return no_answer(request)


def _shaped(view: View, most_bytes: int) -> View:
    """Hold a body to its limit before it is read, and tell a wrong method in the one shape."""

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponseBase:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isascii() and length.isdigit() and int(length[:20]) > most_bytes:
            return problem(RequestTooLarge(limit_bytes=most_bytes))
        given = view(request, **values)
        if isinstance(given, HttpResponseNotAllowed):
            allowed = ", ".join(sorted(given.headers["Allow"].split(", ")))
            why = Phrase("why.request-method", {"methods": allowed})
            wrong = RequestNotReadable(field="method", why=why)
            status = HTTPStatus.METHOD_NOT_ALLOWED
            return problem(wrong, status=status, headers={"Allow": allowed})
        return given

    return _guards_itself(answer)


def _most_bytes(route: str) -> int:
    """The largest limit of the operations at an address."""
    plain = route.replace("<", "{").replace(">", "}").lstrip("/")
    limits = [each.most_bytes for each in OPERATIONS if each.address.lstrip("/") == plain]
    return max(limits, default=MOST_BYTES)


def url_patterns() -> list[URLPattern | URLResolver]:
    """The addresses of the API; what is none of them is told in the API's own shape."""
    patterns, app, name = API.urls
    for each in patterns:
        if isinstance(each, URLPattern):
            view = not_found if each.name == _ROOT else each.callback
            each.callback = _shaped(view, _most_bytes(str(each.pattern)))
    return [
        path(PREFIX, include((patterns, app), namespace=name)),
        path(f"{PREFIX}<path:rest>", not_found, name="api-elsewhere"),
        path(PREFIX.rstrip("/"), not_found, name="api-bare"),
    ]


_add_operations()
