"""One spreadsheet: its columns while it waits, what would become of it, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.desk.jobs.queries import Task
from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.imports.batches import BatchRow, batch_of, left_of, remembered
from kancil.desk.programme.imports.importing import (
    give_up,
    head_of,
    look,
    map_columns,
    refused_rows,
    take,
    undo,
    waiting,
)
from kancil.desk.programme.imports.plan import Decisions
from kancil.desk.programme.imports.undoing import Kept
from kancil.desk.programme.jobs.imports import Tried, tried
from kancil.evidence.vault import Vault
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.imports.mapping import Remarks, TableHead, TableMapping
from kancil.programme.money.sheets import Heading
from kancil.web.acting import today
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
from kancil.web.csv_files import csv_answer
from kancil.web.parts import Cell, Tick
from kancil.web.programme.jobs.pages import progress
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .forms import GiveUpForm, HeadingForm, MappingForm, TakeForm, TwinsForm, UndoForm, decisions
from .imports import kind_name, state
from .working import ask_to_take, ask_to_try, dry_run_of, is_large, open_job

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
    working = open_job(row)
    if working is not None:
        return [progress(request, working)]
    sure, ran = TwinsForm.asked(request), dry_run_of(row)
    if sure.is_ready and row.mapping:
        return _taken(request, desk, row, decisions(request, sure), ran)
    give_up_form = left.section("web.prog-imports.give-up")
    if ran is not None and _LOOK in request.GET and request.method == "GET":
        other = note("info", "web.prog-imports.columns-stand", do="web.prog-imports.columns-do",
                     url=reverse("import_batch", kwargs={"batch": row.id}))  # fmt: skip
        return [*_dry_run(row, tried(ran.result or {}), ran.ended_at), other, give_up_form]
    head, known, placed = _columns(request, desk, store, row)
    mapped = MappingForm.asked(request, kind=row.kind, head=head, known=known)
    if mapped.is_ready:
        with mapped.telling():
            map_columns(by=person, store=store, batch=row.id, mapping=mapped.mapping())
            return _mapped(request, desk, row, head)
    columns = form("web.prog-imports.columns", mapped, submit="web.prog-imports.try",
                   text="web.prog-imports.columns-text")  # fmt: skip
    if row.mapping and _LOOK in request.GET and not mapped.is_bound and not is_large(head):
        found = look(by=person, store=store, batch=row.id, today=today())
        whole = Tried(found, len(found.refused), len(found.twins))
        return [*_dry_run(row, whole), columns, give_up_form]
    placed_form = placed.section("web.prog-imports.headings", submit="web.prog-imports.headings-do",
                                 text="web.prog-imports.headings-text")  # fmt: skip
    return [placed_form, columns, _first_rows(head), *_remarks(head.remarks), give_up_form]


def _columns(
    request: HttpRequest, desk: Desk, store: Vault, row: BatchRow
) -> tuple[TableHead, TableMapping, HeadingForm]:
    """The headings where they are looked for, how they are read, and the form that moves them."""
    file = waiting(desk, row.id)
    head = head_of(store, file)
    known = row.mapping or remembered(row.kind, head)
    given, placed = request.POST, HeadingForm.asked(request, head=head)
    at = known.heading if known else head.heading
    if placed.is_ready:
        at = placed.heading()
    elif given.get("do") == MappingForm.act:
        number = given.get("import_at", "")
        is_row = number in {str(each) for each, _ in head.first}
        at = Heading(int(number) if is_row else 0, given.get("import_joined") == "True")
    if at != head.heading:
        head = head_of(store, file, at)
    if known is None or known.heading not in (at, head.heading):
        known = head.guess(row.kind)
    return head, known, placed if placed.is_bound else HeadingForm(head=head)


def _mapped(request: HttpRequest, desk: Desk, row: BatchRow, head: TableHead) -> HttpResponse:
    """Lead to the dry run, or to the job that makes it."""
    if is_large(head):
        return redirect("task", task=ask_to_try(request, batch_of(desk, row.id)))
    return redirect(f"{reverse('import_batch', kwargs={'batch': row.id})}?{_LOOK}=1")


def _taken(
    request: HttpRequest, desk: Desk, row: BatchRow, said: Decisions, ran: Task | None
) -> HttpResponse:
    """Take a file, or ask for the job that does."""
    person, store = person_of(request), store_of(current_workspace())
    if ran is not None or is_large(head_of(store, waiting(desk, row.id))):
        return redirect("task", task=ask_to_take(request, row, said))
    done = take(by=person, store=store, batch=row.id, today=today(), decisions=said)
    messages.success(request, words("web.prog-imports.took", taken=done.taken))
    return redirect("import_batch", batch=row.id)


def _first_rows(head: TableHead) -> Section:
    count = max((len(each.cells) for each in head.columns), default=0)
    rows = [[each.cells[at] or "–" for each in head.columns] for at in range(count)]
    return {
        **table("web.prog-imports.first-rows", (), rows),
        "columns": [{"name": each.heading} for each in head.columns],
        "scroll": True,
    }


def _dry_run(row: BatchRow, tried: Tried, at: datetime | None = None) -> list[Section]:
    """What would become of the rows; `at`: when a job looked, if one did."""
    found = tried.outcome
    told: list[tuple[str, Cell]] = [
        ("import-rows", number(found.rows)),
        ("import-would-take", number(found.taken)),
        ("import-refused", number(tried.refused)),
        ("import-twins", number(tried.twins)),
    ]
    more = (
        ("import-known", found.known), ("import-waiting", found.waiting),
        ("import-no-organisation", found.no_organisation),
    )  # fmt: skip
    told += [(name, number(count)) for name, count in more if count]
    told += [("import-tried-at", when(at))] if at else []
    sections: list[Section] = [
        note("info", "web.prog-imports.nothing-written"),
        facts("web.prog-imports.dry-run", told),
        *_remarks(found.remarks),
        *_take(tried),
    ]
    if tried.refused or tried.twins:
        rows: list[tuple[Cell, ...]] = [
            (number(each.row), each.why) for each in found.refused[:_SHOWN]
        ]
        there = reverse("import_refused", kwargs={"batch": row.id})
        sections.append(note("warn", "web.prog-imports.refused-file", url=there,
                             do="web.prog-imports.refused-do"))  # fmt: skip
        sections += rows_left(len(rows), tried.refused)
        if rows:
            one = folded("web.prog-imports.refused", ("row>", "why"), rows,
                         count=tried.refused)  # fmt: skip
            sections.append({**one, "is_open": True})
    return sections


def _take(tried: Tried) -> list[Section]:
    found, submit = tried.outcome, "web.prog-imports.take"
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
    return [*rows_left(len(rows), tried.twins), one]


def _remarks(remarks: Remarks) -> list[Section]:
    told = [
        Phrase(f"web.prog-import-remark-{name}", {"count": count})
        for name, count in (("merged", remarks.merged), ("formulas", remarks.formulas),
                            ("empty", remarks.empty), ("buddhist", remarks.buddhist))
        if count
    ]  # fmt: skip
    told += [
        Phrase(f"web.prog-import-remark-{name}", {"names": ", ".join(sheets)[:300]})
        for name, sheets in (("unread", remarks.unread), ("others", remarks.others),
                             ("hidden", remarks.hidden))
        if sheets
    ]  # fmt: skip
    if remarks.guessed:
        name = Phrase(f"name.encoding-{remarks.guessed}")
        told.insert(0, Phrase("web.prog-import-remark-guessed", {"encoding": name}))
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
