"""The HTTP API of a register: its rows listed, added and changed, by a token and never by a cookie.

The body of a request is the register's input as JSON; its actions and `seen` say who may do what,
as at every other door. `GET /api/v1/openapi.json` has the schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from kancil.desk.base.action import Action
from kancil.desk.base.opening import current_workspace, told
from kancil.desk.base.register import Register
from kancil.desk.people.actions import token_was_used
from kancil.desk.people.queries import Person, find_token
from kancil.desk.programme.entering import desk_of
from kancil.ground import canonical
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, speak
from kancil.records.described import Input, items, read
from kancil.web.acting import today
from kancil.web.errors import RequestNotReadable, RequestTooLarge, TokenNeeded, TokenReadOnly
from kancil.web.problem import problem

PREFIX = "api/v1/"
MOST_BYTES = 1_000_000
"""Of a body."""
_MOST_ROWS, _ROWS = 200, 50
_VERSION = "version"


@dataclass(frozen=True)
class Served:
    """A register with the actions that programs may do."""

    plural: str
    """Its address below `/api/v1/`."""
    register: Register[Any]
    add: Action[Any, Any]
    change: Action[Any, Any]


SERVED: list[Served] = []
"""Those that programs use; none of people: a list of names leaves by a page alone."""


def url_patterns() -> list[URLPattern]:
    """The addresses of registers, and of their schemas."""
    schemas = partial(_guarded, {"GET": _openapi})
    found = [path(f"{PREFIX}openapi.json", _for_tokens(schemas), name="api-openapi")]
    for each in SERVED:
        many = {"GET": partial(_listed, each), "POST": partial(_added, each)}
        one = {"GET": partial(_one, each), "PUT": partial(_changed, each)}
        there = f"{PREFIX}{each.plural}"
        found += [
            path(there, _for_tokens(partial(_guarded, many)), name=f"api-{each.plural}"),
            path(f"{there}/<str:id>", _for_tokens(partial(_guarded, one)),
                 name=f"api-{each.register.name}"),
        ]  # fmt: skip
    return found


_Method = Callable[..., HttpResponse]


def _for_tokens(view: _Method) -> _Method:
    """Mark a view that looks at no cookie: a token says who asks."""
    view.csrf_exempt = view.guards_itself = True  # type: ignore[attr-defined]
    return view


def _guarded(methods: Mapping[str, _Method], request: HttpRequest, **at: str) -> HttpResponse:
    """Settle who asks before anything of the request is read; errors are told in one shape."""
    method = methods.get(request.method or "")
    if method is None:
        allowed = ", ".join(sorted(methods))
        wrong = _unreadable("method", "method", methods=allowed)
        return problem(wrong, status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": allowed})
    try:
        with told():
            return method(_asker(request), request, **at)
    except KancilError as error:
        return problem(error)


def _asker(request: HttpRequest) -> Person:
    """Whose token it is; raises TokenNeeded, TokenReadOnly."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = find_token(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise TokenNeeded
    known = token.person.language in languages()
    speak(token.person.language if known else current_workspace().unit.language)
    if request.method != "GET" and not token.may_write:
        raise TokenReadOnly
    token_was_used(token)
    return token.person


def _unreadable(field: str, why: str, **params: str) -> RequestNotReadable:
    return RequestNotReadable(field=field[:80], why=Phrase(f"why.request-{why}", params))


def _require_known(values: Mapping[str, Any], given: type[Input], *more: str) -> None:
    for name in values.keys() - {each.name for each in items(given)} - {*more}:
        raise _unreadable(name.encode("ascii", "replace").decode(), "unknown")


def _body(request: HttpRequest, given: type[Input], *more: str) -> dict[str, Any]:
    """A body as values by field; raises RequestTooLarge, RequestNotReadable, NotCanonical."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    try:
        if not str(length).isdecimal() or int(length) > MOST_BYTES:
            raise RequestTooLarge(limit_bytes=MOST_BYTES)
        values = canonical.loads(request.body)
    except RequestDataTooBig as error:
        raise RequestTooLarge(limit_bytes=MOST_BYTES) from error
    if not isinstance(values, dict):
        raise _unreadable("body", "form")
    _require_known(values, given, *more)
    return values


def _row(register: Register[Any], row: Any) -> dict[str, Any]:
    """A row as a list that leaves has it, with its id and the version to change it by."""
    (cells,) = register.table([row]).as_rows()
    version = {_VERSION: row.version} if hasattr(row, _VERSION) else {}
    return {"id": str(row.pk), **version, **cells}


def _listed(served: Served, by: Person, request: HttpRequest) -> HttpResponse:
    """Rows that are looked for; `next`: the `cursor` of those that follow."""
    register, given = served.register, request.GET.dict()
    _require_known(given, register.asked, "cursor", "limit")
    found = register.found(desk_of(by), read(register.asked, given, today=today()))
    at = _number(given, "cursor", 0, 2**31)
    end = at + max(_number(given, "limit", _ROWS, _MOST_ROWS), 1)
    rows = list(found[at : end + 1])
    shown = [_row(register, each) for each in rows[: end - at]]
    return JsonResponse({"items": shown, "next": end if len(rows) > end - at else None})


def _number(given: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = given.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= most):
        raise _unreadable(name, "value", rule=f"0 … {most}")
    return int(text)


def _one(served: Served, by: Person, _request: HttpRequest, id: str) -> HttpResponse:
    return JsonResponse(_row(served.register, served.register.row(desk_of(by), id)))


def _added(served: Served, by: Person, request: HttpRequest) -> HttpResponse:
    values = _body(request, served.add.given)
    row = served.add(by=by, given=read(served.add.given, values, today=today(), is_json=True))
    return JsonResponse(_row(served.register, row), status=HTTPStatus.CREATED)


def _changed(served: Served, by: Person, request: HttpRequest, id: str) -> HttpResponse:
    """All that is said of the row anew; `version`: the one that was seen."""
    values = _body(request, served.change.given, _VERSION)
    version = values.pop(_VERSION, None)
    if type(version) is not int:
        raise _unreadable(_VERSION, "missing")
    given = read(served.change.given, values, today=today(), is_json=True)
    row = served.change(by=by, on=id, version=version, given=given)
    return JsonResponse(_row(served.register, row))


def _openapi(_by: Person, _request: HttpRequest) -> HttpResponse:
    """The addresses, and the schemas of what is sent to them."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for each in SERVED:
        there, name = f"/{PREFIX}{each.plural}", each.register.name
        paths[there] = {"get": {}, "post": _asks(schemas, each.add.given)}
        paths[f"{there}/{{{name}}}"] = {"get": {}, "put": _asks(schemas, each.change.given)}
    return JsonResponse({"openapi": "3.1.0", "info": {"title": "Kancil", "version": "1"},
                         "paths": paths, "components": {"schemas": schemas}})  # fmt: skip


def _asks(schemas: dict[str, Any], given: type[Input]) -> dict[str, Any]:
    schema = given.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas[given.__name__] = schema
    there = {"$ref": f"#/components/schemas/{given.__name__}"}
    return {"requestBody": {"content": {"application/json": {"schema": there}}}}
