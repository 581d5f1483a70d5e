"""Tables of rates of exchange: whose they are, of which day, and what they list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.money.rates import (
    RATE_TABLES,
    add_rate_table,
    import_rate_table,
    withdraw_rate_table,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.funding import RateTableInput
from kancil.programme.money.rates import MOST_DAYS
from kancil.programme.money.sheets import MAX_FILE_BYTES
from kancil.records.described import Input
from kancil.web.acting import ActForm, show_wide
from kancil.web.cells import Section, facts, limits, table, tag
from kancil.web.described import DescribedForm, list_file, list_page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .words import way

_WAY: tuple[str, dict[str, str], Phrase] = ("rates", {}, Phrase("web.room.rates"))


def whole_file(sent: Any) -> bytes:
    """The bytes of a file that was sent, one more than is read at most."""
    found: bytes = sent.read(MAX_FILE_BYTES + 1)
    return found


class RatesForm(DescribedForm):
    """A table of rates: from a file, or a few of them typed."""

    act = "rates"
    given = RateTableInput
    money_file = forms.FileField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Take one of the two."""
        given = super().clean()
        if not self.errors and bool(self.typed.per_base) == bool(given.get("money_file")):
            self.add_error("rates", words("web.money.one-of-two"))
        return given


def _state(row: Any) -> Cell:
    if row.withdrawn_at is not None:
        return tag("unknown", "web.money.withdrawn")
    return tag("intact", "web.money.in-use")


@page("grants/rates/", "rates", may=MONEY)
def all_rates(request: HttpRequest) -> HttpResponseBase:
    """Every table, the newest first."""
    rules = [Phrase("web.money.rule-rates"), Phrase("web.money.rule-days", {"days": MOST_DAYS})]
    return list_page(
        request,
        RATE_TABLES,
        desk_of(person_of(request)),
        plural="rates",
        cells={"withdrawn": _state},
        may_add=True,
        below=[limits(rules)],
        crumbs=way(),
    )


@page("grants/rates/rates.csv", "rates_file", may=MONEY)
def rates_file(request: HttpRequest) -> HttpResponseBase:
    """The same list as a file."""
    return list_file(request, RATE_TABLES, desk_of(person_of(request)), plural="rates")


@page("grants/rates/new/", "rate_table_new", may=MONEY, methods=("GET", "POST"),
      body_bytes=FILE_FORM_BYTES)  # fmt: skip
def rate_table_new(request: HttpRequest) -> HttpResponseBase:
    """Add a table, typed or from a file."""
    person = person_of(request)
    asked = RatesForm.asked(request, desk=desk_of(person), initial={"base": "USD"})
    if asked.is_ready:
        with asked.telling():
            sent = asked.cleaned_data["money_file"]
            made = (
                import_rate_table(
                    by=person, given=asked.typed, data=whole_file(sent), file_name=sent.name
                )
                if sent
                else add_rate_table(by=person, given=asked.typed)
            )
            messages.success(request, words("web.money.saved"))
            return redirect("rate_table", rate_table=made.id)
    title = "web.list-rates.new"
    sections = [asked.section(title, text="web.money.rates-text")]
    return show_wide(request, Phrase(title), sections, crumbs=way(_WAY))


class WithdrawForm(ActForm):
    """That a table was wrong."""

    act = "withdraw"
    money_sure = forms.BooleanField()


@page("grants/rates/<str:rate_table>/", "rate_table", may=MONEY, methods=("GET", "POST"),
      sample={"rate_table": "none"})  # fmt: skip
def one_table(request: HttpRequest, rate_table: str) -> HttpResponseBase:
    """One table with its rates; one that was wrong is taken out of use."""
    person = person_of(request)
    row = RATE_TABLES.row(desk_of(person), rate_table)
    asked = WithdrawForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            withdraw_rate_table(by=person, on=row.id, given=Input())
            messages.success(request, words("web.money.saved"))
            return redirect("rates")
    about: list[tuple[str, Cell]] = [
        ("money-source", row.source),
        ("money-valid", row.valid_from.isoformat()),
        ("money-base", row.base),
        ("added-by", row.by.name),
        ("state", _state(row)),
    ]
    rates = [(each.currency, each.per_base) for each in row.rates.all()]
    sections: list[Section] = [facts("web.money.about-rates", about), _rates(row.base, rates)]
    if row.withdrawn_at is None:
        sections.append(asked.section("web.money.withdraw", text="web.money.withdraw-text"))
    return show_wide(request, Phrase("web.room.rate-table"), sections, crumbs=way(_WAY))


def _rates(base: str, rates: list[tuple[str, str]]) -> Section:
    one = table("web.money.rates-listed", ("money-currency", "money-rate>"), rates)
    return {**one, "heading": Phrase("web.money.rates-listed", {"base": base})}
