"""Accounts of the unit, for those who keep them: who can sign in, as what, with which factors.

What an administrator does to an account is an entry of the ledger, with the reason, and asks the
administrator to show who they are. A supervisor reads, and may require second factors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.access import actions
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import officer_names
from kancil.desk.custody.store import folds_held
from kancil.desk.people.queries import (
    ROLES_OF,
    Person,
    Role,
    case_ids_of,
    factors_by_person,
    factors_of,
    people,
    person_at,
    session_keys_of,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    facts,
    form,
    identifier,
    link,
    minute,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import WordsForm, text
from kancil.web.page import ADMINISTRATORS, HEADS, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .factors import exception_note, factor_tag, factors_page
from .sign_ins import sign_ins_of

_MOST = 2**63 - 1


def _roles() -> list[tuple[str, str]]:
    offered = ROLES_OF[current_workspace().site]
    return [(role.value, words(f"web.role.{role.value}")) for role in Role if role in offered]


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
            field.choices = _roles()


@page("people/", "people", may=HEADS, menu="site", order=80)
def accounts(request: HttpRequest) -> HttpResponse:
    """Everyone who can sign in."""
    buttons = [button(reverse("second_factors"), "web.factors.require")]
    if person_of(request).role in ADMINISTRATORS:
        buttons.insert(0, button(reverse("person_new"), "web.people.new", main=True))
    sections = [*exception_note(_roll().factor_exception), _accounts()]
    return show(request, Phrase("web.room.people"), sections, buttons=buttons)


def _accounts() -> Section:
    factors = factors_by_person()
    return table(
        "web.people.accounts",
        ("name", "account", "role", "second-factor", "state", "since"),
        [
            (
                link(reverse("person", kwargs={"number": person.pk}), person.name),
                person.username,
                Phrase(f"web.role.{person.role}"),
                factor_tag(factors.get(person.pk, ()), is_needed=person.needs_second_factor),
                _state(person),
                minute(person.added_at),
            )
            for person in people()
        ],
    )


def _state(person: Person) -> Cell:
    if person.is_active:
        return tag("intact", "web.people.in-use")
    return tag("unknown", "web.people.ended")


@page("people/new/", "person_new", may=ADMINISTRATORS, methods=("GET", "POST"))
def person_new(request: HttpRequest) -> HttpResponse:
    """Add an account; its one-time password is shown once."""
    desk = unit_desk()
    asked = PersonForm(request.POST or None, initial=typed(request))
    sections: list[Section] = []
    if request.method == "POST" and asked.is_valid():
        if not is_confirmed(request):
            return confirm_first(request, asked)
        given = asked.cleaned_data
        with asked.telling("username"):
            person, password = actions.admit_person(
                desk.ledger,
                username=given["username"],
                name=given["person_name"],
                role=Role(given["role"]),
                by=desk.server(request),
            )
            sections += _password_once(person.username, password)
            asked = PersonForm()
    sections += confirming_note(request)
    sections.append(form("web.people.new", asked, submit="web.people.new"))
    return show(request, Phrase("web.people.new"), sections, crumbs=_way())


def _way() -> list[dict[str, Any]]:
    return [{"url": reverse("people"), "name": Phrase("web.room.people")}]


def _password_once(username: str, password: str) -> list[Section]:
    return [
        note("warn", "web.people.password-once"),
        facts(
            "web.people.one-time",
            [("account", identifier(username)), ("password", identifier(password))],
        ),
    ]


class ActForm(WordsForm):
    """Why something is done to an account."""

    reason_of_act = text(500)


class RoleForm(ActForm):
    """Another role, and why."""

    field_order = ("role", "reason_of_act")
    role = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roles by their words."""
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _roles()


@page("people/<int:number>/", "person", may=HEADS, sample={"number": 1})
def person_page(request: HttpRequest, number: int) -> HttpResponse:
    """One account: what it is, what was done to it, where it is signed in."""
    person = _person(number)
    sections = [_about(person), *sign_ins_of(person.username, officer_names())]
    if person_of(request).role in ADMINISTRATORS:
        sections += confirming_note(request)
        sections += _acts(request, person)
    return show(request, Phrase("web.people.title", {"name": person.name}), sections, crumbs=_way())


def _person(number: int) -> Person:
    found = person_at(number) if number <= _MOST else None
    if found is None:
        raise PersonNotFound(name=str(number)[:20])
    return found


def _about(person: Person) -> Section:
    return facts(
        "web.people.about",
        [
            ("account", person.username),
            ("role", Phrase(f"web.role.{person.role}")),
            ("state", _state(person)),
            (
                "second-factor",
                factor_tag(factors_of(person), is_needed=person.needs_second_factor),
            ),
            ("own-key", _own_key(person)),
            ("cases", number(len(case_ids_of(person)))),
            ("signed-in-now", number(len(session_keys_of(person)))),
            ("since", minute(person.added_at)),
        ],
    )


def _own_key(person: Person) -> Cell:
    if person.officer is None:
        return tag("unknown", "web.people.no-key")
    return tag("intact", "web.people.has-key")


def _acts(request: HttpRequest, person: Person) -> list[Section]:
    """Offer what an administrator may do to the account, as it stands now."""
    names = ["role", "password", "sign-ins"]
    if factors_of(person):
        names.append("factors")
    names = [*names, "ended"] if person.is_active else ["brought-back"]
    first = {"role": person.role, **typed(request)}
    sections = []
    for name in names:
        kind = RoleForm if name == "role" else ActForm
        asked = kind(initial=first, auto_id=f"id_{name}_%s")
        key = f"web.account-act.{name}"
        where = reverse("person_act", kwargs={"number": person.pk, "act": name})
        sections.append(form(key, asked, submit=key, text=f"{key}-text", action=where))
    return sections


@page(
    "people/<int:number>/<str:act>/", "person_act", may=ADMINISTRATORS, methods=("POST",),
    sample={"number": 1, "act": "nothing"},
)  # fmt: skip
def person_act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Do something to an account, with a reason."""
    person, desk = _person(number), unit_desk()
    if act not in _ACTS:
        raise PageNotFound
    asked = (RoleForm if act == "role" else ActForm)(request.POST)
    there = reverse("person", kwargs={"number": person.pk})
    if not is_confirmed(request):
        return confirm_first(request, asked, there)
    sections: list[Section] = []
    if asked.is_valid():
        given = {"reason": asked.cleaned_data["reason_of_act"], "by": desk.server(request)}
        if act == "role":
            given["role"] = Role(asked.cleaned_data["role"])
        with asked.telling():
            password = _ACTS[act](desk.ledger, person, **given)
            if password is None:
                messages.success(request, words(f"web.account-change.{act}"))
                return redirect(there)
            return show(
                request,
                Phrase("web.people.title", {"name": person.name}),
                _password_once(person.username, password),
                crumbs=_way(),
            )
    key = f"web.account-act.{act}"
    sections.append(form(key, asked, submit=key, text=f"{key}-text"))
    title = Phrase("web.people.title", {"name": person.name})
    return show(request, title, sections, crumbs=_way())


_ACTS: dict[str, Callable[..., str | None]] = {
    "role": actions.change_role,
    "password": actions.renew_password,
    "sign-ins": actions.end_sign_ins,
    "factors": actions.remove_factors,
    "ended": actions.end_account,
    "brought-back": actions.bring_back,
}


@page("people/second-factor/", "second_factors", may=HEADS, methods=("GET", "POST"))
def second_factors(request: HttpRequest) -> HttpResponse:
    """Of which roles people need a second factor, in the whole unit."""
    desk = unit_desk()
    roll = _roll()

    def require(roles: list[Role]) -> None:
        actions.require_second_factor(desk.ledger, roles=roles, by=desk.server(request))

    return factors_page(
        request,
        roles=_roles(),
        needed=roll.factor_roles,
        exception=roll.factor_exception,
        text="web.factors.text",
        require=require,
    )


def _roll() -> Roll:
    with folds_held():
        return unit_desk().ledger.folded(Roll)
