"""Dated prices: tables that were imported, each with its source, and the form that imports one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.studies.actions import keep_prices
from kancil.desk.studies.queries import price_tables
from kancil.evidence.errors import MappingIncomplete, MappingNotReadable, TableTooLarge
from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.foreign import read_price_table
from kancil.evidence.tables.price_store import StoredPrices, price_rows
from kancil.evidence.tables.price_table import SPANS, PriceRead, PricesStated
from kancil.evidence.tables.table import MAX_FILE_BYTES, MAX_ROWS
from kancil.ground.clock import now
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.records.asset import MINOR_UNITS
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    form,
    identifier,
    link,
    note,
    number,
    show,
    table,
    when,
)
from kancil.web.forms import WordsForm, text
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

PAGE_ROWS = 50
SHOWN_SKIPS = 10
_ASKED_BY = {
    "--asset": "asset",
    "--currency": "currency",
    "--date-format": "date_format",
    "--decimal": "price_decimal",
    "--per": "span",
    "--zone": "table_zone",
}
"""Parts of what is stated, as reading names them, and the fields in which they are stated."""


@page("prices/", "prices", may=EVERYONE, menu="site", order=24)
def prices(request: HttpRequest) -> HttpResponse:
    """The price tables of the unit, each with its source."""
    tables = price_tables(unit_desk().workspace)
    add = reverse("prices_new")
    acts = person_of(request).acts
    buttons = [button(add, "web.prices.import", main=True)] if acts else []
    if not tables:
        nothing = empty("web.prices.empty", url=add if acts else "")
        return show(request, Phrase("web.room.prices"), [nothing])
    rows = [
        (
            link(reverse("prices_table", kwargs={"table": stored.id}), stored.file_name),
            stored.stated["source"],
            _pair(stored),
            number(stored.rows),
            number(sum(stored.skipped_codes.values())),
            stored.stated["fetched_on"] or Phrase("note.not-stated"),
            stored.stated["licence"] or Phrase("note.not-stated"),
        )
        for stored in tables
    ]
    columns = ("file", "published", "priced", "rows>", "skipped>", "fetched", "licence")
    sections: list[Section] = [
        note("info", "web.worth.rests"),
        table("web.prices.tables", columns, rows),
    ]
    return show(request, Phrase("web.room.prices"), sections, buttons=buttons)


def _pair(stored: StoredPrices) -> str:
    """Name what is priced in what, as the officer stated it; a table's columns may say more."""
    asset, currency = stored.stated["asset"], stored.stated["currency"]
    told = [each or words("web.prices.by-row") for each in (asset, currency)]
    return " / ".join(told)


class PricesForm(WordsForm):
    """What an officer states of a price table."""

    price_file = forms.FileField(max_length=4096)
    price_source = text(300)
    asset = text(20, required=False)
    currency = text(20, required=False)
    licence = text(200, required=False)
    fetched_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    table_zone = text(60)
    span = forms.ChoiceField(choices=())
    date_column = text(200, required=False)
    price_column = text(200, required=False)
    date_format = text(100, required=False)
    price_decimal = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer spans and decimal marks."""
        super().__init__(*args, **kwargs)
        offered = {
            "span": [(name, words(f"web.span.{name}")) for name in SPANS],
            "price_decimal": [
                ("", words("web.prices.as-seen")),
                *((mark, words(f"web.mapping.{key}")) for key, mark in
                  (("point", "."), ("comma", ","))),
            ],
        }  # fmt: skip
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_currency(self) -> str:
        """Refuse a currency that is none; letters may be small."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and code not in MINOR_UNITS:
            raise forms.ValidationError(words("web.prices.no-currency", code=code))
        return code

    def clean_fetched_on(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["fetched_on"]
        if day is not None and day > now().date() + timedelta(days=1):
            raise forms.ValidationError(words("note.not-yet"))
        return day

    @contextmanager
    def telling(self, field: str | None = None) -> Iterator[None]:
        """What is undecided or wrong at the field where it is decided."""
        with super().telling(field):
            try:
                yield
            except MappingIncomplete as error:
                for part in str(error.params["missing"]).split(", "):
                    self.add_error(_ASKED_BY[part], words("web.mapping.undecided"))
            except MappingNotReadable as error:
                told = words(f"error.{error.code}.sentence", **error.params)
                self.add_error(_ASKED_BY.get(str(error.params["part"])), told)

    def stated(self) -> PricesStated:
        """What was stated."""
        given = self.cleaned_data
        mark = given["price_decimal"]
        return PricesStated(
            source=given["price_source"].strip(),
            currency=given["currency"] or None,
            asset=given["asset"].strip() or None,
            licence=given["licence"].strip(),
            fetched_on=given["fetched_on"],
            zone=given["table_zone"].strip(),
            span=given["span"],
            time_format=given["date_format"].strip() or None,
            amount=AmountForm(mark, "," if mark == "." else ".") if mark else None,
            time_column=given["date_column"].strip() or None,
            price_column=given["price_column"].strip() or None,
        )


@page(
    "prices/import/",
    "prices_new",
    may=ACTING,
    methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)
def prices_new(request: HttpRequest) -> HttpResponse:
    """Import a dated table of prices, with its source."""
    first = {"asset": "BTC", "table_zone": "UTC", "span": "day"}
    asked = PricesForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling():
            name, data = _sent(asked.cleaned_data["price_file"])
            read = read_price_table(io.BytesIO(data), name, asked.stated())
            stored = keep_prices(desk.ledger, desk.workspace, read, by=desk.server(request))
            told = "web.prices.imported" if stored.is_new else "web.prices.known"
            messages.success(
                request,
                words(told, rows=grouped(len(read.prices)), skipped=grouped(len(read.skipped))),
            )
            messages.info(
                request, " ".join(words(each.key, **each.params) for each in read.reasons)
            )
            if read.skipped:
                messages.warning(request, _left_out(read))
            return redirect("prices_table", table=stored.id)
    sections = [
        form("web.prices.import", asked, submit="web.prices.import", text="web.prices.text")
    ]
    way = [{"url": reverse("prices"), "name": Phrase("web.room.prices")}]
    return show(request, Phrase("web.prices.import"), sections, crumbs=way)


def _left_out(read: PriceRead) -> str:
    """Which rows were left out and why, the first of them."""
    told = [
        words(f"skip.{skip.code}", place=skip.place, **skip.params)
        for skip in read.skipped[:SHOWN_SKIPS]
    ]
    more = len(read.skipped) - len(told)
    told += [words("web.prices.more-skips", count=grouped(more))] if more else []
    return " ".join(told)


def _sent(sent: UploadedFile[Any]) -> tuple[str, bytes]:
    """The name and bytes of a table that was sent; raises TableTooLarge."""
    name = plain_name(str(sent.name or ""))
    if (sent.size or 0) > MAX_FILE_BYTES:
        raise TableTooLarge(path=name, megabytes=MAX_FILE_BYTES // 1_000_000, rows=MAX_ROWS)
    return name, sent.read()


@page("prices/<str:table>/", "prices_table", may=EVERYONE)
def prices_table(request: HttpRequest, table: str) -> HttpResponse:
    """One price table: what was stated of it, and its rows."""
    workspace = unit_desk().workspace
    found = next((each for each in price_tables(workspace) if each.id == table), None)
    if found is None:
        raise PageNotFound
    part = Paginator(price_rows(workspace.prices_dir, found.id), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    stated = found.stated
    unstated = Phrase("note.not-stated")
    told = [
        ("published", stated["source"]),
        ("priced", _pair(found)),
        ("licence", stated["licence"] or unstated),
        ("fetched", stated["fetched_on"] or unstated),
        ("zone", stated["zone"]),
        ("span", Phrase(f"web.span.{stated['span']}")),
        ("sha256", identifier(found.file_sha256)),
        ("rows", number(found.rows)),
        ("skipped", number(sum(found.skipped_codes.values()))),
    ]
    rows = [
        (
            row.dated,
            f"{row.price:f} {row.currency}",
            row.asset,
            when(row.start),
            when(row.end),
            row.place,
        )
        for row in part
    ]
    columns = ("dated", "price>", "asset", "answers-from", "answers-to", "place")
    sections = [facts("web.prices.stated", told), {**_rows(columns, rows), "pages": part}]
    way = [{"url": reverse("prices"), "name": Phrase("web.room.prices")}]
    title = Phrase("web.prices.title", {"file": found.file_name})
    return show(request, title, sections, crumbs=way)


def _rows(columns: tuple[str, ...], rows: list[Any]) -> Section:
    return table("web.prices.rows", columns, rows)
