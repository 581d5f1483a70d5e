"""Commands for attendance and evaluations of an activity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.cli.frame.figures import error_value
from kancil.cli.programme.door import Programme, chosen, day, plain, shown
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.files import translated
from kancil.ground.words import render, render_phrase
from kancil.programme.attendance.marks import MOST_BYTES
from kancil.programme.evaluation.form import Told
from kancil.programme.vocabulary import Moment

if TYPE_CHECKING:
    from kancil.desk.programme.access import ActivitySight
    from kancil.desk.programme.taking_part.evaluations import EvaluationRow

ActivityName = Annotated[
    str, typer.Argument(metavar="ACTIVITY", help="Its code, 2027-SEA-014, or its id.")
]
OutFile = Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The PDF to write.")]


def attendance_list(context: typer.Context, activity: ActivityName) -> None:
    """List who is registered for an activity, and on which days they came.

    Who is registered and on which days they were marked; names are for the officer alone.

        kancil programme attendance list 2027-SEA-014
    """
    programme = Programme(context)
    sight = _sight(programme, activity)
    from kancil.desk.programme.taking_part.attendance import attendance_of, attendees

    counts = attendance_of(sight)
    people = attendees(sight) if sight.may_write else []

    def text() -> None:
        screen = programme.door.screen
        counted = {"count": counts.attended, "registered": counts.registered}
        screen.say(render("note.attended", **{key: _number(n) for key, n in counted.items()}))
        screen.table(
            ("day", "attended"), [(shown(one.day), _number(one.attended)) for one in counts.by_day]
        )
        rows = [(one.name, one.of, ", ".join(map(shown, one.days)), one.badge) for one in people]
        if rows:
            screen.table(("name", "delegation", "days", "badge"), rows)

    programme.show({"id": sight.activity, **plain(counts), "people": plain(people)}, text)


def _number(count: int | None) -> str:
    """A number of people, or that it is hidden."""
    return render("note.result-hidden") if count is None else str(count)


def attendance_import(
    context: typer.Context,
    activity: ActivityName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As the device saved it.")],
) -> None:
    """Import the marks that a device saved as a signed file.

    The signature is checked with the device's key; each mark that is refused has its reason.

        kancil programme attendance import 2027-SEA-014 kancil-marks-1.json
    """
    programme = Programme(context)
    sight = _sight(programme, activity)
    from kancil.desk.programme.taking_part.marking import import_marks

    taken = import_marks(by=programme.person, activity=sight.activity, data=_read(file))

    def text() -> None:
        said = {"taken": taken.taken, "again": taken.again, "sheets": taken.sheets}
        programme.door.screen.say(render("done.marks-imported", **said))
        rows = [(one.id, render_phrase(one.why.words)) for one in taken.refused]
        if rows:
            programme.door.screen.table(("mark", "why refused"), rows)

    programme.show({"id": sight.activity, **plain(taken)}, text)


def attendance_sheet(
    context: typer.Context,
    activity: ActivityName,
    out: OutFile,
    on: Annotated[str | None, typer.Option(help="Day, 2027-03-09; else the first one.")] = None,
    badges: Annotated[bool, typer.Option("--badges", help="Badges instead.")] = False,
) -> None:
    """Print the attendance sheet of a day, or badges, as PDF.

    By delegation, a line for each to sign. Both papers name people.

        kancil programme attendance sheet 2027-SEA-014 --on 2027-03-09 -o sheet.pdf
    """
    programme = Programme(context)
    programme.door.can_write(out)
    sight = _sight(programme, activity)
    from kancil.desk.programme.taking_part.attendance import (
        attendees,
        days_of,
        place_of,
        require_day,
    )
    from kancil.reports.programme.event.papers import attendance_sheet, badge_sheet

    days = days_of(sight.activity)
    wanted = days[0] if on is None else day(on, "--on")
    require_day(sight.activity, wanted)
    people, author = attendees(sight), programme.person.name
    if badges:
        data = badge_sheet(
            people, title=sight.title, subtitle=span(days[0], days[-1]), author=author,
            at=clock.now(),
        )  # fmt: skip
    else:
        data = attendance_sheet(
            people, title=sight.title, place=place_of(sight), day=wanted, author=author,
            at=clock.now(),
        )  # fmt: skip
    programme.door.write(out, data)
    programme.done(sight.activity, "done.sheet-written", path=str(out))


def evaluation_list(context: typer.Context, activity: ActivityName) -> None:
    """List what participants said at once, after 3 and after 6 months.

    What sheets say at once, after 3 and after 6 months; under five of them nothing is told.

        kancil programme evaluation list 2027-SEA-014
    """
    programme = Programme(context)
    sight = _sight(programme, activity)
    from kancil.desk.programme.taking_part.evaluations import evaluations_of

    rows = evaluations_of(sight)

    def text() -> None:
        programme.door.screen.table(
            ("when", "due", "sheets", "of", "question", "answered", "mean or answers"),
            [
                (
                    row.moment.value, shown(row.due_on),
                    "<5" if row.summary.sheets is None else str(row.summary.sheets),
                    "" if row.summary.asked is None else str(row.summary.asked),
                    one.question.id if one else "",
                    _answered(one) if one else "",
                    _told(one) if one else "",
                )
                for row in rows
                for one in row.summary.questions or (None,)
            ],
        )  # fmt: skip
        if rows:
            programme.door.screen.say(render("note.evaluation-basis"))

    programme.show([_evaluation(row) for row in rows], text)


def _evaluation(row: EvaluationRow) -> dict[str, Any]:
    """With the mean as it is written, and that nobody knows what those think who handed in none."""
    value: dict[str, Any] = {"id": row.moment.value, **plain(row)}
    questions = value["summary"]["questions"]
    for one, told in zip(questions, row.summary.questions, strict=True):
        one |= {"mean": told.mean or None, "basis": "sheets-handed-in",
                "error": error_value("non-response-not-known")}  # fmt: skip
    return value


def _answered(one: Told) -> str:
    return "<5" if one.answered is None else str(one.answered)


def _told(one: Told) -> str:
    return one.mean or ", ".join(f"{name} {count}" for name, count in one.counts)


def evaluation_enter(
    context: typer.Context,
    activity: ActivityName,
    moment: Annotated[str, typer.Argument(help="at-once, 3-months or 6-months.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON of sheets.")],
) -> None:
    """Enter evaluation sheets from a JSON file.

    All sheets of the file, or none where one does not fit; no name stands on a sheet.

        kancil programme evaluation enter 2027-SEA-014 at-once sheets.json
    """
    programme = Programme(context)
    chosen(moment, list(Moment), "MOMENT")
    sight = _sight(programme, activity)
    from kancil.desk.programme.taking_part.evaluating import enter_sheets, read_sheets

    count = enter_sheets(
        by=programme.person, activity=sight.activity, moment=Moment(moment),
        sheets=read_sheets(_read(file)), today=programme.today,
    )  # fmt: skip
    programme.done(sight.activity, "done.sheets-entered", count=count)


def _sight(programme: Programme, named: str) -> ActivitySight:
    from kancil.desk.programme.activities.activities import activity_named

    return activity_named(programme.person, named)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise translated(error, path) from error
