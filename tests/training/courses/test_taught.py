"""Courses that come with Kancil hold what a trainer needs to teach their hours."""

from __future__ import annotations

import itertools
import re

import pytest

from kancil.training.courses.course import Course
from kancil.training.courses.library import course_named
from kancil.training.courses.markdown import parts_of

TAUGHT = ("bitcoin-tracing", "first-responder", "judges-and-prosecutors")


@pytest.fixture(params=TAUGHT)
def course(request: pytest.FixtureRequest) -> Course:
    return course_named(str(request.param))


def _headings(text: str) -> list[str]:
    return [part.words for part in parts_of(text) if part.kind == "heading"]


def test_each_lesson_has_a_worked_example_an_attack_and_a_mistake(course: Course) -> None:
    for name, text in course.own.lessons.items():
        headings = " · ".join(_headings(text))
        for wanted in ("worked through", "attacked", "A common mistake", "Check yourself"):
            assert wanted in headings, f"{name} lacks {wanted}"
        questions = re.findall(r"^\d\. ", text.partition("### Check yourself")[2], re.M)
        assert 3 <= len(questions) <= 5, name


def test_the_minutes_of_the_manual_come_to_those_of_the_outline(course: Course) -> None:
    sections = re.split(r"^## ", course.own.trainer, flags=re.M)
    by_title = {each.partition("\n")[0]: each for each in sections}
    for lesson in course.outline.lessons:
        plan = by_title[lesson.title].partition("### Minutes")[2].partition("### ")[0]
        spans = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", plan, re.M)]
        assert spans[0][0] == 0, lesson.title
        assert spans[-1][1] == lesson.minutes, lesson.title
        assert all(one[1] == two[0] for one, two in itertools.pairwise(spans))
        for wanted in ("### Prepare", "### What goes wrong", "#### Check yourself", "### More"):
            assert wanted in by_title[lesson.title], f"{lesson.title} lacks {wanted}"


def test_each_lesson_has_slides_and_each_of_them_notes(course: Course) -> None:
    slides = [each.strip() for each in re.split(r"^---$", course.own.slides, flags=re.M)]
    titles = [f"# {each.title}" for each in course.outline.lessons]
    begins = [slides.index(title) for title in titles]
    assert begins == sorted(begins)
    assert begins[0] == 0
    ends = [*begins[1:], len(slides)]
    assert all(end - begin > 5 for begin, end in zip(begins, ends, strict=True))
    for slide in slides:
        assert slide in titles or "\nNote: " in slide, slide
