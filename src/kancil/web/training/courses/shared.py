"""What the pages of courses have in common: which courses a reader sees, texts as HTML."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kancil.desk.base.opening import current_workspace
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person
from kancil.desk.training.queries.classes import classes, runs_for
from kancil.ground.phrase import Phrase
from kancil.ground.words import spoken
from kancil.training.courses.course import Course
from kancil.training.courses.html import Places, parts_as_html
from kancil.training.courses.kept import known_courses
from kancil.web.training.acting import is_trainer


def courses_of(person: Person) -> list[Course]:
    """All courses for a trainer; those of their classes for a trainee."""
    known = known_courses(current_workspace().root)
    if is_trainer(person):
        return list(known)
    taught = {each.course for each in classes(person)}
    return [each for each in known if each.outline.id in taught]


def course_for(person: Person, name: str) -> Course:
    """A course that the reader may read; raises PageNotFound."""
    for course in courses_of(person):
        if course.outline.id == name:
            return course
    raise PageNotFound


def language_of(course: Course) -> str:
    """In which language the reader gets a course: their own, if it is translated."""
    return spoken() if spoken() in course.written else course.outline.language


def lesson_name(file: str) -> str:
    """A lesson's name in an address."""
    return file.removesuffix(".md")


def shown(course: Course, text: str, person: Person) -> list[dict[str, SafeString]]:
    """The parts of a course's text as HTML; what an author wrote in it is escaped."""
    return [
        {"heading": mark_safe(each.heading), "body": mark_safe(each.body)}  # noqa: S308  see courses/html.py
        for each in parts_as_html(text, places(course, person))
    ]


def places(course: Course, person: Person) -> Places:
    """Where links of a course lead for a reader."""
    id = course.outline.id
    lessons = {each.file for each in course.outline.lessons}
    runs = {} if is_trainer(person) else {each.lab: each.id for each in runs_for(person)}
    numbers = {each.id: str(place) for place, each in enumerate(course.sources, 1)}
    titles = {each.id: each.title for each in course.sources}

    def lesson(file: str) -> str:
        given = {"course": id, "lesson": lesson_name(file)}
        return reverse("lesson", kwargs=given) if file in lessons else ""

    def lab(name: str) -> str:
        return reverse("lab", kwargs={"run": runs[name]}) if name in runs else ""

    def picture(file: str) -> str:
        given = {"course": id, "picture": file}
        return reverse("course_picture", kwargs=given) if file in course.pictures else ""

    return Places(lesson, lab, picture, partial(_source, numbers, titles))


def _source(numbers: dict[str, str], titles: dict[str, str], id: str) -> tuple[str, str]:
    return numbers.get(id, "?"), titles.get(id, "")


def course_way(course: Course | None = None) -> list[dict[str, Any]]:
    """The steps above a page of courses."""
    steps: list[dict[str, Any]] = [{"url": reverse("courses"), "name": Phrase("web.room.courses")}]
    if course is not None:
        url = reverse("course", kwargs={"course": course.outline.id})
        steps.append({"url": url, "name": course.outline.title})
    return steps
