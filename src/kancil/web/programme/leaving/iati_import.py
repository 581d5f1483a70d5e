"""Importing activities from an IATI file: what would come of it is shown first.

Between the two steps the file waits in the workspace's uploads, under its digest, for a day.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.programme.iati.file import ImportBatch, iati_imports
from kancil.desk.programme.iati.importing import (
    Plan,
    import_iati,
    plan_import,
    undo_iati_import,
)
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import KancilError
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.iati.check import MAX_BYTES
from kancil.programme.iati.read import IatiDocument, read_iati_file
from kancil.programme.vocabulary import ActivityKind
from kancil.records.described import named
from kancil.web.acting import ActForm
from kancil.web.cells import (
    Section,
    button,
    folded,
    note,
    number,
    rows_left,
    show,
    table,
    tag,
    when,
)
from kancil.web.forms import choose
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

_MOST_SHOWN = 100
_KEPT_SECONDS = 24 * 3600
_SHA256 = re.compile(r"[0-9a-f]{64}")


class LookForm(ActForm):
    """A file, and what it does not say itself."""

    act = "look"
    iati_file = forms.FileField(max_length=1000)
    iati_kind = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of activities."""
        super().__init__(*args, **kwargs)
        _offer_kinds(self)

    def clean_iati_file(self) -> UploadedFile[Any]:
        """Refuse a file larger than is read."""
        sent: UploadedFile[Any] = self.cleaned_data["iati_file"]
        if (sent.size or 0) > MAX_BYTES:
            raise forms.ValidationError(words("problem.iati-size", most=MAX_BYTES))
        return sent


class TakeForm(ActForm):
    """The file that was looked at."""

    act = "import"
    iati_kind = forms.ChoiceField(choices=(), widget=forms.HiddenInput)
    iati_sha256 = forms.RegexField(_SHA256, widget=forms.HiddenInput)
    iati_name = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Know the kinds of activities."""
        super().__init__(*args, **kwargs)
        _offer_kinds(self)


class UndoForm(ActForm):
    """Which import is undone."""

    act = "undo"
    iati_batch = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, rows: list[ImportBatch], **kwargs: Any) -> None:
        """Offer those that stand."""
        super().__init__(*args, **kwargs)
        standing = [each for each in rows if each.undone_at is None]
        names = [
            (each.id, f"{each.file_name}, {day_of(each.at).isoformat()} ({each.taken})")
            for each in standing
        ]
        choose(self, "iati_batch", names)


def _offer_kinds(form: forms.Form) -> None:
    choose(form, "iati_kind", [(each.value, render_phrase(named(each))) for each in ActivityKind])


@page("iati/import/", "iati_import", may=OFFICERS, methods=("GET", "POST"),
      body_bytes=FILE_FORM_BYTES)  # fmt: skip
def iati_import(request: HttpRequest) -> HttpResponse:
    """Look at a file, import it, undo an import."""
    person = person_of(request)
    look, take = LookForm.asked(request), TakeForm.asked(request)
    rows = iati_imports(person)
    undo = UndoForm.asked(request, rows=rows)
    sections: list[Section] = []
    if look.is_ready:
        with look.telling("iati_file"):
            sections = _looked_at(request, look)
    if take.is_ready:
        with take.telling():
            sha256 = take.cleaned_data["iati_sha256"]
            kept = _kept(sha256)
            if not kept.is_file():
                messages.warning(request, words("web.iati.import-gone"))
                return redirect("iati_import")
            done = import_iati(
                by=person, document=read_iati_file(kept), sha256=sha256,
                file_name=take.cleaned_data["iati_name"], otherwise=_kind(take),
            )  # fmt: skip
            kept.unlink(missing_ok=True)
            messages.success(request, words("web.iati.took", **_counts(done.plan)))
            return redirect("iati_import")
    if undo.is_ready:
        with undo.telling("iati_batch"):
            count = undo_iati_import(by=person, batch=undo.cleaned_data["iati_batch"])
            messages.success(request, words("web.iati.undone", count=count))
            return redirect("iati_import")
    sections.append(
        look.section("web.iati.look", submit="web.iati.look-do", text="web.iati.look-text")
    )
    sections += _imports(rows, undo)
    crumbs = [{"url": reverse("iati"), "name": Phrase("web.iati.title")}]
    buttons = [button(reverse("iati_stated"), "web.iati.stated-open")]
    return show(request, Phrase("web.iati.import"), sections, crumbs=crumbs, buttons=buttons)


def _kind(form: ActForm) -> ActivityKind:
    return ActivityKind(form.cleaned_data["iati_kind"])


# --- looking at a file ----------------------------------------------------------------------------


def _kept(sha256: str) -> Path:
    return current_workspace().uploads_dir / f"iati-{sha256}.xml"


def _keep(data: bytes) -> tuple[Path, str]:
    """Keep a file until it is imported; those that nobody imported within a day go."""
    folder = current_workspace().uploads_dir
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.glob("iati-*.xml"):
        if time.time() - each.stat().st_mtime > _KEPT_SECONDS:
            each.unlink(missing_ok=True)
    sha256 = sha256_hex(data)
    write_durably(_kept(sha256), data)
    return _kept(sha256), sha256


def _looked_at(request: HttpRequest, look: LookForm) -> list[Section]:
    sent = look.cleaned_data["iati_file"]
    name = PurePosixPath(str(sent.name or "")).name[:200] or "activities.xml"
    path, sha256 = _keep(sent.read())
    try:
        document = read_iati_file(path)
    except KancilError:  # nobody imports what cannot be read
        path.unlink(missing_ok=True)
        raise
    kind = _kind(look)
    plan = plan_import(by=person_of(request), document=document, otherwise=kind)
    take = TakeForm(initial={"iati_kind": kind.value, "iati_sha256": sha256, "iati_name": name})
    found = [_says(plan, document, name), *_rows(plan), *_not_understood(document)]
    if plan.taken or plan.stated:
        found.append(take.section("web.iati.take", submit="web.iati.take-do"))
    return found


def _says(plan: Plan, document: IatiDocument, name: str) -> Section:
    level = "info" if plan.taken or plan.stated else "warn"
    return note(
        level, "web.iati.would-take", name=name, version=document.version,
        transactions=plan.transactions, **_counts(plan),
    )  # fmt: skip


def _counts(plan: Plan) -> dict[str, Any]:
    return {"taken": len(plan.taken), "stated": len(plan.stated), "rows": len(plan.rows)}


_STATED = ("iati-line>", "iati-named", "iati-reporter", "iati-reason")


def _rows(plan: Plan) -> list[Section]:
    found: list[Section] = []
    if plan.taken:
        rows: list[tuple[Cell, ...]] = [
            (
                each.code, each.draft.title, named(each.draft.kind), each.draft.begins.isoformat(),
                named(each.draft.state), ", ".join(each.countries) or each.draft.region,
                each.grant or Phrase("web.iati.no-grant"),
            )
            for each in plan.taken[:_MOST_SHOWN]
            if each.draft
        ]  # fmt: skip
        columns = ("iati-code", "iati-named", "iati-kind", "iati-begins", "iati-state",
                   "iati-where", "iati-grant")  # fmt: skip
        found += [table("web.iati.taken", columns, rows),
                  *rows_left(len(rows), len(plan.taken))]  # fmt: skip
    if plan.stated:
        kept: list[tuple[Cell, ...]] = [
            (number(each.line), each.stated.title, each.stated.reporter,
             Phrase(f"why.iati-{each.reason}"))
            for each in plan.stated[:_MOST_SHOWN]
            if each.stated
        ]  # fmt: skip
        found += [table("web.iati.would-state", _STATED, kept),
                  *rows_left(len(kept), len(plan.stated))]  # fmt: skip
    if plan.refused:
        reasons = Counter(each.reason for each in plan.refused)
        counted = [(Phrase(f"why.iati-{key}"), number(n)) for key, n in reasons.most_common()]
        each_row = [
            (number(each.line), each.code[:200], Phrase(f"why.iati-{each.reason}"))
            for each in plan.refused[:_MOST_SHOWN]
        ]
        found += [
            table("web.iati.refused", ("iati-reason", "iati-count>"), counted),
            folded("web.iati.refused-each", ("iati-line>", "iati-code", "iati-reason"), each_row,
                   count=len(plan.refused)),
        ]  # fmt: skip
    return found


def _not_understood(document: IatiDocument) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (path, number(count), number(document.first_lines.get(path)))
        for path, count in list(document.not_understood.items())[:_MOST_SHOWN]
    ]
    columns = ("iati-element", "iati-count>", "iati-first-line>")
    return [folded("web.iati.not-understood", columns, rows, count=len(rows))] if rows else []


# --- what was imported ----------------------------------------------------------------------------


def _imports(rows: list[ImportBatch], undo: UndoForm) -> list[Section]:
    if not rows:
        return []
    told: list[tuple[Cell, ...]] = [
        (
            each.file_name, when(each.at), number(each.taken), number(each.rows - each.taken),
            each.by.name, _state(each),
        )
        for each in rows
    ]  # fmt: skip
    columns = ("iati-file", "iati-day", "iati-taken>", "iati-refused>", "iati-by", "state")
    found = [table("web.iati.imports", columns, told)]
    if any(each.undone_at is None for each in rows):
        found.append(undo.section("web.iati.undo", submit="web.iati.undo-do",
                                  text="web.iati.undo-text"))  # fmt: skip
    return found


def _state(row: ImportBatch) -> Cell:
    if row.undone_at is None:
        return tag("intact", "web.iati.stands")
    return tag("warn", "web.iati.was-undone")
