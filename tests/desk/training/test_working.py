"""Work on a lab: what is saved, what is refused, and what a clock that was set back does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.desk.cases.jobs.uploads import admit_sent
from kancil.desk.jobs.errors import UploadDiffers
from kancil.desk.training.actions.classes import end_class, join_class
from kancil.desk.training.actions.work import due_at, lay_ready, submit, take_hint
from kancil.desk.training.answers import read_value
from kancil.desk.training.errors import (
    AnswerNotUsable,
    AttemptBegun,
    AttemptSubmitted,
    ClassEnded,
    ClockSetBack,
    JoinCodeWrong,
    LabFilesChanged,
    LabNotOpen,
    LabOver,
    QuestionNotFound,
)
from kancil.desk.training.folders import file_path, folder_of, manifest_of
from kancil.desk.training.models import Answer, Attempt
from kancil.evidence.errors import NotAdmitted
from kancil.evidence.spool import Spool
from kancil.ground import clock
from kancil.training.question import Kind, Question
from tests.desk.training.school import PASSWORD, School
from tests.training.tiny_lab import QUESTIONS, WORDS


@pytest.fixture
def begun(school: School) -> tuple[School, Attempt]:
    """An attempt that has begun, with ninety minutes."""
    noy = school.join("noy")
    return school, school.start(school.give(minutes=90), noy)


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    """Move the clock."""
    now = clock.now() + timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_a_lab_against_the_clock_has_its_own_minutes_unless_the_trainer_sets_others(
    school: School,
) -> None:
    noy = school.join("noy")
    open_run, timed_run = school.give(), school.give(minutes=20)
    attempt = school.start(open_run, noy)
    manifest = manifest_of(school.workspace, attempt.variant)
    at_clock = replace(manifest, minutes=45)
    begun_at = attempt.started_at
    assert due_at(open_run, manifest, begun_at) == open_run.closes_at
    assert due_at(open_run, at_clock, begun_at) == begun_at + timedelta(minutes=45)
    assert due_at(timed_run, at_clock, begun_at) == begun_at + timedelta(minutes=20)


def test_nothing_begins_before_the_lab_opens_or_twice(school: School) -> None:
    noy = school.join("noy")
    early = school.give(opens_in=3600)
    with pytest.raises(LabNotOpen):
        school.start(early, noy)
    run = school.give()
    school.start(run, noy)
    with pytest.raises(AttemptBegun):
        school.start(run, noy)
    assert Attempt.objects.count() == 1


def test_nothing_is_saved_after_handing_in_or_after_the_time(
    begun: tuple[School, Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    school, attempt = begun
    assert attempt.due_at - attempt.started_at == timedelta(minutes=90)
    school.answer(attempt, "payee", "bcrt1qfirst")
    later(monkeypatch, minutes=91)
    with pytest.raises(LabOver):
        school.answer(attempt, "payee", "bcrt1qlate")
    with pytest.raises(LabOver):
        submit(school.ledger, attempt=attempt)
    with pytest.raises(LabOver):
        take_hint(school.ledger, school.workspace, attempt=attempt, question="payee", seen=0)
    assert Answer.objects.get().value == "bcrt1qfirst"


def test_handed_in_twice_the_first_time_counts(
    begun: tuple[School, Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    school, attempt = begun
    first = submit(school.ledger, attempt=attempt).submitted_at
    later(monkeypatch, minutes=1)
    assert submit(school.ledger, attempt=attempt).submitted_at == first
    with pytest.raises(AttemptSubmitted):
        school.answer(attempt, "payee", "bcrt1q")


def test_a_class_that_has_ended_takes_nothing_more(begun: tuple[School, Attempt]) -> None:
    school, attempt = begun
    code = school.training_class.join_code or ""
    end_class(by=school.trainer, training_class=school.training_class)
    with pytest.raises(JoinCodeWrong):
        join_class(code=code, username="x", name="X", password=PASSWORD, language="en")
    with pytest.raises(ClassEnded):
        school.give()
    fresh = Attempt.objects.select_related("variant__run__training_class").get(pk=attempt.pk)
    with pytest.raises(LabOver):
        school.answer(fresh, "payee", "bcrt1q")


def test_from_two_windows_one_answer_stays_and_a_hint_is_paid_once(
    begun: tuple[School, Attempt],
) -> None:
    school, attempt = begun
    for value in ("bcrt1qa", "bcrt1qb", "bcrt1qb"):
        school.answer(attempt, "payee", value)
    row = Answer.objects.get()
    assert (row.value, row.saves) == ("bcrt1qb", 2)
    hints = [
        take_hint(school.ledger, school.workspace, attempt=attempt, question="payee", seen=seen)
        for seen in (0, 0, 1, 1)
    ]
    assert hints == [1, 1, 2, 2]
    with pytest.raises(QuestionNotFound):
        take_hint(school.ledger, school.workspace, attempt=attempt, question="payee", seen=2)
    school.answer(attempt, "payee", "  ")
    assert not Answer.objects.exists()


def test_a_clock_set_back_dates_nothing_before_what_was_saved(
    begun: tuple[School, Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    school, attempt = begun
    school.answer(attempt, "payee", "bcrt1qa")
    saved = Answer.objects.get().saved_at
    later(monkeypatch, hours=-3)
    school.answer(attempt, "payee", "bcrt1qb")
    row = Answer.objects.get()
    assert row.saved_at >= saved
    attempt.refresh_from_db()
    assert attempt.clock_back_seconds > 3 * 3600 - 60
    kham = school.join("kham")
    run = attempt.variant.run
    school.work()
    with pytest.raises(ClockSetBack):
        school.start(run, kham)


def test_files_are_taken_in_as_they_were_made_and_no_other_way(
    begun: tuple[School, Attempt],
) -> None:
    school, attempt = begun
    workspace = school.workspace
    spool = Spool(workspace.uploads_dir, workspace.reserve_bytes)
    from kancil.evidence.vault import Vault

    vault = Vault(workspace.vault_dir, workspace.incoming_dir, workspace.reserve_bytes)
    sending = lay_ready(workspace, attempt=attempt, piece="payments.csv")
    assert lay_ready(workspace, attempt=attempt, piece="payments.csv") == sending
    assert spool.is_whole(sending)
    by = school.server(attempt.person)
    entry, intake = admit_sent(school.ledger, vault, spool, sending, by=by)
    stated = school.manifest(attempt.variant.run, attempt.person).evidence
    assert intake.files[0].digests.sha256 in {each.sha256 for each in stated}
    assert entry.case_id == attempt.case_id
    blocks = file_path(workspace, attempt.variant, "blocks/blk00000.dat")
    blocks.chmod(0o600)
    blocks.write_bytes(b"other")
    again = lay_ready(workspace, attempt=attempt, piece="blocks")
    with pytest.raises((UploadDiffers, NotAdmitted)):
        admit_sent(school.ledger, vault, spool, again, by=by)
    with pytest.raises(QuestionNotFound):
        lay_ready(workspace, attempt=attempt, piece="../key.age")


def test_a_manifest_that_was_changed_is_no_lab(begun: tuple[School, Attempt]) -> None:
    school, attempt = begun
    path = folder_of(school.workspace, attempt.variant) / "lab.json"
    path.write_bytes(path.read_bytes().replace(b'"points":4', b'"points":9'))
    with pytest.raises(LabFilesChanged):
        school.answer(attempt, "payee", "bcrt1q")


TIME = Question("t", Kind.TIME, 1, WORDS)
AMOUNT = Question("a", Kind.AMOUNT, 1, WORDS)
RULING = next(each for each in QUESTIONS if each.kind is Kind.RULING)
FINDING = next(each for each in QUESTIONS if each.kind is Kind.FINDING)


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (TIME, "2026-03-09 14:05 UTC", "2026-03-09T14:05:00+00:00"),
        (TIME, "2026-03-09T14:05:07Z", "2026-03-09T14:05:07+00:00"),
        (TIME, "2026-03-09 14:05:07 +0630", "2026-03-09T14:05:07+06:30"),
        (AMOUNT, " 0.250 ", "0.250"),
        (AMOUNT, "1 000.5", "1000.5"),
        (Question("s", Kind.SET, 1, WORDS), "b\n a\n\nb", ["a", "b"]),
        (Question("p", Kind.PATH, 1, WORDS), "b\na\nb", ["b", "a", "b"]),
        (FINDING, {"statement": "nobody", "pointers": "E1\n E1"},
         {"statement": "nobody", "pointers": ["E1"]}),
        (FINDING, {"statement": "", "pointers": "E1"}, None),
        (RULING, {"ruling": "weight", "reasons": []}, {"reasons": [], "ruling": "weight"}),
        (RULING, {"ruling": "weight", "reasons": [], "weight": " Half "},
         {"reasons": [], "ruling": "weight", "weight": "Half"}),
        (RULING, {"ruling": "admit", "reasons": [], "weight": "Half"},
         {"reasons": [], "ruling": "admit"}),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_one_form_of_an_answer(
    question: Question, typed: Any, value: Any
) -> None:
    assert read_value(question, typed) == value


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        (TIME, "2026-03-09 14:05"), (TIME, "9 March 2026 +07:00"), (AMOUNT, "0,25"),
        (AMOUNT, "1e8"), (AMOUNT, "-1"), (AMOUNT, "NaN"), (RULING, {"ruling": "perhaps"}),
        (RULING, {"ruling": "weight", "weight": "x" * 501}),
        (RULING, {"ruling": "weight", "w": "x"}),
        (RULING, {"ruling": "admit", "reasons": ["mood"]}), (FINDING, {"statement": "somebody"}),
        (FINDING, ["exchange"]), (AMOUNT, {"value": "1"}), (TIME, "a\0b"),
        (Question("s", Kind.SET, 1, WORDS), ["x"] * 501),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(question: Question, typed: Any) -> None:
    with pytest.raises(AnswerNotUsable):
        read_value(question, typed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(question=st.sampled_from(QUESTIONS), given_value=_JSON)
def test_whatever_is_sent_is_an_answer_in_form_or_refused(
    question: Question, given_value: Any
) -> None:
    try:
        value = read_value(question, given_value)
    except AnswerNotUsable:
        return
    assert value is None or read_value(question, value) == value
