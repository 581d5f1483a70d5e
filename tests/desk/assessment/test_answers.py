"""Answers on each database: given by one's own hand, never written over, settled by two."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from kancil.assessment.answer import Kind, Outcome, Ruled, Settled
from kancil.assessment.errors import AnswerNotOnScale, IndicatorNotFound
from kancil.assessment.protocol import Confidence
from kancil.assessment.settling import said as what
from kancil.desk.assessment.actions.answers import agree, dispute, give_answer, reopen
from kancil.desk.assessment.actions.rounds import Member, set_team
from kancil.desk.assessment.errors import (
    ActNotYours,
    AnswerFirst,
    AnswerMoved,
    IndicatorSettled,
    NothingToSettle,
    ProtocolNotInRound,
    RecordNotFound,
    RoundClosed,
    SettlementNeedsAnother,
)
from kancil.desk.assessment.models import Act, Answer, Settlement
from kancil.desk.assessment.queries.answers import (
    conflicts,
    history,
    own_latest,
    progress,
    settled,
)
from kancil.desk.assessment.queries.leaving import whole_round
from kancil.desk.assessment.queries.rounds import acts
from kancil.desk.assessment.queries.waiting import work_of as waiting_of
from kancil.desk.assessment.rows import answers_where
from kancil.desk.base.errors import TextNotStorable
from kancil.desk.base.opening import told
from kancil.ground.errors import KancilError
from kancil.records.errors import FieldNotUsable, ReasonMissing
from tests.desk.assessment.programme import (
    GUIDE,
    HERE,
    TEAM,
    TODAY,
    Programme,
    a_round,
    programme,
    said,
)
from tests.desk.desks import Desk

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


def now(made: Programme, name: str = "P1", *, by: str = "ann") -> Settled:
    return settled(made.sight(by), GUIDE)[name]


def test_what_was_agreed_before_they_answered_is_neither_owed_nor_hidden_until_it_is_reopened(
    desk: Desk,
) -> None:
    made = programme()
    one = made.give("ann", "P1", 2, comment="They told us")
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "P1"}

    def owed(name: str) -> list[str]:
        (hers,) = [each for each in progress(made.sight("bo"), GUIDE).people if each.name == name]
        (waiting,) = waiting_of(made["bo"]).owed
        assert name != "Bo" or hers.missing == waiting.missing
        return [each for each in hers.missing if each == "P1"]

    assert (owed("Ann"), owed("Bo")) == ([], ["P1"])
    assert now(made, by="bo").answers == ()
    agree(by=made["lea"], answer=one, **about)
    assert owed("Bo") == []
    assert [each.comment for each in now(made, by="bo").answers] == ["They told us"]
    with pytest.raises(IndicatorSettled):
        made.give("bo", "P1", 1)
    whole_round(made["bo"], made.round, today=TODAY, made_at=MOMENT, kancil="test")
    reopen(by=made["bo"], note="I read it otherwise", **about)
    assert owed("Bo") == ["P1"]
    assert now(made, by="bo").answers == ()
    made.give("bo", "P1", 1)
    assert now(made).outcome is Outcome.DISPUTED


def test_two_assessors_answer_agree_dispute_and_settle(desk: Desk) -> None:
    made = programme()
    assert settled(made.sight("ann"), GUIDE) == {}
    one = made.give("ann", "P1", 2, comment="They told us")
    assert (now(made).outcome, now(made).answer) == (Outcome.ALONE, now(made).answers[0])
    other = made.give("bo", "P1", 2)
    assert now(made).outcome is Outcome.AGREED
    assert now(made).answer == now(made).answers[1]
    other = made.give("bo", "P1", 1)
    assert (now(made).outcome, now(made).answer) == (Outcome.DISPUTED, None)
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "P1"}
    dispute(by=made["bo"], note="We read the decree otherwise", **about)
    assert (now(made).outcome, now(made).note) == (Outcome.DISPUTED, "We read the decree otherwise")
    with pytest.raises(SettlementNeedsAnother):
        agree(by=made["bo"], answer=other, **about)
    with pytest.raises(AnswerMoved):
        agree(by=made["bo"], answer=one, seen=[one], **about)
    with pytest.raises(ReasonMissing):
        agree(by=made["bo"], answer=one, note=" ", seen=[one, other], **about)
    assert now(made).outcome is Outcome.DISPUTED
    agree(by=made["bo"], answer=one, note="Ann is right", seen=[one, other], **about)
    assert now(made).outcome is Outcome.AGREED
    assert now(made).ruled is None, "both say so by now"
    agreed = now(made).answer
    assert agreed is not None
    assert agreed.id == one
    with pytest.raises(IndicatorSettled):
        made.give("bo", "P1", 3)
    reopen(by=made["lea"], note="A new decree", **about)
    assert (now(made).outcome, now(made).note) == (Outcome.DISPUTED, "A new decree")
    made.give("bo", "P1", 3)
    told_of = history(made.sight("rex"), GUIDE, "P1")
    assert len(told_of.answers) == 4
    assert [each.ruling.value for each in told_of.settlements] == ["disputed", "agreed", "reopened"]
    assert told_of.follows[other] != ()
    assert Answer.objects.count() == 4


def test_a_lead_who_settles_a_dispute_is_named_and_nobody_is_said_to_agree(desk: Desk) -> None:
    made = programme()
    one, other = made.give("ann", "P1", 2), made.give("bo", "P1", 1)
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "P1"}
    agree(by=made["lea"], answer=one, note="The decree says so", seen=[one, other], **about)
    lea = str(made["lea"].pk)
    assert (now(made).outcome, now(made).ruled) == (Outcome.AGREED, Ruled(lea, "lead"))
    assert now(made, by="fay").ruled == Ruled("", "lead")
    (act,) = [each for each in acts(made.sight("rex")) if each.kind == "indicator.agreed"]
    assert (act.about, act.details["answer_of"]) == ("P1", "Ann")
    assert "2" not in act.details.values()


def test_what_cannot_be_an_answer_is_refused_by_name(desk: Desk) -> None:
    made = programme()
    refusals: list[tuple[str, int | str, type[KancilError]]] = [
        ("P1", 4, AnswerNotOnScale),
        ("P1", "2", AnswerNotOnScale),
        ("P1", True, AnswerNotOnScale),
        ("L3", "perhaps", AnswerNotOnScale),
        ("P2", -1, AnswerNotOnScale),
        ("W4", 1, AnswerNotOnScale),
        ("Q9", 1, IndicatorNotFound),
    ]
    for indicator, value, kind in refusals:
        with pytest.raises(kind):
            made.give("ann", indicator, value)
    with pytest.raises(IndicatorNotFound):
        made.give("ann", "W4", 0, parts={"other": said(1)})
    with pytest.raises(FieldNotUsable):
        made.give("ann", "W4", 0, parts={})
    about: dict[str, Any] = {"by": made["ann"], "round": made.round, "confidence": Confidence.LOW}
    without = said(Kind.NOT_APPLICABLE)
    with pytest.raises(ReasonMissing):
        give_answer(
            protocol=GUIDE, indicator="P1", given=type(without)(Kind.NOT_APPLICABLE), **about
        )
    with pytest.raises(ProtocolNotInRound):
        give_answer(protocol="first-look-2025.1", indicator="P1", given=said(1), **about)
    with pytest.raises(RecordNotFound):
        made.give("ann", "P1", 1, evidence=("no-such",))
    for comment, refusal in (("a\x00b", TextNotStorable), ("x" * 100_001, FieldNotUsable)):
        with pytest.raises(refusal):
            made.give("ann", "P1", 1, comment=comment)
    for name in ("rex", "olga", "fay"):
        with pytest.raises(ActNotYours):
            made.give(name, "P1", 1)
    assert not Answer.objects.exists()
    made.give("ann", "P1", 1)
    with pytest.raises(NothingToSettle):
        agree(by=made["lea"], round=made.round, protocol=GUIDE, indicator="P1", answer="x")
    with pytest.raises(ReasonMissing):
        dispute(by=made["lea"], round=made.round, protocol=GUIDE, indicator="P1", note=" ")
    made.closed()
    with pytest.raises(RoundClosed):
        made.give("ann", "P1", 2)


def test_a_second_writer_is_told_and_nothing_is_overwritten(desk: Desk) -> None:
    made = programme()
    first = made.give("ann", "P1", 1)
    assert made.give("ann", "P1", 1) == first, "saving again what is saved writes nothing"
    assert made.give("ann", "P1", 1, fresh=True) == first, "sent twice is sent once"
    with pytest.raises(AnswerMoved):
        made.give("ann", "P1", 2, fresh=True)
    second = made.give("ann", "P1", 2)
    assert [each.id for each in own_latest(made.sight("ann"), GUIDE, "P1")] == [second]
    with pytest.raises(AnswerMoved):
        give_answer(
            by=made["ann"], round=made.round, protocol=GUIDE, indicator="P1",
            given=said(3), confidence=Confidence.LOW, follows=first,
        )  # fmt: skip
    assert Answer.objects.count() == 2


def test_of_two_who_write_at_once_one_is_told(desk: Desk) -> None:
    made = programme()
    begin = threading.Barrier(2)
    outcomes: list[str] = []

    def write(value: int) -> None:
        try:
            begin.wait()
            with told():
                made.give("ann", "P1", value, fresh=True)
            outcomes.append("kept")
        except KancilError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(value,)) for value in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["answer-moved", "kept"]
    assert Answer.objects.count() == 1
    assert Act.objects.filter(kind="answer.given").count() == 1


def slow_fold(made: Programme, indicator: str) -> tuple[str, str | None] | None:
    """Where an indicator stands by reading every row, with no mark that the desk keeps."""
    rows = list(Answer.objects.filter(round_id=made.round, indicator=indicator))
    over = {id for row in rows for id in (row.follows_id, *row.also)}
    stands = sorted((row for row in rows if row.id not in over), key=lambda row: (row.at, row.id))
    if not stands:
        return None
    rulings = sorted(
        Settlement.objects.filter(round_id=made.round, indicator=indicator),
        key=lambda row: (row.at, row.id),
    )
    values = {str((row.given, row.parts)) for row in stands}
    authors = {row.author_id for row in stands}
    if rulings and set(rulings[-1].covers) == {row.id for row in stands}:
        if rulings[-1].kind == "agreed":
            return "agreed", rulings[-1].answer_id
        if rulings[-1].kind == "disputed" or len(authors) > 1:
            return "disputed", None
    if len(values) > 1:
        return "disputed", None
    return ("agreed" if len(authors) > 1 else "alone"), stands[-1].id


_STEP = some.tuples(
    some.sampled_from(["give", "give", "give", "agree", "dispute", "reopen"]),
    some.sampled_from(["lea", "ann", "bo"]),
    some.sampled_from(["P1", "P3"]),
    some.integers(0, 1),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(_STEP, max_size=12))
def test_what_is_settled_is_what_a_slow_fold_of_all_rows_says(
    sqlite_desk: Desk, steps: list[tuple[str, str, str, int]]
) -> None:
    made = _made_once(sqlite_desk)
    for act, name, indicator, value in steps:
        about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": indicator}
        stands = [each for who in ("ann", "bo", "lea") for each in made.standing(who, indicator)]
        try:
            if act == "give":
                made.give(name, indicator, value)
            elif act == "agree":
                agree(by=made[name], answer=stands[0] if stands else "", note="so", **about)
            else:
                settle = dispute if act == "dispute" else reopen
                settle(by=made[name], note="a note", **about)
        except (AnswerFirst, IndicatorSettled, NothingToSettle, SettlementNeedsAnother):
            continue
    found = settled(made.sight("rex"), GUIDE)
    for indicator in ("P1", "P3"):
        each = found.get(indicator)
        shown = each and (each.outcome.value, each.answer.id if each.answer else None)
        assert shown == slow_fold(made, indicator)


def _made_once(desk: Desk) -> Programme:
    """Make the programme at the first example, and a fresh round at each: all share one desk."""
    key = str(desk.workspace.root)
    if key not in _MADE:
        _MADE[key] = programme()
    known = _MADE[key]
    round = a_round(known["olga"], HERE, [GUIDE])
    members = [Member(known[name].pk, part) for name, part in TEAM.items()]
    set_team(by=known["olga"], round=round, members=members)
    return Programme(known.people, round)


_MADE: dict[str, Programme] = {}


def test_who_owes_what_is_told_by_area_and_by_person(sqlite_desk: Desk) -> None:
    made = programme()
    for name in ("ann", "bo"):
        made.give(name, "L3", "no")
    made.give("ann", "P1", 1)
    made.give("bo", "P1", 2)
    told_of = progress(made.sight("lea"), GUIDE)
    law, people, work = told_of.areas
    assert (law.asked, law.answered, law.agreed) == (3, 1, 1), "L4 is asked after a yes only"
    assert (people.asked, people.disputed, work.answered) == (4, 1, 0)
    owed = {each.name: (each.owed, each.given) for each in told_of.people}
    assert owed == {"Lea": (0, 0), "Ann": (11, 2), "Bo": (11, 2)}, "who only leads owes no answer"
    assert waiting_of(made["lea"]).owed == ()
    made.give("lea", "P2", 3)
    lea = next(each for each in progress(made.sight("lea"), GUIDE).people if each.name == "Lea")
    assert (lea.owed, lea.given) == (11, 1), "a lead who answers owes as assessors do"
    (waits,) = waiting_of(made["lea"]).owed
    assert waits.missing == lea.missing
    assert progress(made.sight("fay"), GUIDE).people == ()


def test_a_value_that_is_text_and_one_that_is_a_number_are_not_the_same(sqlite_desk: Desk) -> None:
    made = programme()
    made.give("ann", "W4", 0, parts={"exists": said("yes"), "read": said(2)})
    made.give("bo", "W4", 0, parts={"read": said(2), "exists": said("yes")})
    assert now(made, "W4").outcome is Outcome.AGREED
    made.give("bo", "W4", 0, parts={"exists": said("yes")})
    assert now(made, "W4").outcome is Outcome.DISPUTED
    rows = answers_where(made.sight("lea"), indicator="W4", is_latest=True)
    assert len({what(row) for row in rows}) == 2
    assert conflicts(made.sight("lea")) == []
