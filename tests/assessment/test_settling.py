"""Where an indicator stands after what people gave and settled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.assessment.answer import Answer, Evidence, Given, Kind, Outcome, Ruled
from kancil.assessment.settling import (
    Agreement,
    Ruling,
    Settling,
    agreement,
    conflicts,
    said,
    settle,
)
from tests.assessment.small import answer

ANN, BO, BO_SAME = answer("A1", 2, "ann"), answer("A1", 3, "bo"), answer("A1", 2, "bo")
LATER = replace(answer("A1", 1, "ann"), id="A1-ann-later")


def ruled(ruling: Ruling, *covers: Answer, agreed: Answer | None = None) -> Settling:
    ids = frozenset(each.id for each in covers)
    return Settling(ruling, agreed.id if agreed else None, ids, "a note")


CASES: list[tuple[list[Answer], Settling | None, Outcome, Answer | None]] = [
    ([ANN], None, Outcome.ALONE, ANN),
    ([ANN, BO_SAME], None, Outcome.AGREED, BO_SAME),
    ([ANN, BO], None, Outcome.DISPUTED, None),
    ([ANN, BO], ruled(Ruling.AGREED, ANN, BO, agreed=ANN), Outcome.AGREED, ANN),
    ([ANN], ruled(Ruling.AGREED, ANN, agreed=ANN), Outcome.AGREED, ANN),
    ([ANN, BO_SAME], ruled(Ruling.DISPUTED, ANN, BO_SAME), Outcome.DISPUTED, None),
    ([ANN, BO_SAME], ruled(Ruling.REOPENED, ANN, BO_SAME), Outcome.DISPUTED, None),
    ([ANN], ruled(Ruling.REOPENED, ANN), Outcome.ALONE, ANN),
    # What was settled of other answers than those that stand counts no more.
    ([LATER, BO], ruled(Ruling.AGREED, ANN, BO, agreed=BO), Outcome.DISPUTED, None),
    ([ANN, BO], ruled(Ruling.AGREED, ANN, agreed=ANN), Outcome.DISPUTED, None),
    # One author on two laptops.
    ([ANN, LATER], None, Outcome.DISPUTED, None),
    ([ANN, replace(ANN, id="twice")], None, Outcome.ALONE, replace(ANN, id="twice")),
]


@pytest.mark.parametrize(("standing", "settling", "outcome", "counts"), CASES)
def test_an_indicator_stands_where_its_answers_and_settlements_put_it(
    standing: list[Answer], settling: Settling | None, outcome: Outcome, counts: Answer | None
) -> None:
    found = settle("A1", standing, settling)
    assert found is not None
    assert (found.outcome, found.answer and found.answer.id) == (outcome, counts and counts.id)
    assert found.answers == tuple(standing)


def cited(answer: Answer, *ids: str) -> Answer:
    return replace(answer, evidence=tuple(Evidence(each, "a", each, "statute") for each in ids))


@pytest.mark.parametrize("is_ruled", [False, True])
def test_what_counts_rests_on_the_evidence_of_all_who_said_the_same(is_ruled: bool) -> None:
    ann, bo = cited(ANN, "law", "decree"), cited(BO_SAME, "decree")
    carl = cited(answer("A1", 3 if is_ruled else 2, "carl"), "other")
    for order in ([ann, bo, carl], [carl, bo, ann]):
        settling = ruled(Ruling.AGREED, *order, agreed=bo) if is_ruled else None
        found = settle("A1", order, settling)
        assert found is not None
        assert found.answer is not None
        cited_in = {each.id for each in found.answer.evidence}
        assert cited_in == ({"law", "decree"} if is_ruled else {"law", "decree", "other"})
        assert len(found.answer.evidence) == len(cited_in)
        assert found.answers == tuple(order), "each keeps their own"


def test_who_settled_is_named_only_where_somebody_else_said_otherwise() -> None:
    eve = answer("A1", 1, "eve")
    for by, standing, is_named in (
        ("lea", [ANN, BO], True), ("bo", [ANN, BO], False), ("lea", [ANN, BO_SAME], False),
        ("lea", [ANN], False), ("bo", [ANN, BO, eve], True), ("lea", [ANN, LATER], False),
        ("", [ANN, BO], False),
    ):  # fmt: skip
        settling = replace(ruled(Ruling.AGREED, *standing, agreed=ANN), by=by, part="lead")
        found = settle("A1", standing, settling)
        assert found is not None
        assert found.ruled == (Ruled(by, "lead") if is_named else None), (by, standing)


def test_where_nobody_answered_nothing_stands() -> None:
    assert settle("A1", [], ruled(Ruling.REOPENED, ANN)) is None


def test_a_number_and_the_same_in_letters_are_two_answers() -> None:
    text = replace(ANN, given=Given(Kind.VALUE, "2"))
    assert said(ANN) != said(text)
    assert said(ANN) == said(replace(ANN, given=Given(Kind.VALUE, 2, "a reason"), comment="x"))


def test_conflicts_are_told_by_indicator_and_author() -> None:
    assert conflicts({"A1": [ANN, BO, LATER], "A2": [ANN, BO]}) == {"A1": {"ann": [ANN, LATER]}}


def test_agreement_tells_alike_from_settled_after_talking() -> None:
    alike = settle("A1", [ANN, BO_SAME], None)
    talked = settle("A2", [ANN, BO], ruled(Ruling.AGREED, ANN, BO, agreed=ANN))
    single = settle("A3", [ANN], ruled(Ruling.AGREED, ANN, agreed=ANN))
    alone, disputed = settle("A4", [ANN], None), settle("A5", [ANN, BO], None)
    found = {
        each: one
        for each, one in zip(
            ("A1", "A2", "A3", "A4", "A5"), (alike, talked, single, alone, disputed), strict=True
        )
        if one is not None
    }
    assert agreement(found, [*found, "A6"]) == Agreement(6, 1, 1, 1)
