"""What the tests of courses' pages stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from kancil.desk.people.models import Person
from kancil.desk.training.actions.sittings import choose_course, give_test
from kancil.desk.training.models import CourseTest, WhichTest
from kancil.ground import clock
from kancil.training.courses.course import Course
from tests.desk.training.school import BACKEND, School

CLASSROOM = "kancil.web.sites.classroom"


@dataclass
class Schoolroom:
    """What the tests of courses' pages stand on."""

    school: School
    course: Course

    def of(self, person: Person) -> Client:
        """A browser of one person."""
        client = Client(headers={"host": "localhost"})
        client.force_login(person, BACKEND)
        return client

    def choose(self) -> None:
        """Choose the course of the class."""
        found = self.school.training_class
        choose_course(by=self.school.trainer, training_class=found, course=self.course)
        found.refresh_from_db()

    def give(self, form: WhichTest) -> CourseTest:
        """Give the class a test that is open."""
        now = clock.now()
        return give_test(
            by=self.school.trainer, training_class=self.school.training_class,
            course=self.course, form=form, opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(hours=2),
        )  # fmt: skip
