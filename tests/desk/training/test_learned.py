"""Tests of a course stand on certificates once released, and in a package as means of five."""

from __future__ import annotations

import pytest

from kancil.custody.keys import KeyRing
from kancil.desk.training.actions.certificates import CourseTaken, issue_certificates, state_consent
from kancil.desk.training.actions.classes import end_class
from kancil.desk.training.actions.packages import class_tables
from kancil.desk.training.actions.sittings import close_test, release_results
from kancil.desk.training.models import Enrolment, ParallelForm
from kancil.desk.training.queries.learned import marked_of
from kancil.training.courses.course import Course
from tests.desk.training.school import School
from tests.desk.training.test_sittings import _given, _sit, course

__all__ = ["course"]


@pytest.mark.thorough
def test_both_tests_are_named_and_their_means_leave(school: School, course: Course) -> None:
    people = [school.join(f"trainee{number}") for number in range(5)]
    pre = _given(school, course, ParallelForm.PRE)
    post = _given(school, course, ParallelForm.POST)
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
        ("Test before the course", 20), ("Test after the course", 60),
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
