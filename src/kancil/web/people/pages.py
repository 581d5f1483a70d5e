"""Accounts of the unit, for those who keep them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.desk.people.actions import add_person, give_new_password
from kancil.desk.people.queries import Role, find_person, people
from kancil.ground.errors import PersonNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, facts, form, identifier, note, show, table, tag, when
from kancil.web.forms import WordsForm, text
from kancil.web.page import ADMINISTRATORS, HEADS, page


class PersonForm(WordsForm):
    """A new account."""

    username = text(60)
    person_name = text(200)
    role = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roles by their words."""
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(role.value, words(f"web.role.{role.value}")) for role in Role]


@page("people/", "people", may=HEADS, menu="site", order=80)
def accounts(request: HttpRequest) -> HttpResponse:
    """Everyone who can sign in."""
    return show(request, Phrase("web.room.people"), [_accounts()])


def _accounts() -> Section:
    return table(
        "web.people.accounts",
        ("name", "account", "role", "state", "since"),
        [
            (
                person.name,
                person.username,
                Phrase(f"web.role.{person.role}"),
                tag("intact", "web.people.in-use")
                if person.is_active
                else tag("unknown", "web.people.ended"),
                when(person.added_at),
            )
            for person in people()
        ],
    )


@page(
    "people/new/", "person_new", may=ADMINISTRATORS, methods=("GET", "POST"), menu="site", order=81
)
def person_new(request: HttpRequest) -> HttpResponse:
    """Add an account; its one-time password is shown once."""
    asked = PersonForm(request.POST or None)
    sections: list[Section] = []
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling("username"):
            person, password = add_person(
                username=given["username"], name=given["person_name"], role=Role(given["role"])
            )
            sections += _password_once(person.username, password)
            asked = PersonForm()
    sections.append(form("web.people.new", asked, submit="web.people.new"))
    return show(request, Phrase("web.people.new"), sections)


@page(
    "people/<str:username>/password/", "person_password", may=ADMINISTRATORS, methods=("POST",),
    sample={"username": "nobody"},
)  # fmt: skip
def person_password(request: HttpRequest, username: str) -> HttpResponse:
    """Give a new one-time password."""
    person = find_person(username)
    if person is None:
        raise PersonNotFound(name=username[:60])
    sections = _password_once(person.username, give_new_password(person))
    return show(request, Phrase("web.room.people"), [*sections, _accounts()])


def _password_once(username: str, password: str) -> list[Section]:
    return [
        note("warn", "web.people.password-once"),
        facts(
            "web.people.one-time",
            [("account", identifier(username)), ("password", identifier(password))],
        ),
    ]
