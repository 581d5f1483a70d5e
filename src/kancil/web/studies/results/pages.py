"""The page of a recorded study: the answer first, its tables, its limits, what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, last_task
from kancil.desk.studies.jobs.studies import check_study
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.records.table import Table
from kancil.studies.members import study_named
from kancil.studies.study import shown_tables
from kancil.web.cases.history import who_acted
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    facts,
    form,
    identifier,
    link,
    note,
    show,
    table,
    when,
)
from kancil.web.forms import WordsForm
from kancil.web.jobs.pages import progress
from kancil.web.jobs.shown import error_of, result_of
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.studies.findings.basis import STUDY_SAMPLE, StudyBasis, study_of, study_url
from kancil.web.studies.results.tables import Ways, result_sections
from kancil.web.unit_desk import unit_desk


@page(
    "cases/<str:case>/studies/<str:study>/", "study", may=EVERYONE, of="case",
    sample=STUDY_SAMPLE,
)  # fmt: skip
def study_page(request: HttpRequest, case: Case, study: str) -> HttpResponse:
    """One recorded study, as it was recorded."""
    basis = study_of(case, study)
    recorded, result = basis.recorded, basis.result
    member, acts = study_named(recorded.study), person_of(request).acts
    chain = _chain_of(basis)
    given = {"case": case.number, "study": basis.study.number}
    rows = reverse("study_rows", kwargs={**given, "table": "-"}).replace("-.csv", "{}.csv")
    ways = Ways(
        chain=chain,
        csv=rows.format,
        finding=reverse("study_finding_new", kwargs=given) if acts else "",
    )
    check = (Phrase("web.result-tab.check"), lambda: _check(basis, given, acts=acts))
    sections: list[Section] = [
        *_watermark(chain),
        *_checked(request, basis),
        *result_sections(request, member, result, ways, {"check": check}),
    ]
    told: dict[str, Param] = {"label": basis.label, "kind": Phrase(f"study.{recorded.study}")}
    return show(
        request,
        Phrase("web.recorded.title", told),
        sections,
        crumbs=_way(case),
        lead=member.question(recorded.parameters),
    )


def _check(basis: StudyBasis, given: dict[str, int], *, acts: bool) -> list[Section]:
    """What it rests on, and having it run again."""
    found = [_recorded(basis)]
    if acts:
        found.append(
            form(
                "web.recorded.check", WordsForm(), submit="web.recorded.check-do",
                text="web.recorded.check-text", action=reverse("study_check", kwargs=given),
            )
        )  # fmt: skip
    return found


def _table_of(basis: StudyBasis, name: str) -> Table:
    every = (*basis.result.tables, *shown_tables(basis.result))
    found = next((each for each in every if each.name == name), None)
    if found is None:
        raise PageNotFound
    return found


def _way(case: Case) -> list[dict[str, Any]]:
    return crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))


def _chain_of(basis: StudyBasis) -> str:
    """The name of the study's chain, if the unit holds it; else empty."""
    chain = str(basis.recorded.sources.get("chain") or "")
    return chain if chain in chain_names(unit_desk().workspace) else ""


def _watermark(chain: str) -> list[Section]:
    if not chain:
        return [note("info", "web.recorded.chain-gone")]
    network = open_chain(unit_desk().workspace, chain).network
    return [] if network.is_real_money else [note("warn", "note.watermark", network=network.name)]


def _checked(request: HttpRequest, basis: StudyBasis) -> list[Section]:
    """How it came out when it was run again last, or that this is being done."""
    task = last_task(person_of(request), check_study.name, study=basis.label)
    if task is None:
        return []
    url = reverse("task", kwargs={"task": task.id})
    if task.state in OPEN:
        return [progress(request, task)]
    found = result_of(task) or error_of(task, "sentence")
    if found is None:
        return []
    kind = "danger" if task.state == State.FAILED else "intact"
    if (task.result or {}).get("outcome") == "inputs-changed":
        kind = "warn"
    return [{**note(kind, found.key, url=url, do="web.work.see"), "text": found}]


def _recorded(basis: StudyBasis) -> Section:
    recorded, sources = basis.recorded, basis.recorded.sources
    told: list[tuple[str, Cell]] = [
        ("when", when(basis.study.run_at)),
        ("who", who_acted(basis.entry, queries.officer_names())),
        ("chain", str(sources.get("chain") or "–")),
        ("study-version", recorded.version),
        ("label-imports", _imports(sources.get("labels", ()))),
        ("result-sha256", identifier(recorded.result_sha256)),
    ]
    return facts("web.recorded.recorded", told)


def _imports(ids: Sequence[str]) -> Cell:
    cells = [
        identifier(each, reverse("label_source", kwargs={"source": each}), short=True)
        for each in ids
    ]
    return Several(cells) if cells else "–"


@page(
    "cases/<str:case>/studies/<str:study>/check/", "study_check", may=ACTING, of="case",
    methods=("POST",), sample=STUDY_SAMPLE,
)  # fmt: skip
def study_check(request: HttpRequest, case: Case, study: str) -> HttpResponse:
    """Have a recorded study run again and compared, as a background job."""
    basis = study_of(case, study)
    who = Asked(person_of(request), how_authenticated(request), CaseId(case.id))
    return redirect("task", task=check_study.by(who).enqueue(study=basis.label).id)


@page(
    "cases/<str:case>/studies/<str:study>/<str:table>.csv", "study_rows", may=EVERYONE,
    of="case", sample={**STUDY_SAMPLE, "table": "labels"},
)  # fmt: skip
def study_rows(request: HttpRequest, case: Case, study: str, table: str) -> HttpResponse:
    """All rows of a table of a recorded study; no cell runs as a formula."""
    basis = study_of(case, study)
    found = _table_of(basis, table)
    said = HttpResponse(found.csv(), content_type="text/csv; charset=utf-8")
    said["Content-Disposition"] = f'attachment; filename="{basis.label}-{found.name}.csv"'
    return said


def studies_table(case: Case) -> list[Section]:
    """The studies other than traces that were recorded in a case; nothing where there are none."""
    names = queries.officer_names()
    rows: list[tuple[Cell, ...]] = []
    for each in queries.studies(case):
        basis = StudyBasis(case, each)
        rows.append(
            (
                link(study_url(case, each), f"S{each.number}"),
                Phrase(f"study.{each.study}"),
                study_named(each.study).question(basis.recorded.parameters),
                when(each.run_at),
                who_acted(basis.entry, names),
            )
        )
    columns = ("number", "study", "question", "when", "who")
    return [table("web.money.studies", columns, rows)] if rows else []
