"""The commands on studies that were recorded: listed, shown, written as tables, run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.study import show_result, study_value
from kancil.custody.roll import Numbered
from kancil.desk.studies.recorded import compare_again, recorded_result
from kancil.ground.clock import to_text
from kancil.ground.words import render, render_phrase
from kancil.studies.errors import StudyNotFound
from kancil.studies.members import study_named
from kancil.studies.study import RecordedStudy, read_recorded

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="S1, a trace T1, or an id.")]


def find_study(door: Door, name: str) -> tuple[Numbered, RecordedStudy]:
    """Find a recorded study or trace and read its entry; raises StudyNotFound."""
    found = door.roll.study(name)
    if found is None:
        raise StudyNotFound(name=name[:80])
    return found, read_recorded(found.entry)


def list_studies(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
) -> None:
    """List the traces and other studies recorded in a case.

    Traces and other studies that were recorded in the case.

        kancil study list C1
    """
    door = Door(context)
    roll, found = door.roll, door.roll.case(case)
    numbered = [roll.traces[each] for each in found.traces]
    numbered += [roll.studies[each] for each in found.studies]
    value = [_row(door, each) for each in numbered]
    columns = ("number", "kind", "question", "when", "who")
    door.show(
        value,
        lambda: door.screen.table(
            [render(f"name.study-{each}") for each in columns],
            [
                (
                    row["label"], render(f"study.{row['study']}"), row["question"],
                    door.time(each.entry.at), row["by_name"],
                )
                for row, each in zip(value, numbered, strict=True)
            ],
        ),
    )  # fmt: skip


def _row(door: Door, each: Numbered) -> dict[str, Any]:
    recorded, entry = read_recorded(each.entry), each.entry
    behalf = entry.on_behalf or {}
    by = behalf.get("officer") or entry.officer
    return {
        "id": recorded.id,
        "label": recorded.label,
        "study": recorded.study,
        "question": render_phrase(study_named(recorded.study).question(recorded.parameters)),
        "result_sha256": recorded.result_sha256,
        "entry": entry.n,
        "run_at": to_text(entry.at),
        "by": by,
        "by_name": door.roll.actor_name(entry),
    }


def show_study(
    context: typer.Context,
    study: StudyName,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write each table as CSV into this folder.")
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Print every row.")] = False,
) -> None:
    """Show a recorded study: the answer, its tables and its limits.

    What was recorded: the question, the answer, its tables and its limits. A trace is run again
    for it. With --csv each table becomes a file, in plain cells that no spreadsheet runs.

        kancil study show S1 --csv tables
    """
    door = Door(context)
    found, recorded = find_study(door, study)
    with door.screen.progress() as progress:
        result = recorded_result(door.workspace, recorded, progress)
    case = door.roll.cases[found.case]
    value = {
        **study_value(recorded, result),
        "case": case.id,
        "case_label": case.label,
        "entry": found.entry.n,
    }
    if csv is None:
        door.show(
            value,
            lambda: show_result(door, recorded, result, case=case.label, all_rows=all_rows),
        )
        return
    paths = {each: csv / f"{recorded.label}-{each.name}.csv" for each in result.tables}
    door.can_write(*paths.values())
    for table, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        door.write(path, table.csv())
    files = [str(path) for path in paths.values()]
    told = render("done.study-tables", count=len(files), path=str(csv))
    door.show({**value, "files": files}, told)


def check_study(context: typer.Context, study: StudyName) -> None:
    """Run a recorded study again and compare it with what was recorded.

    The study is run again over the blocks and labels held now, and compared with what was
    recorded. It may differ where blocks or labels have changed since; where they have not, another
    answer is an integrity failure.

        kancil study check S1
    """
    door = Door(context)
    _found, recorded = find_study(door, study)
    with door.screen.progress() as progress:
        compared = compare_again(door.workspace, recorded, progress)
    value = {
        "id": recorded.id,
        "label": recorded.label,
        "study": recorded.study,
        "result_sha256": recorded.result_sha256,
        "compared": compared.value,
    }
    door.show(value, render(f"note.study-{compared.value}", label=recorded.label))
