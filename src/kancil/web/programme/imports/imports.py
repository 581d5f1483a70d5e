"""Spreadsheets that were imported, and the next one; an empty one for each kind."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.imports.batches import BatchRow, batches, kinds
from kancil.desk.programme.imports.importing import hand_in
from kancil.desk.programme.jobs.imports import AT_ONCE_ROWS
from kancil.ground.phrase import Phrase
from kancil.programme.imports.fields import ImportKind
from kancil.programme.imports.reading import MOST_ROWS
from kancil.programme.imports.template import template
from kancil.programme.money.sheets import MAX_FILE_BYTES
from kancil.web.cells import button, empty, limits, link, note, number, show, table, tag, when
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .forms import SendForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(
    "imports/", "imports", may=MONEY, methods=("GET", "POST"), menu="site", order=32,
    body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def imports(request: HttpRequest) -> HttpResponseBase:
    """What was imported, and a form for the next file."""
    person = person_of(request)
    desk = desk_of(person)
    asked = SendForm.asked(request, desk=desk)
    if asked.is_ready:
        with asked.telling("import_file"):
            given = asked.cleaned_data
            sent = given["import_file"]
            batch = hand_in(
                by=person, store=store_of(current_workspace()), data=sent.read(MAX_FILE_BYTES + 1),
                kind=ImportKind(given["import_kind"]), file_name=sent.name,
                activity_code=given.get("import_activity", ""),
            )  # fmt: skip
            return redirect("import_batch", batch=batch)
    found = batches(desk)
    columns = ("import-file", "import-kind", "import-state", "import-rows>", "import-taken>",
               "import-refused>", "import-at", "import-by")  # fmt: skip
    rows = [_cells(each) for each in found]
    sections = [
        asked.section("web.prog-imports.send", text="web.prog-imports.send-text"),
        table("web.prog-imports.past", columns, rows) if rows else empty("web.prog-imports.none"),
        note("info", "web.prog-imports.elsewhere", url=reverse("spending"),
             do="web.room.spending"),
        limits([
            Phrase("web.prog-imports.limit-rows", {"most": f"{MOST_ROWS:,}"}),
            Phrase("web.prog-imports.limit-work", {"most": f"{AT_ONCE_ROWS:,}"}),
            Phrase("web.prog-imports.limit-state"),
            Phrase("web.prog-imports.limit-heading"),
        ]),
    ]  # fmt: skip
    buttons = [
        button(reverse("import_template", kwargs={"kind": each.value}),
               f"web.prog-import-template-{each}")
        for each in kinds(desk)
    ]  # fmt: skip
    title = Phrase("web.room.imports")
    return show(request, title, sections, buttons=buttons, lead=Phrase("web.prog-imports.lead"))


def _cells(row: BatchRow) -> tuple[Cell, ...]:
    there = reverse("import_batch", kwargs={"batch": row.id})
    return (
        link(there, row.file_name), kind_name(row.kind), state(row),
        number(row.rows) if row.rows else "–", number(row.taken) if row.rows else "–",
        number(row.rows - row.taken) if row.rows else "–", when(row.at), row.by,
    )  # fmt: skip


def kind_name(kind: ImportKind) -> Phrase:
    """What rows of a kind are, to the reader."""
    return Phrase(f"web.prog-import-kind-{kind}")


def state(row: BatchRow) -> Cell:
    """How far an import is."""
    if row.undone_at is not None:
        return tag(
            "unknown", "web.prog-imports.undone" if row.rows else "web.prog-imports.given-up"
        )
    if row.is_waiting:
        return tag("now", "web.prog-imports.waits")
    return tag("intact", "web.prog-imports.taken")


@page("imports/template/<str:kind>/", "import_template", may=MONEY, sample={"kind": "budgets"})
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty spreadsheet of a kind that the reader may import; of others there is none."""
    offered = {each.value: each for each in kinds(desk_of(person_of(request)))}
    if kind not in offered:
        return HttpResponse(status=404)
    answer = HttpResponse(template(offered[kind]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer
