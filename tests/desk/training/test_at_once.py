"""Two windows at once, on either database: one answer, one hint, one time of handing in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from kancil.cli.frame.desk import DATABASE_VARIABLE
from kancil.desk.base.opening import close_desk
from kancil.desk.training.actions.marks import mark_run, release_marks
from kancil.desk.training.actions.work import submit, take_hint
from kancil.desk.training.errors import AttemptBegun
from kancil.desk.training.models import Answer, Attempt
from kancil.training import labs
from tests.classroom.room import copied, founded
from tests.cli.running import Unit
from tests.desk.training.school import School, school_of
from tests.training.tiny_lab import LAB
from tests.work import postgres

WINDOWS = 4


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)])
def any_school(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[School]:
    """A class on each database."""
    monkeypatch.setattr(labs, "LABS", (LAB,))
    if request.param == "sqlite":
        room: Unit = copied(request.getfixturevalue("founded_room"), tmp_path)
        yield school_of(room)
        close_desk()
        return
    if postgres.programs() is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server() as folder:
        monkeypatch.setenv(DATABASE_VARIABLE, postgres.new_database(folder, "classroom"))
        yield school_of(founded(tmp_path / "room"))
        close_desk()


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of several windows is answered, errors too."""

    def one(number: int) -> Any:
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001  (it is the answer)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WINDOWS) as pool:
        return list(pool.map(one, range(WINDOWS)))


def test_windows_at_once_leave_one_of_each(any_school: School) -> None:
    school = any_school
    noy = school.join("noy")
    run = school.give()
    begun = at_once(lambda _: school.start(run, noy))
    assert [type(each) for each in begun].count(AttemptBegun) == WINDOWS - 1
    attempt = Attempt.objects.select_related("variant__run__training_class", "person").get()
    saved = at_once(lambda n: school.answer(attempt, "payee", f"bcrt1q{n}"))
    assert saved == [None] * WINDOWS
    row = Answer.objects.get()
    assert row.value in {f"bcrt1q{n}" for n in range(WINDOWS)}
    assert row.saves == WINDOWS
    hints = at_once(
        lambda _: take_hint(
            school.ledger, school.workspace, attempt=attempt, question="payee", seen=0
        )
    )
    assert hints == [1] * WINDOWS
    times = at_once(lambda _: submit(school.ledger, attempt=attempt).submitted_at)
    assert len(set(times)) == 1
    marked = at_once(
        lambda _: mark_run(
            school.ledger, school.workspace, run=run, identities=[school.identity],
            by=school.trainer,
        )
    )  # fmt: skip
    assert sorted(each.marked for each in marked) == [0] * (WINDOWS - 1) + [1]
    assert release_marks(school.ledger, run=run, by=school.trainer).released_at is not None
