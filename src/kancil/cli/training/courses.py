"""Commands of courses. Listing and checking need no workspace and record nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.ground.clock import now
from kancil.ground.errors import OptionNotUsable, WorkspaceNotFound
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.signing import fingerprint as fingerprint_of
from kancil.ground.words import render
from kancil.ground.yaml_tree import Fault
from kancil.training.courses.course import OUTLINE, Course
from kancil.training.courses.kept import files_of_course, find_course, keep_pack, known_courses
from kancil.training.courses.pack import write_pack
from kancil.training.courses.reading import (
    Checked,
    check_course_folder,
    read_course_files,
    read_course_folder,
)
from kancil.training.errors import CourseNotReadable

_SHOWN_FAULTS = 200


def course_list(context: typer.Context) -> None:
    """List the courses that come with Kancil, and those that were imported.

    Those that come with Kancil, and those imported into the workspace, if there is one. Each is
    read whole and checked; one with a fault ends the command with its place.

        kancil course list
    """
    door = Door(context, site=None)
    found = known_courses(_root(door))
    door.show([_facts(each) for each in found], lambda: _show_courses(door, found))


def _root(door: Door) -> Path | None:
    """The workspace's folder, where a command may do without one."""
    if door.named is not None:
        return door.workspace.root
    try:
        return door.workspace.root
    except WorkspaceNotFound:
        return None


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
    """Check the folder of a course: form, sources, tests; every fault with its line.

    Every fault is listed with its file and line, so that one look is enough to mend a course.
    See docs/formats/course.md for each file and key.

        kancil course check courses/bitcoin-tracing
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


def course_export(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="Id of a course, or the folder of one.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
) -> None:
    """Write a course as one signed file, for another classroom.

    Signed by the acting officer's key. The file says which key signed it and not whose that is:
    give the fingerprint by another channel.

        kancil course export first-responder -o first-responder.kancil-course
    """
    door = Door(context)
    door.can_write(out)
    folder = Path(course)
    files = (
        read_course_files(folder)
        if (folder / OUTLINE).is_file()
        else files_of_course(door.workspace.root, course)
    )
    officer = door.acting()
    data, outline = write_pack(files, officer.signer)
    door.write(out, data)
    told = {
        "course": outline.id,
        "version": outline.version,
        "path": str(out),
        "fingerprint": fingerprint_of(officer.signer.public_raw),
    }
    door.show({"id": outline.id, **told}, render("done.course-exported", **told))


def course_print(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="Id of a course, or the folder of one.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The PDF to write.")],
    paper: Annotated[
        str, typer.Option(metavar="PAPER", help="trainee, trainer, slides or speaker.")
    ] = "trainee",
    language: Annotated[str, typer.Option(help="Of its texts; else as first written.")] = "",
) -> None:
    """Print a course as PDF: for the trainee, for the trainer, or as slides.

    The trainee's paper has all lessons; the trainer's has the manual; slides are 16:9; the
    speaker's paper has each slide with its notes. All but slides end with the list of sources, and
    how far each was read.

        kancil course print first-responder --paper trainer -o trainer.pdf
    """
    door = Door(context, site=None)
    door.can_write(out)
    from kancil.reports.training.manual.paper import Paper, print_course  # sets pages: heavy

    if paper not in set(Paper):
        known = Phrase("why.course-paper", {"known": ", ".join(Paper)})
        raise OptionNotUsable(option="--paper", value=paper[:40], why=known)
    folder = Path(course)
    found = (
        read_course_folder(folder)
        if (folder / OUTLINE).is_file()
        else find_course(_root(door), course)
    )
    made = print_course(found, Paper(paper), language=language, at=now())
    door.write(out, made.pdf)
    told = {"course": found.outline.id, "paper": paper, "path": str(out)}
    door.show({"id": found.outline.id, **told}, render("done.course-printed", **told))


def course_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="As course export wrote it.")],
    fingerprint: Annotated[str, typer.Option(help="Of its maker's key, by another channel.")],
) -> None:
    """Import a signed course into this workspace.

    The signature is checked before any file of it is believed; a pack with a file outside of the
    course, another digest or a newer format is refused whole.

        kancil course import first-responder.kancil-course --fingerprint 'SHA256:…'
    """
    door = Door(context)
    opened = keep_pack(
        door.workspace.root, read_file(file), name=file.name, fingerprint=fingerprint
    )
    outline = opened.course.outline
    text = render(
        "done.course-imported", course=outline.id, version=outline.version, title=outline.title
    )
    value = {**_facts(opened.course), "sha256": opened.sha256, "fingerprint": opened.fingerprint}
    door.show(value, text)
