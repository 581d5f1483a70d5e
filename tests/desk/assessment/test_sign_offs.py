"""What a sign-off covers: a change after it voids it by name, and closing locks texts and plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kancil.assessment.planning.plan import Choice, Feasibility
from kancil.assessment.voice import Covered, stood_sha256
from kancil.desk.assessment.actions.narratives import write_text
from kancil.desk.assessment.actions.plans import (
    ItemDraft,
    add_item,
    approve_item,
    edit_item,
    finish_item,
    move_item,
    reject_item,
    set_choice,
    set_target,
)
from kancil.desk.assessment.actions.rounds import close_round
from kancil.desk.assessment.errors import RoundClosed, RoundSignedOff
from kancil.desk.assessment.models import Narrative, SignOff
from kancil.desk.assessment.queries.answers import settled
from kancil.desk.assessment.queries.comments import said_of_country
from kancil.desk.assessment.queries.papers import RoundPapers, round_papers
from kancil.desk.assessment.queries.plans import plan_of
from kancil.desk.assessment.queries.sign_offs import stood_of, voice_of
from kancil.desk.assessment.rows import settled_in
from kancil.ground import clock
from kancil.reports.programme.country.evidence import evidence_of
from kancil.reports.programme.country.signed import countrys_word
from tests.desk.assessment.programme import GUIDE, TODAY, Programme, programme
from tests.desk.desks import Desk

DRAFT = ItemDraft(
    "A course",
    GUIDE,
    ("P1",),
    "training",
    "The academy",
    "Twenty certificates",
    not_forces_reason="For judges",
)


@pytest.fixture
def made(sqlite_desk: Desk) -> Programme:
    return programme()


def written(made: Programme, text: str, section: str = "headline") -> str:
    before = Narrative.objects.filter(section=section, is_latest=True).first()
    return write_text(
        by=made["lea"], round=made.round, section=section, kind="narrative", text=text,
        follows=before.id if before else None,
    )  # fmt: skip


def item(made: Programme) -> str:
    return add_item(by=made["lea"], round=made.round, draft=DRAFT)


def changes(made: Programme, who: str = "lea") -> list[tuple[Covered, str, str]]:
    signed = voice_of(made.sight(who)).sign_off
    assert signed is not None
    assert signed.counts is (signed.changes == ())
    return [(each.kind, each.of, each.by) for each in signed.changes]


def papers_of(made: Programme) -> RoundPapers:
    """The papers of the round as they would be printed now."""
    return round_papers(made["olga"], made.round, today=TODAY, made_at=clock.now(), kancil="0")


def word(made: Programme) -> str:
    """What the printed papers say of the sign-off."""
    return " ".join(countrys_word(papers_of(made)))


def test_a_headline_written_after_the_sign_off_voids_it_by_name(made: Programme) -> None:
    written(made, "Most is in place")
    digest = stood_of(made.round)
    made.signed_off()
    assert changes(made) == []
    assert digest in word(made)
    assert "M. Official, Ministry of Justice, signed it off" in word(made)
    written(made, "A safe haven")
    assert changes(made, "fay") == [(Covered.TEXT, "headline", "Lea")]
    said = word(made)
    changed_on = papers_of(made).day_of(Narrative.objects.latest("at").at).isoformat()
    assert "Not signed off as it stands here" in said
    assert f"(SHA-256 {digest})" in said
    assert f"Changed after the sign-off: headline, by Lea on {changed_on}." in said
    assert "signed it off for the country" not in said
    with pytest.raises(Exception, match="sign-off-missing"):
        close_round(by=made["lea"], round=made.round)
    written(made, "Most is in place")
    assert changes(made) == [], "what was signed stands again"


def test_a_change_of_the_plan_or_of_a_choice_voids_it_by_name(made: Programme) -> None:
    made.give("ann", "P1", 1)
    first, second = item(made), item(made)
    made.signed_off()
    about: dict[str, Any] = {"by": made["olga"], "round": made.round}
    edit_item(**about, item=first, draft=replace(DRAFT, owner="The police"))
    assert changes(made) == [(Covered.PLAN, "A course", "Olga")]
    assert changes(made, "fay") == [(Covered.PLAN, "A course", "")], "the country is told no names"
    assert "plan item “A course”, by Olga on" in word(made)
    edit_item(**about, item=first, draft=DRAFT)
    assert changes(made) == []
    reject_item(**about, item=second, reason="Too dear")
    assert [each[:2] for each in changes(made)] == [(Covered.PLAN, "A course")]
    set_choice(
        by=made["fay"], round=made.round, protocol=GUIDE, indicator="P1", choice=Choice.FIRST
    )
    set_target(**about, protocol=GUIDE, indicator="P3", target=2, feasibility=Feasibility.READY)
    found = [each[:2] for each in changes(made)]
    assert found == [(Covered.PLAN, "A course"), (Covered.WISH, "P1"), (Covered.WISH, "P3")]


def test_an_item_that_is_approved_and_finished_after_is_still_signed(made: Programme) -> None:
    for each in ("P1", "P3", "P4"):
        made.give("ann", each, 2)
    only = item(made)
    made.signed_off()
    about: dict[str, Any] = {"by": made["olga"], "round": made.round, "item": only}
    approve_item(**about, today=TODAY)
    finish_item(**about, outcome="Held")
    assert changes(made) == []


def test_an_answer_or_comment_that_changed_is_named_without_whose_it_is(made: Programme) -> None:
    made.give("ann", "P1", 1)
    made.signed_off()
    made.give("ann", "P1", 2)
    made.give("bo", "P3", 2)
    assert changes(made) == [(Covered.ANSWER, "P1", ""), (Covered.ANSWER, "P3", "")]
    assert "answer P1; answer P3" in word(made)


def test_more_changes_than_a_sentence_holds_are_counted(made: Programme) -> None:
    made.signed_off()
    for place in range(8):
        add_item(by=made["lea"], round=made.round, draft=replace(DRAFT, title=f"Item {place}"))
    assert word(made).count("plan item") == 6
    assert "; 2 more." in word(made)


def test_closing_locks_texts_and_plan_and_lets_the_plan_be_carried_out(made: Programme) -> None:
    for each in ("P1", "P3", "P4"):
        made.give("ann", each, 2)
    written(made, "Most is in place")
    only, other = item(made), item(made)
    made.closed()
    about: dict[str, Any] = {"by": made["olga"], "round": made.round}
    of: dict[str, Any] = {**about, "protocol": GUIDE, "indicator": "P1"}
    acts = (
        lambda: written(made, "A safe haven"),
        lambda: item(made),
        lambda: edit_item(**about, item=only, draft=DRAFT),
        lambda: move_item(**about, item=other, position=0, reason="First"),
        lambda: set_target(**of, target=1, feasibility=Feasibility.READY),
        lambda: set_choice(**{**of, "by": made["fay"]}, choice=Choice.FIRST),
    )
    for act in acts:
        with pytest.raises(RoundClosed):
            act()
    approve_item(**about, item=only, today=TODAY)
    finish_item(**about, item=only, outcome="Held")
    assert [each.state.value for each in plan_of(made.sight("olga"), TODAY)] == ["done", "proposed"]
    assert changes(made) == []


def test_a_sign_off_from_before_says_that_texts_were_not_covered(made: Programme) -> None:
    made.give("ann", "P1", 1)
    made.signed_off()
    settled = {name: each for (_, name), each in settled_in([made.round]).items()}
    before = stood_sha256(made.round, settled, said_of_country(made.round))
    SignOff.objects.update(parts=None, stood_sha256=before)
    written(made, "A safe haven")
    assert voice_of(made.sight("lea")).is_signed
    said = word(made)
    assert "signed it off for the country" in said
    assert "covers answers, comments and replies; texts and plan were not covered" in said
    assert before in said
    made.give("ann", "P1", 2)
    assert not voice_of(made.sight("lea")).is_signed
    assert "Texts and plan were not covered" in word(made)


def test_a_paper_before_the_sign_off_has_the_digest_that_would_be_signed(made: Programme) -> None:
    written(made, "Most is in place")
    assert stood_of(made.round) in word(made)
    made.signed_off()
    assert SignOff.objects.get().stood_sha256 == stood_of(made.round)
    with pytest.raises(RoundSignedOff):
        made.signed_off()


def test_all_who_agree_are_seen_with_their_evidence_by_everybody(made: Programme) -> None:
    law = made.document("ann", "The law")
    made.give("ann", "P1", 2, evidence=(law,))
    made.give("bo", "P1", 2)
    for who in ("lea", "olga", "fay", "mia"):
        answer = settled(made.sight(who), GUIDE)["P1"].answer
        assert answer is not None
        assert [each.title for each in answer.evidence] == ["The law"], who
    papers = papers_of(made)
    assert [each.item.title for each in evidence_of(papers.whole)] == ["The law"]
    (one,) = papers.whole.protocols
    assert one.profile is not None
    lines = [each for figure in one.profile.figures for each in figure.lines]
    assert {each.confirmed for each in lines if each.indicator == "P1"} == {True}
