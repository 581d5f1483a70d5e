"""The law of a country: statute extracts word for word, and where it stands with each instrument.

Nothing here says what the law is: an extract has its source, a status its day and who says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.protocol import Instrument
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.legal import Extract, add_extract
from kancil.desk.assessment.kept_protocols import kept_instruments
from kancil.desk.assessment.queries.countries import (
    ExtractRow,
    StatusRow,
    extracts,
    open_extract,
    statuses,
)
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    identifier,
    link,
    minute,
    note,
    show,
    table,
    tag,
)
from kancil.web.forms import day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .bills import gaps_of_bill
from .carry_over import of_extract
from .standing import (
    Snapshot,
    all_ids,
    consent_of,
    country_name,
    country_way,
    iso,
    named,
    require_writing,
    snapshots,
    source_cell,
)

_ADDRESS = "countries/<str:country>/law/"
_SAMPLE = {"extract": "none"}


@page(_ADDRESS, "country_law", may=READING, of="country")
def country_law(request: HttpRequest, sight: CountrySight) -> HttpResponse:
    """What was taken from a country's law, and where it stands with each instrument."""
    shelf = extracts(sight)
    new = reverse("extract_new", kwargs={"country": sight.country})
    buttons = [button(new, "web.law.add-extract", main=True)] if sight.may_write else []
    if sight.may_write:
        split = reverse("law_split", kwargs={"country": sight.country})
        buttons.append(button(split, "web.split.do"))
    sections: list[Section] = []
    if shelf:
        sections.append(_shelf(sight, shelf))
    else:
        sections.append(empty("web.law.none", url=new if sight.may_write else ""))
    sections += _standings(sight)
    name = country_name(request, sight)
    title = Phrase("web.law.title", {"country": name})
    return show(request, title, sections, crumbs=country_way(name, sight), buttons=buttons)


def _shelf(sight: CountrySight, shelf: Iterable[ExtractRow]) -> Section:
    return table(
        "web.law.extracts",
        ("law-article", "law-law", "law-citation", "law-language", "law-in-force", "state"),
        [
            (
                link(extract_url(sight.country, row.id), row.article),
                row.law,
                row.citation,
                row.language,
                "–" if row.is_bill else iso(row.in_force_on),
                extract_state(row),
            )
            for row in sorted(shelf, key=_in_order)
        ],
    )


def _in_order(row: ExtractRow) -> tuple[str, list[tuple[int, str]]]:
    """Order by law and article, so that article 7 stands before article 21."""
    pieces = re.split(r"(\d+)", row.article)
    return row.law, [(int(each), "") if each.isdecimal() else (0, each) for each in pieces]


def extract_url(country: str, id: str) -> str:
    """The address of an extract."""
    return reverse("extract", kwargs={"country": country, "extract": id})


def extract_state(row: ExtractRow) -> Cell:
    """Whether an extract is the newest of its article here."""
    if row.is_replaced:
        return tag("unknown", "web.law.replaced")
    if row.is_bill:
        return tag("warn", "web.bill.not-law")
    return tag("service", "web.law.current")


def _standings(sight: CountrySight) -> list[Section]:
    """Show each instrument: what was recorded here, else the packaged snapshot, else unknown."""
    here = {row.instrument: row for row in statuses(sight)}
    given, known = snapshots(sight.country), kept_instruments()
    rows: list[tuple[Cell, ...]] = []
    for id in all_ids(known, given, here):
        there = reverse("instrument", kwargs={"country": sight.country, "instrument": id})
        rows.append(
            (link(there, named(id, known)), *_standing(here.get(id), given.get(id), known.get(id)))
        )
    if not rows:
        return []
    columns = (
        "law-instrument", "law-signed", "law-consent", "law-in-force", "law-as-of", "law-source",
    )  # fmt: skip
    return [note("info", "web.law.as-of"), table("web.law.standings", columns, rows)]


def _standing(
    row: StatusRow | None, snapshot: Snapshot | None, instrument: Instrument | None
) -> tuple[Cell, ...]:
    if row is not None:
        return (
            iso(row.signed_on),
            consent_of(instrument, row),
            iso(row.in_force_on),
            row.as_of.isoformat(),
            source_cell(row),
        )
    if snapshot is not None:
        packaged = tag("warn", "web.law.packaged")
        return (
            snapshot.signed_on, snapshot.status, snapshot.in_force_on, snapshot.as_of, packaged
        )  # fmt: skip
    consent = consent_of(instrument, None)
    return (None, consent, None, "–", tag("unknown", "web.law.unrecorded"))


class ExtractForm(ActForm):
    """One piece of law, word for word, with where it was taken from."""

    act = "extract"
    law_name = text(300)
    law_citation = text(300)
    law_article = text(60)
    law_text = text(100_000, lines=8)
    law_language = text(12)
    law_translation = text(100_000, required=False, lines=6)
    law_translated_by = text(200, required=False)
    law_in_force = day()
    law_is_bill = forms.BooleanField(required=False)
    law_source = text(500)
    law_file = forms.FileField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """Refuse a bill that is in force."""
        given = super().clean()
        if given.get("law_is_bill") and given.get("law_in_force"):
            self.add_error("law_in_force", words("web.bill.in-force"))
        return given

    def extract(self, replaces: str | None) -> Extract:
        """What was typed."""
        given = self.cleaned_data
        return Extract(
            law=given["law_name"],
            citation=given["law_citation"],
            article=given["law_article"],
            text=given["law_text"],
            language=given["law_language"].strip(),
            source=given["law_source"],
            translation=given["law_translation"],
            translated_by=given["law_translated_by"],
            in_force_on=given["law_in_force"],
            is_bill=given["law_is_bill"],
            replaces=replaces,
        )


@page(
    f"{_ADDRESS}new/",
    "extract_new",
    may=READING,
    of="country",
    methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)
def extract_new(request: HttpRequest, sight: CountrySight) -> HttpResponseBase:
    """Add an extract, or write one that takes the place of an older one."""
    require_writing(sight)
    older = _older(sight, request.GET.get("replaces", ""))
    asked = ExtractForm.asked(request, initial=_as_typed(older))
    if asked.is_ready:
        sent = asked.cleaned_data["law_file"]
        with asked.telling():
            store = store_of(current_workspace())
            added = add_extract(
                by=person_of(request),
                country=sight.country,
                extract=asked.extract(older.id if older else None),
                file=File(store, sent.file, sent.name) if sent else None,
            )
            messages.success(request, words("web.law.added"))
            return redirect("extract", country=sight.country, extract=added)
    key = "web.law.replace" if older else "web.law.add-extract"
    sections: list[Section] = []
    if older:
        sections.append(note("info", "web.law.replacing", law=older.law, article=older.article))
    sections.append(asked.section(key))
    way = country_way(country_name(request, sight), sight, "country_law")
    return show(request, Phrase(key), sections, crumbs=way)


def _older(sight: CountrySight, id: str) -> ExtractRow | None:
    """The extract that is to be replaced; raises RecordNotFound for one that is not there."""
    if not id:
        return None
    for row in extracts(sight, [id[:36]]):
        return row
    raise no_such("extract")


def _as_typed(row: ExtractRow | None) -> Mapping[str, Any]:
    if row is None:
        return {}
    return {
        "law_name": row.law,
        "law_citation": row.citation,
        "law_article": row.article,
        "law_text": row.text,
        "law_language": row.language,
        "law_translation": row.translation,
        "law_translated_by": row.translated_by,
        "law_in_force": row.in_force_on,
        "law_is_bill": row.is_bill,
        "law_source": row.source,
    }


@page(f"{_ADDRESS}<str:extract>/", "extract", may=READING, of="country", sample=_SAMPLE)
def one_extract(request: HttpRequest, sight: CountrySight, extract: str) -> HttpResponse:
    """One piece of law, with its translation, its source, and what came after it."""
    shelf = {row.id: row for row in extracts(sight)}
    row = shelf.get(extract)
    if row is None:
        raise no_such("extract")
    told: list[tuple[str, Cell]] = [
        ("state", extract_state(row)),
        ("law-citation", row.citation),
        ("law-language", row.language),
        *([] if row.is_bill else [("law-in-force", iso(row.in_force_on))]),
        ("law-source", row.source),
        ("law-added", minute(row.added_at)),
    ]
    if row.sha256:
        given = {"country": sight.country, "extract": row.id}
        told.append(("law-sha256", identifier(row.sha256)))
        told.append(
            ("law-file", link(reverse("extract_file", kwargs=given), Phrase("web.law.download")))
        )
    if row.replaces is not None and row.replaces in shelf:
        told.append(("law-before", link(extract_url(sight.country, row.replaces), row.article)))
    told += [
        ("law-after", link(extract_url(sight.country, each.id), each.article))
        for each in shelf.values()
        if each.replaces == row.id
    ]
    buttons = []
    if sight.may_write and not row.is_replaced:
        new = reverse("extract_new", kwargs={"country": sight.country})
        buttons.append(button(f"{new}?replaces={row.id}", "web.law.replace"))
    shown = {
        "title": Phrase("web.law.extract-title", {"law": row.law, "article": row.article}),
        "crumbs": country_way(country_name(request, sight), sight, "country_law"),
        "buttons": buttons,
        "row": row,
        "sections": [
            *(gaps_of_bill(person_of(request), sight, row) if row.is_bill else []),
            *of_extract(person_of(request), sight.country, row.id),
            facts("web.law.about", told),
        ],
    }
    return render(request, "kancil/law_extract.html", shown)


@page(f"{_ADDRESS}<str:extract>/file/", "extract_file", may=READING, of="country", sample=_SAMPLE)
def extract_file(_request: HttpRequest, sight: CountrySight, extract: str) -> HttpResponseBase:
    """The file from which an extract was taken, as it was sent."""
    row, stream = open_extract(sight, store_of(current_workspace()), extract)
    return FileResponse(
        stream,
        as_attachment=True,
        filename=f"extract-{sight.country}-{row.sha256[:12]}",
        content_type="application/octet-stream",
    )
