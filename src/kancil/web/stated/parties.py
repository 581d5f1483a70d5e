"""Reported accounts of a case, and one of them: the tab *Accounts*."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.studies.reported import CaseBook
from kancil.desk.studies.reported_words import account_said
from kancil.desk.studies.suggested import suggestions_of
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import grouped
from kancil.records.table import Column, Table, count, day, decimal, table_of, text
from kancil.studies.reported.book import PARTY_KIND
from kancil.studies.reported.totals import by_counterparty, by_day, by_publisher, least_of
from kancil.web.cells import Section, link, note, table
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import paged, part_of, said

from .deciding import suggested
from .described import cells_of, described, headings_of

ACCOUNTS: tuple[Column, ...] = (
    *text("party"), *PARTY_KIND, *text("asset"), *decimal("amount_in", "amount_out"),
    *count("rows"), *day("first_day", "last_day"),
)  # fmt: skip


@lru_cache(maxsize=4)
def accounts_table(found: CaseBook) -> Table:
    """Every party and asset with what came in and went out, the one with the most rows first."""
    book = found.book
    return table_of(
        "reported_accounts",
        ACCOUNTS,
        [
            {
                "party": book.name_of(party),
                "party_kind": book.parties[party].kind,
                "asset": book.assets[asset].symbol,
                "amount_in": book.amount_text(asset, total.came),
                "amount_out": book.amount_text(asset, total.went),
                "rows": total.rows,
                "first_day": total.days[0],
                "last_day": total.days[1],
            }
            for party, asset, total in found.sums
        ],
    )


def account_sections(
    request: HttpRequest, case: Case, found: CaseBook
) -> tuple[list[Section], list[Table]]:
    """All accounts, or the one that is asked for; raises PageNotFound for one that is not here."""
    asked = request.GET.get("party", "")
    if asked:
        party = found.book.by_id.get(asked)
        if party is None:
            raise PageNotFound
        sections, tables = _one(request, found, party)
        about = suggestions_of(found, party)
        if about:
            here = reverse("stated_decide", kwargs={"case": case.number})
            sections[1:1] = suggested(found, about, here, may=person_of(request).acts)
        return sections, tables
    listed = found.sums
    described_table = accounts_table(found)
    part = part_of(request, list(zip(listed, described_table.rows, strict=True)))
    rows: list[tuple[Cell, ...]] = []
    for (party, _asset, _total), row in part.object_list:
        cells = cells_of(described_table, row)
        url = f"?tab=accounts&party={found.book.parties[party].id}"
        rows.append((link(url, str(row[0])), *cells[1:]))
    section = table("table.reported-accounts", (), rows)
    section["columns"] = headings_of(described_table)
    section["more"] = {"url": "?tab=accounts&csv=reported_accounts",
                       "text": Phrase("web.recorded.csv")}  # fmt: skip
    listed_sections: list[Section] = [{**paged(section, part, "accounts"), "scroll": True}]
    again = len(found.twice.least_without())
    if again:
        listed_sections.insert(0, note("warn", "web.reported.sums-most", count=grouped(again)))
    return listed_sections, [described_table]


def _one(request: HttpRequest, found: CaseBook, party: int) -> tuple[list[Section], list[Table]]:
    book = found.book
    texts = []
    for of, asset, total in found.sums:
        if of == party:
            params: dict[str, Param] = {
                "account": book.name_of(party),
                "came": book.said_amount(asset, total.came),
                "went": book.said_amount(asset, total.went),
                "rows": total.rows,
                "since": total.days[0],
                "until": total.days[1],
            }
            texts.append(Phrase("web.reported.account", params))
            if least_of(book, of, asset, found.aside, found.twice) != (total.came, total.went):
                texts.append(account_said(found, of, asset, total))
    if not texts:
        texts = [Phrase("web.reported.account-aside", {"account": book.name_of(party)})]
    kind = Phrase(f"name.party-{book.parties[party].kind}")
    texts.append(Phrase("web.reported.account-kind", {"kind": kind}))
    sections: list[Section] = [said(texts)]
    if party in found.sinks:
        sections.append(note("info", "web.reported.account-service"))
    tables = [
        by_counterparty(book, party, found.aside),
        by_day(book, party, found.aside),
        by_publisher(book, party, found.aside),
    ]
    for each in tables:
        sections += described(request, each)
    return sections, tables
