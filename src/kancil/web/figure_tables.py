"""The tables of a package as sections of a page of either site, with the sentence that they answer.

A hidden number is said to be hidden, never shown as nothing or as a dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.http import FileResponse

from kancil.ground.phrase import Param, Phrase
from kancil.records.package import SUFFIX, Period
from kancil.records.package_schemas import cooperation_figures as schema
from kancil.records.package_schemas import training_results
from kancil.records.table import Cell as Value
from kancil.records.table import Column, Holds, Table
from kancil.web.cells import Section, limits, number, tag
from kancil.web.parts import Cell
from kancil.web.parts import Column as Heading

_NARROW = 5
"""Columns that fit beside each other without scrolling."""


def figure_sections(
    tables: Sequence[Table], period: Period, *, is_own: bool = False
) -> list[Section]:
    """The answer first, the tables that have rows, and what they do not say, folded."""
    is_class = is_of_a_class(tables)
    first = class_answer(tables, period) if is_class else figures_answer(tables, period)
    answer: Section = {
        "kind": "said", "heading": Phrase("web.recorded.answer"), "anchor": "answer",
        "first": first, "more": [],
    }  # fmt: skip
    if not is_class and size_of(tables, "sent") == 0:
        return [answer]
    shown = [_section(each) for each in tables if each.rows]
    texts = ("hidden", "class", "gain") if is_class else (
        "own" if is_own else "hidden", "sample", "stands", "money",
    )  # fmt: skip
    return [answer, *shown, limits([Phrase(f"web.figures.limit-{each}") for each in texts])]


def is_of_a_class(tables: Sequence[Table]) -> bool:
    """Whether a package holds the results of a class, and not figures of requests."""
    return any(each.name == training_results.NUMBERS.name for each in tables)


def trained(tables: Sequence[Table], what: str) -> int | None:
    """How many trainees, or of them certified, a class has; None: hidden."""
    table = next(each for each in tables if each.name == training_results.NUMBERS.name)
    found = {row[0]: row[1] for row in table.rows}[what]
    return found if isinstance(found, int) else None


def class_answer(tables: Sequence[Table], period: Period) -> Phrase:
    """How many took part in a class and were given a certificate, as far as it is shown."""
    told: dict[str, Param] = {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
    }
    people, certified = trained(tables, "trainees"), trained(tables, "certified")
    if people is None:
        return Phrase("web.figures.class-hidden", told)
    told["people"] = people
    if certified is None:
        return Phrase("web.figures.class-people", told)
    return Phrase("web.figures.class-certified", {**told, "certified": certified})


def figures_answer(tables: Sequence[Table], period: Period) -> Phrase:
    """How many requests of a period were sent and answered, and how fast, as far as it is shown."""
    told: dict[str, Param] = {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
    }
    sent, answered = size_of(tables, "sent"), size_of(tables, "with-answer")
    if sent == 0:
        return Phrase("web.figures.answer-none", told)
    if answered is None:
        return Phrase("web.figures.answer-hidden", told)
    told["answered"] = answered
    median = days_median(tables)
    known = "sent" if sent is not None else "answered"
    if sent is not None:
        told["sent"] = sent
    if median is None:
        return Phrase(f"web.figures.answer-{known}", told)
    return Phrase(f"web.figures.answer-{known}-days", {**told, "days": median})


def size_of(tables: Sequence[Table], outcome: str) -> int | None:
    """How many requests had an outcome; None: hidden."""
    table = next(each for each in tables if each.name == schema.OUTCOME.name)
    found = {row[0]: row[1] for row in table.rows}[outcome]
    return found if isinstance(found, int) else None


def days_median(tables: Sequence[Table]) -> str | None:
    """Half of the first answers came within so many days; None where that is not known."""
    table = next(each for each in tables if each.name == schema.TIMES.name)
    found = (table.row(2) or {}).get("days_median")
    return None if found is None else str(found).removesuffix(".0")


def count_cell(count: int | None) -> Cell:
    """A number, or that it is hidden."""
    return tag("unknown", "name.figure-hidden") if count is None else number(count)


def package_response(data: bytes, period: Period) -> FileResponse:
    """Send a package as a file that is named after its period."""
    name = f"figures-{period.since.isoformat()}-{period.until.isoformat()}{SUFFIX}"
    return FileResponse(BytesIO(data), as_attachment=True, filename=name,
                        content_type="application/octet-stream")  # fmt: skip


def _section(table: Table) -> Section:
    return {
        "kind": "table",
        "heading": table.title,
        "columns": [Heading(each.heading, right=each.is_number) for each in table.columns],
        "rows": [
            tuple(_cell(column, value) for column, value in zip(table.columns, row, strict=True))
            for row in table.rows
        ],
        "pages": None,
        "scroll": len(table.columns) > _NARROW,
    }


def _cell(column: Column, value: Value) -> Cell:
    if column.holds is Holds.COUNT:
        return count_cell(value if isinstance(value, int) else None)
    if value is None:
        return "–"
    shown = column.shown(value)
    return shown if isinstance(shown, Phrase) else str(shown)
