"""The mapping screen: a table of an exhibit is looked at, mapped, tried, and recorded.

Nothing is recorded that was not tried first, by the very same mapping: the officer has seen how
many rows are left out, which and why, before the ledger holds anything.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format

from kancil.custody.cases import require_basis
from kancil.custody.roll import Exhibit, Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.jobs.job import Asked, Work
from kancil.desk.jobs.queries import State, Task, find_task
from kancil.desk.people.queries import case_ids_of
from kancil.desk.studies.actions import read_transfers
from kancil.desk.studies.jobs.reported_transfers import read_transfers as read_large
from kancil.desk.studies.jobs.reported_transfers import try_transfers as try_large
from kancil.desk.studies.stated import StatedTable, as_before, mappings_before
from kancil.evidence.named import NamedFile, exhibit_files
from kancil.evidence.tables.column_mapping import ColumnMapping, mapping_from
from kancil.evidence.tables.example import example_of
from kancil.evidence.tables.exhibit_table import read_table_bytes, table_file
from kancil.evidence.tables.foreign import sniff, try_table
from kancil.evidence.tables.suggest import Suggestion, suggest_mapping
from kancil.evidence.tables.table import (
    Sniffed,
)
from kancil.evidence.tables.trial import Trial
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped, grouped_decimal
from kancil.ground.words import harmless
from kancil.ground.words import render as words
from kancil.records.transfer import Direction, StatedTransfer
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, beginning, empty, link, note, number, show, table
from kancil.web.page import ACTING, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .form_of_table import FormOfTable, form_values
from .mapping_form import MappingForm, zone_hints
from .rows import stated_cells, stated_columns

PREVIEW_ROWS = 8
LARGE_BYTES = 1_000_000
"""A table larger than this is tried and read behind the pages: some thousand rows a second."""
CELL_CHARACTERS = 120
SHOWN_SKIPS = 50
SHOWN_UNREAD = 12
MOST_FILES = 200
_SAMPLE = {"exhibit": 1}


def named_columns(names: Sequence[str]) -> str:
    """Names of columns in a sentence, as plain text."""
    return few([inert(name) for name in names], SHOWN_UNREAD)


def inert(text: str) -> str:
    """A cell of somebody's table as plain text: no control character, not without end."""
    return beginning(harmless(text).replace("\n", " ").replace("\t", " "), CELL_CHARACTERS)


@dataclass(frozen=True)
class Screen:
    """One table on the mapping screen."""

    desk: UnitDesk
    case: Case
    exhibit: Exhibit
    file: NamedFile
    asked: FormOfTable
    cases: Sequence[str] = ()
    """Ids of the cases of whoever asks, whose mappings may be used again."""
    known_asked: str = ""
    """Number of the entry of such a mapping; `new`: none."""

    @property
    def name(self) -> str:
        """The table's file name, as plain text."""
        return inert(self.file.path.rpartition("/")[2])

    @property
    def is_large(self) -> bool:
        """Whether reading it whole takes longer than a page may."""
        return self.file.size_bytes > LARGE_BYTES

    @cached_property
    def data(self) -> bytes:
        """The table's bytes, checked; raises what reading them raises."""
        return read_table_bytes(self.file, self.desk.vault)

    @cached_property
    def sniffed(self) -> Sniffed:
        """The form in which the table is read, and its first rows."""
        stream = io.BytesIO(self.data)
        if self.asked.is_bound and self.asked.is_valid():
            return sniff(stream, self.name, self.asked.form())
        return sniff(stream, self.name)

    @cached_property
    def suggestion(self) -> Suggestion:
        """The suggested mapping: of a table with these columns that was read before, else new."""
        found = suggest_mapping(self.sniffed)
        fitting = [each for each in self.known if str(each.n) == self.known_asked]
        if self.known_asked == "" and len(self.known) == 1:
            fitting = list(self.known)
        return as_before(found, fitting[0]) if fitting else found

    @cached_property
    def known(self) -> tuple[StatedTable, ...]:
        """Tables that were read before and whose mapping fits, the newest of each publisher."""
        return mappings_before(self.desk.ledger, self.cases, self.sniffed.columns)

    def tried(self, mapping: ColumnMapping) -> Trial:
        """Try a mapping on the whole table."""
        stream = io.BytesIO(self.data)
        return try_table(stream, name=self.name, exhibit_sha256=self.file.sha256, mapping=mapping)

    def preview(self) -> dict[str, Any]:
        """The first rows, cell by cell, as plain text."""
        return {
            "columns": [inert(name) for name in self.sniffed.columns],
            "rows": [
                (row.line, [inert(cell) for cell in row.cells])
                for row in self.sniffed.rows[:PREVIEW_ROWS]
            ],
        }

    def form_of_table(self) -> FormOfTable:
        """The form that says how the bytes are read, with what is so now."""
        return FormOfTable(form_values(self.sniffed.form))


@page(
    "cases/<str:case>/exhibits/<str:exhibit>/transfers/", "stated_map", may=ACTING, of="case",
    methods=("GET", "POST"), sample=_SAMPLE,
)  # fmt: skip
def stated_map(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Look at a table, say which column is what, try it, record what it states."""
    desk, found = unit_desk(), _exhibit(case, exhibit)
    roll = desk.ledger.folded(Roll)
    require_basis(roll, roll.case(case.id))
    way = crumbs(
        case,
        (
            reverse("exhibit", kwargs={"case": case.number, "exhibit": found.number}),
            f"{found.label} {found.title}",
        ),
    )
    files = list(exhibit_files(found, desk.vault))
    done = _tried_task(request, case, found)
    digest = request.GET.get("file", "") if done is None else str(done.parameters["sha256"])
    if not digest and len({file.sha256 for file in files}) != 1:
        return show(request, Phrase("web.mapping.choose"), _choose(case, found, files), crumbs=way)
    if digest and digest not in {file.sha256 for file in files}:
        raise PageNotFound
    file = table_file(found, desk.vault, digest or None)
    screen = Screen(
        desk, case, found, file, FormOfTable(_form_asked(request, done)),
        case_ids_of(person_of(request)), request.GET.get("as", ""),
    )  # fmt: skip
    sent = request.POST if request.method == "POST" else None
    guesses = screen.suggestion.guesses
    form = MappingForm(screen.sniffed.columns, screen.suggestion.mapping, sent, guesses=guesses)
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        mapping = form.mapping()
        was_tried = done is not None and _gave(done).get("mapping_sha256") == mapping.sha256
        with form.telling():
            if screen.is_large:
                work = read_large if "record" in request.POST and was_tried else try_large
                return redirect("task", task=_ask(request, screen, mapping, work))
            if "record" in request.POST and form.cleaned_data["tried"] == mapping.sha256:
                return _record(request, screen, mapping)
            trial = screen.tried(mapping)
            form = _with_tried(form, request, mapping)
    if done is not None and sent is None:
        mapping = mapping_from(done.parameters["mapping"])
        form = MappingForm(screen.sniffed.columns, mapping, guesses=guesses)
    return _show(request, screen, form, trial, way, done)


def _tried_task(request: HttpRequest, case: Case, found: Exhibit) -> Task | None:
    """The task that tried a mapping on a large table of this exhibit, if one is named.

    Raises PageNotFound for a task of anything else.
    """
    name = request.GET.get("tried", "")
    if not name:
        return None
    task = find_task(person_of(request), name)
    is_it = (
        task is not None
        and task.name == try_large.name
        and task.case_id == case.id
        and task.parameters["exhibit"] == found.id
        and task.state == State.DONE
    )
    if task is None or not is_it:
        raise PageNotFound
    return task


def _gave(task: Task) -> dict[str, Any]:
    return task.result or {}


def _form_asked(request: HttpRequest, done: Task | None) -> Mapping[str, Any] | None:
    """How the bytes are to be read, if that was chosen or a task tried it so."""
    if done is not None:
        return form_values(mapping_from(done.parameters["mapping"]).table)
    return request.GET if "header_line" in request.GET else None


def _ask(
    request: HttpRequest, screen: Screen, mapping: ColumnMapping, work: Work[..., None]
) -> str:
    """Ask for a large table to be tried or read behind the pages; give the task's id."""
    who = Asked(person_of(request), how_authenticated(request), CaseId(screen.case.id))
    asked = work.by(who).enqueue(
        exhibit=screen.exhibit.id, sha256=screen.file.sha256, mapping=mapping.as_dict()
    )
    return str(asked.id)


def _with_tried(form: MappingForm, request: HttpRequest, mapping: ColumnMapping) -> MappingForm:
    """The form as it was sent, with the mapping that was tried written into it."""
    sent = request.POST.copy()
    sent["tried"] = mapping.sha256
    again = MappingForm(form.columns, form.suggested, sent, guesses=form.guesses)
    again.is_valid()
    return again


def _exhibit(case: Case, name: str) -> Exhibit:
    """Find an exhibit of the case in the ledger's state; raises PageNotFound."""
    row = queries.find_exhibit(case, name)
    if row is None:
        raise PageNotFound
    return unit_desk().ledger.folded(Roll).exhibit(row.id)


def _choose(case: Case, found: Exhibit, files: list[NamedFile]) -> list[Section]:
    """Offer the files of an exhibit, of which one is to be read."""
    if not files:
        return [empty("web.mapping.no-file")]
    here = reverse("stated_map", kwargs={"case": case.number, "exhibit": found.number})
    rows = [
        (link(f"{here}?file={file.sha256}", inert(file.path)), number(file.size_bytes))
        for file in files[:MOST_FILES]
    ]
    sections = [table("web.mapping.files", ("file", "size>"), rows)]
    if len(files) > len(rows):
        more = grouped(len(files) - len(rows))
        sections.insert(0, note("info", "web.mapping.more-files", count=more))
    return sections


def _record(request: HttpRequest, screen: Screen, mapping: ColumnMapping) -> HttpResponse:
    """Record what a table states, by a mapping that was tried."""
    done = read_transfers(
        screen.desk.ledger,
        screen.desk.vault,
        screen.desk.workspace,
        exhibit=screen.exhibit,
        file=screen.file,
        mapping=mapping,
        by=screen.desk.server(request),
    )
    told = "web.mapping.recorded" if done.is_new else "web.mapping.known"
    messages.success(
        request, words(told, rows=grouped(done.read.rows), stated_by=mapping.stated_by or "")
    )
    if done.is_new and done.read.unread:
        told = words("note.stated-unread", columns=named_columns(done.read.unread))
        messages.warning(request, told)
    return redirect("stated", case=screen.case.number)


def _show(
    request: HttpRequest,
    screen: Screen,
    form: MappingForm,
    trial: Trial | None,
    way: list[dict[str, Any]],
    done: Task | None,
) -> HttpResponse:
    suggestion = screen.suggestion
    shown: dict[str, Any] = {
        "title": Phrase("web.mapping.title", {"exhibit": screen.exhibit.label}),
        "lead": Phrase("web.mapping.lead"),
        "crumbs": way,
        "preview": screen.preview(),
        "name": screen.name,
        "sha256": screen.file.sha256,
        "reasons": suggestion.reasons,
        "matched": len(suggestion.mapping.columns),
        "asks": suggestion.asks,
        "example": _example(screen, form.made or form.suggested),
        "mapping": form,
        "table_form": screen.form_of_table(),
        "zones": zone_hints(str(screen.desk.workspace.zone)),
        "file_asked": request.GET.get("file", ""),
        "known": screen.known,
        "known_asked": screen.known_asked
        or (str(screen.known[0].n) if len(screen.known) == 1 else "new"),
        "trial": list(_told(screen, trial)) if trial else _told_by_task(done),
        "may_record": bool(trial.rows if trial else done and _gave(done)["rows"]),
        "is_large": screen.is_large,
    }
    return render(request, "kancil/mapping.html", shown)


def _example(screen: Screen, mapping: ColumnMapping) -> Phrase | None:
    """One sentence of the first row that moves something: who paid whom how much, and when."""
    row = example_of(screen.sniffed, mapping)
    if row is None:
        return None
    params: dict[str, Param] = {
        "place": row.place,
        "payer": _end(row, "from", Direction.OUT),
        "payee": _end(row, "to", Direction.IN),
        "amount": f"{grouped_decimal(row.amount)} {row.asset}",
    }
    if row.day is None:
        return Phrase("web.mapping.example-no-day", params)
    params["day"] = date_format(date.fromisoformat(row.day), "j M Y")
    return Phrase("web.mapping.example", params)


def _end(row: StatedTransfer, end: str, own: Direction) -> Phrase | str:
    """An end of a row in a sentence."""
    texts = (getattr(row, f"{end}_{side}") for side in ("account", "address", "name"))
    text = next(filter(None, texts), None)
    if text is not None:
        return inert(text)
    is_own = row.direction == own.value
    return Phrase("web.mapping.the-holder" if is_own else "web.mapping.not-named")


def _told_by_task(done: Task | None) -> list[Section]:
    """What trying a large table behind the pages gave; its skips stand on the task's page."""
    if done is None:
        return []
    gave = _gave(done)
    counts = {"rows": grouped(gave["rows"]), "skipped": grouped(gave["skipped"])}
    level = "warn" if gave["skipped"] else "info"
    key = "web.mapping.tried" if gave["rows"] else "web.mapping.tried-nothing"
    url = reverse("task", kwargs={"task": done.id})
    tried = note(level, key, url=url, do="web.mapping.see-skips", **counts)
    unread = [note("warn", "note.stated-unread", columns=named_columns(gave["unread"]))]
    return [tried, *(unread if gave.get("unread") else [])]


def _told(screen: Screen, trial: Trial) -> Iterator[Section]:
    """What a mapping makes of the table: how many rows, which are left out and why."""
    counts = {"rows": grouped(trial.rows), "skipped": grouped(trial.skipped_count)}
    if not trial.rows:
        yield note("danger", "web.mapping.tried-nothing", **counts)
    else:
        level = "warn" if trial.skipped_count else "info"
        yield note(level, "web.mapping.tried", **counts)
    if trial.unread:
        yield note("warn", "note.stated-unread", columns=named_columns(trial.unread))
    if trial.skipped:
        yield {
            **table(
                "web.mapping.skips",
                ("place", "why"),
                [
                    (
                        skip.place,
                        Phrase(f"skip.{skip.code}", {"place": skip.place, **skip.params}),
                    )
                    for skip in trial.skipped[:SHOWN_SKIPS]
                ],
            ),
        }
        if trial.skipped_count > SHOWN_SKIPS:
            more = grouped(trial.skipped_count - SHOWN_SKIPS)
            yield note("info", "web.mapping.more-skips", count=more)
    if trial.notes:
        yield table(
            "web.mapping.notes",
            ("rows>", "note"),
            [(number(count), Phrase(f"note.stated-{code}")) for code, count in trial.notes.items()],
        )
    if trial.first:
        yield {
            **table(
                "web.mapping.first",
                stated_columns(),
                [stated_cells(row, None) for row in trial.first],
            ),
            "scroll": True,
        }
