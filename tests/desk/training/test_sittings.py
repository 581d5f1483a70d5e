"""A course's tests in a class: given, sat, closed, released, counted."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from kancil.desk.people.models import Person
from kancil.desk.training.access import find_test
from kancil.desk.training.actions.sittings import (
    choose_course,
    close_test,
    give_test,
    hand_in,
    release_results,
    save_item,
    start_sitting,
)
from kancil.desk.training.errors import (
    ClassWithoutCourse,
    CourseTestGiven,
    CourseTestNotOpen,
    CourseTestOver,
    CourseTestStillOpen,
    ItemAnswerNotUsable,
    ItemNotFound,
    SittingBegun,
    SittingSubmitted,
    TrainingNotYours,
)
from kancil.desk.training.models import CourseTest, Sitting, WhichTest
from kancil.desk.training.queries.sittings import (
    by_objective,
    figures_of,
    gain_of,
    items_of,
    result_of,
    results_of,
    sitting_of,
)
from kancil.ground import clock
from kancil.training.courses import checks
from kancil.training.courses.course import Course
from kancil.training.courses.reading import course_of
from kancil.training.item_bank.bank import Bank, Item, ItemKind
from kancil.training.item_bank.marking import asked_pairs
from kancil.training.labs import LABS
from tests.desk.training.school import School
from tests.training.courses.sample import sample_files, the_sample_lab


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(checks, "LABS", (*LABS, *the_sample_lab()))
    return course_of(sample_files())


def _given(
    school: School,
    course: Course,
    form: WhichTest,
    *,
    opens_in: int = -60,
    open_for: int = 7200,
    items: Bank | None = None,
) -> CourseTest:
    opens = clock.now() + timedelta(seconds=opens_in)
    choose_course(by=school.trainer, training_class=school.training_class, course=course)
    school.training_class.refresh_from_db()
    return give_test(
        by=school.trainer, training_class=school.training_class, course=course, form=form,
        opens_at=opens, closes_at=opens + timedelta(seconds=open_for), items=items,
    )  # fmt: skip


def right_answer(item: Item) -> Any:
    """What earns all of an item of the sample."""
    if item.kind is ItemKind.TRUE_FALSE:
        return item.is_true
    if item.kind is ItemKind.MATCHING:
        return [each.right for each in asked_pairs(item)]
    if item.kind is ItemKind.CHOICE:
        return next(place for place, each in enumerate(item.options) if each.is_right)
    option = item.options[0]
    return option.span.low if option.span else option.text.text


def _sit(school: School, test: CourseTest, person: Person, right: int) -> Sitting:
    """Begin a test, answer so many items rightly, hand it in."""
    sitting = start_sitting(school.ledger, test=test, person=person, language="en")
    for place, item in enumerate(items_of(test, "en")[:right]):
        save_item(school.ledger, sitting=sitting, item=place, value=right_answer(item))
    return hand_in(school.ledger, sitting=sitting)


def test_a_class_sits_both_tests_and_gains(school: School, course: Course) -> None:
    people = [school.join(f"trainee{number}") for number in range(6)]
    pre = _given(school, course, WhichTest.PRE)
    post = _given(school, course, WhichTest.POST)
    for number, person in enumerate(people):
        _sit(school, pre, person, 4 + number)
    for number, person in enumerate(people[:5]):
        _sit(school, post, person, 12 + number)
    now = clock.now()
    results = results_of(post, now)
    assert [result.right for result in results] == [12, 13, 14, 15, 16]
    assert results[0].share == Fraction(12, 20)
    figures = figures_of(results)
    assert figures.items is not None
    assert figures.items[0].difficulty == 1
    assert figures.items[19].difficulty == 0
    assert figures.items[13].right == 3
    gain = gain_of(school.training_class, now)
    assert (gain.paired, gain.pre_only, gain.post_only) == (5, None, 0)
    assert gain.pre == 30
    assert gain.post == 70
    assert gain.gain == Fraction(4, 7)
    assert by_objective(items_of(post, "en"), results[0])["o1"] == (Fraction(6), 10)


def test_four_who_sat_a_test_are_no_figures(school: School, course: Course) -> None:
    test = _given(school, course, WhichTest.PRE)
    for number in range(4):
        _sit(school, test, school.join(f"trainee{number}"), 10)
    figures = figures_of(results_of(test, clock.now()))
    assert (figures.of, figures.items, figures.kr20) == (4, None, None)


def test_a_test_is_given_once_and_of_the_courses_class(school: School, course: Course) -> None:
    with pytest.raises(ClassWithoutCourse):
        give_test(
            by=school.trainer, training_class=school.training_class, course=course,
            form=WhichTest.PRE, opens_at=clock.now(), closes_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
    _given(school, course, WhichTest.PRE)
    with pytest.raises(CourseTestGiven):
        _given(school, course, WhichTest.PRE)


def test_a_trainee_gives_closes_and_releases_nothing(school: School, course: Course) -> None:
    test, trainee = _given(school, course, WhichTest.PRE), school.join("dara")
    with pytest.raises(TrainingNotYours):
        choose_course(by=trainee, training_class=school.training_class, course=course)
    with pytest.raises(TrainingNotYours):
        close_test(school.ledger, by=trainee, test=test)
    with pytest.raises(TrainingNotYours):
        release_results(school.ledger, by=trainee, test=test)


def test_results_are_released_only_after_the_test_has_closed(
    school: School, course: Course
) -> None:
    test, trainee = _given(school, course, WhichTest.PRE), school.join("dara")
    sitting = start_sitting(school.ledger, test=test, person=trainee, language="en")
    with pytest.raises(CourseTestStillOpen):
        release_results(school.ledger, by=school.trainer, test=test)
    close_test(school.ledger, by=school.trainer, test=test)
    with pytest.raises(CourseTestOver):
        save_item(school.ledger, sitting=sitting, item=0, value=True)
    test.refresh_from_db()
    release_results(school.ledger, by=school.trainer, test=test)
    test.refresh_from_db()
    assert test.released_by == school.trainer


def test_a_test_begins_and_ends_in_time(school: School, course: Course) -> None:
    trainee = school.join("dara")
    later = _given(school, course, WhichTest.PRE, opens_in=600)
    with pytest.raises(CourseTestNotOpen):
        start_sitting(school.ledger, test=later, person=trainee, language="en")
    past = _given(school, course, WhichTest.POST, opens_in=-600, open_for=300)
    with pytest.raises(CourseTestOver):
        start_sitting(school.ledger, test=past, person=trainee, language="en")


def test_a_sitting_has_the_minutes_of_its_course(school: School, course: Course) -> None:
    test, trainee = _given(school, course, WhichTest.PRE), school.join("dara")
    sitting = start_sitting(school.ledger, test=test, person=trainee, language="km")
    assert sitting.due_at - sitting.started_at == timedelta(minutes=20)
    assert sitting.language == "en"  # the test is not translated
    with pytest.raises(SittingBegun):
        start_sitting(school.ledger, test=test, person=trainee, language="en")
    Sitting.objects.filter(pk=sitting.pk).update(due_at=clock.now() - timedelta(seconds=1))
    sitting.refresh_from_db()
    with pytest.raises(CourseTestOver):
        save_item(school.ledger, sitting=sitting, item=0, value=True)


def test_an_answer_is_kept_changed_and_taken_away(school: School, course: Course) -> None:
    test, trainee = _given(school, course, WhichTest.PRE), school.join("dara")
    sitting = start_sitting(school.ledger, test=test, person=trainee, language="en")
    for value in (False, True):
        save_item(school.ledger, sitting=sitting, item=0, value=value)
    assert result_of(sitting).answers == {0: True}
    assert save_item(school.ledger, sitting=sitting, item=0, value=None) is None
    assert result_of(sitting).answers == {}
    wrong: list[tuple[int, Any]] = [(0, "yes"), (1, 3), (2, 99), (4, ["bytes"])]
    for item, value in wrong:
        with pytest.raises(ItemAnswerNotUsable):
            save_item(school.ledger, sitting=sitting, item=item, value=value)
    with pytest.raises(ItemNotFound):
        save_item(school.ledger, sitting=sitting, item=20, value=True)
    first = hand_in(school.ledger, sitting=sitting)
    assert hand_in(school.ledger, sitting=sitting).submitted_at == first.submitted_at
    with pytest.raises(SittingSubmitted):
        save_item(school.ledger, sitting=sitting, item=0, value=True)


def test_a_newer_course_changes_no_test_that_was_given(school: School, course: Course) -> None:
    test = _given(school, course, WhichTest.PRE)
    assert items_of(test, "en") == (course.own.pre.asked if course.own.pre else ())
    assert test.version == "1"


def test_nobody_finds_a_test_of_another_class(school: School, course: Course) -> None:
    test = _given(school, course, WhichTest.PRE)
    stranger = Person(username="stranger", role="trainee", is_active=True)
    stranger.save()
    from kancil.desk.cases.errors import PageNotFound

    with pytest.raises(PageNotFound):
        find_test(stranger, test.id)
    dara = school.join("dara")
    assert find_test(dara, test.id) == test
    assert sitting_of(test, dara) is None
