"""One grant: given, received, budgeted, spent and left; whether it is reconciled, and why not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.access import GrantSight
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.money.budgets import (
    add_budget_line,
    budget_of_grant,
    replace_budget_line,
)
from kancil.desk.programme.money.donors import DONORS
from kancil.desk.programme.money.grants import GRANTS, add_grant, add_receipt, change_grant
from kancil.desk.programme.money.lines import LineRow, line_row, lines_of_grant
from kancil.desk.programme.money.standing import GrantPage, PaidActivity, grant_page
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityKind
from kancil.records.described import named
from kancil.web.acting import show_wide, today
from kancil.web.cells import Section, button, empty, facts, folded, limits, table
from kancil.web.csv_files import csv_answer
from kancil.web.meanwhile import laid_beside
from kancil.web.parts import Cell
from kancil.web.programme_page import GIVING, MONEY, page
from kancil.web.signed_in import person_of

from .grant_forms import GrantForm, LineForm, ReceiptForm
from .grants import due, left
from .words import (
    ROWS,
    activity_link,
    class_name,
    money,
    paged,
    percent,
    rates_used,
    reconciled,
    reconciled_tag,
    summed,
    way,
)


@page("grants/new/", "grant_new", may=MONEY, methods=("GET", "POST"))
def grant_new(request: HttpRequest) -> HttpResponseBase:
    """Add a grant; first there must be a donor."""
    person = person_of(request)
    desk = desk_of(person)
    title = "web.room.grant-new"
    if not DONORS.seen(desk).exists():
        one = empty("web.money.no-donors", url=reverse("donor_new"))
        return show_wide(request, Phrase(title), [one], crumbs=way())
    asked = GrantForm.asked(request, desk=desk)
    if asked.is_ready:
        with asked.telling():
            made = add_grant(by=person, given=asked.typed)
            messages.success(request, words("web.money.saved"))
            return redirect("grant", grant=made.id)
    sections = [asked.section(title, submit="web.money.save")]
    return show_wide(request, Phrase(title), sections, crumbs=way())


@page("grants/<str:grant>/edit/", "grant_edit", may=MONEY, of="grant", methods=("GET", "POST"))
def grant_edit(request: HttpRequest, sight: GrantSight) -> HttpResponseBase:
    """Change a grant as its agreement was amended."""
    row = GRANTS.row(sight.desk, sight.grant)
    asked = GrantForm.asked(request, desk=sight.desk, stands=row)
    if asked.is_ready:
        with asked.telling():
            change_grant(
                by=person_of(request), on=sight.grant, version=asked.seen, given=asked.typed
            )
            messages.success(request, words("web.money.saved"))
            return redirect("grant", grant=sight.grant)
    sections = laid_beside(request, asked)
    sections.append(asked.section("web.room.grant-edit", submit="web.money.save"))
    return show_wide(request, Phrase("web.room.grant-edit"), sections, crumbs=_way(sight))


def _way(sight: GrantSight) -> list[dict[str, Any]]:
    return way(("grant", {"grant": sight.grant}, sight.reference))


@page("grants/<str:grant>/", "grant", may=GIVING, of="grant", methods=("GET", "POST"))
def one_grant(request: HttpRequest, sight: GrantSight) -> HttpResponseBase:
    """The grant: the answer first, then what it rests on."""
    one = grant_page(sight, today())
    asked = ReceiptForm.asked(request, desk=sight.desk)
    if request.method == "POST":
        require(sight.may_keep, sight.desk)
    if asked.is_ready:
        with asked.telling():
            add_receipt(by=person_of(request), given=asked.typed, grant_id=sight.grant)
            messages.success(request, words("web.money.saved"))
            return redirect("grant", grant=sight.grant)
    sections: list[Section] = [facts("web.money.answer", _answer(one))]
    if sight.sees_lines:
        sections += reconciled(one.reconciliation)
    sections += [_activities(request, sight, one), _classes(one), _receipts(one)]
    if sight.may_keep:
        sections.append(asked.section("web.money.receipt", submit="web.money.receipt-do"))
    sections += [facts("web.money.agreement", _agreement(one)), limits(_limits(one))]
    title = Phrase("web.money.grant-title", {"reference": one.row.reference,
                                             "title": one.row.title})  # fmt: skip
    return show_wide(request, title, sections, crumbs=way(), buttons=_buttons(sight))


def _buttons(sight: GrantSight) -> list[dict[str, Any]]:
    given = {"grant": sight.grant}
    if not sight.may_keep:
        return []
    return [
        button(reverse(name, kwargs=given), f"web.room.{name.replace('_', '-')}")
        for name in ("grant_budget", "grant_lines", "grant_edit")
    ]


def _answer(one: GrantPage) -> list[tuple[str, Cell]]:
    row, currency = one.row, one.row.given.currency
    return [
        ("money-given", money(row.given)),
        ("money-received", money(Money(currency, row.received_minor))),
        ("money-budgeted", money(Money(currency, row.budgeted_minor))),
        ("money-spent", summed(row.spent)),
        ("money-left", left(row)),
        ("money-ledger", reconciled_tag(one.reconciliation)),
        ("money-report", due(row.report)),
    ]


def _agreement(one: GrantPage) -> list[tuple[str, Cell]]:
    everywhere = Phrase("web.money.not-earmarked")
    return [
        ("money-donor", one.row.donor),
        ("money-begins", one.row.begins_on.isoformat()),
        ("money-ends", one.row.ends_on.isoformat()),
        ("money-audit", one.audit_until.isoformat()),
        ("money-support", percent(one.support_bp)),
        ("money-earmark", one.earmark or everywhere),
        (
            "money-kinds",
            ", ".join(render_phrase(named(ActivityKind(each))) for each in one.kinds)
            or Phrase("web.round.any"),
        ),
        ("money-excluded", one.excluded or "–"),
        ("countries", ", ".join(one.countries) or Phrase("web.round.any")),
        ("money-outputs", ", ".join(one.outputs) or Phrase("web.round.any")),
        (
            "money-terms",
            Phrase(
                "web.money.reports-every",
                {"months": one.reports_every_months, "days": one.report_within_days},
            ),
        ),
    ]


def _activities(request: HttpRequest, sight: GrantSight, one: GrantPage) -> Section:
    pages = Paginator(one.activities, ROWS).get_page(request.GET.get("page"))
    rows: list[tuple[Cell, ...]] = [
        (
            activity_link(each.id, each.code),
            each.title,
            each.begins_on.isoformat(),
            _share(each, sight),
            summed(each.spent),
        )
        for each in pages
    ]
    if one.unassigned is not None and pages.number == pages.paginator.num_pages:
        rows.append(("–", Phrase("web.money.no-activity"), "", "", summed(one.unassigned)))
    columns = ("money-activity", "title", "money-begins", "money-share>", "money-spent>")
    return paged(request, table("web.money.pays", columns, rows), pages)


def _share(each: PaidActivity, sight: GrantSight) -> Cell:
    if each.is_in_part and not sight.sees_lines:
        return Phrase("web.money.in-part")
    return percent(each.share_bp)


def _classes(one: GrantPage) -> Section:
    currency = one.row.given.currency
    rows: list[tuple[Cell, ...]] = []
    for each in one.classes:
        rest = None if each.spent.minor is None else each.budgeted_minor - each.spent.minor
        rows.append(
            (
                class_name(each.budget_class),
                money(Money(currency, each.budgeted_minor)),
                summed(each.spent),
                money(None if rest is None else Money(currency, rest)),
            )
        )
    columns = ("money-class", "money-budgeted>", "money-spent>", "money-left>")
    return table("web.money.by-class", columns, rows)


def _receipts(one: GrantPage) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (each.received_on.isoformat(), each.reference or "–", money(each.money))
        for each in one.receipts
    ]
    if not rows:
        none = Phrase("web.money.no-receipts")
        return {"kind": "told", "heading": Phrase("web.money.receipts"), "texts": [none]}
    return table("web.money.receipts", ("money-received-on", "money-voucher", "amount>"), rows)


def _limits(one: GrantPage) -> list[Phrase]:
    rules = [Phrase("web.money.rule-lines"), Phrase("web.money.rule-rates")]
    return rules + rates_used(one.row.spent.tables)


# --- Its budget, and its lines --------------------------------------------------------------------


@page("grants/<str:grant>/budget/", "grant_budget", may=MONEY, of="grant", methods=("GET", "POST"))
def grant_budget(request: HttpRequest, sight: GrantSight) -> HttpResponseBase:
    """The lines of a grant's budget; one that no longer holds stays below."""
    by, lines = person_of(request), list(budget_of_grant(sight))
    stand = [each for each in lines if each.replaced_at is None]
    offered = [(str(each.pk), _line_name(each)) for each in stand]
    asked = LineForm.asked(request, desk=sight.desk, lines=offered)
    if asked.is_ready:
        with asked.telling():
            line = asked.cleaned_data.get("money_line")
            if line:
                replace_budget_line(by=by, line=int(line), given=asked.typed)
            else:
                add_budget_line(by=by, given=asked.typed, grant_id=sight.grant)
            messages.success(request, words("web.money.saved"))
            return redirect("grant_budget", grant=sight.grant)
    sections: list[Section] = [_lines("web.money.budget", stand)]
    sections.append(asked.section("web.money.budget-line", submit="web.money.save",
                                  text="web.money.budget-text"))  # fmt: skip
    old = [each for each in lines if each.replaced_at is not None]
    if old:
        sections.append(
            folded("web.money.replaced", _LINE_COLUMNS, _line_rows(old), count=len(old))
        )
    return show_wide(request, Phrase("web.room.grant-budget"), sections, crumbs=_way(sight))


_LINE_COLUMNS = (
    "money-class", "money-activity", "money-what", "money-period", "added-by", "amount>",
)  # fmt: skip


def _line_name(each: Any) -> str:
    code = each.activity.code if each.activity else ""
    parts = (render_phrase(class_name(each.budget_class)), code, each.what)
    return " · ".join([*(part for part in parts if part), money(each.money)])


def _line_rows(lines: list[Any]) -> list[tuple[Cell, ...]]:
    return [
        (
            class_name(each.budget_class),
            each.activity.code if each.activity else "–",
            each.what or "–",
            span(each.period_from, each.period_to),
            each.by.name,
            money(each.money),
        )
        for each in lines
    ]


def _lines(key: str, lines: list[Any]) -> Section:
    if not lines:
        return {"kind": "told", "heading": Phrase(key), "texts": [Phrase("web.money.no-budget")]}
    return table(key, _LINE_COLUMNS, _line_rows(lines))


@page("grants/<str:grant>/lines/", "grant_lines", may=MONEY, of="grant")
def grant_lines(request: HttpRequest, sight: GrantSight) -> HttpResponse:
    """The lines that the ledger charges to a grant, by day."""
    pages = Paginator(lines_of_grant(sight), ROWS).get_page(request.GET.get("page"))
    rows: list[tuple[Cell, ...]] = [
        (
            each.posted_on.isoformat(),
            each.reference,
            each.activity or each.activity_code or "–",
            class_name(each.budget_class),
            each.what or "–",
            money(each.money),
        )
        for each in map(line_row, pages)
    ]
    columns = (
        "money-posted", "money-reference", "money-activity", "money-class", "money-what", "amount>",
    )  # fmt: skip
    one = paged(request, table("web.room.grant-lines", columns, rows), pages)
    to_file = button(reverse("grant_lines_csv", kwargs={"grant": sight.grant}), "web.money.csv")
    limit = limits([Phrase("web.money.rule-lines")])
    return show_wide(request, Phrase("web.room.grant-lines"), [one, limit], crumbs=_way(sight),
                buttons=[to_file])  # fmt: skip


_CSV = (
    "file", "row", "posted_on", "reference", "grant_code", "activity_code", "activity",
    "budget_class", "what", "currency", "amount",
)  # fmt: skip


@page("grants/<str:grant>/lines.csv", "grant_lines_csv", may=MONEY, of="grant")
def grant_lines_csv(request: HttpRequest, sight: GrantSight) -> HttpResponse:
    """All of these lines as a file."""
    rows = (_csv_row(line_row(each)) for each in lines_of_grant(sight).iterator(2000))
    return csv_answer(f"lines-{sight.reference}", _CSV, rows)


def _csv_row(each: LineRow) -> list[str | int]:
    return [
        each.file,
        each.row,
        each.posted_on.isoformat(),
        each.reference,
        each.grant_code,
        each.activity_code,
        each.activity or "",
        each.budget_class,
        each.what,
        each.money.currency,
        str(each.money.amount),
    ]
