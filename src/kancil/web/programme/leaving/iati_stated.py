"""What imported IATI files of others state: a list with a search, and one activity whole."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.programme.iati.stated import (
    StatedWhole,
    stated_activities,
    stated_activity,
    stated_listed,
    totals,
)
from kancil.ground.days import span
from kancil.ground.money import money_text, number_text
from kancil.ground.phrase import Phrase
from kancil.ground.words import has
from kancil.web.cells import (
    Section,
    asking,
    empty,
    facts,
    folded,
    limits,
    link,
    note,
    number,
    rows_left,
    show,
    table,
)
from kancil.web.forms import WordsForm
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

_A_PAGE = 50
_MOST_LINES = 200


class FindForm(WordsForm):
    """What is looked for."""

    iati_find = forms.CharField(max_length=100, required=False)


@page("iati/stated/", "iati_stated", may=OFFICERS)
def iati_stated(request: HttpRequest) -> HttpResponse:
    """Activities as files of others state them."""
    find = request.GET.get("iati_find", "").strip()[:100]
    found = stated_activities(person_of(request), find)
    part = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    sections: list[Section] = [note("info", "web.iati.stated-apart", count=part.paginator.count)]
    if part.paginator.count or find:
        asked = FindForm({"iati_find": find})
        sections.append(asking("web.iati.stated-find", asked, submit="web.iati.stated-find-do"))
    rows: list[tuple[Cell, ...]] = []
    for each in map(stated_listed, part):
        there = reverse("iati_stated_one", kwargs={"stated": each.id})
        rows.append((
            link(there, each.title), each.identifier, each.reporter,
            each.begins_on.isoformat() if each.begins_on else "–",
            each.ends_on.isoformat() if each.ends_on else "–",
        ))  # fmt: skip
    columns = ("iati-named", "iati-identifier", "iati-reporter", "iati-begins", "iati-ends")
    sections.append(
        table("web.iati.stated", columns, rows, pages=part) if rows
        else empty("web.iati.stated-none", url=reverse("iati_import"))
    )  # fmt: skip
    crumbs = [{"url": reverse("iati"), "name": Phrase("web.iati.title")}]
    return show(request, Phrase("web.iati.stated"), sections, crumbs=crumbs)


@page("iati/stated/<str:stated>/", "iati_stated_one", may=OFFICERS, sample={"stated": "none"})
def iati_stated_one(request: HttpRequest, stated: str) -> HttpResponse:
    """One activity as its file states it."""
    found = stated_activity(person_of(request), stated)
    sections = [
        note("info", "web.iati.stated-by", reporter=found.said.reporter or found.said.identifier),
        _about(found), *_money(found), *_numbers(found), *_codes(found), *_left_out(found),
        limits([Phrase("web.iati.stated-limit")]),
    ]  # fmt: skip
    crumbs = [
        {"url": reverse("iati"), "name": Phrase("web.iati.title")},
        {"url": reverse("iati_stated"), "name": Phrase("web.iati.stated")},
    ]
    title = Phrase("web.iati.stated-title", {"title": found.said.title})
    return show(request, title, sections, crumbs=crumbs)


def _coded(kind: str, code: str) -> Cell:
    """A code of the standard's lists in words, where we have them."""
    key = f"programme.iati-{kind}.{code}"
    return Phrase(key) if has(key) else code or "–"


def _about(found: StatedWhole) -> Section:
    said = found.said
    known = said.begins or said.ends
    days = [each.isoformat() if each else "…" for each in (said.begins, said.ends)]
    told: list[tuple[str, Cell]] = [
        ("iati-identifier", said.identifier),
        ("iati-reporter", f"{said.reporter} ({said.reporter_ref})" if said.reporter_ref
         else said.reporter),
        ("iati-state", _coded("status", said.status)),
        ("iati-days", " – ".join(days) if known else "–"),
        ("iati-level", said.hierarchy),
        ("iati-description", said.description),
        ("iati-file", Phrase("web.iati.stated-line", {"name": found.listed.file_name,
                                                      "line": found.listed.line})),
    ]  # fmt: skip
    if found.activity:
        own = reverse("activity", kwargs={"activity": found.activity})
        told.append(("iati-own", link(own, Phrase("web.iati.stated-own"))))
    return facts("web.iati.stated-about", [(name, cell) for name, cell in told if cell != ""])


def _money(found: StatedWhole) -> list[Section]:
    money = found.said.money
    if not money:
        return []
    sums = [
        (_coded(kind, type), currency or Phrase("web.iati.no-currency"),
         number_text(currency, amount))
        for (kind, type, currency), amount in totals(money).items()
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            _coded(each.kind, each.type),
            span(each.begins, each.ends or each.begins) if each.begins else "–",
            money_text(each.currency, Decimal(each.amount)),
            " → ".join(filter(None, (each.provider, each.receiver))) or "–",
            each.what or "–",
        )
        for each in money[:_MOST_LINES]
    ]
    columns = ("iati-what", "iati-days", "iati-amount>", "iati-between", "iati-description")
    return [
        table("web.iati.stated-sums", ("iati-what", "iati-currency", "iati-amount>"), sums),
        folded("web.iati.stated-money", columns, rows, count=len(money)),
        *rows_left(len(rows), len(money)),
    ]


def _numbers(found: StatedWhole) -> list[Section]:
    numbers = found.said.numbers
    if not numbers:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            each.result or "–", each.indicator or "–",
            span(each.begins, each.ends or each.begins) if each.begins else "–",
            each.baseline or "–", each.target or "–", each.actual or "–",
        )
        for each in numbers[:_MOST_LINES]
    ]  # fmt: skip
    columns = ("iati-result", "iati-indicator", "iati-days", "iati-baseline>", "iati-target>",
               "iati-actual>")  # fmt: skip
    return [table("web.iati.stated-results", columns, rows), *rows_left(len(rows), len(numbers))]


def _codes(found: StatedWhole) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (Phrase(f"web.iati-code-{each.kind}"), each.code, each.vocabulary or "–", each.name or "–",
         f"{each.percentage} %" if each.percentage else "–")
        for each in found.said.codes
    ]  # fmt: skip
    rows += [
        (_coded("role", each.role), each.ref or "–", "–", each.name or "–", "–")
        for each in found.said.parties
    ]
    rows += [(_coded("related", type), ref, "–", "–", "–") for type, ref in found.said.related]
    columns = ("iati-what", "iati-code", "iati-vocabulary", "iati-named", "iati-share>")
    return [folded("web.iati.stated-codes", columns, rows, count=len(rows))] if rows else []


def _left_out(found: StatedWhole) -> list[Section]:
    rows = [(Phrase(f"why.iati-{reason}"), number(n)) for reason, n in found.said.left_out]
    return [table("web.iati.stated-left", ("iati-reason", "iati-count>"), rows)] if rows else []
