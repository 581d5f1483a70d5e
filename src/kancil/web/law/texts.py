"""One text of law, and two of them side by side: an officer pairs elements, nothing is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.law.queries import law_library, offence_named
from kancil.desk.people.queries import case_ids_of
from kancil.desk.requests.queries import open_letters
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.legal.library import Library
from kancil.legal.offences import Beside, OffenceText, SideBySide, side_by_side
from kancil.web.cells import Section, choosing, facts, limits, link, show, table
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell, Choice, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .pages import names

PAIR = "pair-"
"""Begins the name of an element's choice of counterpart."""


def _library() -> Library:
    desk = unit_desk()
    return law_library(desk.ledger, desk.workspace)


def _words(heading: str, text: str) -> Section:
    return {"kind": "words", "heading": Phrase(heading), "text": text}


@page("law/texts/<str:offence>/", "law_text", may=EVERYONE, sample={"offence": "none"})
def law_text(request: HttpRequest, offence: str) -> HttpResponse:
    """A text of law with its source, and the elements that an officer entered."""
    library = _library()
    found = offence_named(library, offence)
    told: list[tuple[str, Cell]] = [
        ("country", names().get(found.country, found.country)),
        ("law-text", found.law),
        ("article", found.article),
        ("law-penalty", found.maximum_penalty),
        ("in-force-on", found.in_force_on.isoformat()),
        ("of-source", found.source),
        ("law-verified", found.verified_on.isoformat()),
    ]  # fmt: skip
    if found.repealed_on:
        told.append(("law-repealed", found.repealed_on.isoformat()))
    sections = [_words("web.unit-law.text", found.text)]
    if found.translation:
        sections.append(_words("web.unit-law.translation", found.translation))
        told.append(("law-translated", found.translation_by or Phrase("note.not-stated")))
    sections.append(facts("web.unit-law.about", told))
    if found.elements:
        rows = [(Phrase(f"law.part-{each.part}"), each.text) for each in found.elements]
        sections.append(table("web.unit-law.elements", ("law-part", "law-element"), rows))
    others = {id: each for id, each in library.offences.items() if id != offence}
    if others:
        compare = [
            (
                link(reverse("law_beside", kwargs={"offence": offence, "right": id}), each.title),
                names().get(each.country, each.country), f"{each.law}, {each.article}",
            )
            for id, each in others.items()
        ]  # fmt: skip
        columns = ("title", "country", "law-text")
        sections.append(table("web.unit-law.beside", columns, compare))
    way = [{"url": reverse("law"), "name": Phrase("web.room.law")}]
    return show(request, Phrase("web.unit-law.named", {"name": found.title}), sections, crumbs=way)


@page(
    "law/texts/<str:offence>/beside/<str:right>/",
    "law_beside",
    may=EVERYONE,
    sample={"offence": "none", "right": "none"},
)
def law_beside(request: HttpRequest, offence: str, right: str) -> HttpResponse:
    """Two texts of law side by side, their elements paired as the reader chooses."""
    library = _library()
    left, other = offence_named(library, offence), offence_named(library, right)
    pairs = [
        (name.removeprefix(PAIR), value)
        for name, value in request.GET.dict().items()
        if name.startswith(PAIR) and value
    ]
    compared = side_by_side(left, other, pairs)
    sections: list[Section] = [
        {"kind": "told", "heading": Phrase("web.unit-law.answer"), "texts": [compared.answer]},
        _both(compared),
    ]
    if compared.rows:
        sections.append(_pairing(compared, pairs))
    sections += _letters(request, compared, pairs)
    sections.append(limits([Phrase("web.unit-law.beside-limit")]))
    way = [
        {"url": reverse("law"), "name": Phrase("web.room.law")},
        {"url": reverse("law_text", kwargs={"offence": offence}), "name": left.title},
    ]
    title = Phrase("web.unit-law.two", {"left": left.title, "right": other.title})
    return show(request, title, sections, crumbs=way)


def _letters(
    request: HttpRequest, compared: SideBySide, pairs: list[tuple[str, str]]
) -> list[Section]:
    """Letters between both countries that may still be changed, to take the pair into one."""
    person = person_of(request)
    if not person.acts:
        return []
    desk, ends = unit_desk(), (compared.left.country, compared.right.country)
    cases = [CaseId(each) for each in case_ids_of(person)]
    asked = urlencode([("beside", f"{compared.left.id}:{compared.right.id}"),
                       *((PAIR + left, right) for left, right in pairs)])  # fmt: skip
    rows = []
    for held, letter in open_letters(desk.ledger, desk.workspace, cases, ends):
        given = {"case": letter.case.removeprefix("C"), "number": held.history.number}
        url = f"{reverse('request_edit', kwargs=given)}?{asked}"
        rows.append((link(url, f"{letter.case} {held.label}"),
                     Phrase(f"name.request-{letter.kind}"), letter.addressee.name))  # fmt: skip
    if not rows:
        return []
    columns = ("due-request", "kind", "due-office")
    return [table("web.unit-law.into-letter", columns, rows)]


def _both(compared: SideBySide) -> Section:
    """Both laws: what they say, since when, and the most that they punish with."""
    sides = (compared.left, compared.right)
    rows: list[tuple[Cell, ...]] = [
        (Phrase("web.column.law-text"), *(f"{each.law}, {each.article}" for each in sides)),
        (Phrase("web.column.title"), *(each.title for each in sides)),
        (Phrase("web.unit-law.text"), *(each.translation or each.text for each in sides)),
        (Phrase("web.column.law-penalty"), *(each.maximum_penalty for each in sides)),
        (Phrase("web.column.in-force-on"), *(_in_force(each) for each in sides)),
        (Phrase("web.column.of-source"), *(each.source for each in sides)),
        (Phrase("web.column.law-verified"), *(each.verified_on.isoformat() for each in sides)),
    ]
    return _under_names(table("web.unit-law.both", ("law-part",), rows), compared)


def _in_force(offence: OffenceText) -> str:
    ended = f" – {offence.repealed_on.isoformat()}" if offence.repealed_on else ""
    return offence.in_force_on.isoformat() + ended


def _under_names(section: Section, compared: SideBySide) -> Section:
    """Put both countries above the columns."""
    (first,) = section["columns"][:1]
    known = names()
    of = [type(first)(known.get(each.country, each.country))
          for each in (compared.left, compared.right)]  # fmt: skip
    return {**section, "columns": [first, *of]}


def _pairing(compared: SideBySide, pairs: list[tuple[str, str]]) -> Section:
    """Elements with a choice of counterpart; sent as an address, so nothing is kept."""
    chosen = dict(pairs)
    section = choosing(
        "web.unit-law.elements", ("law-part",), list(_rows(compared, chosen)),
        submit="web.unit-law.pair", text=Phrase("web.unit-law.pair-text"), is_asking=True,
    )  # fmt: skip
    return _under_names(section, compared)


def _rows(compared: SideBySide, chosen: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    offered = [("", Phrase("web.unit-law.no-counterpart"))]
    offered += [(each.id, Phrase("web.unit-law.quoted", {"text": each.text}))
                for each in compared.right.elements]  # fmt: skip
    for row in compared.rows:
        yield Phrase(f"law.part-{row.part}"), *_cells(row, chosen, offered)


def _cells(
    row: Beside, chosen: Mapping[str, str], offered: list[tuple[str, Phrase]]
) -> tuple[Cell, Cell]:
    if row.left is None:
        return Phrase("web.unit-law.no-counterpart"), row.right.text if row.right else None
    label = Phrase("web.unit-law.counterpart", {"text": row.left.text})
    choice = Choice(PAIR + row.left.id, label, offered, chosen.get(row.left.id, ""))
    return row.left.text, Several([row.right.text, choice]) if row.right else choice
