"""Commands of courses. Listing and checking need no workspace and record nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.words import render
from kancil.ground.yaml_tree import Fault
from kancil.training.courses.course import Course
from kancil.training.courses.library import all_courses
from kancil.training.courses.reading import Checked, check_course_folder
from kancil.training.errors import CourseNotReadable

_SHOWN_FAULTS = 200


def course_list(context: typer.Context) -> None:
    """Each is read whole and checked; one with a fault ends the command with its place."""
    door = Door(context, site=None)
    found = all_courses()
    door.show([_facts(each) for each in found], lambda: _show_courses(door, found))


def _facts(course: Course) -> dict[str, Any]:
    outline = course.outline
    return {
        "id": outline.id,
        "version": outline.version,
        "title": outline.title,
        "audience": outline.audience.value,
        "languages": list(course.written),
        "hours": outline.hours,
        "objectives": len(outline.objectives),
        "lessons": len(outline.lessons),
        "labs": [each.lab for each in outline.labs],
        "sources": len(course.sources),
    }


def _show_courses(door: Door, found: tuple[Course, ...]) -> None:
    if not found:
        door.screen.say(render("note.courses-none"))
        return
    columns = ("name", "version", "title", "audience", "languages", "hours>", "lessons>", "labs")
    rows = (_facts(each) for each in found)
    door.screen.table(
        columns,
        [
            [
                each["id"], each["version"], each["title"], each["audience"],
                " ".join(each["languages"]), str(each["hours"]), str(each["lessons"]),
                " ".join(each["labs"]),
            ]
            for each in rows
        ],
    )  # fmt: skip


def course_check(
    context: typer.Context,
    folder: Annotated[list[Path], typer.Argument(help="Folders, each with a course.yaml.")],
) -> None:
    """Every fault is listed with its file and line, so that one look is enough to mend a course.
    See docs/formats/course.md for each file and key.
    """
    door = Door(context, site=None)
    checked = [(path, check_course_folder(path)) for path in folder]

    def text() -> None:
        for path, each in checked:
            _show_check(door, path, each)

    door.show([_verdict(path, each) for path, each in checked], text)
    if any(each.faults for _, each in checked):
        sys.stdout.flush()
        raise typer.Exit(CourseNotReadable.exit_status)


def _verdict(path: Path, checked: Checked) -> dict[str, Any]:
    return {
        "id": str(path),
        "course": None if checked.course is None else _facts(checked.course),
        "faults": [
            {
                "code": fault.code,
                "file": fault.file,
                "line": fault.line,
                "sentence": _sentence(fault),
            }
            for fault in checked.faults
        ],
    }


def _sentence(fault: Fault) -> str:
    return render(fault.phrase.key, **fault.params)


def _show_check(door: Door, path: Path, checked: Checked) -> None:
    say = door.screen.say
    for fault in checked.faults[:_SHOWN_FAULTS]:
        say(f"{fault.file}:{fault.line}: {_sentence(fault)}")
    if checked.faults or checked.course is None:
        say(render("done.course-faults", path=str(path), count=len(checked.faults)))
        return
    outline = checked.course.outline
    say(render("done.course-right", path=str(path), title=outline.title, version=outline.version))
