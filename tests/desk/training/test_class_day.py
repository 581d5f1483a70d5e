"""A class day in the books: joined, given a lab, worked, handed in, marked, corrected, released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from kancil.desk.base.errors import AccountNameTaken
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.models import Role
from kancil.desk.people.queries import case_ids_of
from kancil.desk.training.access import find_attempt, find_run
from kancil.desk.training.actions.classes import class_by_code, enrol, join_class
from kancil.desk.training.actions.marks import (
    Change,
    correct_run,
    mark_run,
    mark_text,
    release_marks,
)
from kancil.desk.training.actions.work import submit
from kancil.desk.training.errors import (
    AttemptsUnmarked,
    EnrolledAlready,
    JoinCodeWrong,
    NotMarkedYet,
    TrainingNotYours,
)
from kancil.desk.training.models import Answer, Mark
from kancil.desk.training.queries.classes import Place, board
from kancil.desk.training.queries.work import newest_mark, stored_marks
from kancil.ground import clock
from kancil.training.errors import LabKeyNotOpened
from tests.desk.training.school import PASSWORD, School


def test_whoever_knows_the_code_becomes_a_trainee_and_the_ledger_says_so(school: School) -> None:
    code = school.training_class.join_code or ""
    typed = f" {code[:4].lower()}-{code[4:].lower()} "
    assert class_by_code(typed) == school.training_class
    person = join_class(code=typed, username="noy", name="Noy", password=PASSWORD, language="lo")
    assert (person.role, person.language, person.must_change_password) == (
        Role.TRAINEE, "lo", False,
    )  # fmt: skip
    assert person.check_password(PASSWORD)
    (entry,) = [each for each in school.ledger.entries() if each.kind == "account.added"]
    assert entry.body["account"] == "noy"
    assert (entry.on_behalf or {})["authenticated_by"] == "join code"
    with pytest.raises(EnrolledAlready):
        enrol(school.training_class, person, "password")
    with pytest.raises(AccountNameTaken):
        school.join("Noy")
    with pytest.raises(JoinCodeWrong):
        join_class(code="AAAAAAAA", username="x", name="X", password=PASSWORD, language="en")
    with pytest.raises(ValidationError):
        join_class(code=code, username="y", name="Y", password="short", language="en")


def test_each_trainee_has_a_variant_of_their_own_and_no_table_holds_a_seed(
    school: School,
) -> None:
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give()
    ids = {school.variant(run, each).id for each in (noy, kham)}
    seeds = {school.key(run, each).seed for each in (noy, kham)}
    assert (len(ids), len(seeds)) == (2, 2)
    kept = b"".join(
        path.read_bytes()
        for folder in ("desk", "training")
        for path in (school.workspace.root / folder).rglob("*")
        if path.is_file()
    )
    assert not [seed for seed in seeds if seed.encode() in kept]
    late = school.join("late")
    school.work()
    assert school.variant(run, late).run_id == run.id


def test_a_day_from_joining_to_marks_that_a_corrected_key_changes(school: School) -> None:
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give()
    mine, theirs = school.start(run, noy), school.start(run, kham)
    school.answer_rightly(mine)
    school.answer(mine, "account", "The coins went to the exchange; limits are stated.")
    school.answer_rightly(theirs, "payee")
    school.answer(theirs, "payee", "bcrt1qelsewhere")
    submit(school.ledger, attempt=mine)
    with pytest.raises(NotMarkedYet):
        release_marks(school.ledger, run=run, by=school.trainer)
    done = mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
                    by=school.trainer)  # fmt: skip
    assert (done.marked, done.same, done.working) == (1, 0, 1)
    submit(school.ledger, attempt=theirs)
    with pytest.raises(AttemptsUnmarked):
        release_marks(school.ledger, run=run, by=school.trainer)
    done = mark_run(school.ledger, school.workspace, run=run, identities=[school.identity],
                    by=school.trainer)  # fmt: skip
    assert (done.marked, done.same, done.working) == (1, 1, 0)
    first = newest_mark(mine)
    assert first is not None
    assert not first.is_final
    mark_text(school.workspace, attempt=mine, question="account",
              points={"clear": 2, "limits": 1}, comment="Good.", by=school.trainer)  # fmt: skip
    text = newest_mark(mine)
    assert text is not None
    assert text.is_final
    assert text.earned_hundredths - first.earned_hundredths == 375
    before = newest_mark(theirs)
    made, again = correct_run(
        school.ledger, school.workspace, run=run, question="payee",
        change=Change(also="bcrt1qelsewhere"), reason="Two addresses are one purse.",
        identities=[school.identity], by=school.trainer, variant=theirs.variant,
    )  # fmt: skip
    assert (again.marked, again.same) == (1, 1)
    after = newest_mark(theirs)
    assert before is not None
    assert after is not None
    assert (after.correction, after.key_version) == (made, 2)
    assert after.earned_hundredths - before.earned_hundredths == 400
    assert after.changes is not None
    assert after.changes["before_hundredths"] == before.earned_hundredths
    assert stored_marks(after).questions[0].earned_hundredths == 400
    assert school.key(run, kham).corrected == "Two addresses are one purse."
    assert release_marks(school.ledger, run=run, by=school.trainer).released_at is not None
    assert Mark.objects.filter(attempt=mine).count() == 2


def test_marking_needs_the_right_identity_and_a_trainer(school: School) -> None:
    import pyrage

    run = school.give()
    noy = school.join("noy")
    school.work()
    submit(school.ledger, attempt=school.start(run, noy))
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(LabKeyNotOpened):
        mark_run(school.ledger, school.workspace, run=run, identities=[other], by=school.trainer)
    with pytest.raises(TrainingNotYours):
        mark_run(school.ledger, school.workspace, run=run, identities=[school.identity], by=noy)
    assert not Mark.objects.exists()


def test_a_trainee_knows_of_no_other_attempt_or_case(school: School) -> None:
    noy, kham = school.join("noy"), school.join("kham")
    run = school.give()
    mine, theirs = school.start(run, noy), school.start(run, kham)
    assert find_attempt(noy, mine.id) == mine
    with pytest.raises(PageNotFound):
        find_attempt(noy, theirs.id)
    assert find_attempt(school.trainer, theirs.id) == theirs
    assert case_ids_of(noy) == [mine.case_id]
    outsider = school.join("outsider")
    outsider.enrolments.all().delete()
    with pytest.raises(PageNotFound):
        find_run(outsider, run.id)


def test_the_board_says_who_works_and_who_is_stuck(school: School) -> None:
    names = [school.join(each) for each in ("anong", "binh", "chan", "dara")]
    run = school.give()
    school.start(run, names[1])
    stuck = school.start(run, names[2])
    school.answer(stuck, "payee", "bcrt1q")
    submit(school.ledger, attempt=school.start(run, names[3]))
    now = clock.now()
    places = [each.place for each in board(school.workspace, run, now)]
    assert places == [Place.NOT_BEGUN, Place.WORKING, Place.WORKING, Place.HANDED_IN]
    later = board(school.workspace, run, now + timedelta(minutes=11))
    assert [each.place for each in later][1:3] == [Place.STUCK, Place.STUCK]
    assert [(each.answered, each.questions) for each in later][2] == (1, 9)
    over = board(school.workspace, run, now + timedelta(hours=3))
    assert [each.place for each in over][1:] == [
        Place.TIME_OVER, Place.TIME_OVER, Place.HANDED_IN,
    ]  # fmt: skip
    assert Answer.objects.count() == 1
