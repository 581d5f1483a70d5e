"""Interviews: recorded by whoever held them, read by that person and the lead. By nobody else.

How few were asked is told to the author alone: of two officers of one unit each would be known.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.protocol import Grade
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.evidence import add_interview
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.evidence import SMALL, InterviewRow, interviews
from kancil.desk.assessment.queries.evidence import interview as read_interview
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import today
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, empty, facts, form, link, minute, note, show, table
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import ANSWERING, page
from kancil.web.signed_in import person_of

from .evidence import grades_of
from .rounds import way

_MOST_NOTES = 100_000
_MOST_PEOPLE = 100_000


class InterviewForm(WordsForm):
    """An interview that was held."""

    held_on = day(required=True)
    people_count = forms.IntegerField(min_value=1, max_value=_MOST_PEOPLE)
    group = text(200)
    interview_grade = forms.ChoiceField(choices=())
    consent = text(500, lines=2)
    interview_notes = text(_MOST_NOTES, lines=12)

    def __init__(self, *args: Any, grades: dict[str, Grade], **kwargs: Any) -> None:
        """Offer the grades of interviews."""
        super().__init__(*args, **kwargs)
        of_interviews = [(id, said(one.label)) for id, one in grades.items() if one.interview]
        choose(self, "interview_grade", of_interviews)

    def clean_held_on(self) -> date:
        """Refuse a day to come: the interview was held."""
        held_on: date = self.cleaned_data["held_on"]
        if held_on > today():
            raise forms.ValidationError(words("web.acting.future"))
        return held_on


@page(
    "rounds/<str:round>/interviews/", "interviews", may=ANSWERING, of="round", menu="round",
    order=45,
)  # fmt: skip
def all_interviews(request: HttpRequest, sight: Sight) -> HttpResponse:
    """The interviews that I held; all of the round for its lead."""
    rows = interviews(sight)
    may_add = sight.may_answer and sight.is_open
    new = reverse("interview_new", kwargs={"round": sight.round})
    sections: list[Section] = [_who_reads(sight)]
    if rows:
        told: list[tuple[Cell, ...]] = [
            (link(_address(sight, row), row.held_on.isoformat()), row.group, _how_many(row),
             row.author)
            for row in rows
        ]  # fmt: skip
        columns = ("held-on", "group", "people-count", "held-by")
        sections.append(table("web.room.interviews", columns, told))
    else:
        sections.append(empty("web.interview.none", url=new if may_add else ""))
    buttons = [button(new, "web.interview.new", main=True)] if may_add else []
    return show(
        request, Phrase("web.room.interviews"), sections, crumbs=way(sight), buttons=buttons
    )


def _who_reads(sight: Sight) -> Section:
    return note("info", f"web.interview.{'lead' if sight.is_lead else 'author'}-reads")


def _address(sight: Sight, row: InterviewRow) -> str:
    return reverse("interview", kwargs={"round": sight.round, "interview": row.id})


def _how_many(row: InterviewRow) -> Cell:
    if row.people_count is None:
        return Phrase("web.interview.few", {"small": SMALL})
    return str(row.people_count)


@page(
    "rounds/<str:round>/interviews/new/", "interview_new", may=ANSWERING, of="round",
    methods=("GET", "POST"),
)  # fmt: skip
def interview_new(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Record an interview that was held."""
    asked = InterviewForm(request.POST or None, grades=grades_of(protocols_in(sight)))
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            held = add_interview(
                by=person_of(request),
                round=sight.round,
                grade=given["interview_grade"],
                held_on=given["held_on"],
                people_count=given["people_count"],
                group=given["group"],
                consent=given["consent"],
                notes=given["interview_notes"],
            )
            messages.success(request, words("web.interview.added"))
            return redirect("interview", round=sight.round, interview=held.interview)
    sections = [
        note("warn", "web.interview.names-nobody"),
        form("web.interview.new", asked, submit="web.interview.new"),
    ]
    return show(request, Phrase("web.interview.new"), sections, crumbs=_way(sight))


def _way(sight: Sight) -> list[dict[str, Any]]:
    there = reverse("interviews", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.interviews")}]


@page("rounds/<str:round>/interviews/<str:interview>/", "interview", may=ANSWERING, of="round")
def one_interview(request: HttpRequest, sight: Sight, interview: str) -> HttpResponse:
    """One interview, for its author and the lead."""
    row = read_interview(sight, interview)
    told: list[tuple[str, Cell]] = [
        ("held-on", row.held_on.isoformat()),
        ("group", row.group),
        ("people-count", _how_many(row)),
        ("consent", row.consent),
        ("held-by", row.author),
        ("added-at", minute(row.added_at)),
    ]
    sections = [
        _who_reads(sight),
        facts("web.interview.about", told),
        {"kind": "words", "heading": Phrase("web.interview.notes"), "text": row.notes},
    ]
    title = Phrase("web.interview.title", {"day": row.held_on.isoformat()})
    return show(request, title, sections, crumbs=_way(sight))
