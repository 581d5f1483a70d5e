"""A class's course as its trainer sees it: chosen, its tests given, closed, released, counted."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from kancil.desk.people.queries import Person
from kancil.desk.training import access
from kancil.desk.training.actions import sittings as actions
from kancil.desk.training.moments import moment_now
from kancil.desk.training.queries.classes import TrainingClass
from kancil.desk.training.queries.names import names_in
from kancil.desk.training.queries.sittings import (
    CourseTest,
    Result,
    WhichTest,
    figures_of,
    gain_of,
    items_of,
    results_of,
    tests_of,
)
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.records.small_groups import LEAST
from kancil.training.courses.course import Course
from kancil.training.courses.kept import find_course, known_courses
from kancil.training.courses.own_test import own_items, published_words
from kancil.training.courses.parallel import aim_of
from kancil.training.item_bank.analysis import LOOK_AGAIN, BankFigures, Gain, ItemFigures
from kancil.training.item_bank.bank import Bank, Item
from kancil.web.cells import Section, empty, facts, limits, note, show, table, tag
from kancil.web.forms import choose
from kancil.web.page import page
from kancil.web.parts import Cell, Link, Minute, Several
from kancil.web.signed_in import person_of
from kancil.web.training.acting import TRAINERS, Acting, moment_field
from kancil.web.training.classes import way
from kancil.web.training.giving import begin_now
from kancil.web.unit_desk import unit_desk

from .items import plain_words
from .shared import courses_of
from .sitting import form_name, objective_texts, percent


class CourseForm(Acting):
    """Which course a class is taught."""

    act = "choose-course"
    course_taught = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, known: list[Course], **more: Any) -> None:
        """Offer the courses that are here."""
        super().__init__(*args, **more)
        choose(self, "course_taught", [(each.outline.id, each.outline.title) for each in known])


class GiveForm(Acting):
    """One of the two tests, and from when to when."""

    act = "give-test"
    test_form = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    test_items = forms.FileField(required=False, max_length=200)
    test_opens = moment_field()
    test_closes = moment_field()

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer the course's two tests, and one of the trainer's own."""
        super().__init__(*args, **more)
        names = [(each.value, words(f"web.courses.form-{each.value}")) for each in WhichTest]
        choose(self, "test_form", names)
        begin_now(self, "test", timezone.localdate(), timedelta(days=1))


class CloseForm(Acting):
    """Closing a test now."""

    act = "close-test"


class ReleaseForm(Acting):
    """Letting trainees see their results."""

    act = "release-test"


@page(
    "training/classes/<str:training_class>/course/", "class_course", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def class_course(request: HttpRequest, training_class: str) -> HttpResponse:
    """The course of a class: chosen, its two tests, and what the class gained."""
    person = person_of(request)
    found = access.find_class(person, training_class)
    choosing = CourseForm.asked(request, known=courses_of(person))
    giving = GiveForm.asked(request)
    for asked, do in ((choosing, _choose), (giving, _give)):
        if asked.is_ready:
            with asked.telling():
                do(person, found, asked.cleaned_data)
                return redirect("class_course", training_class=found.id)
    sections: list[Section] = []
    if found.course:
        sections += [
            _tests(found),
            *_gain(found),
            giving.section(text="web.training.give-test-text"),
        ]
    else:
        sections.append(empty("web.courses.none-chosen"))
    sections.append(choosing.section())
    title = Phrase("web.courses.course-of", {"title": found.title})
    return show(request, title, sections, crumbs=way(found))


def _choose(person: Person, found: TrainingClass, given: dict[str, Any]) -> None:
    course = find_course(unit_desk().workspace.root, given["course_taught"])
    actions.choose_course(by=person, training_class=found, course=course)


def _give(person: Person, found: TrainingClass, given: dict[str, Any]) -> None:
    course = find_course(unit_desk().workspace.root, found.course)
    which = WhichTest(given["test_form"])
    actions.give_test(
        by=person, training_class=found, course=course, form=which,
        opens_at=given["test_opens"], closes_at=given["test_closes"],
        items=_items_sent(given["test_items"]) if which is WhichTest.OWN else None,
    )  # fmt: skip


def _items_sent(sent: UploadedFile[bytes] | None) -> Bank | None:
    """The items of a trainer's file; raises GiftNotReadable, OwnItemsNotUsable."""
    if sent is None:
        return None
    published = published_words(known_courses(unit_desk().workspace.root))
    return own_items(sent.read(), sent.name or "", published)


def _tests(found: TrainingClass) -> Section:
    tests = tests_of(found)
    if not tests:
        return empty("web.courses.no-tests")
    now = moment_now(unit_desk().ledger).at
    rows: list[tuple[Cell, ...]] = [
        (
            Link(reverse("test_figures", kwargs={"test": each.id}), form_name(each)),
            f"{each.course} {each.version}", Minute(each.opens_at), Minute(each.closes_at),
            str(len(results_of(each, now))),
            tag("intact", "web.courses.place-released") if each.released_at else "",
        )
        for each in tests
    ]  # fmt: skip
    columns = ("test", "course", "opens", "closes", "sat>", "state")
    return table("web.courses.tests", columns, rows)


def _gain(found: TrainingClass) -> list[Section]:
    """What the class gained, once both tests were sat; the limits stand below it."""
    if not {WhichTest.PRE, WhichTest.POST} <= {each.form for each in tests_of(found)}:
        return []
    gain = gain_of(found, moment_now(unit_desk().ledger).at)
    if gain.pre is None or gain.post is None:
        return [note("info", "web.courses.gain-hidden", least=LEAST)]
    return [_gain_note(gain), _gain_facts(gain), limits([
        Phrase("web.courses.limit-gain"), Phrase("web.courses.limit-parallel"),
        Phrase("web.courses.limit-paired"),
    ])]  # fmt: skip


def _gain_note(gain: Gain) -> Section:
    told: dict[str, Any] = {
        "paired": gain.paired or 0,
        "pre": one_decimal(gain.pre),
        "post": one_decimal(gain.post),
    }
    if gain.gain is None:
        return note("info", "web.courses.nothing-to-gain", **told)
    return note("info", "web.courses.gained", gain=two_decimals(gain.gain), **told)


def _gain_facts(gain: Gain) -> Section:
    hidden = Phrase("web.courses.hidden")
    told: list[tuple[str, Cell]] = [
        ("paired", hidden if gain.paired is None else str(gain.paired)),
        ("pre-only", hidden if gain.pre_only is None else str(gain.pre_only)),
        ("post-only", hidden if gain.post_only is None else str(gain.post_only)),
    ]
    return facts("web.courses.who-sat", told)


def one_decimal(value: Fraction | None) -> str:
    """A percentage; `–` where there is none."""
    return "–" if value is None else f"{float(value):.1f}"


def two_decimals(value: Fraction | float | None) -> str:
    """A coefficient with its sign; `–` where there is none."""
    return "–" if value is None else f"{float(value):.2f}".replace("-", "\u2212")


@page(
    "training/tests/<str:test>/figures/", "test_figures", may=TRAINERS, methods=("GET", "POST"),
    sample={"test": "none"},
)  # fmt: skip
def test_figures(request: HttpRequest, test: str) -> HttpResponse:
    """One test as its trainer sees it: who had what, and which items to read again."""
    person, ledger = person_of(request), unit_desk().ledger
    found = access.find_test(person, test)
    now = moment_now(ledger).at
    close, release = CloseForm.asked(request), ReleaseForm.asked(request)
    if close.is_ready:
        actions.close_test(ledger, by=person, test=found)
        return redirect("test_figures", test=found.id)
    if release.is_ready:
        with release.telling():
            actions.release_results(ledger, by=person, test=found)
            messages.success(request, words("web.courses.did-release"))
            return redirect("test_figures", test=found.id)
    results = results_of(found, now)
    sections = [
        _state(found, now),
        _results(results, names_in(found.training_class)),
        *_items(found, figures_of(results)),
    ]
    if now < found.closes_at:
        sections.append(close.section(text="web.training.close-test-text"))
    elif found.released_at is None:
        sections.append(release.section(text="web.training.release-test-text"))
    course = {
        "url": reverse("class_course", kwargs={"training_class": found.training_class_id}),
        "name": Phrase("web.courses.course-of", {"title": found.training_class.title}),
    }
    return show(request, form_name(found), sections, crumbs=[*way(found.training_class), course])


def _state(found: CourseTest, now: Any) -> Section:
    if found.released_at is not None:
        return note("intact", "web.courses.is-released")
    return note(
        "info", "web.courses.not-closed" if now < found.closes_at else "web.courses.closed-now"
    )


def _results(results: list[Result], names: dict[int, str]) -> Section:
    if not results:
        return empty("web.courses.nobody-sat")
    rows: list[tuple[Cell, ...]] = [
        (
            names[each.sitting.person_id], f"{percent(each)} %", str(each.right),
            Minute(each.sitting.submitted_at or each.sitting.due_at),
        )
        for each in results
    ]  # fmt: skip
    return table("web.courses.results", ("name", "marks>", "right>", "handed-in"), rows)


def _items(found: CourseTest, figures: BankFigures) -> list[Section]:
    """Items with their figures, or that they are hidden; the limits stand below them."""
    if figures.items is None:
        return [note("info", "web.courses.figures-hidden", least=LEAST, of=figures.of)]
    items = items_of(found, found.language)
    texts = objective_texts(found)
    rows = [
        _item_row(number, item, of, texts)
        for number, (item, of) in enumerate(zip(items, figures.items, strict=True), 1)
    ]
    columns = ("item", "item-asked", "right>", "difficulty>", "discrimination>", "point-biserial>",
               "look-again")  # fmt: skip
    told: dict[str, Param] = {
        "of": figures.of,
        "edge": figures.edge,
        "kr20": two_decimals(figures.kr20),
    }
    made = {**table("web.courses.item-figures", columns, rows), "scroll": True}
    return [made, limits([
        Phrase("web.courses.limit-kr20", told), Phrase("web.courses.limit-discrimination", told),
        Phrase("web.courses.limit-one-class"),
    ])]  # fmt: skip


def _item_row(number: int, item: Item, of: ItemFigures, texts: dict[str, str]) -> tuple[Cell, ...]:
    aim = aim_of(item)
    asked = plain_words(item.stem)[:120] or item.words[:120]
    about = texts.get(aim.objective, aim.objective) if aim else ""
    return (
        str(number),
        Several((asked, about)) if about else asked,
        render_phrase(Phrase("web.courses.n-of-m", {"count": of.right, "of": of.of})),
        two_decimals(of.difficulty),
        two_decimals(of.discrimination),
        two_decimals(of.point_biserial),
        tag("warn", "web.courses.look-again") if of.discrimination < LOOK_AGAIN else "",
    )
