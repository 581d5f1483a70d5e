"""One spreadsheet: its columns while it waits, what would become of it, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.actions.imports import (
    Outcome,
    give_up,
    head_of,
    look,
    map_columns,
    refused_rows,
    take,
    undo,
    waiting,
)
from kancil.desk.programme.queries.entering import desk_of
from kancil.desk.programme.queries.imports import BatchRow, batch_of, left_of, remembered
from kancil.desk.programme.queries.undoing import Kept
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.imports.mapping import Remarks, TableHead
from kancil.web.assessment.acting import today
from kancil.web.assessment.tables import csv_answer
from kancil.web.cells import (
    Section,
    choosing,
    facts,
    folded,
    form,
    identifier,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    when,
)
from kancil.web.parts import Cell, Tick
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .forms import GiveUpForm, MappingForm, TakeForm, TwinsForm, UndoForm, decisions
from .imports import kind_name, state

_SHOWN = 200
_SAMPLE = {"batch": "none"}
_LOOK = "look"
"""In the address: the dry run is shown."""


@page("imports/<str:batch>/", "import_batch", may=MONEY, methods=("GET", "POST"), sample=_SAMPLE)
def import_batch(request: HttpRequest, batch: str) -> HttpResponseBase:
    """A file that waits, or an import with what it took and what it did not."""
    desk = desk_of(person_of(request))
    row = batch_of(desk, batch)
    title = Phrase("web.prog-imports.title", {"name": row.file_name})
    crumbs = [{"url": reverse("imports"), "name": Phrase("web.room.imports")}]
    found = _waiting(request, desk, row) if row.is_waiting else _done(request, desk, row)
    if isinstance(found, HttpResponseBase):
        return found
    return show(request, title, found, crumbs=crumbs, lead=kind_name(row.kind))


# --- While it waits -------------------------------------------------------------------------------


def _waiting(request: HttpRequest, desk: Desk, row: BatchRow) -> list[Section] | HttpResponseBase:
    person, store = person_of(request), store_of(current_workspace())
    left = GiveUpForm.asked(request)
    if left.is_ready:
        give_up(by=person, store=store, batch=row.id)
        messages.success(request, words("web.prog-imports.gave-up"))
        return redirect("imports")
    head = head_of(store, waiting(desk, row.id))
    known = row.mapping or remembered(row.kind, head) or head.guess(row.kind)
    mapped = MappingForm.asked(request, kind=row.kind, head=head, known=known)
    if mapped.is_ready:
        with mapped.telling():
            map_columns(by=person, store=store, batch=row.id, mapping=mapped.mapping())
            there = reverse("import_batch", kwargs={"batch": row.id})
            return redirect(f"{there}?{_LOOK}=1")
    sections: list[Section] = []
    sure = TwinsForm.asked(request)
    if sure.is_ready and row.mapping:
        done = take(by=person, store=store, batch=row.id, today=today(),
                    decisions=decisions(request, sure))  # fmt: skip
        messages.success(request, words("web.prog-imports.took", taken=done.taken))
        return redirect("import_batch", batch=row.id)
    columns = form("web.prog-imports.columns", mapped, submit="web.prog-imports.try",
                   text="web.prog-imports.columns-text")  # fmt: skip
    if row.mapping and _LOOK in request.GET and not mapped.is_bound:
        sections += [*_dry_run(person, row), columns]
    else:
        sections += [columns, _first_rows(head), *_remarks(head.remarks)]
    sections.append(left.section("web.prog-imports.give-up"))
    return sections


def _first_rows(head: TableHead) -> Section:
    count = max((len(each.cells) for each in head.columns), default=0)
    rows = [[each.cells[at] or "–" for each in head.columns] for at in range(count)]
    return {
        **table("web.prog-imports.first-rows", (), rows),
        "columns": [{"name": each.heading} for each in head.columns],
        "scroll": True,
    }


def _dry_run(person: Person, row: BatchRow) -> list[Section]:
    store = store_of(current_workspace())
    found = look(by=person, store=store, batch=row.id, today=today())
    told: list[tuple[str, Cell]] = [
        ("import-rows", number(found.rows)),
        ("import-would-take", number(found.taken)),
        ("import-refused", number(len(found.refused))),
        ("import-twins", number(len(found.twins))),
    ]
    more = (
        ("import-known", found.known), ("import-waiting", found.waiting),
        ("import-no-organisation", found.no_organisation),
    )  # fmt: skip
    told += [(name, number(count)) for name, count in more if count]
    sections: list[Section] = [
        note("info", "web.prog-imports.nothing-written"),
        facts("web.prog-imports.dry-run", told),
        *_remarks(found.remarks),
        *_take(found),
    ]
    if found.refused or found.twins:
        rows: list[tuple[Cell, ...]] = [
            (number(each.row), each.why) for each in found.refused[:_SHOWN]
        ]
        there = reverse("import_refused", kwargs={"batch": row.id})
        sections.append(note("warn", "web.prog-imports.refused-file", url=there,
                             do="web.prog-imports.refused-do"))  # fmt: skip
        sections += rows_left(len(rows), len(found.refused))
        if rows:
            one = folded("web.prog-imports.refused", ("row>", "why"), rows,
                         count=len(found.refused))  # fmt: skip
            sections.append({**one, "is_open": True})
    return sections


def _take(found: Outcome) -> list[Section]:
    submit = "web.prog-imports.take"
    if not found.twins:
        if not found.taken:
            return [note("warn", "web.prog-imports.nothing-to-take")]
        return [form("web.prog-imports.take-heading", TakeForm(), submit=submit,
                     text="web.prog-imports.take-text")]  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            Tick("same", str(each.row), Phrase("web.prog-imports.tick", {"row": each.row})),
            number(each.row), each.written, each.name, each.why,
        )
        for each in found.twins[:_SHOWN]
    ]  # fmt: skip
    columns = ("import-same", "row>", "import-written", "import-looks-like", "why")
    one = choosing("web.prog-imports.twins", columns, rows, submit=submit, do=TakeForm.act,
                   text=Phrase("web.prog-imports.twins-text"), fields=TwinsForm())  # fmt: skip
    return [*rows_left(len(rows), len(found.twins)), one]


def _remarks(remarks: Remarks) -> list[Section]:
    told = [
        Phrase(f"web.prog-import-remark-{name}", {"count": count})
        for name, count in (("merged", remarks.merged), ("formulas", remarks.formulas),
                            ("empty", remarks.empty))
        if count
    ]  # fmt: skip
    told += [
        Phrase(f"web.prog-import-remark-{name}", {"names": ", ".join(sheets)[:300]})
        for name, sheets in (("others", remarks.others), ("hidden", remarks.hidden))
        if sheets
    ]
    heading = Phrase("web.prog-imports.remarks")
    return [{"kind": "told", "heading": heading, "texts": told}] if told else []


@page("imports/<str:batch>/refused.csv", "import_refused", may=MONEY, sample=_SAMPLE)
def import_refused(request: HttpRequest, batch: str) -> HttpResponse:
    """Rows that would not be taken as they stand in the file, each with its reason."""
    found = refused_rows(
        by=person_of(request), store=store_of(current_workspace()), batch=batch, today=today()
    )
    rows = [[str(each.row), render_phrase(each.why), *each.cells] for each in found.rows]
    return csv_answer("not-taken", ("row", "why", *found.headings), rows)


# --- Once it is taken -----------------------------------------------------------------------------


def _done(request: HttpRequest, desk: Desk, row: BatchRow) -> list[Section] | HttpResponseBase:
    removed, kept = left_of(desk, row.id) if row.rows else (0, [])
    asked = UndoForm.asked(request)
    if asked.is_ready and row.rows and row.undone_at is None:
        with asked.telling():
            done = undo(by=person_of(request), batch=row.id)
            said = {"removed": done.removed, "kept": len(done.kept)}
            messages.success(request, words("web.prog-imports.undid", **said))
            return redirect("import_batch", batch=row.id)
    told: list[tuple[str, Cell]] = [
        ("import-state", state(row)),
        ("import-taken", number(row.taken)),
        ("import-rows", number(row.rows)),
        ("import-at", when(row.at)),
        ("import-by", row.by),
    ]
    if row.activity:
        there = reverse("activity", kwargs={"activity": row.activity})
        told.append(("activity", link(there, row.activity_code)))
    if row.undone_at is not None:
        told += [("import-undone-at", when(row.undone_at)), ("import-undone-by", row.undone_by)]
    told.append(("sha256", identifier(row.sha256)))
    sections: list[Section] = [facts("web.prog-imports.about", told)]
    if row.undone_at is None:
        sections.append(note("info", "web.prog-imports.would-remove", removed=removed,
                             kept=len(kept)))  # fmt: skip
    sections += _kept(kept)
    if row.undone_at is None:
        sections.append(asked.section("web.prog-imports.undo", text="web.prog-imports.undo-text"))
    if row.refused:
        rows: list[tuple[Cell, ...]] = [(number(at), why) for at, why in row.refused[:_SHOWN]]
        sections += rows_left(len(rows), len(row.refused))
        sections.append(folded("web.prog-imports.refused", ("row>", "why"), rows,
                               count=len(row.refused)))  # fmt: skip
    return sections


def _kept(kept: list[Kept]) -> list[Section]:
    if not kept:
        return []
    rows: list[tuple[Cell, ...]] = [
        (Phrase(f"thing.record-{each.thing}"), _there(each), each.why) for each in kept[:_SHOWN]
    ]
    columns = ("import-thing", "import-id", "why")
    return [*rows_left(len(rows), len(kept)), table("web.prog-imports.stays", columns, rows)]


def _there(kept: Kept) -> Cell:
    names: dict[str, Any] = {"participant": "participant", "activity": "activity"}
    if kept.thing not in names:
        return kept.id
    return link(reverse(names[kept.thing], kwargs={kept.thing: kept.id}), kept.id)
