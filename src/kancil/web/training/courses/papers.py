"""The papers of a course as PDF: what a trainee keeps; slides, notes and manual for a trainer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person
from kancil.ground.clock import now
from kancil.ground.phrase import Phrase
from kancil.reports.training.manual.paper import Paper, print_course
from kancil.training.courses.course import Course
from kancil.web.cells import Section, link, table
from kancil.web.page import page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.training.acting import CLASSROOM, is_trainer

from .shared import course_for, language_of


def papers_section(found: Course, person: Person) -> Section:
    """The papers that a reader may print, and what is in each."""
    rows: list[tuple[Cell, ...]] = [
        (
            link(
                reverse("course_paper", kwargs={"course": found.outline.id, "paper": each.value}),
                Phrase(f"web.courses.paper-{each.value}"),
            ),
            Phrase(f"web.courses.paper-{each.value}-holds"),
        )
        for each in _papers(person)
    ]
    return table("web.courses.papers", ("pdf", "what"), rows)


def _papers(person: Person) -> tuple[Paper, ...]:
    if not is_trainer(person):
        return (Paper.TRAINEE,)
    return (Paper.TRAINER, Paper.SPEAKER, Paper.SLIDES, Paper.TRAINEE)


@page(
    "training/courses/<str:course>/papers/<str:paper>.pdf", "course_paper", may=CLASSROOM,
    sample={"course": "none", "paper": "trainee"},
)  # fmt: skip
def course_paper(request: HttpRequest, course: str, paper: str) -> HttpResponse:
    """A paper of a course, set anew each time."""
    person = person_of(request)
    found = course_for(person, course)
    if paper not in [each.value for each in _papers(person)]:
        raise PageNotFound
    made = print_course(found, Paper(paper), language=language_of(found), at=now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    name = f"{found.outline.id}-{found.outline.version}-{paper}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
