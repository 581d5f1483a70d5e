"""Intake in the browser: files are sent, or a folder of the server is named.

Bytes go through a file in `desk/uploads/`, never through memory, and are hashed as they are taken.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.actions import admit_exhibit
from kancil.desk.cases.queries import Case
from kancil.ground.files import plain_name
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import form, show
from kancil.web.forms import WordsForm, text
from kancil.web.page import ACTING, page
from kancil.web.unit_desk import UnitDesk, unit_desk

from .pages import crumbs


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Check each file as Django does one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]


class IntakeForm(WordsForm):
    """What is taken in, and where it comes from."""

    exhibit_title = text()
    stated_source = text(1000)
    sent_files = FilesField(max_length=4096)


@page("cases/<str:case>/intake/", "intake", may=ACTING, of_case=True, methods=("GET", "POST"))
def intake(request: HttpRequest, case: Case) -> HttpResponse:
    """Take files in as an exhibit."""
    asked = IntakeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling():
            number = _take(request, desk, case, asked.cleaned_data)
            messages.success(request, words("web.intake.taken", number=f"E{number}"))
            return redirect("exhibit", case=case.number, exhibit=number)
    sections = [form("web.intake.do", asked, submit="web.intake.do", text="web.intake.text")]
    way = crumbs(
        case,
        (reverse("exhibits", kwargs={"case": case.number}), Phrase("web.room.exhibits")),
    )
    return show(request, Phrase("web.intake.do"), sections, crumbs=way)


def _take(request: HttpRequest, desk: UnitDesk, case: Case, given: dict[str, Any]) -> int:
    """Put the files that were sent into a folder under plain names, and take that folder in."""
    desk.workspace.uploads_dir.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=desk.workspace.uploads_dir))
    try:
        paths = [_kept(folder, place, sent) for place, sent in enumerate(given["sent_files"], 1)]
        entry, _ = admit_exhibit(
            desk.ledger,
            desk.vault,
            case=CaseId(case.id),
            paths=paths,
            title=given["exhibit_title"],
            source=given["stated_source"],
            by=desk.server(request),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = queries.find_exhibit(case, str(entry.exhibit_id))
    return found.number if found else 0


def _kept(folder: Path, place: int, sent: UploadedFile[Any]) -> Path:
    """Write one sent file; its name is made plain, since a name may hold anything."""
    path = folder / f"{place:04d}" / plain_name(str(sent.name or ""))
    path.parent.mkdir()
    with path.open("xb") as file:
        for chunk in sent.chunks(1 << 20):
            file.write(chunk)
    return path
