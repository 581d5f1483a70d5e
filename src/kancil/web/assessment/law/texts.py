"""Official texts of instruments: which this site keeps, bringing one, and a text by article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.foreign import MOST_TEXT_BYTES
from kancil.assessment.official.fitting import expected
from kancil.assessment.protocol import Instrument
from kancil.desk.assessment.access import may_import_texts
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.texts import import_text
from kancil.desk.assessment.kept_protocols import kept_instruments, protocol_of_instrument
from kancil.desk.assessment.queries.texts import TextRow, official_text, official_texts, open_text
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.people.queries import Role
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    button,
    facts,
    folded,
    identifier,
    link,
    minute,
    note,
    number,
    show,
    table,
)
from kancil.web.forms import choose, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import KEEPERS, READING, page
from kancil.web.signed_in import person_of

_SAMPLE = {"text": "none"}
_IMPORTING = KEEPERS | {Role.TEAM_LEAD}
_SEEING = READING | KEEPERS


class ImportForm(ActForm):
    """A file of an official text, and what it is."""

    act = "import"
    text_instrument = forms.ChoiceField(choices=())
    text_language = text(12)
    text_source = text(500)
    text_file = forms.FileField(max_length=200)

    def __init__(self, *args: Any, known: dict[str, Instrument], **kwargs: Any) -> None:
        """Offer the instruments of the protocols that this site keeps."""
        super().__init__(*args, **kwargs)
        choose(self, "text_instrument", [(id, said(each.title)) for id, each in known.items()])

    def clean_text_file(self) -> UploadedFile[Any]:
        """Refuse a file larger than is read."""
        sent: UploadedFile[Any] = self.cleaned_data["text_file"]
        if (sent.size or 0) > MOST_TEXT_BYTES:
            most = MOST_TEXT_BYTES // 1_000_000
            raise forms.ValidationError(words("web.texts.too-large", megabytes=most))
        return sent


@page("texts/", "official_texts", may=_SEEING, menu="site", order=31)
def all_texts(request: HttpRequest) -> HttpResponse:
    """Each instrument that protocols here ask, with its official text or without."""
    known, kept = kept_instruments(), official_texts()
    here = [each for each in kept if each.instrument in known]
    without = [id for id in known if id not in {each.instrument for each in here}]
    may_import = may_import_texts(person_of(request))
    sections: list[Section] = [
        note("info", "web.texts.count", count=len(known) - len(without), of=len(known))
    ]
    if here:
        columns = (
            "law-instrument", "text-language", "text-articles>", "text-day", "text-source",
            "text-sha256",
        )  # fmt: skip
        rows = [_row(known[each.instrument], each) for each in here]
        sections.append(table("web.texts.kept", columns, rows))
    if without:
        new = reverse("official_text_new")
        rows = [
            (
                link(f"{new}?instrument={id}", said(about.title))
                if may_import
                else said(about.title),
            )
            for id, about in known.items()
            if id in without
        ]
        sections.append(table("web.texts.not-imported", ("law-instrument",), rows))
    buttons = []
    if may_import:
        buttons.append(button(reverse("official_text_new"), "web.texts.import", main=True))
    return show(request, Phrase("web.room.official-texts"), sections, buttons=buttons)


def _row(about: Instrument, each: TextRow) -> tuple[Cell, ...]:
    return (
        link(reverse("official_text", args=[each.id]), said(about.short)),
        each.language,
        number(each.articles),
        day_of(each.at).isoformat(),
        each.source,
        identifier(each.sha256, short=True),
    )


@page(
    "texts/new/", "official_text_new", may=_IMPORTING, methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def new_text(request: HttpRequest) -> HttpResponseBase:
    """Import a text as its publisher has it."""
    known = kept_instruments()
    initial = {"text_instrument": request.GET.get("instrument", ""), "text_language": "en"}
    filled = ImportForm.asked(request, known=known, initial=initial)
    if filled.is_ready:
        given = filled.cleaned_data
        sent = given["text_file"]
        with filled.telling("text_file"):
            made = import_text(
                by=person_of(request),
                instrument=given["text_instrument"],
                language=given["text_language"],
                source=given["text_source"],
                file=File(store_of(current_workspace()), sent, sent.name),
            )
            messages.success(request, words("web.texts.imported", count=made.articles))
            return redirect("official_text", text=made.id)
    sections: list[Section] = []
    if not known:
        sections.append(note("warn", "web.texts.no-protocol"))
    else:
        sections.append(filled.section("web.texts.import", text="web.texts.import-text"))
    return show(request, Phrase("web.texts.import"), sections, crumbs=_way())


def _way() -> list[dict[str, Any]]:
    return [{"url": reverse("official_texts"), "name": Phrase("web.room.official-texts")}]


@page("texts/<str:text>/", "official_text", may=_SEEING, sample=_SAMPLE)
def one_text(request: HttpRequest, text: str) -> HttpResponse:
    """A text by article, with its source and digest."""
    row, articles, missing = official_text(text)
    about = kept_instruments().get(row.instrument)
    sections: list[Section] = []
    if not row.is_latest:
        sections.append(note("warn", "web.texts.older"))
    if missing:
        sections.append(note("warn", "web.texts.missing", articles=", ".join(map(str, missing))))
    asked = protocol_of_instrument(row.instrument)
    if asked is not None and not expected(asked, row.instrument, row.language).compares_titles:
        sections.append(note("info", "web.texts.numbers-alone"))
    sections.append(facts("web.texts.about", text_facts(row, about)))
    older = [
        (link(reverse("official_text", args=[each.id]), day_of(each.at).isoformat()), each.source)
        for each in official_texts(with_older=True)
        if (each.instrument, each.language) == (row.instrument, row.language) and each.id != row.id
    ]
    if older:
        sections.append(folded("web.texts.others", ("text-day", "text-source"), older))
    shown = {
        "title": Phrase(
            "web.texts.title",
            {
                "instrument": said(about.title) if about else row.instrument,
                "language": row.language,
            },
        ),
        "crumbs": _way(),
        "sections": sections,
        "row": row,
        "articles": articles,
    }
    return render(request, "kancil/law_official.html", shown)


def text_facts(row: TextRow, about: Instrument | None) -> list[tuple[str, Cell]]:
    """What a text is, where it is from and which file it was taken from."""
    told: list[tuple[str, Cell]] = [
        ("text-source", row.source),
        ("text-day", minute(row.at)),
        ("text-articles", number(row.articles)),
        ("text-sha256", identifier(row.sha256)),
        ("text-file", link(reverse("official_text_file", args=[row.id]), row.file_name)),
    ]
    if about is not None and about.url:
        told.append(("text-depositary", link(about.url, about.url)))
    return told


@page("texts/<str:text>/file/", "official_text_file", may=_SEEING, sample=_SAMPLE)
def text_file(_request: HttpRequest, text: str) -> HttpResponseBase:
    """The file from which a text was taken, as it was sent."""
    row, stream = open_text(store_of(current_workspace()), text)
    return FileResponse(
        stream,
        as_attachment=True,  # never opened here: it could pose as the site
        filename=row.file_name or f"{row.sha256[:16]}.bin",
        content_type="application/octet-stream",
    )
