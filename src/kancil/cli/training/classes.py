"""Commands for classes of a classroom: opened, listed, and how far everybody is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.cli.frame.skips import skipped_as_dicts
from kancil.cli.training.issuing import classroom
from kancil.desk.base.errors import PersonNotFound
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.training.queries.classes import Standing, TrainingClass

_DAYS = ["%Y-%m-%d"]


def open_it(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the class is called.")],
    trainer: Annotated[str, typer.Option(help="User name of the trainer.")],
    since: Annotated[datetime, typer.Option("--from", formats=_DAYS, help="First day.")],
    until: Annotated[datetime, typer.Option("--to", formats=_DAYS, help="Last day.")],
    seal_to: Annotated[
        list[str], typer.Option(help="A recipient age1… for whom the keys of labs are sealed.")
    ],
    course: Annotated[str, typer.Option(help="Id of the course that is taught.")] = "",
) -> None:
    """Open a class in a classroom; its join code is printed.

    Trainees make their accounts with the join code. Whoever has an identity of one of the
    recipients can mark: keep it off this machine.

        kancil class open 'Tracing in March' --trainer dala --from 2026-03-09 --to 2026-03-13
        --seal-to age1…
    """
    door = classroom(context)
    door.acting()
    from kancil.desk.people.queries import find_person
    from kancil.desk.training.actions.classes import open_class

    by = find_person(trainer)
    if by is None:
        raise PersonNotFound(name=trainer[:60])
    made = open_class(
        by=by, title=title, begins_on=since.date(), ends_on=until.date(), recipients=seal_to,
        course=course,
    )  # fmt: skip
    door.show(_class(made), render("done.class-opened", title=title, code=made.join_code or ""))


def list_classes(context: typer.Context) -> None:
    """List the classes of a classroom, with their join codes.

    The newest first.

        kancil class list
    """
    door = classroom(context)
    from kancil.desk.training.queries.classes import all_classes

    rows = [_class(each) for each in all_classes()]
    names = ("title", "begins_on", "ends_on", "state", "join_code", "trainees", "labs")
    _table(door, rows, names)


def show_board(
    context: typer.Context,
    training_class: Annotated[str, typer.Argument(metavar="CLASS", help="Its title or id.")],
) -> None:
    """Show how far everybody of a class is with each lab.

    One row for each trainee and lab: where they are, what is answered, the last act, points.

        kancil class board 'Tracing in March'
    """
    door = classroom(context)
    from kancil.desk.training.moments import moment_now
    from kancil.desk.training.queries.certificates import class_named
    from kancil.desk.training.queries.classes import board, runs_of

    now = moment_now(door.ledger).at
    rows = [
        {"lab": run.lab, **_standing(each)}
        for run in runs_of(class_named(training_class))
        for each in board(door.workspace, run, now)
    ]
    _table(door, rows, ("lab", "name", "place", "answered", "questions", "last_at", "points"))


def add_first_blocks(context: typer.Context) -> None:
    """Add the first 600 real blocks to a classroom, as a blockchain that every case reads.

    Blocks 0 to 599 ship with Kancil, and block 170 holds the first payment between two people.
    Every case of the classroom can read the blockchain first-blocks. Done twice, nothing is added.

        kancil class first-blocks
    """
    door = classroom(context)
    by = door.acting()
    from kancil.desk.training.first_blocks import read_first_blocks, record_first_blocks

    with door.screen.progress() as progress:
        report = read_first_blocks(door.workspace, progress)
    entry = record_first_blocks(door.ledger, report, by)
    value = {**plain(report), "skipped": skipped_as_dicts(report.skipped), "entry": entry.n}
    told = {"chain": report.chain, "blocks": grouped(report.held["blocks"])}
    door.show(value, render("done.first-blocks", **told))


def _table(door: Door, rows: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    columns = [render(f"column.class-{name.replace('_', '-')}") for name in names]
    told = [[str(each[name] if each[name] is not None else "") for name in names] for each in rows]
    door.show(rows, lambda: door.screen.table(columns, told))


def _class(each: TrainingClass) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title,
        "begins_on": each.begins_on.isoformat(),
        "ends_on": each.ends_on.isoformat(),
        "state": str(each.state),
        "join_code": each.join_code,
        "trainees": each.enrolments.count(),
        "labs": each.runs.count(),
    }


def _standing(each: Standing) -> dict[str, Any]:
    from kancil.training.marking.marks import points_text

    earned = None if each.mark is None else points_text(each.mark.earned_hundredths)
    return {
        "name": each.name,
        "place": each.place.value,
        "answered": each.answered,
        "questions": each.questions,
        "hints": each.hints,
        "last_at": None if each.last_at is None else clock.to_text(each.last_at),
        "points": earned,
    }
