"""Answers that come back from a form: a sheet of ODK Central or Kobo in, answers and skips out.

Columns are found by the last part of their name, or by their label in any language of the form; a
cell by the name of a choice, or by its label. What cannot be read is left out with its row and
column, and counted; a row for another version of the protocol is mapped where the newer version
declares how, and else refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kancil.assessment.answer import Answer, Evidence, Given, Kind
from kancil.assessment.answer_forms.cells import fold, option_of, read_value, text_of
from kancil.assessment.answer_forms.names import (
    ASSESSOR,
    NOT_APPLICABLE,
    NOT_KNOWN,
    PROTOCOL_NAME,
    PROTOCOL_SHA256,
    Asks,
    Block,
    FormPlan,
    Option,
    Question,
)
from kancil.assessment.answer_forms.sheet import Sheet, SheetRow, read_sheet
from kancil.assessment.answer_forms.xlsform import form_plan
from kancil.assessment.comparing import carried_over
from kancil.assessment.errors import AnswersForOther, AnswerSheetNotReadable
from kancil.assessment.giving import MOST_REASON, MOST_TEXT
from kancil.assessment.protocol import Confidence, Protocol, ScaleKind
from kancil.ground.ids import new_id
from kancil.ground.phrase import Param, Phrase
from kancil.ground.skipped import Skipped
from kancil.ground.spreadsheet import SheetCell

_IDS = ("meta/instanceID", "meta-instanceID", "instanceID", "KEY", "_uuid")
_ENDS = ("end", "SubmissionDate", "_submission_time")
_COLUMN_SHOWN = 80
_MOST_TITLE, _MOST_REFERENCE = 300, 500


@dataclass(frozen=True, slots=True)
class ReceivedEvidence:
    """Evidence as a form asks for it: no file, no kind."""

    title: str
    grade: str
    reference: str
    is_interview: bool
    """Whether it is of a grade that stands for interviews, with access of its own."""


@dataclass(frozen=True, slots=True)
class Received:
    """One answer of one submission."""

    row: int
    """Of the file, from 1."""
    submission: str
    """Id that the form's tool gave; empty where the sheet has none."""
    said_by: str
    """As it was typed; whose account that is, somebody says on the site."""
    ended_at: datetime | None
    """When the form was finished, where the sheet says so with a zone."""
    answered_on: str
    """Protocol by name, as the form was."""
    indicator: str
    """Of the protocol that was asked for, also where the form was an older one."""
    given: Given | None
    parts: Mapping[str, Given]
    confidence: Confidence
    comment: str = ""
    evidence: ReceivedEvidence | None = None

    def answer(self, *, by: str, at: datetime, make_id: Callable[[], str] = new_id) -> Answer:
        """Make the answer of an assessor at a moment; `make_id` gives each its id."""
        shown = self.evidence
        kind = "interview" if shown and shown.is_interview else "document"
        evidence = (
            (Evidence(make_id(), shown.grade, shown.title, kind, reference=shown.reference),)
            if shown
            else ()
        )
        return Answer(
            make_id(), self.indicator, by, at, self.given, self.parts, self.confidence,
            self.comment, evidence,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What a sheet gave."""

    answers: tuple[Received, ...]
    skipped: tuple[Skipped, ...]
    rows: int
    """Submissions in it, those left out counted."""
    extra_columns: tuple[str, ...]
    """Columns that no question of the form has: read by nobody."""


def read_answers(
    data: bytes, path: str, protocol: Protocol, older: Iterable[Protocol] = ()
) -> AnswerSheet:
    """Read the answers to a protocol's form.

    `path`: for what is said of the file. `older`: earlier versions, for forms that asked them; only
    those count that the protocol's `maps_from` names. Raises AnswerSheetTooLarge,
    AnswerSheetNotReadable, and AnswersForOther where no row is for this protocol.
    """
    readers = [_Reader(protocol, None)]
    for each in older:
        carried = carried_over(each, protocol) if each.version != protocol.version else None
        if carried is not None:
            readers.append(_Reader(each, {was: name for name, was in carried.items()}))
    known = {PROTOCOL_NAME, PROTOCOL_SHA256, ASSESSOR}

    def is_known(column: str) -> bool:
        return last_part(column) in known or any(each.question(column) for each in readers)

    sheet = read_sheet(data, path, is_known)
    return _Run(sheet, path, protocol, readers).result()


def last_part(column: str) -> str:
    """A question's name without those of its groups (`area/LF10`, `area-LF10`)."""
    return re.split("[/-]", column)[-1]


class _Reader:
    """Finds the questions of one version of a protocol among columns."""

    def __init__(self, protocol: Protocol, became: Mapping[str, str] | None) -> None:
        self.protocol = protocol
        self.became = became
        """For an older version: the newer indicator of each that can be carried over."""
        self.plan: FormPlan = form_plan(protocol)
        self.labels: dict[str, Question] = {
            fold(words): each
            for each in self.plan.questions.values()
            for words in each.said.values()
        }
        self.options = {
            name: {each.name: each for each in options} for name, options in self.plan.lists.items()
        }

    def question(self, column: str) -> Question | None:
        """Find the question of a column, by name or by label."""
        found = self.plan.questions.get(last_part(column))
        if found is not None:
            return found
        # Groups' labels stand before it, joined by a stroke that may stand in a label as well.
        parts = column.split("/")
        for start in range(min(len(parts), 8)):
            found = self.labels.get(fold("/".join(parts[start:])))
            if found is not None:
                return found
        return None

    def choice(self, column: str) -> tuple[Question, Option] | None:
        """Find the one choice of several that a column of its own is for (`LF10/yes`)."""
        before, _, last = column.rpartition("/")
        question = self.question(before) if before else None
        if question is None or question.list is None or question.scale is None:
            return None
        if question.scale.kind is not ScaleKind.MANY:
            return None
        option = option_of(self.plan.lists[question.list], last)
        return (question, option) if option else None


@dataclass(slots=True)
class _Columns:
    """Where the questions of one version stand in a sheet."""

    values: dict[str, int] = field(default_factory=dict)
    """Column of a question, by its name."""
    choices: dict[str, list[tuple[int, Option]]] = field(default_factory=dict)
    """Columns of single choices, by the name of the question."""
    used: set[int] = field(default_factory=set)


class _Run:
    """One reading of one sheet."""

    def __init__(self, sheet: Sheet, path: str, protocol: Protocol, readers: list[_Reader]) -> None:
        self.sheet, self.path, self.protocol = sheet, path, protocol
        self.readers = {each.protocol.name: each for each in readers}
        self.skipped: list[Skipped] = []
        self.answers: list[Received] = []
        self.twice: set[int] = set()
        self.columns = {name: self.columns_of(each) for name, each in self.readers.items()}
        self.own = {
            last_part(name): place
            for place, name in reversed(list(enumerate(sheet.columns)))
            if last_part(name) in (PROTOCOL_NAME, PROTOCOL_SHA256, ASSESSOR)
        }
        self.id_at = self.first_of(_IDS)
        self.end_at = self.first_of(_ENDS)

    def first_of(self, names: Iterable[str]) -> int | None:
        places = {name: place for place, name in enumerate(self.sheet.columns)}
        return next((places[name] for name in names if name in places), None)

    def columns_of(self, reader: _Reader) -> _Columns:
        found = _Columns()
        for place, name in enumerate(self.sheet.columns):
            question = reader.question(name) if name else None
            if question is not None:
                found.used.add(place)
                if question.name in found.values:
                    if place not in self.twice:
                        self.skip("sheet-column-twice", 1, place)
                        self.twice.add(place)
                else:
                    found.values[question.name] = place
                continue
            single = reader.choice(name) if "/" in name else None
            if single is not None:
                found.used.add(place)
                found.choices.setdefault(single[0].name, []).append((place, single[1]))
        return found

    def skip(self, code: str, row: int, column: int | None = None, **params: Param) -> None:
        """Leave something out, and say where: `row 3`, `row 3, column area/LF10`."""
        place = f"row {row}"
        if column is not None:
            name = self.sheet.columns[column] if column < len(self.sheet.columns) else str(column)
            place += f", column {name[:_COLUMN_SHOWN]}"
        self.skipped.append(Skipped(code, place, params))

    def text_at(self, row: SheetRow, place: int | None) -> str:
        return row.cells[place].text.strip() if place is not None and place in row.cells else ""

    def result(self) -> AnswerSheet:
        if PROTOCOL_NAME not in self.own:
            why = Phrase("why.sheet-no-protocol", {"column": PROTOCOL_NAME})
            raise AnswerSheetNotReadable(path=self.path, why=why)
        seen: dict[str, SheetRow] = {}
        foreign: list[str] = []
        for row in self.sheet.rows:
            reader = self.reader_of(row)
            if reader is None:
                foreign.append(self.text_at(row, self.own[PROTOCOL_NAME])[:80])
                self.skip("sheet-other-protocol", row.number, protocol=foreign[-1])
                continue
            submission = self.text_at(row, self.id_at)
            earlier = seen.setdefault(submission, row) if submission else row
            if earlier is not row and earlier.cells == row.cells:
                self.skip("sheet-row-repeated", row.number, first=earlier.number)
                continue
            if max(row.cells) >= len(self.sheet.columns):
                self.skip("sheet-row-wide", row.number)
            self.read_row(row, reader, submission)
        if foreign and len(foreign) == len(self.sheet.rows):
            raise AnswersForOther(path=self.path, found=foreign[0], known=self.protocol.name)
        used = set(self.own.values()).union(*(each.used for each in self.columns.values()))
        extra = tuple(
            name[:_COLUMN_SHOWN]
            for place, name in enumerate(self.sheet.columns)
            if name and place not in used and place not in (self.id_at, self.end_at)
        )
        return AnswerSheet(tuple(self.answers), tuple(self.skipped), len(self.sheet.rows), extra)

    def reader_of(self, row: SheetRow) -> _Reader | None:
        """Find the version whose form was filled in; None if it is none that can be read."""
        reader = self.readers.get(self.text_at(row, self.own[PROTOCOL_NAME]))
        stated = self.text_at(row, self.own.get(PROTOCOL_SHA256))
        if reader is None or (stated and stated != reader.protocol.sha256):
            return None
        return reader

    def read_row(self, row: SheetRow, reader: _Reader, submission: str) -> None:
        said_by = text_of(row.cells.get(self.own.get(ASSESSOR, -1)), 200)
        if isinstance(said_by, Phrase):
            self.skip("sheet-cell", row.number, self.own[ASSESSOR], why=said_by)
            said_by = ""
        ended = _moment(self.text_at(row, self.end_at))
        for block in reader.plan.blocks.values():
            found = _BlockReader(self, row, reader, block).read()
            if found is None:
                continue
            given, parts, confidence, comment, evidence = found
            indicator = block.indicator.id
            if reader.became is not None:
                if indicator not in reader.became:
                    self.skip("sheet-not-carried-over", row.number, indicator=indicator)
                    continue
                indicator = reader.became[indicator]
            self.answers.append(
                Received(
                    row.number, submission[:200], said_by, ended, reader.protocol.name, indicator,
                    given, parts, confidence, comment, evidence,
                )
            )  # fmt: skip


_Found = tuple[Given | None, dict[str, Given], Confidence, str, ReceivedEvidence | None]


class _BlockReader:
    """Reads the questions of one indicator in one row."""

    def __init__(self, run: _Run, row: SheetRow, reader: _Reader, block: Block) -> None:
        self.run, self.row, self.reader, self.block = run, row, reader, block
        self.columns = run.columns[reader.protocol.name]

    def read(self) -> _Found | None:
        reason = self.words(Asks.WHY, MOST_REASON)
        given: Given | None = None
        parts: dict[str, Given] = {}
        for question in self.block.of(Asks.VALUE):
            found = self.given(question, reason)
            if found is None:
                continue
            if question.part is None:
                given = found
            else:
                parts[question.part] = found
        comment, title = self.words(Asks.COMMENT), self.words(Asks.EVIDENCE, _MOST_TITLE)
        if given is None and not parts:
            for asks, words in (
                (Asks.COMMENT, comment), (Asks.EVIDENCE, title), (Asks.WHY, reason),
            ):  # fmt: skip
                if words:
                    self.alone(asks)
            return None
        if reason and not any(
            each is not None and each.kind is Kind.NOT_APPLICABLE
            for each in (given, *parts.values())
        ):
            self.alone(Asks.WHY)
        return given, parts, self.confidence(), comment, self.evidence(title)

    def alone(self, asks: Asks) -> None:
        """That words are left out which stand without the answer that they belong to."""
        self.run.skip("sheet-words-alone", self.row.number, self.place(self.block.of(asks)[0]))

    def place(self, question: Question) -> int | None:
        return self.columns.values.get(question.name)

    def cell(self, question: Question) -> SheetCell | None:
        place = self.place(question)
        return None if place is None else self.row.cells.get(place)

    def skip(self, question: Question, why: Phrase) -> None:
        self.run.skip("sheet-cell", self.row.number, self.place(question), why=why)

    def words(self, asks: Asks, limit: int = MOST_TEXT) -> str:
        question = self.block.of(asks)[0]
        found = text_of(self.cell(question), limit)
        if isinstance(found, Phrase):
            self.skip(question, found)
            return ""
        return found

    def given(self, question: Question, reason: str) -> Given | None:
        """What stands for one question: a value, not applicable, not known, or nothing."""
        beside = next(
            (each for each in self.block.of(Asks.OPEN) if each.part == question.part), None
        )
        value = self.value(question)
        state = self.value(beside) if beside is not None else None
        if beside is not None and value is not None and state is not None:
            self.skip(beside, Phrase("why.cell-both"))
            return None
        found = value if state is None else state
        if found is None:
            return None
        if found == NOT_KNOWN or found == (NOT_KNOWN,):
            return Given(Kind.NOT_KNOWN)
        if found == NOT_APPLICABLE or found == (NOT_APPLICABLE,):
            if not reason:
                self.skip(question if state is None else beside or question, _NO_REASON)
                return None
            return Given(Kind.NOT_APPLICABLE, None, reason)
        return Given(Kind.VALUE, found)

    def value(self, question: Question) -> int | str | tuple[str, ...] | None:
        options = self.reader.plan.lists[question.list] if question.list else ()
        cell = self.cell(question) or self.joined(question)
        if cell is None:
            return None
        found = read_value(question, options, cell)
        if isinstance(found, Phrase):
            self.skip(question, found)
            return None
        return found

    def joined(self, question: Question) -> SheetCell | None:
        """Put the columns of single choices together, where there is no column for all."""
        chosen = [
            option.name
            for place, option in self.columns.choices.get(question.name, ())
            if self.run.text_at(self.row, place).casefold() in ("1", "true", "1.0")
        ]
        return SheetCell(" ".join(chosen)) if chosen else None

    def confidence(self) -> Confidence:
        """How sure the assessor is; where that cannot be read, low, and say so."""
        question = self.block.of(Asks.CONFIDENCE)[0]
        cell = self.cell(question)
        option = option_of(self.reader.plan.lists["confidence"], cell.text) if cell else None
        if option is None:
            self.run.skip("sheet-confidence", self.row.number, self.place(question))
            return Confidence.LOW
        return Confidence(str(option.value))

    def evidence(self, title: str) -> ReceivedEvidence | None:
        reference = self.words(Asks.REFERENCE, _MOST_REFERENCE)
        if not title:
            if reference:
                self.alone(Asks.REFERENCE)
            return None
        question = self.block.of(Asks.GRADE)[0]
        cell = self.cell(question)
        option = option_of(self.reader.plan.lists["grades"], cell.text) if cell else None
        if option is None:
            self.skip(question, Phrase("why.cell-grade"))
            return None
        grade = self.reader.protocol.grades[str(option.value)]
        return ReceivedEvidence(title, grade.id, reference, grade.interview)


_NO_REASON = Phrase("why.cell-no-reason")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
