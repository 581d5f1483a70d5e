"""Accounts of a programme: a name is one person's, whoever adds it first."""

from __future__ import annotations

import pytest

from kancil.desk.assessment.actions import people
from kancil.desk.base.errors import AccountNameTaken
from kancil.desk.people.models import Person, Role
from tests.desk.assessment.programme import Programme, programme
from tests.desk.desks import Desk


def add(made: Programme, username: str) -> None:
    people.admit_person(by=made["olga"], username=username, name="Anna", role=Role.ASSESSOR)


def test_a_name_that_is_taken_at_this_moment_is_refused_as_one_that_was(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = programme()
    with pytest.raises(AccountNameTaken):
        add(made, "ANN")
    # Whoever looked before the other one wrote saw no such name.
    monkeypatch.setattr(people, "folded", lambda _: object())
    with pytest.raises(AccountNameTaken):
        add(made, "ann")
    assert Person.objects.filter(username__iexact="ann").count() == 1
