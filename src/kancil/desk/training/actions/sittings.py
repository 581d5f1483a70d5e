"""Acts of tests: a course chosen for a class, its tests given, sat, closed, results released."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from kancil.custody.store import LedgerStore
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.desk.training.access import require_trainer
from kancil.desk.training.errors import (
    ClassDaysBackwards,
    ClassEnded,
    ClassWithoutCourse,
    CourseTestGiven,
    CourseTestNotOpen,
    CourseTestOver,
    CourseTestStillOpen,
    ItemAnswerNotUsable,
    ItemNotFound,
    OwnItemsMissing,
    SittingBegun,
    SittingSubmitted,
)
from kancil.desk.training.models import (
    ClassState,
    CourseTest,
    Sitting,
    SittingAnswer,
    TrainingClass,
    WhichTest,
)
from kancil.desk.training.moments import Moment, moment_now
from kancil.desk.training.queries.sittings import items_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.training.courses.course import Course
from kancil.training.item_bank.bank import Bank
from kancil.training.item_bank.gift_writing import write_bank
from kancil.training.item_bank.marking import is_answer


def choose_course(*, by: Person, training_class: TrainingClass, course: Course) -> None:
    """Name the course that a class is taught; raises ClassEnded, TrainingNotYours."""
    require_trainer(by)
    with one_change():
        row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        if row.state == ClassState.ENDED:
            raise ClassEnded(title=row.title)
        row.course = course.outline.id
        row.save(update_fields=["course"])


def give_test(
    *,
    by: Person,
    training_class: TrainingClass,
    course: Course,
    form: WhichTest,
    opens_at: datetime,
    closes_at: datetime,
    items: Bank | None = None,
) -> CourseTest:
    """Assign one of the two tests of its course to a class, or the trainer's own.

    Its items stay as they are now. `items`: of the trainer's own test, as `check_own_items` took
    them. Raises ClassEnded, ClassWithoutCourse, ClassDaysBackwards, CourseTestGiven,
    OwnItemsMissing, TrainingNotYours.
    """
    require_trainer(by)
    if closes_at <= opens_at:
        since, until = clock.to_text(opens_at), clock.to_text(closes_at)
        raise ClassDaysBackwards(since=since, until=until)
    if training_class.course != course.outline.id:
        raise ClassWithoutCourse(title=training_class.title)
    banks = _banks(course, form, items)
    with one_change():
        row = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
        if row.state == ClassState.ENDED:
            raise ClassEnded(title=row.title)
        if CourseTest.objects.filter(training_class=row, form=form).exists():
            raise CourseTestGiven(form=Phrase(f"name.test-form-{form.value}"))
        return CourseTest.objects.create(
            training_class=row, course=course.outline.id, version=course.outline.version,
            form=form, language=course.outline.language, banks=banks, opens_at=opens_at,
            closes_at=closes_at, minutes=course.outline.test_minutes, given_by=by,
            given_at=clock.now(),
        )  # fmt: skip


def _banks(course: Course, form: WhichTest, items: Bank | None) -> dict[str, str]:
    """The items of a test as GIFT by language; raises OwnItemsMissing."""
    if form is WhichTest.OWN:
        if items is None:
            raise OwnItemsMissing
        return {course.outline.language: write_bank(items)}
    return {
        language: write_bank(bank)
        for language, written in course.written.items()
        for bank in [written.pre if form is WhichTest.PRE else written.post]
        if bank is not None
    }


def close_test(ledger: LedgerStore, *, by: Person, test: CourseTest) -> None:
    """Close a test now, for everybody; raises TrainingNotYours."""
    require_trainer(by)
    at = moment_now(ledger).at
    with one_change():
        row = CourseTest.objects.select_for_update().get(pk=test.pk)
        if at < row.closes_at:
            row.closes_at = at
            row.save(update_fields=["closes_at"])
            Sitting.objects.filter(test=row, due_at__gt=at).update(due_at=at)


def release_results(ledger: LedgerStore, *, by: Person, test: CourseTest) -> None:
    """Let trainees see right answers and their own result; raises CourseTestStillOpen.

    Raises TrainingNotYours.
    """
    require_trainer(by)
    at = moment_now(ledger).at
    with one_change():
        row = CourseTest.objects.select_for_update().get(pk=test.pk)
        if at < row.closes_at:
            raise CourseTestStillOpen(closes=clock.to_text(row.closes_at))
        if row.released_at is None:
            row.released_by, row.released_at = by, at
            row.save(update_fields=["released_by", "released_at"])


def start_sitting(
    ledger: LedgerStore, *, test: CourseTest, person: Person, language: str
) -> Sitting:
    """Begin a trainee's test; raises CourseTestNotOpen, CourseTestOver, SittingBegun, ClockSetBack.

    `language`: what the trainee reads; where the test is not translated, it is its own.
    """
    at = moment_now(ledger).require_right()
    if at < test.opens_at:
        raise CourseTestNotOpen(opens=clock.to_text(test.opens_at))
    if at >= test.closes_at or test.training_class.state == ClassState.ENDED:
        raise CourseTestOver(ended=clock.to_text(min(at, test.closes_at)))
    until = at + timedelta(minutes=test.minutes) if test.minutes else test.closes_at
    with one_change():
        # The lock keeps a close from falling between what was asked above and this row.
        row = CourseTest.objects.select_for_update().get(pk=test.pk)
        if at >= row.closes_at:
            raise CourseTestOver(ended=clock.to_text(row.closes_at))
        if Sitting.objects.filter(test=row, person=person).exists():
            raise SittingBegun
        return Sitting.objects.create(
            test=row, person=person, language=language if language in row.banks else row.language,
            started_at=at, touched_at=at, due_at=min(until, row.closes_at),
        )  # fmt: skip


@contextmanager
def _sitting(ledger: LedgerStore, sitting: Sitting) -> Iterator[tuple[Sitting, Moment]]:
    """The sitting under its lock while something is saved of it; raises what ends it."""
    with one_change():
        row = Sitting.objects.select_for_update().select_related("test").get(pk=sitting.pk)
        if row.submitted_at is not None:
            raise SittingSubmitted(at=clock.to_text(row.submitted_at))
        moment = _moment(ledger, row)
        ended = sitting.test.training_class.ended_at
        if moment.at >= row.due_at or ended is not None:
            raise CourseTestOver(ended=clock.to_text(min(row.due_at, ended or row.due_at)))
        yield row, moment
        row.touched_at = moment.at
        row.clock_back_seconds = max(
            row.clock_back_seconds, int(moment.behind / timedelta(seconds=1))
        )
        row.save(update_fields=["touched_at", "clock_back_seconds", "submitted_at"])


def _moment(ledger: LedgerStore, sitting: Sitting) -> Moment:
    """The time, never before what was saved of this sitting last."""
    now = moment_now(ledger)
    if now.at >= sitting.touched_at:
        return now
    return Moment(sitting.touched_at, now.behind + (sitting.touched_at - now.at))


def save_item(
    ledger: LedgerStore, *, sitting: Sitting, item: int, value: Any
) -> SittingAnswer | None:
    """Keep the present answer to an item; None takes it away.

    Raises ItemNotFound, ItemAnswerNotUsable, SittingSubmitted, CourseTestOver.
    """
    items = items_of(sitting.test, sitting.language)
    if not 0 <= item < len(items):
        raise ItemNotFound
    if value is not None and not is_answer(items[item], value):
        raise ItemAnswerNotUsable
    with _sitting(ledger, sitting) as (row, moment):
        if value is None:
            SittingAnswer.objects.filter(sitting=row, item=item).delete()
            return None
        saved, _ = SittingAnswer.objects.update_or_create(
            sitting=row, item=item, defaults={"value": value, "saved_at": moment.at}
        )
        return saved


def hand_in(ledger: LedgerStore, *, sitting: Sitting) -> Sitting:
    """Hand a test in; handed in twice, the first time counts. Raises CourseTestOver."""
    try:
        with _sitting(ledger, sitting) as (row, moment):
            row.submitted_at = moment.at
        return row
    except SittingSubmitted:
        return Sitting.objects.get(pk=sitting.pk)
