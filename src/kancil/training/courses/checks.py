"""What a course must keep to, beside its form: taught, examined, sourced, parallel, complete."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kancil.ground.phrase import Param
from kancil.ground.yaml_tree import Fault
from kancil.training.labs import LABS

from .course import LESSONS, OUTLINE, PICTURES, SLIDES, SOURCES, TRAINEE, TRAINER, Course, Standing
from .markdown import Part, parts_of
from .parallel import check_tests
from .pictures import why_unsafe

LEAST_LESSONS, LEAST_LABS = 5, 1
WITHOUT_SOURCE = ("objectives", "practise", "summary", "trainer")
"""Sections whose statements repeat or instruct, and rest on no source of their own."""
TRAINER_PARTS = ("Minutes", "Show", "Questions trainees ask", "Common mistakes")
"""Sections that the trainer's manual has for each lesson."""
_STATING = ("paragraph", "list", "table", "quote")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_WEB = re.compile(r"https?://[^\s/]+(/\S*)?")


@dataclass(slots=True)
class Checking:
    """One course while it is checked."""

    course: Course
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, file: str, line: int = 1, **params: Param) -> None:
        """Keep a fault."""
        self.faults.append(Fault(f"course-{code}", file, line, 1, params))


def check_course(course: Course, labs: tuple[str, ...] | None = None) -> list[Fault]:
    """All faults of a course that was read; `labs`: names that are known, else those of LABS."""
    checking = Checking(course)
    _check_ids(checking)
    _check_outline(checking, tuple(each.name for each in LABS) if labs is None else labs)
    for name, svg in course.pictures.items():
        why = why_unsafe(svg)
        if why:
            checking.fault("picture-unsafe", f"{PICTURES}/{name}", found=why)
    for language in course.written:
        for file, text in _texts(course, language):
            _check_text(checking, file, parts_of(text))
    _check_trainer(checking)
    _check_translations(checking)
    checking.faults += check_tests(course)
    return checking.faults


def _texts(course: Course, language: str) -> Iterator[tuple[str, str]]:
    written = course.written[language]
    for name, text in written.lessons.items():
        yield f"{language}/{LESSONS}/{name}", text
    for name, text in zip(
        (TRAINER, TRAINEE, SLIDES), (written.trainer, written.trainee, written.slides), strict=True
    ):
        if text:
            yield f"{language}/{name}", text


def _check_ids(checking: Checking) -> None:
    outline = checking.course.outline
    listed = {
        OUTLINE: ([each.id for each in outline.objectives], [each.file for each in outline.lessons],
                  [each.lab for each in outline.labs]),
        SOURCES: ([each.id for each in checking.course.sources],),
    }  # fmt: skip
    for file, lists in listed.items():
        for name, count in (each for ids in lists for each in Counter(ids).items()):
            if count > 1:
                checking.fault("twice", file, name=name)
    if _ID.fullmatch(outline.id) is None:
        checking.fault("id-wrong", OUTLINE, written=outline.id[:60])
    if _VERSION.fullmatch(outline.version) is None:
        checking.fault("version-wrong", OUTLINE, written=outline.version[:60])
    for source in checking.course.sources:
        is_placed = source.url or source.doi or source.reference
        if source.standing is not Standing.GENERAL and not is_placed:
            checking.fault("source-nowhere", SOURCES, source=source.id)


def _check_outline(checking: Checking, labs: tuple[str, ...]) -> None:
    course, outline = checking.course, checking.course.outline
    objectives = {each.id for each in outline.objectives}
    if len(outline.lessons) < LEAST_LESSONS:
        checking.fault("few-lessons", OUTLINE, count=len(outline.lessons), least=LEAST_LESSONS)
    if len(outline.labs) < LEAST_LABS:
        checking.fault("few-labs", OUTLINE, least=LEAST_LABS)
    for each in outline.labs:
        if each.lab not in labs:
            checking.fault("lab-unknown", OUTLINE, lab=each.lab, known=", ".join(labs))
        if each.after and each.after not in {lesson.file for lesson in outline.lessons}:
            checking.fault("lesson-unknown", OUTLINE, lesson=each.after)
    aims = [each.teaches for each in outline.lessons]
    aims += [each.practises for each in outline.labs]
    for used in (id for each in aims for id in each):
        if used not in objectives:
            checking.fault("objective-unknown", OUTLINE, objective=used)
    taught = {id for lesson in outline.lessons for id in lesson.teaches}
    for objective in outline.objectives:
        if objective.id not in taught:
            checking.fault("objective-not-taught", OUTLINE, objective=objective.id)
    known = {lesson.file for lesson in outline.lessons}
    for name in course.own.lessons:
        if name not in known:
            checking.fault("lesson-not-named", f"{outline.language}/{LESSONS}/{name}")
    _check_sums(checking)


def _check_sums(checking: Checking) -> None:
    outline = checking.course.outline
    percent = sum(each.percent for each in outline.marking)
    if percent != 100:
        checking.fault("marking-sum", OUTLINE, percent=percent)
    if not 0 < outline.pass_percent <= 100:
        checking.fault("pass-wrong", OUTLINE, percent=outline.pass_percent)
    minutes = sum(each.minutes for each in outline.schedule)
    if minutes != 60 * outline.hours:
        checking.fault("hours-sum", OUTLINE, minutes=minutes, hours=outline.hours)
    for each in outline.history:
        try:
            date.fromisoformat(each.on)
        except ValueError:
            checking.fault("not-a-day", OUTLINE, written=each.on[:60])
    if outline.version not in {each.version for each in outline.history}:
        checking.fault("version-not-in-history", OUTLINE, version=outline.version)


def _check_text(checking: Checking, file: str, parts: list[Part]) -> None:
    course = checking.course
    sources = {each.id for each in course.sources}
    is_lesson = f"/{LESSONS}/" in file
    for place, part in enumerate(parts):
        for id in part.cites:
            if id not in sources:
                checking.fault("source-unknown", file, part.line, source=id)
        for link in part.links:
            _check_link(checking, file, part.line, link)
        for at, words in part.pictures:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(file), at))
            if not name.startswith(f"{PICTURES}/") or name.split("/")[1] not in course.pictures:
                checking.fault("picture-missing", file, part.line, picture=at[:80])
            elif not words.strip():
                checking.fault("picture-without-words", file, part.line, picture=at[:80])
        is_own = file.startswith(f"{course.outline.language}/")
        if is_lesson and is_own and _wants_source(part) and not _has_source(parts, place):
            checking.fault("no-source", file, part.line, words=part.words[:60])


def _wants_source(part: Part) -> bool:
    heads = [each.strip().lower() for each in part.section.split("/")]
    return part.kind in _STATING and not any(each in WITHOUT_SOURCE for each in heads)


def _has_source(parts: list[Part], place: int) -> bool:
    """Whether a block names a source; a line that ends in a colon and what follows it are one."""
    before = parts[place - 1] if place and _leads_in(parts[place - 1]) else None
    after = parts[place + 1] if place + 1 < len(parts) and _leads_in(parts[place]) else None
    return any(each is not None and each.cites for each in (before, parts[place], after))


def _leads_in(part: Part) -> bool:
    return part.kind == "paragraph" and part.words.endswith(":")


def _check_link(checking: Checking, file: str, line: int, link: str) -> None:
    outline = checking.course.outline
    if link.startswith("lab:"):
        if link.removeprefix("lab:") not in {each.lab for each in outline.labs}:
            checking.fault("link-nowhere", file, line, link=link[:80])
    elif _WEB.fullmatch(link) is None:
        name = posixpath.basename(link.partition("#")[0])
        if name not in {each.file for each in outline.lessons}:
            checking.fault("link-nowhere", file, line, link=link[:80])


def _check_trainer(checking: Checking) -> None:
    """The trainer's manual has a section for each lesson, by its title, with its four parts."""
    outline = checking.course.outline
    if not checking.course.own.trainer:
        return
    sections = {
        part.section.lower(): part
        for part in parts_of(checking.course.own.trainer)
        if part.kind == "heading"
    }
    file = f"{outline.language}/{TRAINER}"
    for lesson in outline.lessons:
        ways = [way for way in sections if way.split("/")[-1] == lesson.title.lower()]
        if not ways:
            checking.fault("trainer-lesson", file, lesson=lesson.title)
            continue
        for part in TRAINER_PARTS:
            if f"{ways[0]}/{part.lower()}" not in sections:
                line = sections[ways[0]].line
                checking.fault("trainer-part", file, line, part=part, lesson=lesson.title)


def _check_translations(checking: Checking) -> None:
    """A translated lesson says of which version it is, and rests on the same sources."""
    course = checking.course
    for language in course.outline.translations:
        written = course.written[language]
        for name, text in written.lessons.items():
            file = f"{language}/{LESSONS}/{name}"
            if name not in course.own.lessons:
                checking.fault("lesson-not-named", file)
                continue
            if name not in written.translates:
                checking.fault("translates-nothing", file)
            elif written.translates[name] != course.outline.version:
                checking.fault(
                    "translates-other", file,
                    found=written.translates[name][:20], version=course.outline.version,
                )  # fmt: skip
            own = {id for part in parts_of(course.own.lessons[name]) for id in part.cites}
            lacks = own - {id for part in parts_of(text) for id in part.cites}
            if lacks:
                checking.fault("translation-sources", file, sources=", ".join(sorted(lacks)))
