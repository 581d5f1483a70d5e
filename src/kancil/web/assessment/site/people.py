"""Accounts of the programme, for those who keep them: added, ended, given a password or countries.

Whatever is done to an account asks who is there first, and stands in the site's record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.access import OF_COUNTRIES
from kancil.desk.assessment.actions import people as accounts
from kancil.desk.assessment.actions.site import set_focal_countries
from kancil.desk.assessment.queries.countries import countries
from kancil.desk.assessment.queries.site import AccountRow, acts_on_account, factor_rule
from kancil.desk.assessment.queries.site import accounts as all_of_them
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person, Role
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    facts,
    form,
    identifier,
    link,
    note,
    show,
    table,
    tag,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell
from kancil.web.people.factors import exception_note, factor_tag, factors_page
from kancil.web.people.sign_ins import sign_ins_of, sign_ins_page
from kancil.web.programme_page import ADMINISTRATORS, KEEPERS, page
from kancil.web.signed_in import person_of

from .record import act_table

_ORDER = (
    Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER, Role.TEAM_LEAD, Role.ASSESSOR, Role.REVIEWER,
    Role.FOCAL_POINT, Role.MINISTRY, Role.DONOR_READER, Role.FINANCE,
)  # fmt: skip
_WORDS = {act: f"web.account-act.{act}" for act in ("sign-ins", "factors")}
"""Acts that are named as in a unit."""


def _roles() -> list[tuple[str, str]]:
    return [(each.value, words(f"web.role-of.{each.value}")) for each in _ORDER]


def _known(by: Person) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in countries(by)]


class AccountForm(WordsForm):
    """A new account."""

    username = text(60)
    person_name = text(200)
    role = forms.ChoiceField(choices=())
    given_countries = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        """Offer the roles that the person may give, and the countries there are."""
        super().__init__(*args, **kwargs)
        roles = [
            (role, name)
            for role, name in _roles()
            if role != Role.ADMINISTRATOR or by.role == Role.ADMINISTRATOR
        ]
        choose(self, "role", [("", words("web.form.choose")), *roles])
        known = _known(by)
        choose(self, "given_countries", known)
        if not known:
            del self.fields["given_countries"]

    def clean(self) -> dict[str, Any]:
        """Refuse countries for a role that has none, before anything is done."""
        given = super().clean() or {}
        if given.get("given_countries") and given.get("role") not in OF_COUNTRIES:
            self.add_error("given_countries", words("web.people.no-countries-for-role"))
        return given


class ReasonForm(WordsForm):
    """Why something is done to an account."""

    account_reason = text(500)


class CountriesForm(WordsForm):
    """The countries that a focal point or donor reader sees."""

    given_countries = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the countries there are."""
        super().__init__(*args, **kwargs)
        choose(self, "given_countries", known)


@page("people/", "people", may=KEEPERS, menu="site", order=80)
def all_accounts(request: HttpRequest) -> HttpResponse:
    """Everyone who can sign in."""
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("person", kwargs={"number": each.id}), each.name),
            each.username,
            Phrase(f"web.role.{each.role}"),
            ", ".join(each.countries) or "–",
            factor_tag(each.factors, is_needed=each.needs_factor),
            _state(is_active=each.is_active),
        )
        for each in sorted(all_of_them(person_of(request)), key=lambda one: not one.is_active)
    ]
    columns = ("name", "account", "role", "countries", "second-factor", "state")
    buttons = [
        button(reverse("person_new"), "web.people.new", main=True),
        button(reverse("second_factors"), "web.factors.require"),
    ]
    if person_of(request).role in ADMINISTRATORS:
        buttons.append(button(reverse("audit_sign_ins"), "web.audit.sign-ins"))
    sections: list[Section] = [
        *exception_note(factor_rule().exception),
        table("web.people.accounts", columns, rows),
    ]
    if len(rows) == 1:
        sections.append(note("info", "web.people.only-one"))
    return show(request, Phrase("web.room.people"), sections, buttons=buttons)


def _state(*, is_active: bool) -> Cell:
    if is_active:
        return tag("intact", "web.people.in-use")
    return tag("unknown", "web.people.ended")


@page("people/new/", "person_new", may=KEEPERS, methods=("GET", "POST"))
def person_new(request: HttpRequest) -> HttpResponse:
    """Add an account; its one-time password is shown once."""
    by = person_of(request)
    asked = AccountForm(request.POST or None, initial=typed(request), by=by)
    if request.method == "POST" and asked.is_valid():
        if not is_confirmed(request):
            return confirm_first(request, asked)
        given = asked.cleaned_data
        with asked.telling("username"):
            person, password = accounts.admit_person(
                by=by,
                username=given["username"],
                name=given["person_name"],
                role=Role(given["role"]),
                countries=given.get("given_countries", ()),
            )
            return _password_once(request, person.pk, person.username, person.name, password)
    sections: list[Section] = [
        *confirming_note(request, "web.people.confirm"),
        form("web.people.new", asked, submit="web.people.new"),
    ]
    return show(request, Phrase("web.people.new"), sections, crumbs=_way())


def _way(*further: AccountRow) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"url": reverse("people"), "name": Phrase("web.room.people")}]
    for each in further:
        found.append({"url": reverse("person", kwargs={"number": each.id}), "name": each.name})
    return found


def _password_once(
    request: HttpRequest, number: int, username: str, name: str, password: str
) -> HttpResponse:
    sections = [
        note("warn", "web.people.password-once"),
        facts(
            "web.people.one-time",
            [("account", identifier(username)), ("password", identifier(password))],
        ),
    ]
    buttons = [
        button(reverse("person", kwargs={"number": number}), "web.people.to-account"),
        button(reverse("person_new"), "web.people.another"),
    ]
    title = Phrase("web.people.title", {"name": name})
    return show(request, title, sections, crumbs=_way(), buttons=buttons)


@page("people/<int:number>/", "person", may=KEEPERS, sample={"number": 1})
def account_page(request: HttpRequest, number: int) -> HttpResponse:
    """One account: what it is, what can be done to it, and what was done."""
    by = person_of(request)
    person = _account(by, number)
    kept = typed(request)
    sections: list[Section] = [_about(by, person), *sign_ins_of(person.username, {})]
    if person.role != Role.ADMINISTRATOR or by.role == Role.ADMINISTRATOR:
        sections += confirming_note(request, "web.people.confirm")
        if person.role in OF_COUNTRIES and person.is_active:
            sections.append(_countries(by, person, kept))
        factors = ("factors",) if person.factors else ()
        in_use = ("password", "sign-ins", *factors, "ended")
        for act in in_use if person.is_active else ("brought-back",):
            asked = ReasonForm(initial=kept, auto_id=f"id_{act}_%s")
            sections.append(_act_form(person, act, asked))
    done = acts_on_account(by, person.username)
    if done:
        sections.append(act_table("web.people.acts", done))
    return show(request, Phrase("web.people.title", {"name": person.name}), sections, crumbs=_way())


def _about(by: Person, person: AccountRow) -> Section:
    told: list[tuple[str, Cell]] = [
        ("account", person.username),
        ("role", Phrase(f"web.role-of.{person.role}")),
        ("state", _state(is_active=person.is_active)),
        ("second-factor", factor_tag(person.factors, is_needed=person.needs_factor)),
    ]
    if person.role in OF_COUNTRIES:
        names = dict(_known(by))
        given = ", ".join(names.get(code, code) for code in person.countries)
        told.append(("countries", given or Phrase("web.people.no-country")))
    return facts("web.people.about", told)


def _countries(by: Person, person: AccountRow, kept: dict[str, Any]) -> Section:
    initial = {"given_countries": list(person.countries), **kept}
    asked = CountriesForm(known=_known(by), initial=initial)
    there = reverse("person_countries", kwargs={"number": person.id})
    key = "web.people.countries"
    return form(key, asked, submit="web.people.countries-do", text=f"{key}-text", action=there)


def _act_form(person: AccountRow, act: str, asked: ReasonForm) -> Section:
    key = _WORDS.get(act, f"web.programme-account.{act}")
    there = reverse("person_act", kwargs={"number": person.id, "act": act})
    return form(key, asked, submit=key, text=f"{key}-text", action=there)


def _account(by: Person, number: int) -> AccountRow:
    found = [each for each in all_of_them(by) if each.id == number]
    if not found:
        raise PersonNotFound(name=str(number)[:20])
    return found[0]


@page(
    "people/<int:number>/countries/", "person_countries", may=KEEPERS, methods=("POST",),
    sample={"number": 1},
)  # fmt: skip
def person_countries(request: HttpRequest, number: int) -> HttpResponse:
    """Which countries a focal point or donor reader sees: these, and no others."""
    by = person_of(request)
    person = _account(by, number)
    asked = CountriesForm(request.POST, known=_known(by))
    there = reverse("person", kwargs={"number": person.id})
    if not is_confirmed(request):
        return confirm_first(request, asked, there)
    if asked.is_valid():
        with asked.telling("given_countries"):
            chosen = asked.cleaned_data["given_countries"]
            set_focal_countries(by=by, person=person.id, countries=chosen)
            messages.success(request, words("web.people.countries-set"))
            return redirect(there)
    one = form("web.people.countries", asked, submit="web.people.countries-do",
               text="web.people.countries-text")  # fmt: skip
    title = Phrase("web.people.title", {"name": person.name})
    return show(request, title, [one], crumbs=_way(person))


_ACTS: dict[str, Callable[..., str | None]] = {
    "password": accounts.renew_account_password,
    "sign-ins": accounts.end_account_sign_ins,
    "factors": accounts.remove_account_factors,
    "ended": accounts.end_account,
    "brought-back": accounts.bring_back_account,
}


@page(
    "people/<int:number>/<str:act>/", "person_act", may=KEEPERS, methods=("POST",),
    sample={"number": 1, "act": "nothing"},
)  # fmt: skip
def person_act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Do something to an account, with a reason."""
    by = person_of(request)
    person = _account(by, number)
    if act not in _ACTS:
        raise PageNotFound
    asked = ReasonForm(request.POST)
    there = reverse("person", kwargs={"number": person.id})
    if not is_confirmed(request):
        return confirm_first(request, asked, there)
    if asked.is_valid():
        with asked.telling():
            password = _ACTS[act](
                by=by, person=person.id, reason=asked.cleaned_data["account_reason"]
            )
            if password is None:
                own = f"web.programme-account.{act}-done"
                shared = f"web.account-change.{act}"
                messages.success(request, words(shared if act in _WORDS else own))
                return redirect(there)
            return _password_once(request, person.id, person.username, person.name, password)
    title = Phrase("web.people.title", {"name": person.name})
    return show(request, title, [_act_form(person, act, asked)], crumbs=_way(person))


@page("people/second-factor/", "second_factors", may=KEEPERS, methods=("GET", "POST"))
def second_factors(request: HttpRequest) -> HttpResponse:
    """Of which roles people need a second factor, on the whole site."""
    by, rule = person_of(request), factor_rule()

    def require(roles: list[Role]) -> None:
        accounts.require_second_factor(by=by, roles=[role.value for role in roles])

    return factors_page(
        request,
        roles=_roles(),
        needed=rule.roles,
        exception=rule.exception,
        text="web.factors.text-programme",
        require=require,
    )


@page("people/sign-ins/", "audit_sign_ins", may=ADMINISTRATORS)
def audit_sign_ins(request: HttpRequest) -> HttpResponse:
    """Who signed in, who tried, and which names were locked."""
    return sign_ins_page(
        request, above=_way()[0], lead="web.audit.sign-ins-lead-programme", names={}
    )
