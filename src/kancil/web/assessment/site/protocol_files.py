"""Protocols as files: kept from the package, sent in with all faults named, given away again."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.foreign import check_protocol_bytes
from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.library import SCHEMA_PATH, named_protocol, protocol_names
from kancil.desk.assessment.actions.packaged import add_packaged_protocol
from kancil.desk.assessment.actions.site import add_protocol_file
from kancil.desk.assessment.queries.site import kept_protocol, kept_protocols, protocol_text
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.yaml_tree import LIMIT_BYTES, Fault
from kancil.web.cells import (
    Section,
    button,
    choosing,
    form,
    note,
    number,
    rows_left,
    show,
    table,
)
from kancil.web.forms import WordsForm, choose
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell, Tick
from kancil.web.programme_page import EVERYONE, KEEPERS, page
from kancil.web.signed_in import person_of

from .protocols import SAMPLE, said, standing_tag, way_to

_FAULTS = 200
"""How many faults of a file are shown; a file with more is better mended first."""


class KeepForm(WordsForm):
    """Packaged protocols that are to be kept."""

    packaged = forms.MultipleChoiceField(choices=())


class FileForm(WordsForm):
    """A protocol of one's own."""

    protocol_file = forms.FileField(max_length=200)

    def clean_protocol_file(self) -> UploadedFile[Any]:
        """Refuse a file larger than is read."""
        sent: UploadedFile[Any] = self.cleaned_data["protocol_file"]
        if (sent.size or 0) > LIMIT_BYTES:
            most = LIMIT_BYTES // 1_000_000
            raise forms.ValidationError(words("web.protocol.too-large", megabytes=most))
        return sent


@page(
    "protocols/new/",
    "protocol_new",
    may=KEEPERS,
    methods=("GET", "POST"),
    body_bytes=FILE_FORM_BYTES,
)
def protocol_new(request: HttpRequest) -> HttpResponse:
    """Keep a packaged protocol, or one's own from a file."""
    person = person_of(request)
    missing = sorted(set(protocol_names()) - {each.protocol.name for each in kept_protocols()})
    is_file = bool(request.FILES) or request.POST.get("do") == "file"
    keep = KeepForm(request.POST if request.method == "POST" and not is_file else None)
    choose(keep, "packaged", [(name, name) for name in missing])
    sent = FileForm(request.POST, request.FILES) if is_file else FileForm()
    if keep.is_bound and keep.is_valid():
        with keep.telling("packaged"):
            wanted = keep.cleaned_data["packaged"]
            added = [add_packaged_protocol(by=person, name=name) for name in wanted]
            names = ", ".join(each.name for each in added)
            messages.success(request, words("web.protocol.kept", name=names))
            return redirect("protocols")
    faults: list[Section] = []
    if sent.is_bound and sent.is_valid():
        with sent.telling("protocol_file"):
            protocol, found, text = _read(sent.cleaned_data["protocol_file"])
            if protocol is not None:
                added_one = add_protocol_file(by=person, name=protocol.name, text=text)
                messages.success(request, words("web.protocol.kept", name=added_one.name))
                return redirect("protocol", protocol=added_one.name)
            faults = _faults(found)
    sections = [*faults, _own(sent)]
    if missing:
        sections.append(_packaged(missing, keep))
    buttons = [button(reverse("protocol_schema"), "web.protocol.schema")]
    title = Phrase("web.protocol.add")
    return show(request, title, sections, crumbs=way_to(), buttons=buttons)


def _own(sent: FileForm) -> Section:
    key = "web.protocol.own"
    also = form(key, sent, submit="web.protocol.own-do", text="web.protocol.own-text")
    return {**also, "keep": ""}


def _packaged(missing: list[str], keep: KeepForm) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for name in missing:
        found = named_protocol(name)
        label = Phrase("web.protocol.tick", {"title": said(found.title)})
        rows.append(
            (
                Tick("packaged", name, label),
                said(found.title),
                found.version,
                number(len(found.indicators)),
                standing_tag(found),
            )
        )
    columns = ("keep", "title", "version", "asks>", "standing")
    one = choosing("web.protocol.keep", columns, rows, submit="web.protocol.keep-do")
    if keep.errors:
        first = note("danger", "web.protocol.tick-one")
        return {**one, "text": first["text"]}
    return one


def _read(sent: UploadedFile[Any]) -> tuple[Protocol | None, list[Fault], str]:
    """Read a file that was sent; gives the protocol, else its faults, and its text."""
    content = sent.read()
    name = PurePosixPath(str(sent.name or "")).name[:100] or "protocol.yaml"
    protocol, faults = check_protocol_bytes(content, name)
    return protocol, faults, content.decode("utf-8", errors="replace")


def _faults(found: list[Fault]) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (each.file, number(each.line), number(each.column), each.phrase) for each in found[:_FAULTS]
    ]
    return [
        note("danger", "web.protocol.has-faults", count=len(found)),
        table("web.protocol.faults", ("file", "line>", "sign>", "fault"), rows),
        *rows_left(len(rows), len(found)),
    ]


@page("protocols/schema/", "protocol_schema", may=EVERYONE)
def protocol_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema by which an editor knows the keys of a protocol."""
    return _file(SCHEMA_PATH.read_bytes(), "application/schema+json", SCHEMA_PATH.name)


@page("protocols/<str:protocol>/file/", "protocol_file", may=EVERYONE, sample=SAMPLE)
def protocol_file(request: HttpRequest, protocol: str) -> HttpResponse:
    """A protocol's own file, to the byte."""
    name = kept_protocol(protocol).protocol.name
    return _file(protocol_text(name).encode("utf-8"), "application/yaml", f"{name}.yaml")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
