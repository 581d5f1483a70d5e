"""The one shape of all that goes wrong in an API: `{"error", "sentence", "next", "params"}`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

from kancil.bitcoin.store.errors import ChainBeingChanged
from kancil.desk.base.errors import DeskNotReadable
from kancil.ground.errors import (
    IntegrityBroken,
    KancilError,
    Missing,
    NotFound,
    NotPermitted,
    NotReadable,
    Refused,
    Unreachable,
)
from kancil.ground.phrase import as_json
from kancil.ground.words import render
from kancil.web.errors import RequestTooLarge, ServerFault, TokenNeeded
from kancil.web.guard import shown_params


class Problem(Schema):
    """What went wrong, and what to do next."""

    error: str = Field(description="Code of the error; docs/reference/errors.md lists them.")
    sentence: str = Field(description="What happened, in the language of the token's owner.")
    next: str = Field(description="What to do next.")
    params: dict[str, Any] = Field(
        description="The named parameters of the sentence; a part with words of its own is "
        "`{key, params}`."
    )


_FAMILIES: tuple[tuple[type[KancilError], HTTPStatus], ...] = (
    (TokenNeeded, HTTPStatus.UNAUTHORIZED),
    (RequestTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (ServerFault, HTTPStatus.INTERNAL_SERVER_ERROR),
    (DeskNotReadable, HTTPStatus.INTERNAL_SERVER_ERROR),
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotPermitted, HTTPStatus.FORBIDDEN),
    (NotReadable, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ChainBeingChanged, HTTPStatus.SERVICE_UNAVAILABLE),
    (Refused, HTTPStatus.CONFLICT),
    (IntegrityBroken, HTTPStatus.INTERNAL_SERVER_ERROR),
    (Unreachable, HTTPStatus.SERVICE_UNAVAILABLE),
    (Missing, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The first that fits counts."""

STATUSES = frozenset(int(status) for _, status in _FAMILIES)
"""What an operation may answer besides its own."""


def status_of(error: KancilError) -> int:
    """The HTTP status of an error."""
    found = (status for family, status in _FAMILIES if isinstance(error, family))
    return int(next(found, HTTPStatus.BAD_REQUEST))


def problem(
    error: KancilError, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer with an error, in the language that is spoken now; `status`: else its family's."""
    status = status or status_of(error)
    given = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        given["WWW-Authenticate"] = 'Bearer realm="kancil"'
    params = shown_params(error)
    said = {
        "error": error.code,
        "sentence": render(f"error.{error.code}.sentence", **params),
        "next": render(f"error.{error.code}.next", **params),
        "params": as_json(params),
    }
    return JsonResponse(said, status=status, headers=given)
