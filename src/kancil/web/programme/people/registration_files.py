"""Files of registrations: the list, the form for a form host, and what comes back from it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.registration_files import (
    Outcome,
    import_registrations,
    look_at_registrations,
    undo_registrations,
)
from kancil.desk.programme.taking_part.registrations import (
    form_of,
    import_batches,
    leaving_registrations,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.programme.registration.form import form_page
from kancil.web.acting import ActForm
from kancil.web.cells import Section, facts, form, number, rows_left, show, table, when
from kancil.web.csv_files import csv_answer
from kancil.web.parts import Cell
from kancil.web.programme.imports.filled import carried, import_now
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

from .forms import FileForm, RegistrationFilter

_ROWS = 100
_SAMPLE = {"activity": "01a00000-0000-7000-8000-000000000000"}


@page(
    "activities/<str:activity>/registrations/registrations.csv", "registrations_file",
    may=OFFICERS, of="activity", sample=_SAMPLE,
)  # fmt: skip
def registrations_file(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Registrations that are looked for, as a file; names with consent alone."""
    wanted = RegistrationFilter(request.GET if "in_state" in request.GET else None).wanted()
    columns = ("registration", "participant", "name", "country", "organisation", "office", "role",
               "part", "state", "attended")  # fmt: skip
    rows = [
        [each.id, each.participant, each.name, each.country, each.organisation, each.office,
         each.role, each.part, each.state, "yes" if each.attended else "no"]
        for each in leaving_registrations(sight, **wanted)
    ]  # fmt: skip
    return csv_answer(f"registrations-{sight.code}", columns, rows)


@page(
    "activities/<str:activity>/registrations/form.html", "registration_form", may=OFFICERS,
    of="activity", sample=_SAMPLE,
)  # fmt: skip
def registration_form(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The form as one file, for a host that holds nothing else."""
    page_ = form_page(form_of(sight), spoken())
    answer = HttpResponse(page_, content_type="text/html; charset=utf-8")
    name = re.sub(r"[^A-Za-z0-9-]", "-", sight.code)
    answer["Content-Disposition"] = f'attachment; filename="registration-{name}.html"'
    return answer


@page(
    "activities/<str:activity>/registrations/import/", "registration_import", may=OFFICERS,
    of="activity", methods=("GET", "POST"), within="registrations", body_bytes=12_000_000,
    sample=_SAMPLE,
)  # fmt: skip
def registration_import(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Read a file of registrations: first what it would do, then the import itself."""
    person = person_of(request)
    title = Phrase("web.prog-people.import")
    asked = FileForm.asked(request)
    sections: list[Section] = []
    does = request.POST.get("do", "")
    sent = carried(request)
    if asked.is_ready:
        with asked.telling("registrations_file"):
            file = asked.cleaned_data["registrations_file"]
            data, name = file.read(), file.name
            found = look_at_registrations(
                by=person, activity=sight.activity, data=data, file_name=name
            )
            sections += [*_outcome(found), *import_now(data, name)]
    elif sent is not None:
        done = import_registrations(
            by=person, activity=sight.activity, data=sent[0], file_name=sent[1]
        )
        said = {"registered": done.registered, "waiting": done.waiting}
        messages.success(request, words("web.prog-people.imported", **said))
        return redirect("registration_import", activity=sight.activity)
    elif does.startswith("undo-"):
        count = undo_registrations(by=person, batch=does.removeprefix("undo-"))
        messages.success(request, words("web.prog-people.undone", count=count))
        return redirect("registration_import", activity=sight.activity)
    sections.append(form("web.prog-people.file-form", asked, submit="web.prog-people.check",
                         text="web.prog-people.file-text"))  # fmt: skip
    sections += _batches(sight)
    return show(request, title, sections)


def _outcome(found: Outcome) -> list[Section]:
    said: list[tuple[str, Cell]] = [
        ("person-rows", number(found.rows)),
        ("person-would-register", number(found.registered)),
        ("person-would-wait", number(found.waiting)),
        ("person-known", number(found.known)),
        ("person-refused", number(len(found.refused))),
        ("person-no-organisation", number(found.organisations)),
        ("person-unread", ", ".join(found.unread) or "–"),
    ]
    rows: list[tuple[Cell, ...]] = [(f"{each.row:,}", each.why) for each in found.refused[:_ROWS]]
    sections = [facts("web.prog-people.dry-run", said)]
    if rows:
        sections += rows_left(len(rows), len(found.refused))
        sections.append(table("web.prog-people.refused-rows", ("row", "why"), rows))
    return sections


class _Undo(ActForm):
    """The button that takes an import back."""

    def __init__(self, batch: str) -> None:
        self.act = f"undo-{batch}"  # type: ignore[misc]  # one a batch
        super().__init__()


def _batches(sight: ActivitySight) -> list[Section]:
    batches = import_batches(sight)
    rows: list[tuple[Cell, ...]] = [
        (each.file_name, when(each.at), each.by.name, number(each.rows), number(each.taken),
         when(each.undone_at) if each.undone_at else "–")
        for each in batches
    ]  # fmt: skip
    columns = ("file", "person-imported-at", "person-by", "person-rows>", "person-taken>",
               "person-undone-at")  # fmt: skip
    if not rows:
        return []
    last = next((each for each in batches if each.undone_at is None), None)
    undo = [] if last is None else [
        form("web.prog-people.undo", _Undo(last.id), submit="web.prog-people.undo",
             text="web.prog-people.undo-text")
    ]  # fmt: skip
    return [table("web.prog-people.imports", columns, rows), *undo]
