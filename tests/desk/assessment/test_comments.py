"""Comments, replies and the sign-off: who sees which, what is refused, and when a round closes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kancil.assessment.answer import Outcome
from kancil.assessment.voice import ClosedAs, CommentKind
from kancil.desk.assessment.actions.answers import agree
from kancil.desk.assessment.actions.comments import (
    add_comment,
    reply,
    rest_on,
    set_term,
    sign_off,
)
from kancil.desk.assessment.actions.evidence import Brought, add_evidence, withhold_evidence
from kancil.desk.assessment.actions.rounds import close_round
from kancil.desk.assessment.errors import (
    ActNotYours,
    AnswerFirst,
    CommentsUnanswered,
    RecordNotFound,
    RoundClosed,
    RoundNotFound,
    RoundSignedOff,
    SignOffMissing,
    StoodMoved,
    TermNotPassed,
)
from kancil.desk.assessment.models import CommentTerm, Round
from kancil.desk.assessment.queries.answers import own_latest, settled
from kancil.desk.assessment.queries.comments import comments
from kancil.desk.assessment.queries.due import due_calendar, due_of
from kancil.desk.assessment.queries.evidence import brought_for
from kancil.desk.assessment.queries.sign_offs import stood_of, voice_of
from kancil.ground import clock
from kancil.ground.errors import KancilError
from tests.desk.assessment.programme import GUIDE, TODAY, Programme, programme
from tests.desk.desks import Desk

LATER = date(2090, 1, 1)
DECREE = Brought("a", "document", "Decree of May", "No. 14/2026")


@pytest.fixture
def made(sqlite_desk: Desk) -> Programme:
    return programme()


def say(made: Programme, who: str, indicator: str = "P1", **other: Any) -> str:
    about: dict[str, Any] = {"kind": "comment", "text": f"{who} says", "office": "Ministry"}
    about |= {"protocol": GUIDE, "indicator": indicator}
    return add_comment(by=made[who], round=made.round, **{**about, **other})


def answered(made: Programme, comment: str, who: str = "lea") -> str:
    return reply(by=made[who], round=made.round, comment=comment, outcome="noted", text="Read")


def agreed(made: Programme, indicator: str = "P1") -> None:
    """Two gave the same, and a third settled it."""
    for name in ("ann", "bo"):
        made.give(name, indicator, 2)
    (hers,) = made.standing("ann", indicator)
    agree(by=made["lea"], round=made.round, protocol=GUIDE, indicator=indicator, answer=hers)


def texts(made: Programme, who: str) -> set[str]:
    return {each.text for each in comments(made.sight(who))}


def term_passed(made: Programme) -> None:
    """Name a term, and let it be over."""
    set_term(by=made["lea"], round=made.round, due_on=LATER)
    CommentTerm.objects.update(due_on=clock.now().date() - timedelta(days=2))


def test_the_country_sees_its_own_comments_and_the_team_all_of_them(made: Programme) -> None:
    for name in ("rex", "fay", "mia"):
        say(made, name)
    everybody = {"rex says", "fay says", "mia says"}
    for name in ("lea", "ann", "bo", "rex", "olga"):
        assert texts(made, name) == everybody, name
    for name in ("fay", "mia"):
        assert texts(made, name) == {"fay says", "mia says"}, name
        assert voice_of(made.sight(name)).count == 2
    for name in ("far", "don", "ada", "out"):
        with pytest.raises(RoundNotFound):
            say(made, name)
    for name in ("lea", "ann", "olga"):
        with pytest.raises(ActNotYours):
            say(made, name)


def test_no_comment_tells_an_assessor_what_the_other_gave_before_their_own_answer(
    made: Programme,
) -> None:
    made.give("ann", "P1", 2)
    said = say(made, "rex", text="Ann's 2 is too high")
    assert texts(made, "bo") == set()
    with pytest.raises(RecordNotFound):
        answered(made, said, "bo")
    assert texts(made, "ann") == texts(made, "lea") == {"Ann's 2 is too high"}
    made.give("bo", "P1", 1)
    assert texts(made, "bo") == {"Ann's 2 is too high"}


def test_a_comment_keeps_the_answer_that_stood_and_tells_whether_it_changed(
    made: Programme,
) -> None:
    made.give("ann", "P1", 2)
    say(made, "fay")
    made.give("bo", "P1", 2)
    (one,) = comments(made.sight("fay"), GUIDE, "P1")
    assert not one.changed_since, "another gave the same"
    made.give("bo", "P1", 1)
    made.give("ann", "P1", 1)
    (one,) = comments(made.sight("fay"), GUIDE, "P1")
    assert one.changed_since
    assert comments(made.sight("fay"), GUIDE, "P3") == []


def test_a_section_of_the_report_takes_comments_too_and_nothing_else_does(made: Programme) -> None:
    say(made, "mia", "", protocol="", section="area/guide/law")
    (one,) = comments(made.sight("lea"), section="area/guide/law")
    assert (one.section, one.indicator, one.changed_since) == ("area/guide/law", "", False)
    wrong: tuple[dict[str, Any], ...] = (
        {"section": "../x y"}, {"section": "area/law"}, {"indicator": "none"},
        {"protocol": "none-1"}, {"kind": "praise"}, {"text": " "}, {"kind": "evidence"},
        {"kind": "evidence", "evidence": Brought("z", "document", "T")},
        {"office": "x" * 201}, {"text": "half \ud800"},
    )  # fmt: skip
    for each in wrong:
        with pytest.raises(KancilError):
            say(made, "mia", **each)
    assert len(comments(made.sight("lea"))) == 1


def test_evidence_of_a_comment_supports_an_answer_by_one_act_and_opens_what_was_agreed(
    made: Programme,
) -> None:
    agreed(made)
    said = say(made, "mia", kind="evidence", evidence=DECREE)
    (one,) = comments(made.sight("ann"))
    (item,) = one.evidence
    assert (one.kind, item.title, item.reference) == (CommentKind.EVIDENCE, "Decree of May",
                                                       "No. 14/2026")  # fmt: skip
    with pytest.raises(AnswerFirst):
        rest_on(by=made["lea"], round=made.round, comment=said)
    rest_on(by=made["ann"], round=made.round, comment=said)
    (own,) = own_latest(made.sight("ann"), GUIDE, "P1")
    assert [each.id for each in own.evidence] == [item.id]
    now = settled(made.sight("ann"), GUIDE)["P1"]
    assert (now.outcome, now.is_closed) == (Outcome.AGREED, False)
    before = own.id
    assert rest_on(by=made["ann"], round=made.round, comment=said) == before, "the same once more"
    with pytest.raises(RecordNotFound):
        rest_on(by=made["ann"], round=made.round, comment=say(made, "fay"))
    withhold_evidence(by=made["lea"], round=made.round, evidence=item.id, reason="Names people")
    (hidden,) = [each for each in comments(made.sight("fay")) if each.id == said]
    assert [each.title for each in hidden.evidence] == [""]


def test_evidence_from_a_question_belongs_to_it_at_once(made: Programme) -> None:
    about: dict[str, Any] = {"by": made["ann"], "round": made.round, "grade": "a"}
    about |= {"kind": "document", "question": (GUIDE, "P1")}
    first = add_evidence(**about, title="Before the answer")
    assert brought_for(made.sight("ann"), GUIDE, "P1") == [first]
    assert brought_for(made.sight("ann"), GUIDE, "P3") == []
    assert brought_for(made.sight("bo"), GUIDE, "P1") == []
    made.give("ann", "P1", 2, evidence=(first,))
    second = add_evidence(**about, title="After it")
    (own,) = own_latest(made.sight("ann"), GUIDE, "P1")
    assert {each.id for each in own.evidence} == {first, second}
    made.give("bo", "P1", 2)
    agree(by=made["lea"], round=made.round, protocol=GUIDE, indicator="P1", answer=own.id)
    add_evidence(**about, title="Once it is agreed")
    assert own_latest(made.sight("ann"), GUIDE, "P1")[0].id == own.id


def test_a_sign_off_is_of_what_stands_and_counts_no_more_once_that_changes(
    made: Programme,
) -> None:
    agreed(made)
    said = say(made, "mia")
    with pytest.raises(CommentsUnanswered):
        made.signed_off()
    answered(made, said)
    for name in ("mia", "lea", "olga", "rex"):
        with pytest.raises(ActNotYours):
            made.signed_off(by=name)
    seen = stood_of(made.round)
    made.give("ann", "P3", 1)
    about: dict[str, Any] = {"official": "M", "office": "Ministry", "signed_on": TODAY}
    with pytest.raises(StoodMoved):
        sign_off(by=made["fay"], round=made.round, seen=seen, **about)
    made.signed_off()
    assert voice_of(made.sight("lea")).is_signed
    for name in ("rex", "fay", "mia"):
        with pytest.raises(RoundSignedOff):
            say(made, name)
    with pytest.raises(RoundSignedOff):
        made.signed_off()
    made.give("bo", "P3", 2)
    assert not voice_of(made.sight("lea")).is_signed
    with pytest.raises(SignOffMissing):
        close_round(by=made["lea"], round=made.round)
    answered(made, say(made, "fay"))
    made.signed_off()
    answered(made, said)
    assert not voice_of(made.sight("lea")).is_signed, "another reply is another word"
    made.closed()
    assert voice_of(made.sight("fay")).closed_as is ClosedAs.SIGNED_OFF
    acts: tuple[Callable[[], object], ...] = (
        lambda: say(made, "fay"),
        lambda: answered(made, said),
        made.signed_off,
    )
    for act in acts:
        with pytest.raises(RoundClosed):
            act()


def test_a_reviewers_comment_needs_a_reply_and_voids_no_sign_off(made: Programme) -> None:
    said = say(made, "rex")
    made.signed_off()
    with pytest.raises(CommentsUnanswered):
        close_round(by=made["lea"], round=made.round)
    answered(made, said)
    close_round(by=made["lea"], round=made.round)
    assert Round.objects.get(id=made.round).closed_as == "signed-off"


def test_a_round_is_not_commented_only_after_its_term_and_without_a_word(
    made: Programme,
) -> None:
    about: dict[str, Any] = {"by": made["lea"], "round": made.round, "unsigned": True}
    with pytest.raises(TermNotPassed):
        close_round(**about)
    with pytest.raises(KancilError):
        set_term(by=made["lea"], round=made.round, due_on=date(2020, 1, 1))
    set_term(by=made["lea"], round=made.round, due_on=LATER)
    with pytest.raises(TermNotPassed):
        close_round(**about)
    term_passed(made)
    with pytest.raises(SignOffMissing):
        close_round(by=made["lea"], round=made.round)
    with pytest.raises(ActNotYours):
        close_round(**{**about, "by": made["olga"]})
    close_round(**about)
    assert voice_of(made.sight("fay")).closed_as is ClosedAs.NOT_COMMENTED


def test_whoever_spoke_is_never_called_silent(made: Programme) -> None:
    answered(made, say(made, "mia"))
    term_passed(made)
    close_round(by=made["lea"], round=made.round, unsigned=True)
    assert voice_of(made.sight("fay")).closed_as is ClosedAs.NOT_SIGNED_OFF


def test_an_old_round_that_is_closed_says_that_nothing_was_kept_of_it(made: Programme) -> None:
    Round.objects.filter(id=made.round).update(closed_at=datetime(2025, 1, 1, tzinfo=UTC))
    voice = voice_of(made.sight("fay"))
    assert (voice.closed_as, voice.sign_off) == (None, None)


def test_what_is_due_stands_in_a_calendar_and_what_is_late_on_today(made: Programme) -> None:
    term_passed(made)
    day = clock.now().date()
    found = due_of(made["lea"], day)
    assert {each.kind for each in found} == {"period", "term-over"}
    assert all(each.is_late for each in found)
    made.signed_off()
    assert {each.kind for each in due_of(made["lea"], day)} == {"period", "close"}
    assert due_of(made["fay"], day) == []
    made.give("ann", "P1", 1)
    assert {each.kind for each in due_of(made["fay"], day)} == {"sign-off"}
    content = due_calendar(found, day, ZoneInfo("Asia/Phnom_Penh"), clock.now()).decode()
    starts = re.findall(r"DTSTART:(\d{8})T020000Z", content)
    assert starts == [day.strftime("%Y%m%d")] * 2, "nine in the morning, where the workspace is"
    assert "First round" in content
    again = due_calendar(found, LATER, ZoneInfo("UTC"), clock.now()).decode()
    assert re.findall("UID:.*", again) == re.findall("UID:.*", content)
