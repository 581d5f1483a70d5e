"""A course's folder, or the files of a pack, read: in the limited child.

Only files that the format knows are taken; each other one is a fault, so that nothing travels
unseen in a pack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kancil.ground.child import in_child
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Param, Phrase
from kancil.ground.yaml_tree import Fault
from kancil.training.errors import CourseNotReadable, GiftNotReadable
from kancil.training.item_bank.bank import Bank
from kancil.training.item_bank.gift import read_bank

from .checks import check_course
from .course import (
    FORMAT,
    LESSONS,
    OUTLINE,
    PICTURES,
    POST,
    PRE,
    SLIDES,
    SOURCES,
    SOURCES_FORMAT,
    TRAINEE,
    TRAINER,
    Course,
    Outline,
    Source,
    Sources,
    Written,
)
from .markdown import front_of
from .parallel import check_wording
from .taking import take_file

MAX_FILE_BYTES, MAX_BYTES, MOST_FILES = 2_000_000, 24_000_000, 400
_LANGUAGE = r"[a-z]{2,3}"
_NAME = r"[a-z0-9][a-z0-9-]{0,79}"
_FILES = re.compile(
    rf"{re.escape(OUTLINE)}|{re.escape(SOURCES)}|{PICTURES}/{_NAME}\.svg"
    rf"|{_LANGUAGE}/(?:{LESSONS}/[0-9]{{2}}-{_NAME}\.md"
    rf"|{'|'.join(map(re.escape, (TRAINER, TRAINEE, SLIDES, PRE, POST)))})"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a folder."""

    course: Course | None
    """None where the faults leave none."""
    faults: tuple[Fault, ...]


def is_course_file(name: str) -> bool:
    """Whether the format knows a file of this path, with `/` between its parts."""
    return _FILES.fullmatch(name) is not None


def files_of(folder: Path) -> dict[str, bytes]:
    """All files under a folder by their path in it; raises FileNotReadable, CourseNotReadable.

    Links are not followed: what a link shows is not the course's.
    """
    if not (folder / OUTLINE).is_file():
        raise FileNotReadable(path=str(folder / OUTLINE))
    found, size = dict[str, bytes](), 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise _refused(name, "not-a-file")
        if path.is_dir() or any(part.startswith(".") for part in Path(name).parts):
            continue
        try:
            with path.open("rb") as file:
                found[name] = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise FileNotReadable(path=str(path)) from error
        size += len(found[name])
        if len(found[name]) > MAX_FILE_BYTES or size > MAX_BYTES or len(found) > MOST_FILES:
            raise _refused(name, "too-large")
    return found


def _refused(name: str, why: str) -> CourseNotReadable:
    return CourseNotReadable(path=name, line=1, why=Phrase(f"problem.course-{why}"), count=1)


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def check_course_folder(folder: Path) -> Checked:
    """Read and check a folder: every fault with its file and line.

    Raises FileNotReadable, CourseNotReadable for what is no course at all, ParserStopped,
    ParserLimitReached.
    """
    checked = checked_files(files_of(folder))
    if checked.course is None:
        return checked
    return Checked(checked.course, (*checked.faults, *check_wording(checked.course)))


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def read_course_folder(folder: Path) -> Course:
    """Read a folder without a fault; raises what `check_course_folder` raises, and the first."""
    return course_of(files_of(folder))


@in_child(memory_bytes=1 << 30, cpu_seconds=60)
def read_course_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder without a fault, by their path; raises as `read_course_folder`."""
    files = files_of(folder)
    course_of(files)
    return files


def course_of(files: Mapping[str, bytes]) -> Course:
    """The course of these files, where they are; raises CourseNotReadable with the first fault."""
    checked = checked_files(files)
    for fault in checked.faults:
        raise CourseNotReadable(
            path=fault.file, line=fault.line, why=fault.phrase, count=len(checked.faults)
        )
    if checked.course is None:
        raise _refused(OUTLINE, "not-a-file")
    return checked.course


def checked_files(files: Mapping[str, bytes]) -> Checked:
    """Read and check files by their path, where they are."""
    reading = _Reading(files)
    course = reading.course()
    faults = [*reading.faults]
    if course is not None:
        faults += check_course(course)
    return Checked(course, tuple(faults))


class _Reading:
    """The files of one course, and what is wrong with them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.faults: list[Fault] = [
            Fault("course-unknown-file", name, 1, 1, {})
            for name in files
            if not is_course_file(name)
        ]

    def fault(self, code: str, file: str, line: int = 1, **params: Param) -> None:
        self.faults.append(Fault(f"course-{code}", file, line, 1, params))

    def course(self) -> Course | None:
        outline, faults = take_file(Outline, self.files.get(OUTLINE, b""), OUTLINE)
        self.faults += faults
        if outline is None:
            return None
        if outline.format != FORMAT:
            self.fault("other-format", OUTLINE, found=outline.format[:60], known=FORMAT)
            return None
        languages = (outline.language, *outline.translations)
        for name in self.files:
            if "/" in name and name.split("/")[0] not in (*languages, PICTURES):
                self.fault("language-not-named", name, language=name.split("/")[0])
        return Course(
            outline,
            self.sources(),
            {language: self.written(outline, language) for language in languages},
            {
                name.split("/")[1]: self.text(name)
                for name in self.files
                if name.startswith(f"{PICTURES}/")
            },
        )

    def sources(self) -> tuple[Source, ...]:
        if SOURCES not in self.files:
            self.fault("missing-file", SOURCES)
            return ()
        found, faults = take_file(Sources, self.files[SOURCES], SOURCES)
        self.faults += faults
        if found is not None and found.format != SOURCES_FORMAT:
            self.fault("other-format", SOURCES, found=found.format[:60], known=SOURCES_FORMAT)
        return () if found is None else found.sources

    def written(self, outline: Outline, language: str) -> Written:
        needed = [f"{LESSONS}/{each.file}" for each in outline.lessons]
        needed += [TRAINER, TRAINEE, PRE, POST]
        for name in needed:
            if f"{language}/{name}" not in self.files:
                self.fault("missing-file", f"{language}/{name}")
        prefix = f"{language}/{LESSONS}/"
        lessons = {
            name.removeprefix(prefix): self.text(name)
            for name in self.files
            if name.startswith(prefix)
        }
        fronts = {name: front_of(text)[0] for name, text in lessons.items()}
        return Written(
            lessons,
            {name: each["translates"] for name, each in fronts.items() if "translates" in each},
            self.text(f"{language}/{TRAINER}"),
            self.text(f"{language}/{TRAINEE}"),
            self.text(f"{language}/{SLIDES}"),
            self.bank(f"{language}/{PRE}"),
            self.bank(f"{language}/{POST}"),
        )

    def text(self, name: str) -> str:
        try:
            text = self.files.get(name, b"").decode("utf-8")
        except UnicodeDecodeError as error:
            before = self.files[name][: error.start]
            self.fault("not-utf8", name, before.count(b"\n") + 1)
            return ""
        return text.removeprefix("\ufeff").replace("\r\n", "\n")

    def bank(self, name: str) -> Bank | None:
        if name not in self.files:
            return None
        try:
            return read_bank(self.files[name], name)
        except GiftNotReadable as error:
            line, why = error.params["line"], error.params["why"]
            if not isinstance(line, int) or not isinstance(why, Phrase):
                raise
            self.faults.append(Fault(why.key.removeprefix("problem."), name, line, 1, why.params))
            return None
