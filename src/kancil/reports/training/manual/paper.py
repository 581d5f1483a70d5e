"""A course as PDF: for the trainee, for the trainer, as slides, or as slides with their notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from kancil.ground.words import render as words
from kancil.reports.document.blocks import Document
from kancil.reports.document.printed import shown, template, tree_of
from kancil.reports.pdf.typeset import Typeset, typeset
from kancil.training.courses.course import Course, Written

from .rich import Block, Rich, levelled, slides_of, written_slides

_FOLDER = Path(__file__).parent
ACCENT = "#31508f"
"""Of the classroom: neither the unit's nor the programme's."""


class Paper(StrEnum):
    """What is printed of a course; the words are `name.paper-<value>`."""

    TRAINEE = "trainee"
    """All lessons, and what a trainee keeps."""
    TRAINER = "trainer"
    """The trainer's manual, and the outline of the course."""
    SLIDES = "slides"
    """16:9."""
    SPEAKER = "speaker"
    """The slides small, below each what its speaker says."""


def print_course(course: Course, paper: Paper, *, language: str, at: datetime) -> Typeset:
    """Set a paper of a course; `at`: its date. Raises ReportNotPrinted.

    `language`: of its texts, where the course has them; else they come as first written.
    """
    if language not in course.written:
        language = course.outline.language
    written = course.written[language]
    rich = Rich(course.pictures, {each.id: n for n, each in enumerate(course.sources, 1)})
    tree = _head(course, paper, language)
    tree["sources"] = [] if paper is Paper.SLIDES else _sources(course)
    if paper in (Paper.SLIDES, Paper.SPEAKER):
        tree["slides"] = _slides(course, written, rich)
        files = (_FOLDER / each for each in ("rich.typ", "slide.typ", f"{paper.value}.typ"))
        return typeset(template(*files), shown(tree), [], at=at)
    tree["facts"] = _facts(course)
    tree["parts"] = (
        _trainee(course, written, rich) if paper is Paper.TRAINEE else _trainer(written, rich)
    )
    return typeset(template(_FOLDER / "rich.typ", _FOLDER / "manual.typ"), shown(tree), [], at=at)


def _head(course: Course, paper: Paper, language: str) -> dict[str, Any]:
    outline = course.outline
    version = words("note.course-version", version=outline.version, licence=outline.licence)
    document = Document(
        words(f"name.paper-{paper.value}"), outline.title, version, language,
        ", ".join(outline.authors), outline.description, "", (), footer=version,
        accent=ACCENT,
    )  # fmt: skip
    tree = tree_of(document)
    tree["words"]["sources"] = words("name.course-sources")
    return tree


def _facts(course: Course) -> list[list[str]]:
    """The fields of the course package, as rows of a name and a text."""
    outline = course.outline
    minutes = "; ".join(f"{each.session}: {each.holds} ({each.minutes})"
                        for each in outline.schedule)  # fmt: skip
    found = {
        "description": outline.description,
        "audience": outline.target_audience,
        "prerequisites": _listed(outline.prerequisites),
        "objectives": _listed(each.text for each in outline.objectives),
        "schedule": minutes,
        "assessment": outline.assessment,
        "marking": "; ".join(f"{each.part} {each.percent} %" for each in outline.marking),
        "trainer-profile": outline.trainer_profile,
        "equipment": _listed(outline.equipment),
        "history": "; ".join(f"{each.version} ({each.on}): {each.change}"
                             for each in outline.history),
    }  # fmt: skip
    return [[words(f"name.course-{name}"), text] for name, text in found.items()]


def _listed(sentences: Iterable[str]) -> str:
    """Sentences in one line, whether or not their author ended them with a full stop."""
    return "; ".join(each.rstrip(".") for each in sentences)


def _trainee(course: Course, written: Written, rich: Rich) -> list[Block]:
    parts = [
        {"title": _title(blocks, lesson.title), "blocks": levelled(_without_title(blocks))}
        for lesson in course.outline.lessons
        for blocks in [rich.blocks(written.lessons.get(lesson.file, ""))]
    ]
    if written.trainee:
        blocks = rich.blocks(written.trainee)
        title = _title(blocks, words("name.course-kept"))
        parts.append({"title": title, "blocks": levelled(_without_title(blocks))})
    return parts


def _trainer(written: Written, rich: Rich) -> list[Block]:
    """The manual, a part for each heading of the second level."""
    parts: list[Block] = []
    for block in _without_title(rich.blocks(written.trainer)):
        if block["block"] == "heading" and block["level"] <= 2:
            parts.append({"title": block["text"], "blocks": []})
        elif parts:
            parts[-1]["blocks"].append(block)
        else:
            parts.append({"title": words("name.course-before"), "blocks": [block]})
    return [{**each, "blocks": levelled(each["blocks"])} for each in parts]


def _title(blocks: Sequence[Block], instead: str) -> str:
    is_titled = bool(blocks) and blocks[0]["block"] == "heading" and blocks[0]["level"] == 1
    return str(blocks[0]["text"]) if is_titled else instead


def _without_title(blocks: Sequence[Block]) -> list[Block]:
    is_titled = bool(blocks) and blocks[0]["block"] == "heading" and blocks[0]["level"] == 1
    return list(blocks[1:] if is_titled else blocks)


def _slides(course: Course, written: Written, rich: Rich) -> list[Block]:
    found: list[Block] = []
    if written.slides:
        return _levelled(written_slides(rich.blocks(written.slides), course.outline.title))
    for lesson in course.outline.lessons:
        blocks = rich.blocks(written.lessons.get(lesson.file, ""))
        found += slides_of(_without_title(blocks), _title(blocks, lesson.title))
    return _levelled(found)


def _levelled(slides: Sequence[Block]) -> list[Block]:
    parts = ("blocks", "notes")
    return [{**each, **{part: levelled(each[part]) for part in parts}} for each in slides]


def _sources(course: Course) -> list[list[str]]:
    return [
        [
            f"[{number}]",
            ", ".join(filter(None, (each.in_one_line, each.url))),
            words(f"name.source-{each.standing.value}"),
        ]
        for number, each in enumerate(course.sources, 1)
    ]
