"""Evaluation of a class: forms that are due, sheets without names, and the mentoring log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.base.opening import day_of
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.training import access
from kancil.desk.training.actions.evaluation import hand_in_sheet, note_mentoring
from kancil.desk.training.queries.classes import TrainingClass, trainees_of
from kancil.desk.training.queries.evaluation import (
    enrolment_of,
    forms_of,
    has_handed_in,
    mentoring_of,
    told_by,
)
from kancil.desk.training.queries.names import names_in
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.training.evaluation import (
    MENTORING_TOPICS,
    SCALE,
    AskedAs,
    Due,
    EvaluationForm,
    FormQuestion,
    Respondent,
    ToldOf,
    evaluation_forms,
)
from kancil.web.cells import Section, link, note, show, table, tag
from kancil.web.forms import choose, day, text
from kancil.web.page import page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import person_of

from .acting import CLASSROOM, TRAINERS, Acting, is_trainer
from .classes import way

_EMPTY = ("", "–")


class SheetForm(Acting):
    """One sheet; its fields are the questions of the form."""

    act = "hand-in-sheet"

    def __init__(self, *args: Any, asked: EvaluationForm, **kwargs: Any) -> None:
        """Take the questions of a form."""
        super().__init__(*args, **kwargs)
        for each in asked.questions:
            made = _field(each)
            made.label = words(f"evaluation.question.{each.id}")
            self.fields[each.id] = made

    def answers(self) -> dict[str, Any]:
        """What was answered, numbers as numbers."""
        found = {name: each for name, each in self.cleaned_data.items() if name != "do"}
        return {
            name: int(each) if isinstance(self.fields[name], forms.TypedChoiceField) else each
            for name, each in found.items()
            if each not in (None, "")
        }


def _field(each: FormQuestion) -> forms.Field:
    if each.kind is AskedAs.SCALE:
        ends = {SCALE[0]: "least", SCALE[-1]: "most"}
        points = [
            (str(n), words(f"evaluation.scale-{ends[n]}") if n in ends else str(n)) for n in SCALE
        ]
        return forms.TypedChoiceField(choices=[_EMPTY, *points], required=False)
    if each.kind is AskedAs.CHOICE:
        options = [(one, words(f"evaluation.answer.{one}")) for one in each.options]
        return forms.ChoiceField(choices=[_EMPTY, *options], required=False)
    if each.kind is AskedAs.COUNT:
        return forms.IntegerField(min_value=0, required=False)
    return text(2_000, required=False, lines=3)


@page(
    "training/classes/<str:training_class>/evaluation/", "class_evaluation", may=CLASSROOM,
    sample={"training_class": "none"},
)  # fmt: skip
def class_evaluation(request: HttpRequest, training_class: str) -> HttpResponse:
    """Which forms are asked when; a trainee sees those that trainees answer."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    teaches = is_trainer(person)
    rows: list[tuple[Cell, ...]] = [
        _row(request, found, each)
        for each in forms_of(found, day_of(clock.now()))
        if teaches or each.form.by is Respondent.TRAINEE
    ]
    columns = ("evaluation-form", "due", "state", *(("sheets>",) if teaches else ()))
    sections: list[Section] = [table("web.training.evaluation-forms", columns, rows)]
    if teaches:
        url = reverse("class_mentoring", kwargs={"training_class": found.id})
        do = "web.training.mentoring"
        sections.append(note("info", "web.training.evaluation-level-2", url=url, do=do))
    lead = Phrase("web.training.evaluation-lead")
    title = Phrase("web.training.evaluation")
    return show(request, title, sections, lead=lead, crumbs=way(found if teaches else None))


def _row(request: HttpRequest, found: TrainingClass, each: Due) -> tuple[Cell, ...]:
    given = {"training_class": found.id, "form": each.form.id}
    name = Phrase(f"evaluation.form.{each.form.id}")
    place = link(reverse("evaluation_form", kwargs=given), name) if each.is_open else name
    state: Cell = tag("plain", "web.training.form-later")
    if each.is_open:
        state = tag("now", "web.training.form-open")
    if is_trainer(person_of(request)):
        if each.waits:
            state = tag("warn", "web.training.form-waits")
        return place, each.due_on.isoformat(), state, str(each.sheets)
    mine = enrolment_of(found, person_of(request))
    if mine is not None and has_handed_in(mine, each.form):
        state = tag("intact", "web.training.form-done")
    return place, each.due_on.isoformat(), state


@page(
    "training/classes/<str:training_class>/evaluation/<str:form>/", "evaluation_form",
    may=CLASSROOM, methods=("GET", "POST"), sample={"training_class": "none", "form": "none"},
)  # fmt: skip
def evaluation_form(request: HttpRequest, training_class: str, form: str) -> HttpResponse:
    """A trainee's own sheet, once; a trainer types sheets from paper and reads what all say."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    asked = next((each for each in evaluation_forms() if each.id == form), None)
    mine = None if is_trainer(person) else enrolment_of(found, person)
    if asked is None or (mine is not None and asked.by is not Respondent.TRAINEE):
        raise PageNotFound
    back = reverse("class_evaluation", kwargs={"training_class": found.id})
    sheet = SheetForm.asked(request, asked=asked)
    if sheet.is_ready:
        with sheet.telling():
            hand_in_sheet(found, form=asked.id, answers=sheet.answers(), enrolment=mine)
            messages.success(request, words("web.training.sheet-taken"))
            return redirect(back if mine else request.path)
    sections: list[Section] = []
    if mine is not None and has_handed_in(mine, asked):
        sections.append(note("info", "web.training.form-done-text", url=back,
                             do="web.training.evaluation"))  # fmt: skip
    else:
        sections.append(sheet.section(text="web.training.sheet-text"))
    if mine is None:
        sections.insert(0, _told(told_by(found, asked)))
    title = Phrase(f"evaluation.form.{asked.id}")
    return show(request, title, sections, crumbs=way(found if mine is None else None))


def _told(found: tuple[ToldOf, ...]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"evaluation.question.{each.question.id}"),
            tag("unknown", "name.figure-hidden") if each.answered is None else str(each.answered),
            "–" if each.mean is None else f"{float(each.mean):.1f}",
            _said(each),
        )
        for each in found
    ]
    columns = ("evaluation-question", "answered>", "mean>", "said")
    return table("web.training.sheets-say", columns, rows)


def _said(each: ToldOf) -> Cell:
    if each.texts:
        return Several(list(each.texts))
    named: list[Cell] = []
    for name, count in each.counts:
        word = name if name.isdigit() else words(f"evaluation.answer.{name}")
        named.append(f"{word}: {count}")
    return Several(named) if named else "–"


class MentoringForm(Acting):
    """One hour of mentoring."""

    act = "note-mentoring"
    mentoring_trainee = forms.ChoiceField(choices=())
    mentoring_on = day(required=True)
    mentoring_mentor = text(200)
    mentoring_minutes = forms.IntegerField(min_value=1, max_value=600)
    mentoring_topic = forms.ChoiceField(choices=())
    mentoring_agreed = text(2_000, required=False, lines=3)


@page(
    "training/classes/<str:training_class>/mentoring/", "class_mentoring", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def class_mentoring(request: HttpRequest, training_class: str) -> HttpResponse:
    """The mentoring log; it stays in the classroom."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    people, names = {str(each.pk): each for each in trainees_of(found)}, names_in(found)
    asked = MentoringForm.asked(request)
    offered = [(key, names[each.person_id]) for key, each in people.items()]
    choose(asked, "mentoring_trainee", offered)
    topics = [(each, words(f"name.mentoring-{each}")) for each in MENTORING_TOPICS]
    choose(asked, "mentoring_topic", topics)
    if asked.is_ready:
        given = asked.cleaned_data
        with asked.telling():
            note_mentoring(
                people[given["mentoring_trainee"]], on=given["mentoring_on"],
                mentor=given["mentoring_mentor"], minutes=given["mentoring_minutes"],
                topic=given["mentoring_topic"], agreed=given["mentoring_agreed"], by=person.name,
            )  # fmt: skip
            return redirect("class_mentoring", training_class=found.id)
    rows: list[tuple[Cell, ...]] = [
        (
            each.on.isoformat(), names[each.enrolment.person_id], each.mentor, str(each.minutes),
            Phrase(f"name.mentoring-{each.topic}"), each.agreed or "–",
        )
        for each in mentoring_of(found)
    ]  # fmt: skip
    columns = ("day", "name", "mentor", "minutes>", "topic", "agreed")
    sections: list[Section] = [table("web.training.mentoring", columns, rows)] if rows else []
    sections += [asked.section()] if people else [note("info", "web.training.nobody")]
    return show(request, Phrase("web.training.mentoring"), sections, crumbs=way(found))
