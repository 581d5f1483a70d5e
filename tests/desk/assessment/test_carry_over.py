"""Answers carried over on each database: one's own, confirmed, and told when a source moves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kancil.assessment.answer import Given, Kind
from kancil.assessment.protocol_files.library import named_protocol
from kancil.desk.assessment.actions.answers import agree
from kancil.desk.assessment.actions.carrying import carry_over
from kancil.desk.assessment.actions.evidence import use_extract
from kancil.desk.assessment.actions.legal import add_extract
from kancil.desk.assessment.errors import ActNotYours, CarryOverMoved, RoundClosed, RoundNotFound
from kancil.desk.assessment.models import Act, Answer, Round
from kancil.desk.assessment.queries.carry_over import CarryOver, changed_sources, rests_on
from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
from kancil.ground.errors import KancilError
from tests.desk.assessment.programme import HERE, Programme, programme
from tests.desk.assessment.test_acts import EXTRACT
from tests.desk.desks import Desk

LEGAL = named_protocol("legal").name


def offered(made: Programme, name: str = "ann") -> CarryOver:
    return carry_over_of(made.sight(name), LEGAL)


def take(made: Programme, *targets: str, name: str = "ann") -> list[str]:
    sources = {each.target: each.source.id for each in offered(made, name).proposals}
    wanted = {each: sources.get(each, "none") for each in targets}
    return carry_over(by=made[name], round=made.round, protocol=LEGAL, wanted=wanted)


def answer(made: Programme, value: int, *evidence: str, name: str = "ann") -> str:
    return made.give(name, "budapest.2", value, protocol=LEGAL, evidence=evidence)


def test_an_own_answer_goes_over_with_its_law_and_its_origin(desk: Desk) -> None:
    made = programme(LEGAL)
    law = add_extract(by=made["ann"], country=HERE, extract=EXTRACT)
    item = use_extract(by=made["ann"], round=made.round, extract=law, grade="a")
    made.give("bo", "uncc.7", 0, protocol=LEGAL)
    source = answer(made, 2, item)
    (one,) = offered(made).of_extract(law).proposals
    assert (one.target, one.source.id, rests_on(one.source, law)) == ("uncc.7", source, True)
    assert offered(made).of_extract("other").proposals == ()
    assert offered(made, "bo").proposals[0].target == "budapest.2", "their own, not ann's"
    (id,) = take(made, "uncc.7")
    row = Answer.objects.get(id=id)
    assert (row.author, row.carried_from_id, (row.given or {})["value"]) == (made["ann"], source, 2)
    assert [each.id for each in row.evidence.all()] == [item]
    assert row.comment.startswith("Taken over from Budapest Convention, 2, answered on 2")
    assert Act.objects.filter(kind="answer.carried", about="uncc.7", person=made["ann"]).exists()
    others = Answer.objects.get(author=made["bo"])
    assert ((others.given or {})["value"], others.is_latest) == (0, True)
    assert offered(made).proposals == ()
    with pytest.raises(CarryOverMoved):
        take(made, "uncc.7")


def test_what_is_not_proposed_any_more_is_refused_whole(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    answer(made, 2)
    made.give("ann", "budapest.3", 1, protocol=LEGAL)
    wanted = {each.target: each.source.id for each in offered(made).proposals}
    assert set(wanted) == {"uncc.7", "uncc.8"}
    answer(made, 1)
    count = Answer.objects.count()
    with pytest.raises(CarryOverMoved):
        carry_over(by=made["ann"], round=made.round, protocol=LEGAL, wanted=wanted)
    assert Answer.objects.count() == count
    assert len(take(made, "uncc.7", "uncc.8")) == 2


def test_a_carried_answer_whose_source_changed_is_told_until_it_is_looked_at(desk: Desk) -> None:
    made = programme(LEGAL)
    answer(made, 2)
    (id,) = take(made, "uncc.7")
    answer(made, 2)
    assert changed_sources([made.round]) == {}
    again = made.give("ann", "budapest.2", 2, protocol=LEGAL, comment="Other words alone")
    assert changed_sources([made.round]) == {}
    answer(made, 1)
    (change,) = offered(made).changed
    assert (change.answer, change.indicator, change.source) == (id, "uncc.7", "budapest.2")
    assert change.at > Answer.objects.get(id=again).at
    (one,) = offered(made).proposals
    assert one.follows == id
    (newer,) = take(made, "uncc.7")
    row = Answer.objects.get(id=newer)
    assert ((row.given or {})["value"], row.follows_id) == (1, id)
    assert (offered(made).changed, offered(made).proposals) == ((), ())
    answer(made, 3)
    assert offered(made).changed
    kept = made.give("ann", "uncc.7", 1, protocol=LEGAL, comment=row.comment)
    assert kept != newer, "said once more, it is one's own"
    assert (offered(made).changed, Answer.objects.get(id=kept).carried_from) == ((), None)


def test_changed_evidence_of_the_source_is_a_change_too(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    answer(made, 2, made.document())
    take(made, "uncc.7")
    answer(made, 2)
    assert [each.indicator for each in offered(made).changed] == ["uncc.7"]
    made.give("ann", "uncc.7", 0, protocol=LEGAL)
    with CaptureQueriesContext(connection) as asked:
        assert changed_sources([made.round]) == {}
    assert len(asked) == 1


def test_nobody_else_carries_and_nothing_is_carried_that_is_closed(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    source = answer(made, 2)
    wanted = {"uncc.7": source}
    refusals: list[tuple[str, type[KancilError]]] = [
        ("bo", CarryOverMoved), ("lea", CarryOverMoved), ("rex", ActNotYours),
        ("olga", ActNotYours), ("fay", ActNotYours), ("far", RoundNotFound), ("out", RoundNotFound),
    ]  # fmt: skip
    for name, refusal in refusals:
        with pytest.raises(refusal):
            carry_over(by=made[name], round=made.round, protocol=LEGAL, wanted=wanted)
    assert [offered(made, name).proposals for name in ("bo", "lea", "rex", "fay")] == [()] * 4
    other = made.give("bo", "uncc.7", 0, protocol=LEGAL)
    agree(by=made["lea"], round=made.round, protocol=LEGAL, indicator="uncc.7", answer=other)
    assert offered(made).proposals == (), "somebody agreed on it: it is answered no more"
    Round.objects.filter(id=made.round).update(closed_at=made["ann"].added_at)
    assert offered(made) == CarryOver()
    with pytest.raises(RoundClosed):
        carry_over(by=made["ann"], round=made.round, protocol=LEGAL, wanted=wanted)


def test_two_answers_of_ones_own_that_conflict_carry_nothing(sqlite_desk: Desk) -> None:
    made = programme(LEGAL)
    answer(made, 2)
    Answer.objects.create(
        round_id=made.round, protocol=LEGAL, indicator="budapest.2", author=made["ann"],
        given={"kind": "value", "value": 1, "reason": ""}, confidence="low",
        at=made["ann"].added_at,
    )  # fmt: skip
    assert offered(made).proposals == ()
    made.give("ann", "budapest.2", 0, protocol=LEGAL, parts={"mental": Given(Kind.VALUE, "yes")})
    assert offered(made).proposals == (), "the provision itself is not answered, only an element"
    made.give("ann", "budapest.2", 0, protocol=LEGAL)
    assert [each.target for each in offered(made).proposals] == ["uncc.7"]
