"""The examination of an exhibit in one look: asked for, under way, and what came of it."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.reading import require_readable
from kancil.custody.roll import Roll
from kancil.desk.cases.jobs.disks import examine_disk
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.cases.triage import pass_made
from kancil.desk.evidence.examination import Examination, find_examination
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, Task, last_task_of_all
from kancil.desk.people.queries import find_person
from kancil.evidence.triage.content import reason_of
from kancil.evidence.triage.outcome import Outcome
from kancil.evidence.triage.tables import kinds_table, not_examined_table, volumes_table
from kancil.ground.ids import CaseId, ExhibitId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import has
from kancil.records.table import Table
from kancil.web.cells import (
    Section,
    button,
    facts,
    identifier,
    limits,
    link,
    note,
    number,
    show,
    table,
    when,
)
from kancil.web.jobs.pages import progress
from kancil.web.jobs.shown import error_of
from kancil.web.limits import limit_sections
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Column, Several
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.studies.result_page import PAGE_ROWS, said
from kancil.web.studies.results.tables import Ways, table_part
from kancil.web.unit_desk import unit_desk

from .opened import SAMPLE, examination_of, exhibit_of, given, way

_OF = "cases/<str:case>/exhibits/<str:exhibit>/disk/"
_LIMITS = ("read", "kind", "time", "deleted")


@page(_OF, "disk", may=EVERYONE, of="case", sample=SAMPLE)
def disk(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """What the examination of an exhibit came to; before it, how to begin it."""
    found, desk = exhibit_of(case, exhibit), unit_desk()
    task = last_task_of_all(examine_disk.name, exhibit=found.id)
    row = desk.ledger.folded(Roll).exhibit(found.id)
    is_open = task is not None and task.state in OPEN
    if is_open or find_examination(desk.vault, desk.workspace.triage_dir, row) is None:
        sections = _begin(request, case, found, task)
        return show(request, Phrase("web.room.disk"), sections, crumbs=way(case, found)[:-1])
    opened = examination_of(request, found)
    return show(
        request,
        Phrase("web.disk.title", {"exhibit": f"E{found.number}", "title": found.title}),
        [
            *(each for each in limit_sections(found.id) if each["kind"] == "note"),
            *_told(case, found, opened, task),
        ],
        crumbs=way(case, found)[:-1],
        buttons=[
            button(reverse("disk_files", kwargs=given(case, found)), "web.disk.files", main=True),
            button(
                reverse("disk_not_examined", kwargs=given(case, found)), "web.disk.not-examined"
            ),
            button(reverse("disk_identifiers", kwargs=given(case, found)), "web.disk.identifiers"),
            button(reverse("disk_search", kwargs={"case": case.number}), "web.room.disk-search"),
            button(reverse("timeline", kwargs={"case": case.number}), "web.room.timeline"),
        ],
    )


def _begin(
    request: HttpRequest, case: Case, found: Exhibit, task: Task | None
) -> list[Section]:  # fmt: skip
    """How far the pass is, or what it met, or the button that begins it."""
    if task is not None and task.state in OPEN:
        return [progress(request, task)]
    sections: list[Section] = []
    met = error_of(task, "sentence") if task is not None and task.state == State.FAILED else None
    if met is not None and task is not None:
        url = reverse("task", kwargs={"task": task.id})
        sections.append({**note("danger", met.key, url=url, do="web.work.see"), "text": met})
    begin = note("info", "web.disk.begin")
    if person_of(request).acts:
        begin["post"] = reverse("disk_examine", kwargs=given(case, found))
        begin["action"] = Phrase("web.disk.examine")
    return [*sections, begin]


@page(
    f"{_OF}examine/", "disk_examine", may=ACTING, of="case", methods=("POST",), sample=SAMPLE,
)  # fmt: skip
def disk_examine(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Have an exhibit's image listed and read behind the pages, unless that is being done."""
    found, desk = exhibit_of(case, exhibit), unit_desk()
    require_readable(desk.ledger.folded(Roll), ExhibitId(found.id))
    task = last_task_of_all(examine_disk.name, exhibit=found.id)
    if task is None or task.state not in OPEN:
        who = Asked(
            person_of(request), how_authenticated(request), CaseId(case.id), is_one=True
        )  # fmt: skip
        examine_disk.by(who).enqueue(exhibit=found.id)
    return redirect(reverse("disk", kwargs=given(case, found)))


def _told(case: Case, found: Exhibit, opened: Examination, task: Task | None) -> list[Section]:
    outcome = opened.outcome
    listed = outcome.listed
    live = int(opened.is_live.sum())
    left = len(outcome.left_out)
    answer = Phrase(
        "web.disk.answer", {
            "entries": grouped(listed.entries), "volumes": grouped(len(listed.volumes)),
            "read": grouped(int((opened.content_rows >= 0).sum())),
            "members": grouped(outcome.members),
            "deleted": grouped(listed.entries - live), "left": grouped(left),
        },
    )  # fmt: skip
    is_stored = bool(listed.stored)
    stored = "web.disk.stored-same" if is_stored else "note.triage-not-stored"
    return [
        said([answer, Phrase(stored)]),
        _described(volumes_table(outcome)),
        _kinds(case, found, kinds_table(outcome)),
        *([_digests(outcome)] if is_stored else []),
        _reasons(case, found, outcome),
        _processing(found, outcome, task),
        limits([Phrase(f"web.disk-limit-{each}") for each in _LIMITS]),
    ]


def _described(told: Table) -> Section:
    return table_part(told, Ways(""), (), 1, len(told.rows))


def _kinds(case: Case, found: Exhibit, told: Table) -> Section:
    """Kinds of files, each leading to its files."""
    files = reverse("disk_files", kwargs=given(case, found))
    rows = [
        (
            link(f"{files}?tab=all&kind={row['kind']}", Phrase(f"thing.file-{row['kind']}")),
            number(row["files"]),
            bytes_text(row["read_bytes"]),
        )
        for row in told.as_rows()
    ]
    return table("table.kinds", ("kind", "files>", "size>"), rows)


def _digests(outcome: Outcome) -> Section:
    """Digests of the disk's bytes as stored by its acquisition, and as made here."""
    names = list(dict.fromkeys([*outcome.listed.stored, *outcome.image]))
    rows = [
        (
            {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}.get(name, name),
            identifier(outcome.listed.stored.get(name)) if name in outcome.listed.stored else "–",
            identifier(outcome.image.get(name)) if name in outcome.image else "–",
            _compared(outcome, name),
        )
        for name in names
    ]
    return table(
        "web.disk.digests", ("digest", "digest-stored", "digest-made", "digest-compared"), rows
    )


def _compared(outcome: Outcome, name: str) -> Cell:
    stored = outcome.listed.stored.get(name)
    if stored is None:
        return Phrase("web.disk.nothing-stored")
    is_same = stored == outcome.image.get(name)
    return Phrase("web.disk.same" if is_same else "web.disk.differs")


def _reasons(case: Case, found: Exhibit, outcome: Outcome) -> Section:
    """How many were not examined for which reason."""
    counts = pc.value_counts(outcome.left_out["code"]).to_pylist()
    counts.sort(key=lambda each: (-each["counts"], each["values"]))
    rows = [(Phrase(f"web.left-out-{each['values']}")
             if has(f"web.left-out-{each['values']}") else each["values"],
             number(each["counts"])) for each in counts]  # fmt: skip
    url = reverse("disk_not_examined", kwargs=given(case, found))
    return {
        **table("web.disk.not-examined", ("why", "disk-count>"), rows),
        "more": button(url, "web.disk.not-examined"),
    }


def _processing(found: Exhibit, outcome: Outcome, task: Task | None) -> Section:
    """When, by whom and with what; of a pass that an earlier version made, its task alone says."""
    unsaid = Phrase("note.not-stated")
    versions = [f"{name} {version}" for name, version in sorted(outcome.tools.items())]
    stated = [f"{name}: {value}" for name, value in outcome.listed.stated.items()]
    who, started, ended = _made(found, outcome, task) or (unsaid, unsaid, unsaid)
    return facts(
        "web.disk.processing",
        [
            ("container", Phrase(f"name.container-{outcome.listed.container}")),
            ("size", bytes_text(outcome.listed.size_bytes)),
            ("who", who),
            ("started", started),
            ("ended", ended),
            ("tools", Several(versions)),
            ("acquisition-states", Several(stated) if stated else unsaid),
            *((f"table-{name}", identifier(digest)) for name, digest in outcome.digests.items()),
        ],
    )


def _made(found: Exhibit, outcome: Outcome, task: Task | None) -> tuple[Cell, Cell, Cell] | None:
    """Who had the exhibit examined, from when to when, by a command or on the site."""
    made = pass_made(outcome, ExhibitId(found.id))
    if made is not None:
        officer = unit_desk().ledger.folded(Roll).officers.get(made.officer or OfficerId(""))
        account = None if made.account is None else find_person(made.account)
        who = next((each.name for each in (officer, account) if each), made.account or "–")
        return who, when(made.started_at), when(made.ended_at)
    if task is not None and task.state == State.DONE:
        return task.asked_by.name, when(task.started_at), when(task.ended_at)
    return None


@page(f"{_OF}not-examined/", "disk_not_examined", may=EVERYONE, of="case", sample=SAMPLE)
def disk_not_examined(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Each entry that was not examined, why, and what would help."""
    found = exhibit_of(case, exhibit)
    outcome = examination_of(request, found).outcome
    rows = outcome.left_out
    if "csv" in request.GET:
        answer = HttpResponse(not_examined_table(outcome).csv(), content_type="text/csv")
        name = f"E{found.number}-not-examined.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    part = Paginator(range(len(rows)), PAGE_ROWS).get_page(request.GET.get("page"))
    first = max(part.start_index() - 1, 0)
    shown: Section = {
        "kind": "table",
        "heading": Phrase("web.disk.not-examined"),
        "columns": [Column(Phrase(f"web.column.{name}")) for name in ("place", "why", "helps")],
        "rows": [_left(row) for row in rows.slice(first, PAGE_ROWS).to_pylist()],
        "pages": part,
        "more": {"url": "?csv=1", "text": Phrase("web.recorded.csv")},
    }
    answer_said = Phrase("web.disk.answer-left", {"count": grouped(len(rows))})
    sections = [said([answer_said]), *([shown] if len(rows) else [])]
    return show(request, Phrase("web.disk.not-examined"), sections, crumbs=way(case, found))


def _left(row: dict[str, Any]) -> tuple[Cell, ...]:
    helps = f"web.left-helps-{row['code']}"
    place = link(f"../files/{row['number']}/", row["place"]) if row["number"] else row["place"]
    return place, reason_of(row["code"], row["params"]), Phrase(helps) if has(helps) else "–"
