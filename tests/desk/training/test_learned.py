"""Tests of a course stand on certificates once released, and in a package as means of five."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.custody.keys import KeyRing
from kancil.desk.training.actions.certificates import CourseTaken, issue_certificates, state_consent
from kancil.desk.training.actions.classes import end_class
from kancil.desk.training.actions.packages import class_tables
from kancil.desk.training.actions.sittings import close_test, release_results
from kancil.desk.training.errors import OwnItemsMissing
from kancil.desk.training.models import CourseTest, Enrolment, WhichTest
from kancil.desk.training.queries import passing
from kancil.desk.training.queries.certificates import candidates
from kancil.desk.training.queries.learned import marked_of
from kancil.desk.training.queries.passing import scheme_of
from kancil.desk.training.queries.sittings import items_of, results_of
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.training.badges.certificate import Achievement, SignedCertificate
from kancil.training.courses.course import Course, MarkPart
from kancil.training.courses.own_test import LEAST, own_items
from tests.desk.training.school import School
from tests.desk.training.test_sittings import _given, _sit, course
from tests.training.courses.test_own_test import own_gift

__all__ = ["course"]


@pytest.mark.thorough
def test_both_tests_are_named_and_their_means_leave(school: School, course: Course) -> None:
    people = [school.join(f"trainee{number}") for number in range(5)]
    pre = _given(school, course, WhichTest.PRE)
    post = _given(school, course, WhichTest.POST)
    for number, person in enumerate(people):
        _sit(school, pre, person, 4 + number)
        _sit(school, post, person, 12 + number)
    first = Enrolment.objects.get(person=people[0])
    assert marked_of(first) == (), "not released"
    for test in (pre, post):
        close_test(school.ledger, by=school.trainer, test=test)
        test.refresh_from_db()
        release_results(school.ledger, by=school.trainer, test=test)
    state_consent(first, is_given=True)
    assert [(each.title, each.percent) for each in marked_of(first)] == [
        ("Practice test before the course (answers published)", 20),
        ("Practice test after the course (answers published)", 60),
    ]  # fmt: skip
    signer = KeyRing(school.workspace.keys_dir).unit_signer()
    end_class(by=school.trainer, training_class=school.training_class)
    school.training_class.refresh_from_db()
    taken = CourseTaken(school.training_class.course, "Course", "1", 8)
    made = issue_certificates(
        school.ledger, training_class=school.training_class, taken=taken, signer=signer, by="T"
    )
    assert len(made) == 5
    tables = {each.name: each for each in class_tables(school.training_class)}
    row = tables["training-tests"].rows[0]
    assert row == ("before-and-after", 5, "30.0", "70.0", "0.57", None)


def _released(school: School, test: CourseTest) -> None:
    close_test(school.ledger, by=school.trainer, test=test)
    test.refresh_from_db()
    release_results(school.ledger, by=school.trainer, test=test)


def test_only_the_trainers_own_test_counts_for_passing(
    school: School, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All answers of the course's own tests are read off its pack: nobody passes by them."""
    monkeypatch.setattr(passing, "find_course", lambda *_: _test_alone(course))
    noy, kham = school.join("noy"), school.join("kham")
    post = _given(school, course, WhichTest.POST)
    for person in (noy, kham):
        _sit(school, post, person, len(items_of(post, "en")))
    _released(school, post)
    assert [each.share for each in results_of(post, clock.now())] == [1, 1]
    scheme = scheme_of(school.workspace.root, school.training_class)
    assert scheme.fault == Phrase("web.training.no-own-test")
    with pytest.raises(OwnItemsMissing):
        _given(school, course, WhichTest.OWN)
    own = _given(
        school, course, WhichTest.OWN, items=own_items(own_gift(), "mine.gift", frozenset())
    )
    _sit(school, own, noy, LEAST)
    scheme = scheme_of(school.workspace.root, school.training_class)
    assert scheme.fault == Phrase("web.training.own-test-not-released")
    _released(school, own)
    scheme = scheme_of(school.workspace.root, school.training_class)
    reached = {
        each.enrolment.person.name: each.reached for each in candidates(school.training_class)
    }
    assert scheme.fault is None
    assert [reached[each].share for each in ("Noy", "Kham")] == [1, 0]
    end_class(by=school.trainer, training_class=school.training_class)
    school.training_class.refresh_from_db()
    made = {each.certificate.name: each.certificate for each in _issued(school)}
    assert made["Noy"].achievement is Achievement.PASSED
    assert made["Kham"].achievement is Achievement.ATTENDED
    assert [each.title for each in made["Noy"].marked] == [
        "Practice test after the course (answers published)", "Test after the course",
    ]  # fmt: skip


def _issued(school: School) -> list[SignedCertificate]:
    signer = KeyRing(school.workspace.keys_dir).unit_signer()
    taken = CourseTaken(school.training_class.course, "Course", "1", 8)
    return issue_certificates(
        school.ledger, training_class=school.training_class, taken=taken, signer=signer, by="T"
    )


def _test_alone(course: Course) -> Course:
    """The course, as if the test after it were all that is marked."""
    outline = replace(course.outline, marking=(MarkPart("Post-test", 100),))
    return replace(course, outline=outline)
