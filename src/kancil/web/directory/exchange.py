"""Directories of other units taken in, and this unit's own given to them: signed files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.roll import Roll
from kancil.desk.directory.actions import export_directory, import_directory
from kancil.desk.directory.errors import DirectoryKeyChanged, DirectoryKeyUnknown
from kancil.desk.directory.queries import held_directories, own_offices
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.signing import fingerprint
from kancil.ground.words import render as words
from kancil.legal.directory.errors import DirectoryFileTooLarge
from kancil.legal.directory.signed import MAX_BYTES, SUFFIX
from kancil.web.cells import Section, facts, form, identifier, number, show, table
from kancil.web.forms import WordsForm, text
from kancil.web.page import HEADS, page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.unit_desk import UnitDesk, unit_desk

from .pages import way


class ImportForm(WordsForm):
    """Another unit's file; and its key, compared, where it is met for the first time."""

    directory_file = forms.FileField(max_length=4096)
    unit_fingerprint = text(80, required=False)
    unit_compared_how = text(300, required=False)


class ExportForm(WordsForm):
    """Nothing is asked: what the unit verified leaves."""


@page(
    "directory/exchange/", "directory_exchange", may=HEADS, methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def directory_exchange(request: HttpRequest) -> HttpResponse:
    """What other units state, the form that takes in a file, and this unit's own to give."""
    desk = unit_desk()
    asked = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and asked.is_valid() and _take_in(request, desk, asked):
        return redirect("directory_exchange")
    key = "web.directory.import"
    sections = [*_held(desk), form(key, asked, submit=key, text=f"{key}-text"), *_own(desk)]
    return show(request, Phrase("web.directory.exchange"), sections, crumbs=way())


def _take_in(request: HttpRequest, desk: UnitDesk, asked: ImportForm) -> bool:
    """Whether the file was taken in; else the form says why not."""
    given = asked.cleaned_data
    sent: UploadedFile[Any] = given["directory_file"]
    name = plain_name(str(sent.name or ""))
    with asked.telling():
        if (sent.size or 0) > MAX_BYTES:
            raise DirectoryFileTooLarge(path=name, megabytes=MAX_BYTES // 1_000_000)
        try:
            done = import_directory(
                desk.ledger, desk.workspace, sent.read(), name, by=desk.server(request),
                typed=given["unit_fingerprint"], compared_how=given["unit_compared_how"],
            )  # fmt: skip
        except (DirectoryKeyUnknown, DirectoryKeyChanged) as error:
            asked.add_error("unit_fingerprint", words(f"error.{error.code}.next", **error.params))
            raise
        file = done.file
        told = "done.directory-imported" if done.is_new else "done.directory-known"
        entries = len(file.offices)
        said = words(told, unit=file.unit.name, version=file.version, entries=entries)
        messages.success(request, said)
    return not asked.errors


def _held(desk: UnitDesk) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            each.unit.name,
            each.unit.country,
            str(each.version),
            each.as_of.isoformat(),
            number(each.entries),
            identifier(each.fingerprint),
            each.compared_how,
            each.by,
        )
        for each in held_directories(desk.ledger)
    ]
    columns = ("stating-unit", "office-country", "version", "office-as-of", "office-entries>",
               "fingerprint", "key-compared-how", "taken-by")  # fmt: skip
    return [table("web.directory.held", columns, rows)] if rows else []


def _own(desk: UnitDesk) -> list[Section]:
    """This unit's key, and its own directory where it has one."""
    unit = desk.ledger.folded(Roll).unit
    offices, version = own_offices(desk.ledger)
    told: list[tuple[str, Cell]] = [("office-entries", number(len(offices)))]
    if unit is not None:
        told.append(("fingerprint", identifier(fingerprint(unit.public_raw))))
    sections: list[Section] = [facts("web.directory.own", [*told, ("version", str(version))])]
    if offices:
        key = "web.directory.export"
        at = reverse("directory_export")
        sections.append(form(key, ExportForm(), submit=key, text=f"{key}-text", action=at))
    return sections


@page("directory/export/", "directory_export", may=HEADS, methods=("POST",))
def directory_export(request: HttpRequest) -> HttpResponse:
    """Send the unit's own directory, signed by its key."""
    desk = unit_desk()
    made = export_directory(desk.ledger, desk.workspace, desk.keys.unit_signer())
    name = f"directory-{made.version}{SUFFIX}"
    answer = HttpResponse(made.data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
