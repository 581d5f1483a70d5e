"""What documents say of a recorded study: its question, its answer, its tables and its limits.

Words and columns are the study's own and those of the one description of a table; nothing is
computed here. A result whose version this Kancil does not have is shown by its tables alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kancil.ground.errors import KancilError
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import grouped
from kancil.ground.words import has, render, render_phrase
from kancil.records.table import Cell, Column, Holds
from kancil.records.table import Table as StudyTable
from kancil.studies.members import study_named
from kancil.studies.study import Result

from .content_tables import ROWS_SHOWN, Table, time_text
from .studies import CitedStudy, study_member

NOTES = "notes"
"""The table of a study's own limits, which are said once, as such."""
NUMBERS = (Holds.COUNT, Holds.SAT, Holds.DECIMAL)
WIDTH = {
    Holds.COUNT: 0.08, Holds.SAT: 0.15, Holds.DECIMAL: 0.13, Holds.DAY: 0.11, Holds.CODE: 0.13,
    Holds.TEXT: 0.15, Holds.TIME: 0.19, Holds.ID: 0.26, Holds.PHRASE: 0.28,
}  # fmt: skip
"""Share of a page's width that a column needs to be read with ease."""
_NOT_ITS_FORM = (
    ArithmeticError, AttributeError, LookupError, RuntimeError, StopIteration, TypeError,
    ValueError,
)  # fmt: skip
"""What a member raises over a result that has not the tables it gives: another's, or a forged."""


@dataclass(frozen=True, slots=True)
class StudyContent:
    """Everything about one study."""

    number: int
    """Its folder's number, from 1."""
    name: str
    """Which study, and its version."""
    question: str
    answer: list[str]
    """The most important sentence first; none where this Kancil does not have the version."""
    run_again: str
    """What the maker states of running it again; empty where it came out as recorded."""
    tables: list[Table]
    limits: list[str]
    digest: str
    """SHA-256 (hex) of the recorded result."""
    result: Result | None
    """None where the bytes are no result."""


def study_content(number: int, cited: CitedStudy) -> StudyContent:
    """All words of one study, in the spoken language."""
    result = cited.result
    if result is None:
        title = render("note.study-not-readable", number=number)
        return StudyContent(number, title, title, [], "", [], [], cited.digest, None)
    name = render("note.study-name", study=_name(result.study), version=result.version)
    question, answer, limits = _said(result)
    return StudyContent(
        number=number,
        name=name,
        question=question or name,
        answer=answer or [render("note.study-no-words")],
        run_again=_run_again(cited.run_again),
        tables=[
            study_table(one, study_member(number)) for one in result.tables if one.name != NOTES
        ],
        limits=limits,
        digest=cited.digest,
        result=result,
    )


def _name(study: str) -> str:
    key = f"study.{study}"
    return render(key) if has(key) else study


def _run_again(state: str) -> str:
    key = f"note.study-again-{state}"
    return render(key) if has(key) else ""


def question_of(study: str, parameters: Mapping[str, Any]) -> str:
    """What was asked, as one sentence; the study's name where this Kancil does not have it."""
    try:
        return render_phrase(study_named(study).question(dict(parameters)))
    except (KancilError, *_NOT_ITS_FORM):
        return _name(study)


def _said(result: Result) -> tuple[str, list[str], list[str]]:
    """Question, answer and limits in the member's words; empty where it does not know them."""
    try:
        study = study_named(result.study)
        if result.version not in (study.version, *study.earlier):
            return "", [], []
        question = render_phrase(study.question(result.parameters))
        answer = [render_phrase(one) for one in study.answer(result)]
        limits = [render_phrase(one) for one in study.limits(result)]
    except (KancilError, *_NOT_ITS_FORM):
        return "", [], []
    return question, answer, list(dict.fromkeys(limits))


def study_table(table: StudyTable, file: str) -> Table:
    """A table for eyes: columns that hold something, and no more rows than a page bears.

    `file`: where all rows and columns stand.
    """
    places = filled(table)
    columns = [table.columns[place] for place in places]
    rows = [
        [cell_text(column, row[place]) for column, place in zip(columns, places, strict=True)]
        for row in table.rows[:ROWS_SHOWN]
    ]
    count = len(table.rows)
    note = ""
    if count > ROWS_SHOWN:
        note = render("note.study-cut", shown=ROWS_SHOWN, count=grouped(count), file=file)
    return Table(
        title_of(table),
        [heading_of(one) for one in columns],
        rows,
        numbers=frozenset(n for n, one in enumerate(columns) if one.holds in NUMBERS),
        ids=frozenset(n for n, one in enumerate(columns) if one.holds is Holds.ID),
        time=next((n for n, one in enumerate(columns) if one.holds is Holds.TIME), -1),
        note=note,
        empty=render("note.report-none"),
        is_wide=is_wide(columns),
    )


def is_wide(columns: Sequence[Column]) -> bool:
    """Whether these columns are too many to stand side by side on a page."""
    return sum(WIDTH[one.holds] for one in columns) > 1


def filled(table: StudyTable) -> list[int]:
    """Places of the columns in which some row holds something."""
    held = range(len(table.columns))
    return [place for place in held if any(row[place] not in (None, "") for row in table.rows)]


def title_of(table: StudyTable) -> str:
    """A table's title; its name where there are no words."""
    return render_phrase(table.title) if has(table.title.key) else table.name


def heading_of(column: Column) -> str:
    """A column's heading; its name where there are no words."""
    return render_phrase(column.heading) if has(column.heading.key) else column.name


def cell_text(column: Column, cell: Cell) -> str:
    """A cell in words; as it stands where there are none, or where it has not its column's form."""
    if column.holds is Holds.TIME and cell:
        return time_text(cell)
    if column.holds in (Holds.COUNT, Holds.SAT) and cell is not None:
        return grouped(int(cell))
    try:
        shown = column.shown(cell)
        return _text(shown)
    except _NOT_ITS_FORM:
        return str(cell)


def _text(shown: Param) -> str:
    if not isinstance(shown, Phrase):
        return str(shown)
    return render_phrase(shown) if has(shown.key) else str(shown)
