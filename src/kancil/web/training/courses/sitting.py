"""A trainee's test: begun, one item a screen, saved as it is answered, handed in, its result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import Person
from kancil.desk.training import access
from kancil.desk.training.actions import sittings as actions
from kancil.desk.training.moments import SLACK, moment_now
from kancil.desk.training.queries.sittings import (
    CourseTest,
    Result,
    Sitting,
    answers_in,
    by_objective,
    counts,
    is_over,
    items_of,
    result_of,
    sitting_of,
    tests_for,
)
from kancil.ground.errors import KancilError
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.training.courses.kept import known_courses
from kancil.training.item_bank.bank import Item
from kancil.training.item_bank.marking import is_right
from kancil.web.cells import Section, note, show, table, tag
from kancil.web.guard import shown_params
from kancil.web.page import page
from kancil.web.parts import Cell, Kind, Link, Minute
from kancil.web.signed_in import person_of
from kancil.web.training.acting import (
    TRAINEES,
    Acting,
    ask_once,
    is_sure,
    is_trainer,
    local_minute,
)
from kancil.web.training.classes import way
from kancil.web.unit_desk import unit_desk

from .items import ItemForm, feedback_words, right_words, sent_value, stem_html, value_words


def form_name(test: CourseTest) -> Phrase:
    """Which test it is."""
    return Phrase(f"name.test-form-{test.form}")


def tests_section(person: Person) -> list[Section]:
    """A trainee's tests: what each waits for."""
    tests = [] if is_trainer(person) else tests_for(person)
    if not tests:
        return []
    now = moment_now(unit_desk().ledger).at
    rows: list[tuple[Cell, ...]] = [
        (
            Link(reverse("course_test", kwargs={"test": each.id}), form_name(each)),
            each.training_class.title, _place(each, sitting_of(each, person), now),
            Minute(each.opens_at), Minute(each.closes_at),
        )
        for each in tests
    ]  # fmt: skip
    return [table("web.courses.my-tests", ("test", "class", "state", "opens", "closes"), rows)]


_PLACES: dict[str, Kind] = {
    "not-open": "unknown", "open": "now", "sitting": "now", "over": "sealed", "missed": "unknown",
    "released": "intact",
}  # fmt: skip


def _place(test: CourseTest, sitting: Sitting | None, now: Any) -> Cell:
    if sitting is None:
        place = "not-open" if now < test.opens_at else "open" if now < test.closes_at else "missed"
    elif test.released_at is not None:
        place = "released"
    else:
        place = "over" if is_over(sitting, now) else "sitting"
    return tag(_PLACES[place], f"web.courses.place-{place}")


class BeginForm(Acting):
    """Beginning a test asks for nothing; the time runs from then on."""

    act = "begin-test"


class HandInForm(Acting):
    """The end of a sitting."""

    act = "hand-in-test"


@page(
    "training/tests/<str:test>/", "course_test", may=TRAINEES, methods=("GET", "POST"),
    sample={"test": "none"},
)  # fmt: skip
def course_test(request: HttpRequest, test: str) -> HttpResponse:
    """A test of mine: before it, what is still to answer, and after it."""
    person, ledger = person_of(request), unit_desk().ledger
    found = access.find_test(person, test)
    sitting = sitting_of(found, person)
    if sitting is None:
        return _begin(request, found)
    now = moment_now(ledger)
    if is_over(sitting, now.at):
        return _ended(request, sitting)
    asked = HandInForm.asked(request)
    if asked.is_ready:
        if not is_sure(request):
            return _ask_hand_in(request, sitting)
        actions.hand_in(ledger, sitting=sitting)
        messages.success(request, words("web.courses.handed-in"))
        return redirect("course_test", test=found.id)
    sections = [note("info", "web.courses.until", at=local_minute(sitting.due_at))]
    if now.behind > SLACK:
        sections.append(note("warn", "web.training.clock-back"))
    sections += [_overview(sitting), asked.section(text="web.training.hand-in-test-text")]
    return show(request, form_name(found), sections, crumbs=way())


def _ask_hand_in(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """How much is answered, before the test is handed in."""
    count, of = len(answers_in(sitting)), len(items_of(sitting.test, sitting.language))
    return ask_once(
        request, "hand-in-test", title=Phrase("web.training.hand-in-sure"),
        told=note("warn", "web.training.hand-in-tells", count=count, of=of),
        back=reverse("course_test", kwargs={"test": sitting.test_id}), crumbs=way(),
    )  # fmt: skip


def _begin(request: HttpRequest, found: CourseTest) -> HttpResponse:
    ledger, person = unit_desk().ledger, person_of(request)
    now = moment_now(ledger).at
    asked = BeginForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            actions.start_sitting(ledger, test=found, person=person, language=spoken())
            return redirect("test_item", test=found.id, item=1)
    if now < found.opens_at:
        sections = [note("info", "web.courses.opens", at=local_minute(found.opens_at))]
    elif now >= found.closes_at:
        sections = [note("info", "web.courses.closed", at=local_minute(found.closes_at))]
    else:
        told: dict[str, Any] = {"count": len(items_of(found, spoken())), "minutes": found.minutes,
                "at": local_minute(found.closes_at)}  # fmt: skip
        key = "web.courses.before" if found.minutes else "web.courses.before-open"
        which = "it-counts" if counts(found) else "is-practice"
        sections = [
            note("info", f"web.courses.{which}"), note("info", key, **told), asked.section(),
        ]  # fmt: skip
    return show(request, form_name(found), sections, crumbs=way())


def _overview(sitting: Sitting) -> Section:
    """Every item with where it stands."""
    answers = answers_in(sitting)
    items = items_of(sitting.test, sitting.language)
    rows: list[tuple[Cell, ...]] = []
    for place in range(len(items)):
        url = reverse("test_item", kwargs={"test": sitting.test_id, "item": place + 1})
        state = "answered" if place in answers else "open"
        kind: Kind = "intact" if place in answers else "unknown"
        number = Phrase("web.courses.item", {"number": place + 1})
        rows.append((Link(url, number), tag(kind, f"web.courses.item-{state}")))
    made = table("web.courses.items", ("item", "state"), rows)
    told = {"count": len(answers), "of": len(items)}
    return {**made, "heading": Phrase("web.courses.answered", told), "dense": True}


def _ended(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    if sitting.test.released_at is not None:
        return redirect("test_result", test=sitting.test_id)
    answers = len(answers_in(sitting))
    told: dict[str, Any] = {"count": answers, "of": len(items_of(sitting.test, sitting.language))}
    sections = [note("intact", "web.courses.ended", **told)]
    return show(request, form_name(sitting.test), sections, crumbs=way())


@page(
    "training/tests/<str:test>/items/<int:item>/", "test_item", may=TRAINEES,
    methods=("GET", "POST"), sample={"test": "none", "item": 1},
)  # fmt: skip
def test_item(request: HttpRequest, test: str, item: int) -> HttpResponse:
    """One item of my test; it saves itself, and by the button goes on to the next."""
    person, ledger = person_of(request), unit_desk().ledger
    found = access.find_test(person, test)
    sitting = sitting_of(found, person)
    items = () if sitting is None else items_of(found, sitting.language)
    if sitting is None or not 1 <= item <= len(items):
        raise PageNotFound
    if request.method == "POST":
        return _saved(request, sitting, items[item - 1], item)
    if is_over(sitting, moment_now(ledger).at):
        return redirect("course_test", test=found.id)
    return _item_page(request, sitting, items, item, "")


def _saved(request: HttpRequest, sitting: Sitting, item: Item, number: int) -> HttpResponse:
    saved, refused = None, ""
    try:
        saved = actions.save_item(
            unit_desk().ledger, sitting=sitting, item=number - 1,
            value=sent_value(item, sitting.id, request.POST),
        )  # fmt: skip
    except KancilError as error:
        refused = words(f"error.{error.code}.sentence", **shown_params(error))
    if "HX-Request" in request.headers:
        shown = {"item": {"id": number, "saved": saved, "refused": refused, "is_now": True}}
        return render(request, "kancil/_lab_saved.html", shown)
    items = items_of(sitting.test, sitting.language)
    if refused:
        return _item_page(request, sitting, items, number, refused)
    if number < len(items):
        return redirect("test_item", test=sitting.test_id, item=number + 1)
    return redirect("course_test", test=sitting.test_id)


def _item_page(
    request: HttpRequest, sitting: Sitting, items: tuple[Item, ...], number: int, refused: str
) -> HttpResponse:
    answers = answers_in(sitting)
    item, row = items[number - 1], answers.get(number - 1)
    given = {"test": sitting.test_id}
    before = reverse("test_item", kwargs={**given, "item": number - 1}) if number > 1 else ""
    shown = {
        "title": Phrase("web.courses.item-of", {"number": number, "of": len(items)}),
        "crumbs": [
            *way(),
            {"url": reverse("course_test", kwargs=given), "name": form_name(sitting.test)},
        ],
        "stem": stem_html(item),
        "form": ItemForm(item, sitting.id, None if row is None else row.value),
        "url": reverse("test_item", kwargs={**given, "item": number}),
        "item": {"id": number, "saved": row, "refused": refused},
        "before": before,
        "is_last": number == len(items),
        "overview": reverse("course_test", kwargs=given),
        "until": Phrase("web.courses.until", {"at": local_minute(sitting.due_at)}),
        "answered": Phrase("web.courses.answered", {"count": len(answers), "of": len(items)}),
        "done": len(answers),
        "count": len(items),
        "item_language": sitting.language,
    }
    return render(request, "kancil/test_item.html", shown)


@page(
    "training/tests/<str:test>/result/", "test_result", may=TRAINEES, sample={"test": "none"},
)  # fmt: skip
def test_result(request: HttpRequest, test: str) -> HttpResponse:
    """My result, once the trainer has released it: each item, what was right, and why."""
    person = person_of(request)
    found = access.find_test(person, test)
    sitting = sitting_of(found, person)
    if sitting is None or found.released_at is None:
        raise PageNotFound
    result = result_of(sitting)
    items = items_of(found, sitting.language)
    shown = {
        "title": Phrase("web.courses.result", {"test": form_name(found)}),
        "crumbs": way(),
        "lead": Phrase(
            "web.courses.you-had", {"percent": percent(result), "right": result.right,
                                    "of": len(items)},
        ),
        "sections": [_objectives(found, items, result)],
        "items": [_marked(number, item, result) for number, item in enumerate(items)],
        "item_language": sitting.language,
    }  # fmt: skip
    return render(request, "kancil/test_result.html", shown)


def percent(result: Result) -> int:
    """Share of all points in whole percent, rounded down: 60 is never said of 59.9."""
    return int(100 * result.share)


def _objectives(test: CourseTest, items: tuple[Item, ...], result: Result) -> Section:
    texts = objective_texts(test)
    rows: list[tuple[Cell, ...]] = [
        (texts.get(id, id), Phrase("web.courses.n-of-m", {"count": _points(earned), "of": count}))
        for id, (earned, count) in sorted(by_objective(items, result).items())
    ]
    return table("web.courses.by-objective", ("aim", "marks"), rows)


def objective_texts(test: CourseTest) -> dict[str, str]:
    """What the objectives of a test's course say, by id; none where the course is gone."""
    root = unit_desk().workspace.root
    course = next((each for each in known_courses(root) if each.outline.id == test.course), None)
    return {} if course is None else {each.id: each.text for each in course.outline.objectives}


def _points(earned: Any) -> str:
    """Points with at most two decimals."""
    return f"{float(earned):.2f}".rstrip("0").rstrip(".")


def _marked(place: int, item: Item, result: Result) -> dict[str, Any]:
    earned, value = result.earned[place], result.answers.get(place)
    whole = is_right(earned)
    key = "right" if whole else "part" if earned else "wrong" if value is not None else "left-out"
    kinds: dict[str, Kind] = {
        "right": "intact", "part": "warn", "wrong": "danger", "left-out": "unknown",
    }  # fmt: skip
    return {
        "number": place + 1,
        "stem": stem_html(item),
        "tag": tag(kinds[key], f"web.courses.mark-{key}"),
        "given": value_words(item, value),
        "right": "" if whole else right_words(item),
        "feedback": feedback_words(item, value, is_right=whole),
    }
