"""Pages of a case. Whoever is not a member is told that there is nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.basis import LegalBasis, kinds
from kancil.custody.cases import basis_ended_on
from kancil.custody.roll import Roll
from kancil.desk.access import actions as access_actions
from kancil.desk.cases import queries
from kancil.desk.cases.actions import add_basis
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.people.queries import Membership, Person, case_ids_of, members_of
from kancil.ground.clock import now
from kancil.ground.ids import BasisId, CaseId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    form,
    link,
    minute,
    note,
    show,
    table,
)
from kancil.web.forms import WordsForm, text
from kancil.web.home.tables import case_table, exhibit_table
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .history import history

_PAGE_ROWS = 50
_OPEN_ROWS = 20
"""Newest entries of a part of the custody page that stand open; earlier ones are folded."""


def crumbs(case: Case, *more: tuple[str, str | Phrase]) -> list[dict[str, Any]]:
    """The way back from a page of a case."""
    way: list[dict[str, Any]] = [
        {"url": reverse("cases"), "name": Phrase("web.room.cases")},
        {
            "url": reverse("overview", kwargs={"case": case.number}),
            "name": f"C{case.number} {case.title}",
        },
    ]
    return [*way, *({"url": url, "name": name} for url, name in more)]


@page("cases/", "cases", may=EVERYONE, menu="site", order=10)
def cases(request: HttpRequest) -> HttpResponse:
    """My cases."""
    person = person_of(request)

    part = queries.case_part(case_ids_of(person), request.GET.get("page"), _PAGE_ROWS)
    buttons = [button(reverse("case_new"), "web.case.new", main=True)] if person.acts else []
    sections = [{**case_table(list(part)), "pages": part}]
    if not part.paginator.count:
        sections = [empty("web.home.empty", url=reverse("case_new"))]
    return show(request, Phrase("web.room.cases"), sections, buttons=buttons)


PAPERS = frozenset(("warrant", "order", "foreign-request"))
"""Kinds of legal basis that are a paper of somebody else's."""
PAPER_BEARS = ("basis_number", "issued_on")


class BasisForm(WordsForm):
    """A legal basis, as it is stated on the paper: a kind, and of a paper its number and date."""

    asks_paper = True
    basis_kind = forms.ChoiceField(choices=())
    authority = text()
    basis_number = text(100, required=False)
    issued_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    expires_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    scope = text(2000, required=False, lines=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of legal basis that are known."""
        super().__init__(*args, **kwargs)
        field = self.fields["basis_kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", words("web.form.choose")),
                *((kind, words(f"web.basis.{kind}")) for kind in kinds()),
            ]

    def clean(self) -> dict[str, object]:
        """Ask for the number and date that a court's or State's paper bears."""
        given = super().clean() or {}
        is_paper = self.asks_paper and given.get("basis_kind") in PAPERS
        for name in PAPER_BEARS if is_paper else ():
            if not given.get(name) and name not in self.errors:
                self.add_error(name, words("web.basis.as-on-paper"))
        return given

    def basis(self) -> LegalBasis:
        """The legal basis that was stated."""
        given = self.cleaned_data
        return LegalBasis(
            BasisId(new_id()),
            given["basis_kind"],
            authority=given["authority"],
            number=given["basis_number"] or None,
            issued_on=given["issued_on"],
            expires_on=given["expires_on"],
            scope=given["scope"] or None,
        )


def basis_ended_note(case: Case) -> list[Section]:
    """Warn, where something leaves the case, that its legal basis is over."""
    roll = unit_desk().ledger.folded(Roll)
    day = basis_ended_on(roll, roll.case(case.id), now())
    return [] if day is None else [note("warn", "web.basis-ended", day=day.isoformat())]


@page("cases/<str:case>/basis/", "case_basis", may=ACTING, of="case", methods=("GET", "POST"))
def case_basis(request: HttpRequest, case: Case) -> HttpResponse:
    """Add a legal basis, such as a renewed warrant."""
    asked = BasisForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        add_basis(desk.ledger, case=CaseId(case.id), basis=asked.basis(), by=desk.server(request))
        return redirect("overview", case=case.number)
    sections = [form("web.case.add-basis", asked, submit="web.case.add-basis")]
    return show(request, Phrase("web.case.add-basis"), sections, crumbs=crumbs(case))


@page("cases/<str:case>/exhibits/", "exhibits", may=EVERYONE, of="case", menu="case", order=10)
def exhibits(request: HttpRequest, case: Case) -> HttpResponse:
    """The exhibits of the case."""
    part = queries.exhibits(case, request.GET.get("page"), _PAGE_ROWS)
    acts = person_of(request).acts
    add = reverse("intake", kwargs={"case": case.number})
    if not part.paginator.count:
        sections = [empty("web.overview.empty", url=add if acts else "")]
    else:
        sections = [{**exhibit_table("web.room.exhibits", list(part)), "pages": part}]
    seize = reverse("seize", kwargs={"case": case.number})
    buttons = (
        [button(seize, "web.seize.do"), button(add, "web.intake.do", main=True)] if acts else []
    )
    return show(
        request, Phrase("web.room.exhibits"), sections, crumbs=crumbs(case), buttons=buttons
    )


@page("cases/<str:case>/custody/", "custody", may=EVERYONE, of="case", menu="case", order=60)
def custody(request: HttpRequest, case: Case) -> HttpResponse:
    """Every entry of the case, in order."""
    asked = request.GET.get("page")
    part = queries.case_history(unit_desk().ledger, case, asked, _PAGE_ROWS)
    draw = partial(history, "web.custody.entries", case, names=queries.officer_names())
    entries = list(part)
    older, newest = entries[:-_OPEN_ROWS], entries[-_OPEN_ROWS:]
    earlier: list[Section] = []
    if older:
        told = {
            "first": grouped(older[0].n),
            "last": grouped(older[-1].n),
            "count": grouped(len(older)),
        }
        heading = Phrase("web.custody.earlier", told)
        earlier = [{**draw(older), "kind": "folded", "heading": heading}]
    return show(
        request,
        Phrase("web.room.custody"),
        [*earlier, {**draw(newest), "pages": part}],
        crumbs=crumbs(case),
        lead=Phrase("web.custody.lead"),
    )


class MemberForm(WordsForm):
    """Who is to see the case."""

    member = text(60)


@page(
    "cases/<str:case>/people/",
    "case_people",
    may=EVERYONE,
    of="case",
    methods=("GET", "POST"),
    menu="case",
    order=70,
)
def case_people(request: HttpRequest, case: Case) -> HttpResponse:
    """Who belongs to the case."""
    person, desk = person_of(request), unit_desk()
    asked = MemberForm(request.POST or None)
    if request.method == "POST" and person.acts and asked.is_valid():
        with asked.telling("member"):
            access_actions.add_member(
                desk.ledger,
                case=CaseId(case.id),
                username=asked.cleaned_data["member"],
                by=desk.server(request),
                adder=person,
            )
            messages.success(request, words("web.people.added"))
            return redirect("case_people", case=case.number)
    sections: list[Section] = [
        table(
            "web.people.members",
            ("name", "account", "role", "since", *(("act",) if person.acts else ())),
            [
                (
                    each.person.name,
                    each.person.username,
                    Phrase(f"web.role.{each.person.role}"),
                    minute(each.added_at),
                    *((_removing(case, each, person),) if person.acts else ()),
                )
                for each in members_of(case.id)
            ],
        )
    ]
    if person.acts:
        sections.append(form("web.people.add", asked, submit="web.people.add"))
    return show(request, Phrase("web.room.people"), sections, crumbs=crumbs(case))


def _removing(case: Case, member: Membership, person: Person) -> Cell:
    """Link to ending a membership; nobody ends their own, so that a case keeps one who acts."""
    if member.person_id == person.pk:
        return Phrase("web.people.yourself")
    given = {"case": case.number, "member": member.person_id}
    return link(reverse("member_remove", kwargs=given), Phrase("web.people.remove"))


class RemoveForm(WordsForm):
    """Why somebody may see the case no more."""

    reason_of_act = text(500)


@page(
    "cases/<str:case>/people/<int:member>/remove/", "member_remove", may=ACTING, of="case",
    methods=("GET", "POST"), sample={"member": 1},
)  # fmt: skip
def member_remove(request: HttpRequest, case: Case, member: int) -> HttpResponse:
    """End somebody's access to the case, with a reason."""
    desk = unit_desk()
    others = (each for each in members_of(case.id) if each.person_id != person_of(request).pk)
    found = next((each.person for each in others if each.person_id == member), None)
    if found is None:
        raise PageNotFound
    asked = RemoveForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            access_actions.remove_member(
                desk.ledger,
                case=CaseId(case.id),
                username=found.username,
                reason=asked.cleaned_data["reason_of_act"],
                by=desk.server(request),
            )
            messages.success(request, words("web.people.removed", name=found.name))
            return redirect("case_people", case=case.number)
    sections = [form("web.people.remove", asked, submit="web.people.remove")]
    way = crumbs(
        case, (reverse("case_people", kwargs={"case": case.number}), Phrase("web.room.people"))
    )
    title = Phrase("web.people.remove-title", {"name": found.name})
    return show(request, title, sections, crumbs=way)
