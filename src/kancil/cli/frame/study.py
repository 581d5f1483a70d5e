"""Studies at a terminal: run for a case, and shown by the one description of their tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.cli.frame.door import Door
from kancil.custody.cases import require_basis
from kancil.desk.studies.material import material_of
from kancil.desk.studies.recorded import first_supporting
from kancil.ground.ids import StudyId, new_id
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render, render_phrase
from kancil.records.table import Table
from kancil.studies.members import study_named
from kancil.studies.study import RecordedStudy, Result, Study, read_recorded, shown_tables

SHOWN_ROWS = 40


def record_study(
    door: Door, study: Study, given: Mapping[str, Any], case: str, *, all_rows: bool = False
) -> None:
    """Run a study for a case, record it, and show what was recorded.

    `given`: what `Study.ask` takes. Raises CaseNotFound, LegalBasisExpired, and what asking and
    running raise.
    """
    found = door.roll.case(case)
    require_basis(door.roll, found)
    from kancil.desk.cases.actions import keep_study  # once the roll has opened the desk

    by, material = door.acting(), material_of(door.workspace)
    parameters = study.ask(material, given)
    with door.screen.progress() as progress:
        answered = study.run(material, parameters, progress=progress)
    entry = keep_study(
        door.ledger,
        door.workspace,
        case=found.id,
        study=StudyId(new_id()),
        provenance=answered.provenance,
        result_sha256=answered.digest,
        data=answered.result.data,
        by=by,
    )
    recorded = read_recorded(entry)
    of_case = {"case": found.id, "case_label": found.label, "entry": entry.n}
    value = {**study_value(recorded, answered.result), **of_case}
    said = render("done.study", label=recorded.label, case=found.label)
    door.show(
        value,
        lambda: show_result(
            door, recorded, answered.result, case=found.label, said=said, all_rows=all_rows
        ),
    )


def study_value(recorded: RecordedStudy, result: Result) -> dict[str, Any]:
    """A recorded study for `--json`: question, answer and limits in words, tables by name."""
    study = study_named(recorded.study)
    return {
        "id": recorded.id,
        "label": recorded.label,
        "study": recorded.study,
        "version": recorded.version,
        "result_sha256": recorded.result_sha256,
        "question": render_phrase(study.question(recorded.parameters)),
        "answer": [render_phrase(each) for each in study.answer(result)],
        "limits": [render_phrase(each) for each in study.limits(result)],
        "parameters": recorded.parameters,
        "sources": dict(recorded.sources),
        "tables": {each.name: each.as_rows() for each in result.tables},
    }


def show_result(
    door: Door,
    recorded: RecordedStudy,
    result: Result,
    *,
    case: str,
    said: str = "",
    all_rows: bool = False,
) -> None:
    """Print the answer first, then the tables, the limits once, and what can be done next."""
    study, screen = study_named(recorded.study), door.screen
    show_answer(door, study, result, said=said, all_rows=all_rows)
    supporting = first_supporting(study, result)
    if supporting is not None:
        table_name, row = supporting
        told: dict[str, Param] = {
            "label": recorded.label,
            "case": case,
            "table": table_name,
            "row": row,
        }
        screen.say(render("note.study-finding", **told))
    screen.say(render("note.study-check", label=recorded.label))


def show_answer(
    door: Door, study: Study, result: Result, *, said: str = "", all_rows: bool = False
) -> None:
    """Print a question, its answer first, then the tables, and the limits once."""
    screen = door.screen
    screen.title(render_phrase(study.question(result.parameters)))
    for each in study.answer(result):
        screen.say(render_phrase(each))
    if said:
        screen.say(said)
    for table in shown_tables(result):
        if table.rows:
            show_table(door, table, None if all_rows else SHOWN_ROWS)
    limits = study.limits(result)
    if limits:
        screen.title(render("table.notes"))
        for each in limits:
            screen.say(render_phrase(each))


def show_table(door: Door, table: Table, most: int | None = SHOWN_ROWS) -> None:
    """Print a table under its title, its first rows alone where there are more than `most`."""
    door.screen.title(f"{render_phrase(table.title)} ({table.name})")
    shown = table.rows[:most]
    door.screen.table(
        [render_phrase(each.heading) + (">" if each.is_number else "") for each in table.columns],
        [
            [_text(column.shown(cell)) for column, cell in zip(table.columns, row, strict=True)]
            for row in shown
        ],
    )
    if len(table.rows) > len(shown):
        door.screen.say(render("note.more-rows", count=len(table.rows) - len(shown)))


def _text(cell: Param) -> str:
    return render_phrase(cell) if isinstance(cell, Phrase) else str(cell)
