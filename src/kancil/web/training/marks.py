"""Marks: what each question earned and why, the way of working, what a corrected key changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.training import access
from kancil.desk.training.actions.marks import mark_text
from kancil.desk.training.folders import manifest_of
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.work import (
    Attempt,
    Mark,
    answers_of,
    marks_of,
    rubric_of,
    stored_marks,
)
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.training.key import Criterion
from kancil.training.making import Manifest
from kancil.training.marking.marks import Check, Marked, QuestionMark, State, points_text
from kancil.web.cells import Section, limits, note, show, table, tag
from kancil.web.forms import text
from kancil.web.page import page
from kancil.web.parts import Cell, Kind, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import CLASSROOM, TRAINERS, Acting, is_trainer, lab_title, plain_times, points_of
from .classes import way
from .questions import value_cell, value_text

_STATES: dict[State, Kind] = {
    State.MET: "intact", State.NOT_MET: "warn", State.NOT_APPLICABLE: "plain",
}  # fmt: skip
_LIMITS = ("web.training.limit-1", "web.training.limit-2", "web.training.limit-3")


@page(
    "training/attempts/<str:attempt>/marks/", "attempt_marks", may=CLASSROOM,
    sample={"attempt": "none"},
)  # fmt: skip
def attempt_marks(request: HttpRequest, attempt: str) -> HttpResponse:
    """The marks of an attempt: a trainee's own once they are released, anybody's for a trainer."""
    person = person_of(request)
    found = access.find_attempt(person, attempt)
    run = found.variant.run
    if not is_trainer(person) and run.released_at is None:
        raise PageNotFound
    rows = marks_of(found)
    if not rows:
        raise PageNotFound
    marked = stored_marks(rows[-1])
    manifest = manifest_of(unit_desk().workspace, found.variant)
    sections = [
        *_waits(found, rows[-1], teaches=is_trainer(person)),
        *_changes(rows, manifest),
        _questions(marked, manifest),
        *_process(marked),
        limits([Phrase(each) for each in _LIMITS]),
    ]
    told: dict[str, Param] = {
        "name": names_in(run.training_class)[found.person_id],
        "earned": points_text(marked.earned_hundredths), "of": marked.points,
    }  # fmt: skip
    title = Phrase("web.training.marks-of", {"lab": lab_title(run.lab)})
    crumbs = way(run.training_class if is_trainer(person) else None)
    return show(request, title, sections, lead=Phrase("web.training.marks-lead", told),
                crumbs=crumbs)  # fmt: skip


def _waits(attempt: Attempt, row: Mark, *, teaches: bool) -> list[Section]:
    if row.is_final:
        return []
    if not teaches:
        return [note("info", "web.training.text-waits")]
    url = reverse("attempt_texts", kwargs={"attempt": attempt.pk})
    return [note("info", "web.training.text-waits", url=url, do="web.training.mark-texts")]


def _changes(rows: list[Mark], manifest: Manifest) -> list[Section]:
    """What each correction of the key changed, the newest first."""
    numbers = {each.id: number for number, each in enumerate(manifest.questions, 1)}
    found = []
    for row in reversed(rows):
        if row.correction is None or row.changes is None:
            continue
        told = {
            "question": str(numbers.get(row.correction.question, row.correction.question)),
            "before": points_text(row.changes["before_hundredths"]),
            "after": points_text(row.changes["after_hundredths"]),
            "reason": row.correction.reason,
        }
        found.append(note("info", "web.training.was-corrected", **told))
    return found


def _questions(marked: Marked, manifest: Manifest) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (f"{number}. {_words_of(manifest, each)}", _earned(each), *_told(manifest, each))
        for number, each in enumerate(marked.questions, 1)
    ]
    columns = ("question", "points", "your-answer", "key-says", "why")
    return table("web.training.by-question", columns, rows)


def _words_of(manifest: Manifest, each: QuestionMark) -> str:
    question = manifest.question(each.question)
    return each.question if question is None else plain_times(question.words)


def _earned(each: QuestionMark) -> Cell:
    if each.earned_hundredths is None:
        return tag("unknown", "web.training.waits")
    parts: list[Cell] = [points_of(each.earned_hundredths, each.points)]
    if each.penalty_hundredths:
        taken = points_text(each.penalty_hundredths)
        parts.append(tag("warn", "web.training.harm-cost", points=taken))
    if each.hint_hundredths:
        parts.append(
            Phrase("web.training.hints-cost", {"points": points_text(each.hint_hundredths)})
        )
    return Several(parts) if len(parts) > 1 else parts[0]


def _told(manifest: Manifest, each: QuestionMark) -> tuple[Cell, ...]:
    question = manifest.question(each.question)
    why: list[Cell] = [plain_times(each.reason), plain_times(each.why)]
    if each.remark:
        why.append(Phrase("web.training.remark", {"remark": each.remark}))
    answer = value_cell(question, each.answer)
    expected = value_cell(question, each.expected) if each.expected else ""
    return answer, expected, Several(why)


def _process(marked: Marked) -> list[Section]:
    if not marked.process:
        return []
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.check-{each.code}"),
            tag(_STATES[each.state], f"name.check-state-{each.state.value}"),
            _check_points(each),
            each.reason,
            ", ".join(map(str, each.entries)),
        )
        for each in marked.process
    ]
    columns = ("way-of-working", "state", "points", "why", "ledger-entries")
    return [table("web.training.process", columns, rows)]


def _check_points(each: Check) -> Cell:
    if each.state is State.NOT_APPLICABLE:
        return ""
    return points_of(each.earned_hundredths, each.points)


class TextForm(Acting):
    """One text, marked by the lines of the key's rubric."""

    act = "mark-text"
    question = forms.CharField(widget=forms.HiddenInput)
    text_comment = text(2000, required=False, lines=2)

    def __init__(self, *args: Any, lines: list[Criterion], asked: str, **more: Any) -> None:
        """A field for each line, from none of its points to all."""
        super().__init__(*args, **more)
        self.auto_id = f"id-{asked}-%s"
        self.initial["question"] = asked
        for each in lines:
            self.fields[f"line-{each.code}"] = forms.IntegerField(
                min_value=0, max_value=each.points,
                label=words("web.training.rubric-line", words=render_phrase(each.words),
                            points=each.points),
            )  # fmt: skip
        self.order_fields([f"line-{each.code}" for each in lines])
        self._lines = lines

    def points(self) -> dict[str, int]:
        """Points by line."""
        return {each.code: self.cleaned_data[f"line-{each.code}"] for each in self._lines}


@page(
    "training/attempts/<str:attempt>/texts/", "attempt_texts", may=TRAINERS,
    methods=("GET", "POST"), sample={"attempt": "none"},
)  # fmt: skip
def attempt_texts(request: HttpRequest, attempt: str) -> HttpResponse:
    """Mark the texts of an attempt by their rubric."""
    found = access.find_attempt(person_of(request), attempt)
    desk, rows = unit_desk(), marks_of(found)
    if not rows:
        raise PageNotFound
    manifest, answers = manifest_of(desk.workspace, found.variant), answers_of(found).values
    sections: list[Section] = []
    for question, lines in rubric_of(rows[-1]).items():
        asked = _text_form(request, question, lines)
        if asked.is_ready:
            with asked.telling():
                mark_text(
                    desk.workspace, attempt=found, question=question, points=asked.points(),
                    comment=asked.cleaned_data["text_comment"], by=person_of(request),
                )  # fmt: skip
                messages.success(request, words("web.training.text-marked"))
                return redirect("run", run=found.variant.run_id)
        told = manifest.question(question)
        sections.append(
            {"kind": "words", "heading": told.words if told else question,
             "text": value_text(told, answers.get(question))}
        )  # fmt: skip
        sections.append(asked.section())
    of = found.variant.run.training_class
    title = Phrase("web.training.texts-of", {"name": names_in(of)[found.person_id]})
    return show(request, title, sections, crumbs=way(of))


def _text_form(request: HttpRequest, question: str, lines: list[Criterion]) -> TextForm:
    is_this = request.POST.get("question") == question
    sent = request if is_this or request.method != "POST" else None
    if sent is None:
        made = TextForm(lines=lines, asked=question)
        made.initial["do"] = TextForm.act
        return made
    return TextForm.asked(sent, lines=lines, asked=question)
