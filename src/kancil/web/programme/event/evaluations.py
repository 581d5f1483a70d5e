"""Evaluations of an activity: what the sheets say together, and sheets typed in or brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.evaluating import enter_sheets, read_sheets
from kancil.desk.programme.taking_part.evaluations import EvaluationRow, evaluations_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.attendance.marks import MOST_BYTES
from kancil.programme.evaluation.form import MOST_WORDS, Asked, Question, Summary, Told
from kancil.programme.evaluation.form import forms as forms_of
from kancil.programme.vocabulary import Moment
from kancil.records.described import named
from kancil.web.acting import ActForm, today
from kancil.web.cells import Section, button, limits, link, note, number, show, table, tag
from kancil.web.drafts import DraftedForm
from kancil.web.parts import Cell, Done
from kancil.web.programme_page import ACTIVE, OFFICERS, page
from kancil.web.signed_in import person_of

from .attendance import way

_ADDRESS = "activities/<str:activity>/evaluations/"
_LIMITS = ("web.evaluation.limit-1", "web.evaluation.limit-2", "web.evaluation.limit-3")


class SheetForm(DraftedForm):
    """One sheet, typed from paper: the questions of its form."""

    act = "sheet"

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        """Take the questions as fields."""
        super().__init__(*args, **kwargs)
        for each in questions:
            field = _field(each)
            field.label = render_phrase(each.words)
            self.fields[each.id] = field
        self.order_fields([each.id for each in questions])


def _field(each: Question) -> forms.Field:
    if each.kind is Asked.WORDS:
        box = forms.Textarea(attrs={"rows": 2})
        return forms.CharField(max_length=MOST_WORDS, required=False, widget=box)
    options = [
        (value, render_phrase(name) if isinstance(name, Phrase) else name)
        for value, name in each.choices
    ]
    return forms.ChoiceField(choices=[("", "–"), *options], required=False)


class SheetsForm(ActForm):
    """A file of sheets."""

    act = "sheets"
    sheets_file = forms.FileField(max_length=200)


@page(_ADDRESS, "evaluations", may=ACTIVE, of="activity", menu="activity", order=60)
def evaluations(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """What participants said at once, after three and after six months."""
    sections: list[Section] = []
    for row in evaluations_of(sight):
        sections.append(_heading(sight, row))
        sections += [
            _words(each) for each in row.summary.questions if each.texts and sight.may_write
        ]
    first, groups, last = _LIMITS
    groups = groups if sight.may_write else "web.evaluation.limit-steps"
    sections.append(limits([Phrase(each) for each in (first, groups, last)]))
    title = Phrase("web.evaluation.title", {"title": sight.title})
    return show(request, title, sections, crumbs=way(sight))


def _heading(sight: ActivitySight, row: EvaluationRow) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (Phrase("web.evaluation.sheets"), _sheets(row.summary)),
        (Phrase("web.evaluation.due"), _due(row)),
    ]
    rows += [(each.question.words, _said(each)) for each in row.summary.questions if not each.texts]
    if sight.may_write:
        there = reverse("evaluation", args=[sight.activity, row.moment.value])
        rows.append(
            (Phrase("web.evaluation.enter"), link(there, Phrase("web.evaluation.enter-do")))
        )
    shown = table("web.evaluation.of", ("evaluation-question", "evaluation-said"), rows)
    return {**shown, "heading": named(row.moment)}


def _due(row: EvaluationRow) -> Cell:
    is_late = row.summary.sheets == 0 and row.due_on <= today()
    key = "web.evaluation.late" if is_late else "web.evaluation.on"
    return tag("warn" if is_late else "plain", key, day=row.due_on.isoformat())


def _sheets(told: Summary) -> Cell:
    if told.sheets is None:
        return tag("unknown", "web.evaluation.under-five")
    if told.asked is not None and told.sheets > told.asked:
        counts = {"sheets": told.sheets, "attended": told.asked}
        return tag("warn", "web.evaluation.more-sheets", **counts)
    return Done(told.sheets, told.asked) if told.asked else number(told.sheets)


def _said(told: Told) -> Cell:
    if told.answered is None:
        return tag("unknown", "web.evaluation.under-five")
    if not told.answered:
        return "–"
    if told.mean and not told.counts:
        return words("web.evaluation.mean-alone", mean=told.mean, count=str(told.answered))
    shares = "; ".join(
        f"{render_phrase(told.question.named(one)) if not told.mean else one}: "
        f"{words('web.attendance.hidden') if count is None else count}"
        for one, count in told.counts
    )
    if not told.mean:
        return shares
    return words("web.evaluation.mean", mean=told.mean, shares=shares)


def _words(told: Told) -> Section:
    rows: list[tuple[Cell, ...]] = [(each,) for each in told.texts]
    return {**table("web.evaluation.words", ("evaluation-words",), rows), "kind": "folded",
            "heading": told.question.words}  # fmt: skip


def one_line(sight: ActivitySight) -> list[tuple[Phrase, Cell]]:
    """Each evaluation of which there are sheets in a line, for the activity's own page."""
    found: list[tuple[Phrase, Cell]] = []
    for row in evaluations_of(sight):
        useful = next((each for each in row.summary.questions if each.mean), None)
        if useful is not None:
            said = words("web.evaluation.line", mean=useful.mean, count=str(useful.answered))
            found.append((named(row.moment), said))
        elif row.summary.sheets is None:
            found.append((named(row.moment), tag("unknown", "web.evaluation.under-five")))
    return found


@page(
    f"{_ADDRESS}<str:moment>/", "evaluation", may=OFFICERS, of="activity",
    methods=("GET", "POST"), within="evaluations", sample={"moment": "at-once"},
    body_bytes=MOST_BYTES + 100_000,
)  # fmt: skip
def evaluation(request: HttpRequest, sight: ActivitySight, moment: str) -> HttpResponseBase:
    """Sheets of one moment typed in, one after the other, or brought as a file."""
    if moment not in list(Moment):
        raise PageNotFound
    questions = forms_of()[Moment(moment)].questions
    one = SheetForm.asked(request, questions=questions)
    many = SheetsForm.asked(request)
    if request.method == "POST":
        about: dict[str, Any] = {
            "by": person_of(request), "activity": sight.activity, "moment": Moment(moment),
            "today": today(),
        }  # fmt: skip
        count = _entered(one, many, questions, about)
        if count is not None:
            messages.success(request, words("web.evaluation.entered", count=count))
            return redirect("evaluation", activity=sight.activity, moment=moment)
    sections: list[Section] = [
        note("info", "web.evaluation.no-names"),
        one.section("web.evaluation.sheet", submit="web.evaluation.sheet-do"),
        many.section("web.evaluation.file", submit="web.evaluation.file-do",
                     text="web.evaluation.file-text"),
    ]  # fmt: skip
    buttons = [button(reverse("evaluations", args=[sight.activity]), "web.evaluation.back")]
    crumbs = way(sight, "evaluations")
    return show(request, named(Moment(moment)), sections, crumbs=crumbs, buttons=buttons)


def _entered(
    one: SheetForm, many: SheetsForm, questions: Sequence[Question], about: dict[str, Any]
) -> int | None:
    if one.is_ready:
        answers = {
            each.id: int(value) if each.kind is Asked.SCALE else value
            for each in questions
            if (value := one.cleaned_data[each.id])
        }
        with one.telling():
            return enter_sheets(**about, sheets=[{"answers": answers}])
    if many.is_ready:
        with many.telling("sheets_file"):
            data = many.cleaned_data["sheets_file"].read(MOST_BYTES + 1)
            return enter_sheets(**about, sheets=read_sheets(data))
    return None
