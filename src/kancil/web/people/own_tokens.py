"""My tokens for an HTTP API: make one, which is shown once; see when each was used."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.people.actions import TOKEN_DAYS
from kancil.desk.people.queries import Token, is_good, tokens_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, empty, facts, form, identifier, note, show, table, tag, when
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import WordsForm, text
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of

_READ, _WRITE = "read", "write"
_USUAL_DAYS = 30


class TokenForm(WordsForm):
    """What a token is for, what it may, and for how long."""

    token_name = text(100)
    token_scope = forms.ChoiceField(choices=())
    token_days = forms.IntegerField(min_value=1, max_value=TOKEN_DAYS, initial=_USUAL_DAYS)

    def __init__(self, *args: object, acts: bool, **kwargs: object) -> None:
        """Offer what the person's role allows."""
        super().__init__(*args, **kwargs)
        field = self.fields["token_scope"]
        if isinstance(field, forms.ChoiceField):
            offered = (_READ, _WRITE) if acts else (_READ,)
            field.choices = [(each, words(f"web.token.scope-{each}")) for each in offered]


class EndForm(WordsForm):
    """Which token is to end."""

    token = forms.ChoiceField(choices=())

    def __init__(self, tokens: list[Token], *args: object, **kwargs: object) -> None:
        """Offer those that are good."""
        super().__init__(*args, **kwargs)
        field = self.fields["token"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (each.id, f"{each.name} ({each.made_at:%Y-%m-%d %H:%M} UTC)") for each in tokens
            ]


Grant = Callable[..., tuple[Token, str]]
"""Makes a token of a `name`, that `may_write`, for so many `days`, and writes that down."""


def own_tokens(request: HttpRequest, grant: Grant, lead: str) -> HttpResponse:
    """My tokens; making one asks me to show who I am, if I have not just done so.

    `lead`: key of what a program may do with one.
    """
    return _make(request, grant, lead) if request.method == "POST" else _shown(request, lead)


def _make(request: HttpRequest, grant: Grant, lead: str) -> HttpResponse:
    person = person_of(request)
    asked = TokenForm(request.POST, acts=person.acts)
    if not asked.is_valid():
        return _shown(request, lead, asked)
    if not is_confirmed(request):
        return confirm_first(request, asked)
    given = asked.cleaned_data
    with asked.telling("token_name"):
        token, secret = grant(
            name=given["token_name"],
            may_write=given["token_scope"] == _WRITE,
            days=given["token_days"],
        )
    if not asked.is_valid():
        return _shown(request, lead, asked)
    once: list[Section] = [
        note("warn", "web.token.once"),
        facts(
            "web.token.made",
            [
                ("name", token.name),
                ("token", identifier(secret)),
                ("expires", when(token.expires_at)),
            ],
        ),
    ]
    return _shown(request, lead, first=once)


def _shown(
    request: HttpRequest,
    lead: str,
    asked: TokenForm | None = None,
    first: list[Section] | None = None,
) -> HttpResponse:
    person = person_of(request)
    mine = tokens_of(person)
    good = [each for each in mine if is_good(each)]
    sections = list(first or [])
    sections.append(_table(mine) if mine else empty("web.token.empty"))
    asks = Phrase("web.token.confirm")
    sections += [{**each, "text": asks} for each in confirming_note(request)]
    sections.append(
        form(
            "web.token.make",
            asked or TokenForm(acts=person.acts, initial=typed(request)),
            submit="web.token.make",
        )
    )
    if good:
        end = form("web.token.end", EndForm(good), submit="web.token.end")
        sections.append({**end, "action": "end/"})
    return show(request, Phrase("web.room.tokens"), sections, lead=Phrase(lead))


def _table(mine: list[Token]) -> Section:
    return table(
        "web.token.mine",
        ("name", "token-scope", "state", "made", "expires", "used"),
        [
            (
                each.name,
                Phrase("web.token.scope-write" if each.may_write else "web.token.scope-read"),
                _state(each),
                when(each.made_at),
                when(each.expires_at),
                when(each.last_used_at) if each.last_used_at else Phrase("web.token.never"),
            )
            for each in mine
        ],
    )


def _state(token: Token) -> Cell:
    if token.ended_at is not None:
        return tag("plain", "web.token.ended")
    if token.expires_at <= clock.now():
        return tag("plain", "web.token.expired")
    return tag("plain", "web.token.good")


def ended(request: HttpRequest, is_ended: bool) -> HttpResponse:
    """Back to the list; raises Http404 where none of mine was ended."""
    if not is_ended:
        raise Http404
    messages.success(request, words("web.token.end-done"))
    return redirect("tokens")
