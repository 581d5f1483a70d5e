"""The page *Law*: on which law a request may stand, how countries stand to treaties, own texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.country import countries, regions
from kancil.desk.law.actions import import_law
from kancil.desk.law.errors import LawFileTooLarge
from kancil.desk.law.queries import law_library
from kancil.ground.clock import now
from kancil.ground.files import plain_name
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.ground.yaml_tree import LIMIT_BYTES
from kancil.legal.bases import Bound, PossibleBasis
from kancil.legal.instruments.instrument import Instrument, instruments
from kancil.legal.instruments.status import TreatyStatus, treaties_compiled_on, treaty_warnings
from kancil.legal.library import Library
from kancil.legal.requests import kinds
from kancil.web.cells import (
    Section,
    asking,
    button,
    empty,
    folded,
    form,
    limits,
    link,
    show,
    table,
    tag,
)
from kancil.web.forms import WordsForm, choose, day
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Kind, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

_BOUND: Mapping[Bound, Kind] = {
    Bound.YES: "intact", Bound.UNVERIFIED: "unknown", Bound.NOT_KNOWN: "unknown", Bound.NO: "warn",
}  # fmt: skip


def names() -> dict[str, str]:
    """Countries by their two letters: those of the region that comes first, then all by name."""
    first, every = regions()[0].id, countries().values()
    ordered = sorted(every, key=lambda each: (each.region != first, each.name))
    return {each.iso2: each.name for each in ordered}


class BasisForm(WordsForm):
    """What is asked about legal bases."""

    law_kind = forms.ChoiceField(choices=())
    law_with = forms.ChoiceField(choices=())
    law_from = forms.ChoiceField(choices=())
    law_on = day()
    options = ("law_from", "law_on")

    def __init__(self, *args: Any, known: Mapping[str, str], **kwargs: Any) -> None:
        """Offer kinds of request and countries."""
        super().__init__(*args, **kwargs)
        choose(
            self, "law_kind", [(each.name, words(f"name.request-{each.name}")) for each in kinds()]
        )
        for name in ("law_with", "law_from"):
            choose(self, name, list(known.items()))


@page("law/", "law", may=EVERYONE, menu="site", order=25)
def law(request: HttpRequest) -> HttpResponse:
    """On which law a request may stand, and the law that the unit keeps."""
    desk = unit_desk()
    library = law_library(desk.ledger, desk.workspace)
    home, known = desk.workspace.unit.country, names()
    known |= {code: code for code in (home, *library.countries) if code not in known}
    other = next(code for code in known if code != home)
    today = now().astimezone(desk.workspace.zone).date()
    first = {"law_kind": "freeze", "law_with": other, "law_from": home, "law_on": today}
    asked = BasisForm(request.GET if "law_kind" in request.GET else None, initial=first,
                      known=known)  # fmt: skip
    ends, sections = (home, other), []
    if asked.is_bound and asked.is_valid():
        given = asked.cleaned_data
        ends = (given["law_from"], given["law_with"])
        on = given["law_on"] or today
        found = library.bases(given["law_kind"], *ends, on)
        sections = [_answer(found, given["law_kind"], ends, known), *_bases(found, known)]
    sections.append(asking("web.unit-law.ask", asked, submit="web.unit-law.find"))
    sections.append(_treaties(library, ends, known))
    acts = person_of(request).acts
    sections += own_law(library, known, acts=acts)
    told = [Phrase("web.unit-law.limit", {"day": treaties_compiled_on().isoformat()})]
    told += [Phrase("web.unit-law.quoted", {"text": each}) for each in treaty_warnings()]
    sections.append(limits(told))
    buttons = [button(reverse("law_import"), "web.room.law-import", main=True)] if acts else []
    return show(request, Phrase("web.room.law"), sections, buttons=buttons)


def _answer(
    found: tuple[PossibleBasis, ...], kind: str, ends: tuple[str, str], known: Mapping[str, str]
) -> Section:
    """The answer in a sentence, and who chooses."""
    binding = [each.name for each in found if each.bound is Bound.YES]
    params: dict[str, Param] = {
        "kind": Phrase(f"name.request-{kind}"),
        "requesting": known[ends[0]],
        "requested": known[ends[1]],
        "names": "; ".join(binding),
    }
    key = "web.unit-law.some" if binding else "web.unit-law.no-one"
    texts = [Phrase(key, params)]
    if generally := [each.name for each in found if each.bound is Bound.UNVERIFIED]:
        texts.append(Phrase("web.unit-law.generally", {"names": "; ".join(generally)}))
    texts.append(Phrase("note.law-officer-chooses"))
    return {"kind": "told", "heading": Phrase("web.unit-law.answer"), "texts": texts}


def _bases(found: tuple[PossibleBasis, ...], known: Mapping[str, str]) -> list[Section]:
    """Each basis with why it binds or not; what its articles give is folded below."""
    rows = [
        (
            Several([each.name, form]) if each.name else form,
            tag(_BOUND[each.bound], f"law.bound-{each.bound}"),
            _numbers(each),
            Several(each.sentences(known)),
            Several(_sources(each)),
        )
        for each in found
        for form in [Phrase(f"law.form-{each.form}")]
    ]
    columns = ("law-basis", "law-bound", "law-articles", "why", "of-source")
    given = [
        (f"{each.name}, {article.number}", article.gives, each.conditions, each.source)
        for each in found
        for article in each.articles
    ]
    below = ("law-text", "law-gives", "law-conditions", "of-source")
    return [
        table("web.unit-law.bases", columns, rows),
        folded("web.unit-law.articles", below, given),
    ]


def _numbers(basis: PossibleBasis) -> Cell:
    numbers = ", ".join(each.number for each in basis.articles)
    if basis.is_own or not numbers:
        return numbers
    return Phrase("web.unit-law.general", {"numbers": numbers})


def _sources(basis: PossibleBasis) -> list[Cell]:
    """Who says how both stand, or where an agreement is from."""
    told = [side.status.source for side in basis.sides if side.status.source]
    told += [] if basis.sides else [basis.source or ""]
    entry = basis.entry
    told += [f"{entry.note or ''} {entry.source}".strip()] if basis.sides and entry else []
    return list(dict.fromkeys(filter(None, told))) or [Phrase("note.not-stated")]


def _treaties(library: Library, ends: tuple[str, str], known: Mapping[str, str]) -> Section:
    """Each instrument, whether it is in force, and how both countries stand to it."""
    sides = dict.fromkeys(ends)
    rows = [
        (
            each.name,
            _entry(each, library),
            *(_standing(library.status(country, each.id)) for country in sides),
            each.check_at,
        )
        for each in instruments().values()
    ]
    found = table("web.unit-law.treaties", ("instrument", "in-force-on", "law-check-at"), rows)
    first, second, last = found["columns"]
    between = [type(first)(known[country]) for country in sides]
    return {**found, "columns": [first, second, *between, last]}


def _entry(instrument: Instrument, library: Library) -> Cell:
    entry = library.entries.get(instrument.id, instrument.entry)
    if entry.in_force_on is not None:
        return entry.in_force_on.isoformat()
    if entry.not_before is not None:
        return Phrase("web.unit-law.not-before", {"day": entry.not_before.isoformat()})
    return entry.note


def _standing(row: TreatyStatus) -> Cell:
    if row.status is None:
        return tag("unknown", "law.bound-not-known")
    since = row.in_force_on or row.ratified_on or row.acceded_on or row.signed_on
    key = "web.unit-law.status-since" if since else "web.unit-law.status"
    told: dict[str, Param] = {"status": row.status.words, "since": since or "",
            "as_of": row.as_of or ""}  # fmt: skip
    return Several([Phrase(key, told), row.source])


def own_law(library: Library, known: Mapping[str, str], *, acts: bool) -> list[Section]:
    """The unit's texts of law and agreements, each with its source and when it was looked at."""
    if not (library.offences or library.agreements):
        url = reverse("law_import") if acts else ""
        return [empty("web.unit-law.none", url=url, icon="empty")]
    texts = [
        (
            link(reverse("law_text", kwargs={"offence": each.id}), f"{each.law}, {each.article}"),
            each.title, known.get(each.country, each.country), each.maximum_penalty,
            each.in_force_on.isoformat(), each.source, each.verified_on.isoformat(),
        )
        for each in library.offences.values()
    ]  # fmt: skip
    columns = ("law-text", "title", "country", "law-penalty", "in-force-on", "of-source",
               "law-verified")  # fmt: skip
    agreed = [
        (
            each.title, Phrase(f"law.form-{each.form}"),
            Several([known.get(code, code) for code in (each.country, each.other) if code]),
            Several([
                Phrase("web.unit-law.article", {"number": one.number, "text": one.text})
                for one in each.clauses
            ]),
            each.in_force_on.isoformat() if each.in_force_on else None, each.source,
            each.verified_on.isoformat(),
        )
        for each in library.agreements.values()
    ]  # fmt: skip
    found = [table("web.unit-law.texts", columns, texts)] if texts else []
    if agreed:
        columns = ("title", "law-basis", "country", "article", "in-force-on", "of-source",
                   "law-verified")  # fmt: skip
        found.append(table("web.unit-law.agreements", columns, agreed))
    return found


class ImportForm(WordsForm):
    """A file of law."""

    unit_law_file = forms.FileField(max_length=4096)


@page("law/import/", "law_import", may=ACTING, methods=("GET", "POST"), body_bytes=5_000_000)
def law_import(request: HttpRequest) -> HttpResponse:
    """Import a file of law; one with a fault changes nothing."""
    asked = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and asked.is_valid():
        desk, sent = unit_desk(), asked.cleaned_data["unit_law_file"]
        with asked.telling("unit_law_file"):
            name = plain_name(str(sent.name or ""))
            if (sent.size or 0) > LIMIT_BYTES:
                raise LawFileTooLarge(path=name, megabytes=LIMIT_BYTES // 1_000_000)
            done = import_law(
                desk.ledger, desk.workspace, data=sent.read(), name=name, by=desk.server(request)
            )
            key = "done.law-imported" if done.is_new else "done.law-known"
            messages.success(request, words(key, file=name, **done.counts))
            return redirect("law")
    sections = [
        form("web.room.law-import", asked, submit="web.room.law-import", text="web.unit-law.file")
    ]
    way = [{"url": reverse("law"), "name": Phrase("web.room.law")}]
    return show(request, Phrase("web.room.law-import"), sections, crumbs=way)
