"""Tables of rates of exchange: whose they are, of which day, and what they list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.actions.rates import (
    add_rate_table,
    import_rate_table,
    withdraw_rate_table,
)
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.queries.rates import rate_tables, rates_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.money.rates import MOST_DAYS
from kancil.programme.money.sheets import MAX_FILE_BYTES
from kancil.web.acting import ActForm, show_wide
from kancil.web.cells import Section, empty, facts, limits, link, number, table, tag
from kancil.web.drafts import DraftedForm
from kancil.web.forms import day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .grant_forms import currency_field
from .words import way


def whole_file(sent: Any) -> bytes:
    """The bytes of a file that was sent, one more than is read at most."""
    found: bytes = sent.read(MAX_FILE_BYTES + 1)
    return found


class RatesForm(DraftedForm):
    """A table of rates: from a file, or a few of them typed."""

    act = "rates"
    past = ("money_valid",)
    money_source = text(300)
    money_base = currency_field()
    money_valid = day(required=True)
    money_file = forms.FileField(required=False, max_length=200)
    money_rates = text(5000, required=False, lines=4)

    def clean(self) -> dict[str, Any]:
        """Take one of the two, and each line as a currency and a rate."""
        given = super().clean()
        pairs = [each.split() for each in given.get("money_rates", "").splitlines() if each.strip()]
        if bool(pairs) == bool(given.get("money_file")):
            self.add_error("money_rates", words("web.money.one-of-two"))
        elif any(len(each) != 2 for each in pairs):
            self.add_error("money_rates", words("web.money.rate-line"))
        else:
            given["pairs"] = {currency.upper(): rate for currency, rate in pairs}
        return given


@page("grants/rates/", "rates", may=MONEY, methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES)
def all_rates(request: HttpRequest) -> HttpResponseBase:
    """Every table, the newest first, and a form for one more."""
    found = rate_tables(desk_of(person_of(request)))
    asked = RatesForm.asked(request, initial={"money_base": "USD"})
    if asked.is_ready:
        with asked.telling():
            made = _keep(request, asked.cleaned_data)
            messages.success(request, words("web.money.saved"))
            return redirect("rate_table", table=made)
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("rate_table", kwargs={"table": each.id}), each.valid_from.isoformat()),
            each.source,
            each.base,
            each.by,
            tag("unknown", "web.money.withdrawn") if each.is_withdrawn
            else tag("intact", "web.money.in-use"),
            number(each.count),
        )
        for each in found
    ]  # fmt: skip
    columns = ("money-valid", "money-source", "money-base", "added-by", "state", "money-rates>")
    sections: list[Section] = [
        table("web.room.rates", columns, rows) if rows else empty("web.money.no-rates"),
        asked.section("web.money.rates-new", submit="web.money.save", text="web.money.rates-text"),
        limits(
            [Phrase("web.money.rule-rates"), Phrase("web.money.rule-days", {"days": MOST_DAYS})]
        ),
    ]
    return show_wide(request, Phrase("web.room.rates"), sections, crumbs=way())


def _keep(request: HttpRequest, given: dict[str, Any]) -> str:
    about: dict[str, Any] = {
        "by": person_of(request),
        "source": given["money_source"],
        "base": given["money_base"].upper(),
        "valid_from": given["money_valid"],
    }
    sent = given["money_file"]
    if sent:
        return import_rate_table(**about, data=whole_file(sent), file_name=sent.name)
    return add_rate_table(**about, rates=given["pairs"])


class WithdrawForm(ActForm):
    """That a table was wrong."""

    act = "withdraw"
    money_sure = forms.BooleanField()


@page("grants/rates/<str:table>/", "rate_table", may=MONEY, methods=("GET", "POST"),
      sample={"table": "none"})  # fmt: skip
def one_table(request: HttpRequest, table: str) -> HttpResponseBase:
    """One table with its rates; one that was wrong is taken out of use."""
    row, rates = rates_of(desk_of(person_of(request)), table)
    asked = WithdrawForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            withdraw_rate_table(by=person_of(request), table=row.id)
            messages.success(request, words("web.money.saved"))
            return redirect("rates")
    about: list[tuple[str, Cell]] = [
        ("money-source", row.source),
        ("money-valid", row.valid_from.isoformat()),
        ("money-base", row.base),
        ("added-by", row.by),
        ("state", Phrase("web.money.withdrawn" if row.is_withdrawn else "web.money.in-use")),
    ]
    sections: list[Section] = [facts("web.money.about-rates", about), _rates(row.base, rates)]
    if not row.is_withdrawn:
        sections.append(asked.section("web.money.withdraw", text="web.money.withdraw-text"))
    crumbs = way(("rates", {}, Phrase("web.room.rates")))
    return show_wide(request, Phrase("web.room.rate-table"), sections, crumbs=crumbs)


def _rates(base: str, rates: list[tuple[str, str]]) -> Section:
    one = table("web.money.rates-listed", ("money-currency", "money-rate>"), rates)
    return {**one, "heading": Phrase("web.money.rates-listed", {"base": base})}
