"""Answers from laptops and forms: appended, both kept where two differ, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kancil.assessment.answer import Outcome
from kancil.assessment.errors import AnswerNotOnScale
from kancil.assessment.protocol import Confidence
from kancil.desk.assessment.actions.answers import give_answer
from kancil.desk.assessment.actions.site import add_known_key, end_known_key
from kancil.desk.assessment.actions.taking_in import (
    Sent,
    SentAnswer,
    SentEvidence,
    take_in,
    take_in_form,
)
from kancil.desk.assessment.errors import (
    ActNotYours,
    AnswerAltered,
    AnswerMoved,
    AnswersIncomplete,
    KeyKnown,
    KeyNotKnown,
    ProtocolNotInRound,
    RoundClosed,
)
from kancil.desk.assessment.models import Act, Answer, EvidenceItem
from kancil.desk.assessment.queries.answers import conflicts, own_latest, settled
from kancil.desk.assessment.queries.evidence import evidence
from kancil.ground.errors import KancilError
from kancil.ground.ids import new_id
from kancil.ground.signing import fingerprint
from kancil.records.errors import FieldNotUsable
from tests.desk.assessment.programme import GUIDE, Programme, programme, said
from tests.desk.assessment.test_acts import KEY
from tests.desk.desks import Desk

MOMENT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
NAME = fingerprint(KEY)


@pytest.fixture
def made(desk: Desk) -> Programme:
    found = programme()
    know(found)
    return found


def know(made: Programme) -> None:
    add_known_key(
        by=made["lea"], person=made["ann"].pk, public_raw=KEY, stated=NAME, compared_how="Met"
    )


def answer(value: int, minutes: int = 0, **more: Any) -> SentAnswer:
    given = SentAnswer(
        new_id(), GUIDE, "P1", said(value), {}, Confidence.LOW, MOMENT + timedelta(minutes=minutes)
    )
    return replace(given, **more)


def bring(made: Programme, *answers: SentAnswer, evidence: tuple[SentEvidence, ...] = ()) -> Any:
    return take_in(
        by=made["lea"], fingerprint=NAME, sent=Sent(made.round, tuple(answers), evidence)
    )


def test_two_laptops_that_edited_the_same_answer_keep_both(made: Programme) -> None:
    base = made.give("ann", "P1", 1)
    one = answer(2, 1, follows=base, comment="On the first laptop")
    other = answer(3, 2, follows=base, comment="On the second laptop")
    assert bring(made, one).conflicts == ()
    told = bring(made, other, one)
    assert (told.added, told.known) == ((other.id,), 1)
    assert told.conflicts == ((GUIDE, "P1"),)
    found = settled(made.sight("lea"), GUIDE)["P1"]
    assert (found.outcome, found.answer) == (Outcome.DISPUTED, None)
    assert [each.comment for each in found.answers] == [one.comment, other.comment]
    assert conflicts(made.sight("bo")) == [], "Bo still has to answer independently"
    assert [each.author for each in conflicts(made.sight("lea"))] == [str(made["ann"].pk)]
    with pytest.raises(AnswerMoved):
        made_again(made, follows=one.id)
    ended = made.give("ann", "P1", 3)
    assert [each.id for each in own_latest(made.sight("ann"), GUIDE, "P1")] == [ended]
    assert conflicts(made.sight("lea")) == []
    assert Answer.objects.count() == 4
    assert {row.author_key for row in Answer.objects.filter(id__in=[one.id, other.id])} == {NAME}


def made_again(made: Programme, follows: str) -> None:
    """Answer over one of two that conflict, as somebody who knows of that one alone."""
    give_answer(
        by=made["ann"], round=made.round, protocol=GUIDE, indicator="P1", given=said(0),
        confidence=Confidence.LOW, follows=follows,
    )  # fmt: skip


def test_files_in_any_order_and_twice_come_to_the_same(made: Programme) -> None:
    first = answer(1)
    second = answer(2, 1, follows=first.id)
    third = answer(3, 2, follows=second.id)
    bring(made, third, second, first)
    assert bring(made, first, second, third).added == ()
    assert [each.id for each in own_latest(made.sight("ann"), GUIDE, "P1")] == [third.id]
    assert bring(made, second).known == 1
    assert [each.id for each in own_latest(made.sight("ann"), GUIDE, "P1")] == [third.id]


def test_an_answer_that_comes_after_an_agreement_opens_the_question_again(
    made: Programme,
) -> None:
    made.give("ann", "P1", 2)
    made.give("bo", "P1", 2)
    assert settled(made.sight("lea"), GUIDE)["P1"].outcome is Outcome.AGREED
    base = made.standing("ann", "P1")[0]
    bring(made, answer(0, follows=base))
    assert settled(made.sight("lea"), GUIDE)["P1"].outcome is Outcome.DISPUTED


def test_a_file_with_one_fault_brings_nothing(sqlite_desk: Desk) -> None:
    made = programme()
    know(made)
    good = answer(1, indicator="W1")
    item = SentEvidence(new_id(), "a", "document", "Decree")
    bring(made, answer(1, indicator="W2", evidence=(item.id,)), evidence=(item,))
    kept = Answer.objects.get()
    circle = answer(1)
    over = answer(2, follows=circle.id)
    faults: list[tuple[type[KancilError], Callable[[], Any]]] = [
        (AnswerNotOnScale, lambda: bring(made, good, answer(9))),
        (ProtocolNotInRound, lambda: bring(made, good, answer(1, protocol="first-look-2025.1"))),
        (AnswersIncomplete, lambda: bring(made, good, answer(1, follows=new_id()))),
        (AnswersIncomplete, lambda: bring(made, good, answer(1, evidence=(new_id(),)))),
        (AnswersIncomplete, lambda: bring(made, good, answer(1, follows=good.id))),
        (AnswersIncomplete, lambda: bring(made, replace(circle, follows=over.id), over)),
        (AnswerAltered, lambda: bring(made, good, answer(2, id=kept.id, indicator="W2"))),
        (AnswerAltered, lambda: bring(made, good, good)),
        (AnswerAltered, lambda: bring(made, good, evidence=(replace(item, title="Law"),))),
        (FieldNotUsable, lambda: bring(made, good, answer(1, id="x"))),
        (FieldNotUsable, lambda: bring(made, good, evidence=(
            SentEvidence(new_id(), "b", "interview", "Who said it"),))),
        (FieldNotUsable, lambda: bring(made, good, evidence=(
            SentEvidence(new_id(), "a", "interview"),))),
    ]  # fmt: skip
    for kind, act in faults:
        with pytest.raises(kind):
            act()
        assert (Answer.objects.count(), EvidenceItem.objects.count()) == (1, 1), kind
    assert Act.objects.filter(kind="answers.taken-in").count() == 1


def test_a_file_for_others_may_leave_an_interview_out_and_another_bring_it(
    sqlite_desk: Desk,
) -> None:
    made = programme()
    know(made)
    held = made.interview("ann")
    given = made.give("ann", "P1", 2, evidence=(held.evidence,))
    row = Answer.objects.get(id=given)
    again = answer(2, id=given, confidence=Confidence.MEDIUM, at=row.at)
    assert bring(made, again).known == 1
    assert list(row.evidence.values_list("id", flat=True)) == [held.evidence]
    first = answer(1, indicator="W1")
    bring(made, first)
    talk = SentEvidence(new_id(), "b", "interview")
    bring(made, replace(first, evidence=(talk.id,)), evidence=(talk,))
    kept = Answer.objects.get(id=first.id)
    assert list(kept.evidence.values_list("id", flat=True)) == [talk.id]
    plain = SentEvidence(new_id(), "a", "document", "Law")
    with pytest.raises(AnswerAltered):
        bring(made, replace(first, evidence=(plain.id,)), evidence=(plain,))


def test_only_known_keys_of_people_in_the_team_bring_answers(sqlite_desk: Desk) -> None:
    made = programme()
    with pytest.raises(KeyNotKnown):
        bring(made, answer(1))
    with pytest.raises(FieldNotUsable):
        add_known_key(
            by=made["lea"], person=made["ann"].pk, public_raw=KEY, stated="SHA256:x",
            compared_how="Met",
        )  # fmt: skip
    add_known_key(
        by=made["lea"], person=made["rex"].pk, public_raw=KEY, stated=NAME, compared_how="Met"
    )
    with pytest.raises(ActNotYours):
        bring(made, answer(1))
    end_known_key(by=made["lea"], fingerprint=NAME)
    with pytest.raises(KeyNotKnown):
        bring(made, answer(1))
    with pytest.raises(KeyKnown):
        know(made)
    made.closed()
    with pytest.raises(RoundClosed):
        take_in_form(by=made["lea"], author=made["ann"].pk, sent=Sent(made.round, (answer(1),)))


def test_an_interview_comes_in_with_its_grade_alone(sqlite_desk: Desk) -> None:
    made = programme()
    know(made)
    item = SentEvidence(new_id(), "b", "interview")
    bring(made, answer(2, evidence=(item.id,)), evidence=(item,))
    for name in ("lea", "ann", "bo"):
        (row,) = evidence(made.sight(name))
        assert (row.item.title, row.item.grade, row.item.kind) == ("", "b", "interview")
    assert [row.item.id == item.id for row in evidence(made.sight("lea"))] == [True]
    assert [row.item.id == item.id for row in evidence(made.sight("bo"))] == [False]


def test_answers_of_a_form_stand_beside_what_was_given_here(sqlite_desk: Desk) -> None:
    made = programme()
    made.give("ann", "P1", 1)
    sent = Sent(made.round, (answer(2), answer(1, indicator="W1")))
    told = take_in_form(by=made["lea"], author=made["ann"].pk, sent=sent)
    assert (len(told.added), told.conflicts) == (2, ((GUIDE, "P1"),))
    assert len(own_latest(made.sight("ann"), GUIDE, "P1")) == 2
    assert take_in_form(by=made["ann"], author=made["ann"].pk, sent=sent).known == 2
    with pytest.raises(ActNotYours):
        take_in_form(by=made["bo"], author=made["ann"].pk, sent=sent)
