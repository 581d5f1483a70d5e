"""What a sign-off is of: all that the country had before it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.answer import Answer, Given, Kind, Outcome, Settled
from kancil.assessment.protocol import Confidence
from kancil.assessment.voice import CommentKind, CommentSaid, ReplyOutcome, ReplySaid, stood_sha256
from kancil.ground.canonical import dumps
from kancil.ground.digests import sha256_hex

AT = datetime(2026, 6, 1, tzinfo=UTC)


def answer(value: int = 2, id: str = "a1") -> Answer:
    return Answer(
        id=id, indicator="P1", by="7", at=AT, given=Given(Kind.VALUE, value), parts={},
        confidence=Confidence.HIGH, comment="", evidence=(),
    )  # fmt: skip


def settled(one: Answer, outcome: Outcome = Outcome.AGREED) -> Settled:
    return Settled("P1", outcome, one, (one,))


def comment(text: str = "Wrong", *, of_country: bool = True) -> CommentSaid:
    return CommentSaid(
        "c1", "guide", "P1", "", CommentKind.CORRECTION, text, "Mia", "Ministry", of_country, AT,
        False, (), (ReplySaid(ReplyOutcome.CORRECTED, "Mended", "Lea", AT),),
    )  # fmt: skip


BASE = ("r1", {"guide": {"P1": settled(answer())}}, [comment()])


def test_the_digest_is_that_of_the_page_of_the_format() -> None:
    value = {"kind": "value", "reason": "", "value": 2}
    stood = {
        "format": "kancil-sign-off/1",
        "round": "r1",
        "answers": [
            {"protocol": "guide", "indicator": "P1", "outcome": "agreed", "answer": "a1",
             "given": value, "parts": {}}
        ],
        "comments": [
            {"id": "c1", "kind": "correction", "text": "Wrong",
             "replies": [{"outcome": "corrected", "text": "Mended"}]}
        ],
    }  # fmt: skip
    assert stood_sha256(*BASE) == sha256_hex(dumps(stood))


def test_another_answer_comment_or_reply_is_another_digest() -> None:
    round, answers, comments = BASE
    (said,) = comments
    others = [
        ("r2", answers, comments),
        (round, {}, comments),
        (round, {"guide": {"P1": settled(answer(3))}}, comments),
        (round, {"guide": {"P1": settled(answer(id="a2"))}}, comments),
        (round, {"guide": {"P1": settled(answer(), Outcome.ALONE)}}, comments),
        (round, answers, []),
        (round, answers, [comment("Right")]),
        (round, answers, [replace(said, replies=())]),
        (round, answers, [replace(said, replies=(*said.replies, *said.replies))]),
    ]
    found = {stood_sha256(*each) for each in [BASE, *others]}
    assert len(found) == 1 + len(others)


@given(st.text(max_size=20), st.permutations(["P1", "P2", "P3"]))
def test_what_a_reviewer_said_and_the_order_of_questions_are_no_part_of_it(
    text: str, order: list[str]
) -> None:
    one = settled(answer())
    there = {"guide": dict.fromkeys(("P1", "P2", "P3"), one)}
    shuffled = {"guide": dict.fromkeys(order, one)}
    said = [comment(), comment(text, of_country=False)]
    assert stood_sha256("r1", shuffled, said) == stood_sha256("r1", there, [comment()])
