"""Figures of requests over all cases, and their packages: made by one, reviewed by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.base.opening import day_of
from kancil.desk.figures.actions import discard_draft, make_package, review_package
from kancil.desk.figures.queries import (
    PackageDraft,
    figures_of,
    made_package,
    made_packages,
    package_bytes,
    package_draft,
    package_drafts,
)
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.signing import fingerprint
from kancil.ground.words import render as words
from kancil.records.package import Period, read_package
from kancil.web.cells import (
    Section,
    facts,
    folded_form,
    form,
    identifier,
    link,
    note,
    show,
    table,
    tag,
    when,
)
from kancil.web.confirming import ask_who, factor_note
from kancil.web.figure_tables import figure_sections, package_response
from kancil.web.forms import WordsForm, day, say_own_key, secret, text
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Crumb
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk


class PeriodForm(WordsForm):
    """First and last day."""

    figures_since = day(required=True)
    figures_until = day(required=True)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("figures_since"), given.get("figures_until")
        if since and until and until < since:
            self.add_error("figures_until", words("web.figures.period-wrong"))
        return given

    @property
    def period(self) -> Period:
        """What was asked."""
        return Period(self.cleaned_data["figures_since"], self.cleaned_data["figures_until"])


class MakeForm(PeriodForm):
    """For whom a package is made."""

    package_to = text(200)


class ReviewForm(WordsForm):
    """The reviewer's own key."""

    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whose passphrase it is."""
        super().__init__(*args, **kwargs)
        say_own_key(self)


class DiscardForm(WordsForm):
    """That a draft is removed."""

    do = forms.CharField(widget=forms.HiddenInput, initial="discard")


def last_half_year(today: date) -> Period:
    """The last half of a year that is over."""
    if today.month > 6:
        return Period(date(today.year, 1, 1), date(today.year, 6, 30))
    return Period(date(today.year - 1, 7, 1), date(today.year - 1, 12, 31))


@page("figures/", "cooperation_figures", may=ACTING, menu="site", order=26)
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a period, making a package of them, and the packages that were made."""
    desk = unit_desk()
    asked = PeriodForm(request.GET) if "figures_since" in request.GET else None
    period = last_half_year(day_of(clock.now()))
    if asked is not None and asked.is_valid():
        period = asked.period
    days = {"figures_since": period.since, "figures_until": period.until}
    sections: list[Section] = []
    if asked is None or asked.is_valid():
        sections = figure_sections(
            figures_of(desk.ledger, desk.workspace, period, is_own=True), period, is_own=True
        )
    fields = asked if asked is not None and asked.errors else PeriodForm(initial=days)
    choose = folded_form("web.figures.period", fields, submit="web.figures.period-do")
    sections[1:1] = [*_drafts(), choose]
    if period.until < day_of(clock.now()):
        sections.append(_make_form(MakeForm(initial=days)))
    sections += _made()
    return show(request, Phrase("web.room.cooperation-figures"), sections)


def _make_form(fields: MakeForm) -> Section:
    return form(
        "web.figures.make", fields, submit="web.figures.make-do", text="web.figures.make-text",
        action=reverse("package_make"),
    )  # fmt: skip


@page("figures/package/", "package_make", may=ACTING, methods=("POST",))
def make(request: HttpRequest) -> HttpResponse:
    """Compute a period's figures and keep them as a draft."""
    desk, asked = unit_desk(), MakeForm(request.POST)
    if asked.is_valid():
        with asked.telling():
            draft = make_package(
                desk.ledger, desk.workspace, to=asked.cleaned_data["package_to"],
                period=asked.period, by=desk.server(request),
            )  # fmt: skip
            messages.success(request, words("web.figures.drafted"))
            return redirect("package_draft", draft=draft.id)
    return show(request, Phrase("web.figures.make"), [_make_form(asked)], crumbs=_crumbs())


@page(
    "figures/drafts/<str:draft>/", "package_draft", may=ACTING, methods=("GET", "POST"),
    sample={"draft": "none"}, within="cooperation_figures",
)  # fmt: skip
def draft_page(request: HttpRequest, draft: str) -> HttpResponse:
    """All that would leave; another officer signs it, anybody who acts may discard it."""
    desk = unit_desk()
    found = package_draft(desk.workspace, draft)
    if request.POST.get("do") == "discard":
        discard_draft(desk.workspace, found.id)
        messages.success(request, words("web.figures.discarded"))
        return redirect("cooperation_figures")
    asked = ask_who(request, ReviewForm(request.POST or None))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            made = review_package(
                desk.ledger, desk.workspace, draft=found.id,
                unit_signer=desk.keys.unit_signer(),
                by=desk.own_key(request, asked.cleaned_data["passphrase"]),
            )  # fmt: skip
            messages.success(request, words("web.figures.signed"))
            return redirect("package_made", package=made.id)
    is_mine = person_of(request).officer == found.made_by
    sections: list[Section] = [_said_of_draft(found, is_mine=is_mine)]
    sections += figure_sections(found.tables, found.period)
    discard = ("discard", Phrase("web.figures.discard"))
    if is_mine:
        sections.append(form("web.figures.discard", DiscardForm(), submit="web.figures.discard",
                             text="web.figures.discard-text"))  # fmt: skip
    else:
        sections += factor_note(request, asked)
        sections.append(form("web.figures.review", asked, submit="web.figures.review-do",
                             text="web.figures.review-text", also=(discard,)))  # fmt: skip
    return show(request, Phrase("web.figures.draft"), sections, crumbs=_crumbs())


def _said_of_draft(draft: PackageDraft, *, is_mine: bool) -> Section:
    key = "web.figures.waits-mine" if is_mine else "web.figures.waits"
    told: list[tuple[str, Cell]] = [
        ("status", tag("warn", key)),
        *_facts(draft.period, draft.to),
        ("made-by", _officer(draft.made_by)),
        ("made-at", when(draft.made_at)),
        ("supersedes", identifier(draft.supersedes) if draft.supersedes else "–"),
    ]
    return facts("web.figures.draft-of", told)


@page(
    "figures/packages/<str:package>/", "package_made", may=ACTING, sample={"package": "none"},
    within="cooperation_figures",
)  # fmt: skip
def package_page(request: HttpRequest, package: str) -> HttpResponse:
    """A package that was made, its file, and the fingerprint that its receiver compares."""
    desk = unit_desk()
    made = made_package(desk.ledger, package)
    opened = read_package(package_bytes(desk.workspace, made), made.id)
    status = tag("intact", "name.package-current")
    if made.superseded_by is not None:
        status = tag("warn", "name.package-superseded")
    there = reverse("package_file", kwargs={"package": made.id})
    told: list[tuple[str, Cell]] = [
        ("status", status),
        *_facts(made.period, made.to),
        ("made-by", made.made_by),
        ("reviewed-by", made.reviewed_by),
        ("signed-at", when(opened.package.review.at)),
        ("key", identifier(opened.fingerprint)),
        ("sha256", identifier(made.sha256)),
        ("leaving-file", link(there, Phrase("web.figures.download"))),
    ]
    sections = [
        note("info", "web.figures.tell-key"),
        facts("web.figures.package-of", told),
        *figure_sections(opened.package.tables, made.period),
    ]
    return show(request, Phrase("web.figures.package"), sections, crumbs=_crumbs())


@page("figures/packages/<str:package>/file/", "package_file", may=ACTING,
      sample={"package": "none"})  # fmt: skip
def package_file(request: HttpRequest, package: str) -> HttpResponseBase:
    """Send the signed file, if it is what was made."""
    desk = unit_desk()
    made = made_package(desk.ledger, package)
    return package_response(package_bytes(desk.workspace, made), made.period)


def _drafts() -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("package_draft", kwargs={"draft": each.id}), _days(each.period)),
            each.to, _officer(each.made_by), when(each.made_at),
        )
        for each in package_drafts(unit_desk().workspace)
    ]  # fmt: skip
    columns = ("period", "made-for", "made-by", "made-at")
    return [table("web.figures.drafts", columns, rows)] if rows else []


def _made() -> list[Section]:
    desk = unit_desk()
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("package_made", kwargs={"package": each.id}), _days(each.period)),
            each.to, each.made_by, each.reviewed_by, when(each.entry.at),
            tag("intact", "name.package-current") if each.superseded_by is None
            else tag("warn", "name.package-superseded"),
        )
        for each in made_packages(desk.ledger)
    ]  # fmt: skip
    unit = desk.ledger.folded(Roll).unit
    if not rows or unit is None:
        return []
    columns = ("period", "made-for", "made-by", "reviewed-by", "signed-at", "status")
    key: list[tuple[str, Cell]] = [("key", identifier(fingerprint(unit.public_raw)))]
    return [table("web.figures.packages", columns, rows), facts("web.figures.own-key", key)]


def _facts(period: Period, to: str) -> list[tuple[str, Cell]]:
    return [("period", _days(period)), ("made-for", to)]


def _days(period: Period) -> str:
    return span(period.since, period.until)


def _officer(name: str) -> str:
    found = unit_desk().ledger.folded(Roll).officers
    return next((each.name for each in found.values() if each.id == name), name)


def _crumbs() -> list[Crumb]:
    return [Crumb(Phrase("web.room.cooperation-figures"), reverse("cooperation_figures"))]
