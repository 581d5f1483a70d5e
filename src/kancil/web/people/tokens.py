"""The pages of my tokens for the unit's HTTP API; that one was made and ended is in the ledger."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from kancil.desk.access.actions import grant_token, withdraw_token
from kancil.desk.people.queries import Token
from kancil.web.page import EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .own_tokens import ended, own_tokens


@page("account/tokens/", "tokens", may=EVERYONE, methods=("GET", "POST"), menu="person", order=1)
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens, and making one."""
    desk = unit_desk()

    def grant(**given: Any) -> tuple[Token, str]:
        return grant_token(desk.ledger, person=person_of(request), by=desk.server(request), **given)

    return own_tokens(request, grant, "web.token.lead")


@page("account/tokens/end/", "token_end", may=EVERYONE, methods=("POST",))
def token_end(request: HttpRequest) -> HttpResponse:
    """End one of my tokens."""
    desk, asked = unit_desk(), request.POST.get("token", "")
    is_ended = withdraw_token(
        desk.ledger, person=person_of(request), token_id=asked, by=desk.server(request)
    )
    return ended(request, is_ended)
