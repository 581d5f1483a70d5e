"""Files of an exhibit: listed, opened, drawn, downloaded, and the work that begins from one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.cases.reading import draw_page, files_from, readable_file, send_file, view_file
from kancil.evidence.errors import (
    FileNotOfForm,
    TableIsNoText,
    TableNotReadable,
    TableTooLarge,
    VaultBytesMissing,
)
from kancil.evidence.named import NamedFile
from kancil.evidence.reading.page import Asked, Drawn
from kancil.ground.errors import ParserLimitReached, ParserStopped
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.ground.words import harmless
from kancil.web.cells import Section, beginning, button, identifier, link, note, number, show, table
from kancil.web.guard import shown_params
from kancil.web.limits import limit_sections
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.ranges import STRICT, attached, stretch_of
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .file_shown import asked_from, refused, shown
from .pages import crumbs

_TABLES = frozenset({"csv", "tsv", "txt", "xlsx", "xls", "ods"})
_LABELS = frozenset({"csv", "tsv", "txt", "yaml", "yml"})
_CHECKED = frozenset({"zip", "pdf"})
"""Endings of names for which transfers, labels, or a check of a bundle or report are offered."""
NAMED_FILES = 20
"""Files that the exhibit's own page lists."""
_PAGE_FILES = 100
_OF = "cases/<str:case>/exhibits/<str:exhibit>/files/"
_NAME_CHARACTERS = 160
_SAMPLE = {"exhibit": 1}
_SAMPLE_FILE = {"exhibit": 1, "sha256": "0" * 64}
UNFIT = (
    FileNotOfForm, ParserLimitReached, ParserStopped, TableIsNoText, TableNotReadable,
    TableTooLarge,
)  # fmt: skip


def file_name(path: str) -> str:
    """The last part of a path as plain text."""
    return beginning(harmless(path.replace("\\", "/").rpartition("/")[2] or path), _NAME_CHARACTERS)


def file_section(case: Case, found: Exhibit, files: list[NamedFile], *, first: int = 0) -> Section:
    """The files of an exhibit, each to be opened and downloaded; where more are, the way there."""
    given = {"case": case.number, "exhibit": found.number}

    def row(file: NamedFile) -> tuple[Cell, ...]:
        at = {**given, "sha256": file.sha256}
        return (
            link(reverse("exhibit_file", kwargs=at), file_name(file.path)),
            number(file.size_bytes),
            link(reverse("exhibit_file_download", kwargs=at), Phrase("web.file.download")),
        )

    rows = table("web.file.files", ("file", "size>", "act"), [row(each) for each in files])
    if first or found.file_count <= len(files):
        return rows
    url = reverse("exhibit_files", kwargs=given)
    return {**rows, "more": button(url, "web.file.all")}


@page(_OF, "exhibit_files", may=EVERYONE, of="case", sample=_SAMPLE)
def exhibit_files(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Every file of an exhibit, a hundred at a time."""
    found = _exhibit(case, exhibit)
    desk, asked = unit_desk(), request.GET.get("from", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    files = files_from(desk.ledger, desk.vault, ExhibitId(found.id), first, _PAGE_FILES + 1)
    section = {**file_section(case, found, files[:_PAGE_FILES], first=first), "more": None}
    buttons = []
    if first:
        buttons.append(button(f"?from={max(0, first - _PAGE_FILES)}", "web.pages.before"))
    if len(files) > _PAGE_FILES:
        buttons.append(button(f"?from={first + _PAGE_FILES}", "web.pages.after"))
    return show(
        request,
        Phrase("web.file.files"),
        [section],
        crumbs=exhibit_way(case, found),
        buttons=buttons,
    )


@page(f"{_OF}<str:sha256>/", "exhibit_file", may=EVERYONE, of="case", sample=_SAMPLE_FILE)
def exhibit_file(request: HttpRequest, case: Case, exhibit: str, sha256: str) -> HttpResponse:
    """A file of an exhibit, opened at one place."""
    desk, found = unit_desk(), _exhibit(case, exhibit)
    file = readable_file(desk.ledger, desk.vault, ExhibitId(found.id), sha256)
    asked = asked_from(request.GET, file.size_bytes)
    given = {"case": case.number, "exhibit": found.number, "sha256": sha256}
    picture = reverse("exhibit_file_picture", kwargs=given)
    try:
        opened = view_file(desk.ledger, desk.vault, file, asked, desk.reading(request))
    except UNFIT as error:
        told = refused(error, asked)
    else:
        told = shown(opened, asked, picture, is_drawn="show" in request.GET)
    parts = {
        "title": file_name(file.path),
        "crumbs": exhibit_way(case, found),
        "sections": [each for each in limit_sections(found.id) if each["kind"] == "note"],
        "buttons": _buttons(request, case, found, file),
        "facts": [
            (Phrase("web.column.file"), harmless(file.path)),
            (Phrase("web.column.size"), number(file.size_bytes)),
            (Phrase("web.column.sha256"), identifier(file.sha256)),
        ],
    }
    return show_file(request, asked, told, parts)


def show_file(
    request: HttpRequest, asked: Asked, told: dict[str, Any], parts: dict[str, Any]
) -> HttpResponse:
    """The page of a file that was opened; `told`: of `shown` or `refused`."""
    outer = f"?part={'.'.join(map(str, asked.parts[:-1]))}" if len(asked.parts) > 1 else ""
    back = request.path + outer if asked.parts else ""
    return render(request, "kancil/exhibit_file.html", {**parts, "back": back, **told})


def _buttons(
    request: HttpRequest, case: Case, found: Exhibit, file: NamedFile
) -> list[dict[str, Any]]:
    given = {"case": case.number, "exhibit": found.number}
    own = {**given, "sha256": file.sha256}
    buttons = [button(reverse("exhibit_file_download", kwargs=own), "web.file.download")]
    return buttons + file_acts(given, file, acts=person_of(request).acts)


def file_acts(given: dict[str, Any], file: NamedFile, *, acts: bool) -> list[dict[str, Any]]:
    """The work that begins from a file of this name: a hint, since each page looks again."""
    ending = file.path.rpartition(".")[2].lower()
    own = {**given, "sha256": file.sha256}
    found = []
    if acts and ending in _TABLES:
        url = f"{reverse('stated_map', kwargs=given)}?file={file.sha256}"
        found.append(button(url, "web.mapping.begin"))
    if acts and ending in _LABELS:
        found.append(button(reverse("exhibit_labels", kwargs=own), "web.file.labels"))
    if ending in _CHECKED:
        found.append(button(reverse("exhibit_check", kwargs=own), "web.file.check"))
    return found


@page(
    f"{_OF}<str:sha256>/picture/", "exhibit_file_picture", may=EVERYONE, of="case",
    sample=_SAMPLE_FILE,
)  # fmt: skip
def exhibit_file_picture(
    request: HttpRequest, case: Case, exhibit: str, sha256: str
) -> HttpResponse:
    """A page of a PDF or a picture, drawn anew."""
    desk, found = unit_desk(), _exhibit(case, exhibit)
    file = readable_file(desk.ledger, desk.vault, ExhibitId(found.id), sha256)
    try:
        drawn = draw_page(
            desk.ledger, desk.vault, file, asked_from(request.GET), desk.reading(request)
        )
    except UNFIT as error:
        raise PageNotFound from error
    return picture_of(drawn)


def picture_of(drawn: Drawn) -> HttpResponse:
    """A picture that we wrote, as an answer."""
    answer = HttpResponse(drawn.data, content_type=drawn.media_type)
    answer.headers["Content-Security-Policy"] = STRICT
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@page(
    f"{_OF}<str:sha256>/download/", "exhibit_file_download", may=EVERYONE, of="case",
    sample=_SAMPLE_FILE,
)  # fmt: skip
def exhibit_file_download(
    request: HttpRequest, case: Case, exhibit: str, sha256: str
) -> HttpResponseBase:
    """The bytes of a file as they are, whole or from a place on."""
    desk, found = unit_desk(), _exhibit(case, exhibit)
    file = readable_file(desk.ledger, desk.vault, ExhibitId(found.id), sha256)
    return attached(
        stretch_of(request),
        name=file.path,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        read=lambda first, last: send_file(
            desk.ledger, desk.vault, file, desk.reading(request), first, last
        ),
    )


def _exhibit(case: Case, name: str) -> Exhibit:
    found = queries.find_exhibit(case, name)
    if found is None:
        raise PageNotFound
    return found


def exhibit_way(case: Case, found: Exhibit) -> list[dict[str, Any]]:
    """The way back to an exhibit from a page of one of its files."""
    given = {"case": case.number, "exhibit": found.number}
    return crumbs(
        case,
        (reverse("exhibits", kwargs={"case": case.number}), Phrase("web.room.exhibits")),
        (reverse("exhibit", kwargs=given), f"E{found.number} {found.title}"),
    )


def listed_files(found: Exhibit) -> tuple[list[NamedFile], list[Section]]:
    """The first files of an exhibit; and why there are none to be opened, where that is so."""
    if found.status in ("returned", "disposed"):
        status = Phrase(f"thing.exhibit-{found.status}")
        return [], [note("info", "web.file.gone", status=status)]
    desk = unit_desk()
    try:
        return files_from(desk.ledger, desk.vault, ExhibitId(found.id), 0, NAMED_FILES), []
    except VaultBytesMissing as error:
        told: dict[str, Any] = shown_params(error)
        return [], [note("danger", f"error.{error.code}.sentence", **told)]
