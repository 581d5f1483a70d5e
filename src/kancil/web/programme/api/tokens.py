"""The pages of my tokens for the programme's HTTP API."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from kancil.desk.assessment.actions.people import end_own_token, grant_own_token
from kancil.web.people.own_tokens import ended, own_tokens
from kancil.web.programme_page import EVERYONE, page
from kancil.web.signed_in import person_of


@page("account/tokens/", "tokens", may=EVERYONE, methods=("GET", "POST"), menu="person", order=1)
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens, and making one."""
    grant = partial(grant_own_token, by=person_of(request))
    return own_tokens(request, grant, "web.token.lead-programme")


@page("account/tokens/end/", "token_end", may=EVERYONE, methods=("POST",))
def token_end(request: HttpRequest) -> HttpResponse:
    """End one of my tokens."""
    asked = request.POST.get("token", "")
    return ended(request, end_own_token(by=person_of(request), token=asked))
