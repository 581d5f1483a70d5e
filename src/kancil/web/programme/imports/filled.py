"""The page of a list that becomes rows: first what it would do, then the import itself.

Between the two the file is carried by the form, so that nothing of it is kept here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.base.action import Action
from kancil.desk.programme.filling import Filled, fill, template
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import visible
from kancil.web.acting import ActForm, today
from kancil.web.cells import Section, button, facts, form, note, number, rows_left, show, table
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of

MOST_ROWS = 500
"""Taken while their sender waits."""
IMPORT_BYTES = 12_000_000
"""Of a form with a list."""
_SHOWN = 100
_CARRIED = 1_800_000
"""Characters of a file that a form carries from the dry run to the import."""


class ListForm(ActForm):
    """A list as a file."""

    act = "list"
    list_file = forms.FileField(max_length=200)


class _CarriedForm(ActForm):
    """The file that was looked at, on its way to the import."""

    act = "import"

    def __init__(self, data: str, name: str) -> None:
        super().__init__()
        for field, value in (("carried_bytes", data), ("carried_name", name)):
            self.fields[field] = forms.CharField(widget=forms.HiddenInput, initial=value)


def import_now(data: bytes, name: str) -> list[Section]:
    """The button that imports the file that was looked at."""
    written = base64.b64encode(data).decode()
    if len(written) > _CARRIED:
        return [note("warn", "web.prog-people.too-long-to-carry")]
    key = "web.prog-people.import-now"
    return [form(key, _CarriedForm(written, name), submit=key)]


def carried(request: HttpRequest) -> tuple[bytes, str] | None:
    """The file that comes back with that button, and its name; None: it was not pressed."""
    if request.method != "POST" or request.POST.get("do") != _CarriedForm.act:
        return None
    try:
        data = base64.b64decode(request.POST.get("carried_bytes", ""), validate=True)
    except binascii.Error:
        data = b""
    return data, request.POST.get("carried_name", "")[:200] or "list"


def import_page(
    request: HttpRequest, action: Action[Any, Any], *, plural: str, **more: Any
) -> HttpResponse:
    """Import a list of a register by the action that adds to it; its empty sheet as `?template`.

    `plural`: name of the page to which it leads; its own is `<plural>_import`.
    """
    if "template" in request.GET:
        sheet = HttpResponse(template(action.given), content_type="text/csv; charset=utf-8")
        sheet["Content-Disposition"] = f'attachment; filename="{plural}-template.csv"'
        return sheet
    by, day = person_of(request), today()
    if (sent := carried(request)) is not None:
        done = fill(action, by=by, data=sent[0], path=sent[1], today=day, try_only=False,
                    most=MOST_ROWS)  # fmt: skip
        said = {"taken": done.taken, "refused": len(done.refused)}
        messages.success(request, words("done.rows-taken", **said))
        return redirect(plural)
    asked, sections = ListForm.asked(request), list[Section]()
    if asked.is_ready:
        with asked.telling("list_file"):
            file = asked.cleaned_data["list_file"]
            data = file.read()
            found = fill(action, by=by, data=data, path=file.name, today=day, try_only=True,
                         most=MOST_ROWS)  # fmt: skip
            sections += [*_outcome(found), *(import_now(data, file.name) if found.taken else ())]
    asking = asked.section("web.prog-people.file-form", submit="web.prog-people.check")
    sections.append({**asking, "text": Phrase("web.prog-filled.text", {"most": MOST_ROWS})})
    empty = button("?template", "web.prog-filled.template")
    title = Phrase(f"web.room.{plural}-import")
    return show(request, title, sections, buttons=[empty], **more)


def _outcome(found: Filled) -> list[Section]:
    said: list[tuple[str, Cell]] = [
        ("import-would-take", number(found.taken)),
        ("import-refused", number(len(found.refused))),
        ("person-unread", visible(", ".join(found.unread)[:300]) or "–"),
    ]
    said += [("import-remarks", number(found.remarks))] if found.remarks else []
    rows: list[tuple[Cell, ...]] = [(number(at), why) for at, why in found.refused[:_SHOWN]]
    refused = table("web.prog-people.refused-rows", ("row", "why"), rows)
    return [
        facts("web.prog-people.dry-run", said),
        *rows_left(len(rows), len(found.refused)),
        *([refused] if rows else ()),
        *([] if found.taken else [note("warn", "web.prog-imports.nothing-to-take")]),
    ]
