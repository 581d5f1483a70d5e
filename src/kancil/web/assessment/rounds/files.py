"""What goes in and out of a round as a file: forms, answers of colleagues, and all of it.

The same as the commands `kancil assess xlsform, import, pack, merge, export` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from kancil import __version__
from kancil.assessment.answer_forms.names import languages_of
from kancil.assessment.answer_forms.xlsform import write_form
from kancil.assessment.exchange import MAX_BYTES, SUFFIX, Audience, write_parcel
from kancil.assessment.export import WholeRound, write_round
from kancil.custody.keys import KeyRing
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.bringing import Brought, bring_answers, bring_sheet
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.own_key import own_fingerprint, own_key
from kancil.desk.assessment.queries.leaving import parcel_of, whole_round
from kancil.desk.assessment.queries.rounds import require, team_of
from kancil.desk.assessment.queries.site import Part, username_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.ground import clock
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.workbook.content import answers_workbook
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    facts,
    form,
    identifier,
    link,
    note,
    number,
    rows_left,
    show,
    table,
)
from kancil.web.confirming import confirm_first, is_confirmed, typed
from kancil.web.forms import WordsForm, choose
from kancil.web.paging import FILE_FORM_BYTES, language_name
from kancil.web.parts import Cell
from kancil.web.programme_page import ANSWERING, READING, TEAMS, page
from kancil.web.signed_in import person_of

from .given import address_of
from .rounds import way

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SKIPPED = 200


class PackForm(WordsForm):
    """For whom a file of one's own answers is."""

    audience = forms.ChoiceField(choices=(), widget=forms.RadioSelect, initial=Audience.OWN.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the audiences."""
        super().__init__(*args, **kwargs)
        names = [(each.value, words(f"web.files.audience-{each.value}")) for each in Audience]
        choose(self, "audience", names)


class AnswersForm(WordsForm):
    """A colleague's signed file."""

    answers_file = forms.FileField(max_length=1000)


class SheetForm(WordsForm):
    """Answers that were given on a form, and whose they are."""

    sheet_protocol = forms.ChoiceField(choices=())
    sheet_author = forms.ChoiceField(choices=())
    sheet_file = forms.FileField(max_length=1000)

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        """Offer the round's protocols, and the people whose answers this person may bring."""
        super().__init__(*args, **kwargs)
        kept = [(one.name, said(one.title)) for one in protocols_in(sight)]
        choose(self, "sheet_protocol", kept)
        authors = [
            (str(one.person), one.name)
            for one in team_of(sight)
            if one.part is not Part.REVIEWER and (sight.may_run or one.person == sight.person)
        ]
        choose(self, "sheet_author", authors)


@page("rounds/<str:round>/files/", "files", may=READING, of="round", menu="round", order=90)
def files(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Everything of a round that comes or goes as a file."""
    return _page(request, sight)


def _page(
    request: HttpRequest,
    sight: Sight,
    *above: Section,
    pack: PackForm | None = None,
    answers: AnswersForm | None = None,
    sheet: SheetForm | None = None,
) -> HttpResponse:
    """Show the page; a form that was sent and could not be done stands as it was sent."""
    sections: list[Section] = [*above, _forms(sight)]
    if sight.may_answer:
        sections.append(_own_key(request))
        sections.append(_form(sight, "pack", pack or PackForm(initial=typed(request))))
    if sight.is_open and (sight.may_answer or sight.may_run):
        sections.append(_form(sight, "merge", answers or AnswersForm()))
        sections.append(_form(sight, "import", sheet or SheetForm(sight=sight)))
    there = reverse("round_export", kwargs={"round": sight.round})
    whole = {
        "url": there,
        "name": Phrase("web.files.export-do"),
        "text": Phrase("web.files.export-text"),
    }
    book = {
        "url": reverse("round_workbook", kwargs={"round": sight.round}),
        "name": Phrase("web.files.workbook-do"),
        "text": Phrase("web.files.workbook-text"),
    }
    sections.append({"kind": "acts", "heading": Phrase("web.files.export"), "rows": [book, whole]})
    return show(request, Phrase("web.room.files"), sections, crumbs=way(sight))


def _form(sight: Sight, act: str, fields: WordsForm) -> Section:
    key = f"web.files.{act}"
    where = reverse(f"files_{act}", kwargs={"round": sight.round})
    return form(key, fields, submit=f"{key}-do", text=f"{key}-text", action=where)


def _forms(sight: Sight) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for each in protocols_in(sight):
        given = {"round": sight.round, "protocol": each.name}
        there = reverse("files_form", kwargs=given)
        rows.append(
            (
                said(each.title),
                each.version,
                number(len(each.indicators)),
                ", ".join(language_name(code) for code in languages_of(each)),
                link(there, Phrase("web.files.form-do")),
            )
        )
    return table("web.files.forms", ("protocol", "version", "asks>", "languages", "form"), rows)


def _keys() -> KeyRing:
    return KeyRing(current_workspace().keys_dir)


def _own_key(request: HttpRequest) -> Section:
    found = own_fingerprint(_keys(), person_of(request))
    told: list[tuple[str, Cell]] = [
        ("fingerprint", identifier(found) if found else Phrase("web.files.no-key"))
    ]
    return facts("web.files.own-key", told)


@page("rounds/<str:round>/files/form/<str:protocol>/", "files_form", may=READING, of="round")
def xlsform(request: HttpRequest, sight: Sight, protocol: str) -> FileResponse:
    """Send a protocol as a form for ODK and Kobo."""
    asked = protocol_in(sight, protocol)
    return _sent(write_form(asked), f"{asked.name}.xlsx", _XLSX)


def _sent(data: bytes, name: str, content_type: str) -> FileResponse:
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type=content_type)


@page("rounds/<str:round>/files/pack/", "files_pack", may=ANSWERING, of="round", methods=("POST",))
def pack(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Send one's own answers as a file signed with one's own key on this machine."""
    asked = PackForm(request.POST)
    require(sight.may_answer, sight)
    if not asked.is_valid():
        return _page(request, sight, pack=asked)
    if not is_confirmed(request):
        return confirm_first(request, asked, reverse("files", kwargs={"round": sight.round}))
    person = person_of(request)
    audience = Audience(asked.cleaned_data["audience"])
    parcel = parcel_of(person, sight.round, audience, clock.now())
    data = write_parcel(parcel, own_key(_keys(), person))
    name = f"{sight.country}-{plain_name(person.username)}-{audience.value}{SUFFIX}"
    return _sent(data, name, "application/octet-stream")


@page(
    "rounds/<str:round>/files/merge/",
    "files_merge",
    may=TEAMS,
    of="round",
    methods=("POST",),
    body_bytes=FILE_FORM_BYTES,
)
def merge(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Take a colleague's signed file in."""
    require(sight.may_run or sight.may_answer, sight)
    asked = AnswersForm(request.POST, request.FILES)
    if asked.is_valid():
        with asked.telling("answers_file"):
            data, path = _read(asked.cleaned_data["answers_file"])
            brought = bring_answers(by=person_of(request), round=sight.round, data=data, path=path)
            return _page(request, sight, *_brought(sight, brought))
    return _page(request, sight, answers=asked)


@page(
    "rounds/<str:round>/files/import/",
    "files_import",
    may=TEAMS,
    of="round",
    methods=("POST",),
    body_bytes=FILE_FORM_BYTES,
)
def import_sheet(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Take the answers of a form in, as those of an assessor."""
    require(sight.may_run or sight.may_answer, sight)
    asked = SheetForm(request.POST, request.FILES, sight=sight)
    if asked.is_valid():
        given = asked.cleaned_data
        with asked.telling("sheet_file"):
            data, path = _read(given["sheet_file"])
            brought = bring_sheet(
                by=person_of(request),
                round=sight.round,
                protocol=given["sheet_protocol"],
                author=username_of(int(given["sheet_author"])),
                data=data,
                path=path,
            )
            return _page(request, sight, *_brought(sight, brought))
    return _page(request, sight, sheet=asked)


def _read(sent: UploadedFile[Any]) -> tuple[bytes, str]:
    """Read a file up to a byte more than any craft takes, which then says that it is too large."""
    return sent.read(MAX_BYTES + 1), plain_name(sent.name or "")


def _brought(sight: Sight, brought: Brought) -> list[Section]:
    """What became of a file."""
    taken = brought.taken
    told: list[tuple[str, Cell]] = [
        ("answers-added", number(len(taken.added))),
        ("answers-known", number(taken.known)),
        ("left-out", number(len(brought.skipped))),
    ]
    if brought.left_out:
        told.append(("evidence-left-out", number(brought.left_out)))
    if brought.extra_columns:
        told.append(("extra-columns", ", ".join(brought.extra_columns[:20])))
    found: list[Section] = [note("intact", "web.files.taken-in"), facts("web.files.brought", told)]
    if taken.conflicts:
        rows: list[tuple[Cell, ...]] = [
            (link(address_of(sight, name, indicator), indicator), name)
            for name, indicator in taken.conflicts
        ]
        found.append(note("warn", "web.files.conflicts", count=len(rows)))
        found.append(table("web.files.conflict-table", ("number", "protocol"), rows))
    return [*found, *_skipped(brought)]


def _skipped(brought: Brought) -> Sequence[Section]:
    if not brought.skipped:
        return ()
    rows: list[tuple[Cell, ...]] = [
        (skip.place, words(f"skip.{skip.code}", place=skip.place, **skip.params))
        for skip in brought.skipped[:_MOST_SKIPPED]
    ]
    return (
        table("web.files.skipped", ("place", "why"), rows),
        *rows_left(len(rows), len(brought.skipped)),
    )


@page("rounds/<str:round>/files/export/", "round_export", may=READING, of="round")
def export(request: HttpRequest, sight: Sight) -> FileResponse:
    """Send all of a round as JSON: no interview, and what is withheld said to be withheld."""
    whole, name = _whole(request, sight)
    return _sent(write_round(whole), f"{name}.json", "application/json")


@page("rounds/<str:round>/files/workbook/", "round_workbook", may=READING, of="round")
def workbook(request: HttpRequest, sight: Sight) -> FileResponse:
    """Send answers, gaps and plan of a round as a workbook for Excel."""
    whole, name = _whole(request, sight)
    return _sent(answers_workbook(whole), f"{name}.xlsx", _XLSX)


def _whole(request: HttpRequest, sight: Sight) -> tuple[WholeRound, str]:
    """All of a round as it may leave, and the name of its file."""
    now = clock.now()
    day = day_of(now)
    whole = whole_round(person_of(request), sight.round, today=day, made_at=now, kancil=__version__)
    return whole, f"{sight.country}-{day.isoformat()}"
