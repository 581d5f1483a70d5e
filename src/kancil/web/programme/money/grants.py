"""The grants: what of each is spent, when it ends, and which report is due next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.money.donors import DONORS
from kancil.desk.programme.money.standing import GrantRow, ReportDue, grants
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.money.amount import Money
from kancil.web.acting import show_wide, today
from kancil.web.cells import asking, button, empty, link, table, tag
from kancil.web.csv_files import csv_answer
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell
from kancil.web.programme_page import GIVING, page
from kancil.web.signed_in import person_of

from .words import ROWS, money, paged, summed

_CSV = (
    "reference", "title", "donor", "currency", "given", "received", "budgeted", "spent", "left",
    "begins_on", "ends_on", "report_due_on",
)  # fmt: skip


_SORTS: dict[str, Callable[[GrantRow], Any]] = {
    "newest": lambda row: (-row.begins_on.toordinal(), row.reference),
    "end": lambda row: (row.ends_on, row.reference),
    "reference": lambda row: row.reference,
    "donor": lambda row: (row.donor, row.reference),
    "report": lambda row: (row.report is None, row.report and row.report.due_on, row.reference),
}  # fmt: skip
"""By what grants are sorted, the first unless another is asked for."""


class LookForm(WordsForm):
    """Which grants are looked for."""

    look_for = text(100, required=False)
    money_donor = forms.ChoiceField(choices=(), required=False)
    money_running = forms.ChoiceField(choices=(), required=False)
    money_sort = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, known: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the donors that there are."""
        super().__init__(*args, **kwargs)
        anyone = [("", words("web.round.any"))]
        choose(self, "money_donor", [*anyone, *known])
        choose(self, "money_running", [*anyone, ("running", words("web.money.running"))])
        choose(self, "money_sort", [(each, words(f"web.money-by-{each}")) for each in _SORTS])


def _asked(request: HttpRequest) -> tuple[LookForm, list[GrantRow]]:
    desk = desk_of(person_of(request))
    asked = LookForm(request.GET or None, known=DONORS.choices(desk).get("", []))
    given = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    found = grants(
        desk,
        today(),
        donor=given.get("money_donor", ""),
        running=bool(given.get("money_running")),
        words=given.get("look_for", ""),
    )
    return asked, sorted(found, key=_SORTS[given.get("money_sort") or "newest"])


@page("grants/", "grants", may=GIVING, menu="site", order=24)
def all_grants(request: HttpRequest) -> HttpResponse:
    """Every grant that one sees, or those that are looked for."""
    asked, found = _asked(request)
    keeps = desk_of(person_of(request)).may_keep_money
    title = Phrase("web.room.grants")
    new = reverse("grant_new") if keeps else ""
    buttons = [button(new, "web.money.grant-new", main=True)] if keeps else []
    if keeps:
        for name in ("donors", "rates", "spending"):
            buttons.append(button(reverse(name), f"web.room.{name}"))
    if not found and not asked.is_bound:
        return show_wide(request, title, [empty("web.money.no-grants", url=new)], buttons=buttons)
    buttons.append(button(f"{reverse('grants_csv')}?{request.GET.urlencode()}", "web.money.csv"))
    pages = Paginator(found, ROWS).get_page(request.GET.get("page"))
    one = table("web.money.grants", _COLUMNS, [_row(each) for each in pages])
    sections = [asking("web.money.look-for", asked, submit="web.money.look")]
    sections.append(
        paged(request, one, pages) if found else empty("web.money.none-fitting",
                                                       url=reverse("grants"), icon="search")
    )  # fmt: skip
    return show_wide(request, title, sections, buttons=buttons)


_COLUMNS = (
    "money-grant", "money-donor", "money-ends", "money-report", "money-given>", "money-spent>",
    "money-left>",
)  # fmt: skip


def _row(each: GrantRow) -> tuple[Cell, ...]:
    return (
        link(reverse("grant", kwargs={"grant": each.id}), f"{each.reference} {each.title}"),
        each.donor,
        each.ends_on.isoformat(),
        due(each.report),
        money(each.given),
        summed(each.spent),
        left(each),
    )


def left(each: GrantRow) -> Cell:
    """What is not spent yet of a grant."""
    if each.left_minor is None:
        return tag("unknown", "web.money.not-known")
    return money(Money(each.given.currency, each.left_minor))


def due(report: ReportDue | None) -> Cell:
    """Which report of a grant is due next."""
    if report is None:
        return Phrase("web.money.all-reported")
    day = report.due_on.isoformat()
    return tag("danger", "web.money.report-late", day=day) if report.is_late else day


@page("grants/grants.csv", "grants_csv", may=GIVING)
def grants_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file: each amount in its grant's currency, with a point."""
    _, found = _asked(request)
    return csv_answer("grants", _CSV, [_csv_row(each) for each in found])


def _csv_row(each: GrantRow) -> list[str]:
    currency = each.given.currency

    def plain(minor: int | None) -> str:
        return "" if minor is None else str(Money(currency, minor).amount)

    return [
        each.reference,
        each.title,
        each.donor,
        currency,
        plain(each.given.minor),
        plain(each.received_minor),
        plain(each.budgeted_minor),
        plain(each.spent.minor),
        plain(each.left_minor),
        each.begins_on.isoformat(),
        each.ends_on.isoformat(),
        each.report.due_on.isoformat() if each.report else "",
    ]
