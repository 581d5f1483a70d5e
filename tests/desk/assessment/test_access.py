"""Who sees what: every role asks every query, and no interview and no other country comes out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from kancil.assessment.answer import Outcome
from kancil.assessment.exchange import Audience
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.answers import agree, dispute
from kancil.desk.assessment.actions.board import BodyInput, add_body
from kancil.desk.assessment.actions.evidence import File, Held, show_evidence, withhold_evidence
from kancil.desk.assessment.actions.legal import Extract, add_extract
from kancil.desk.assessment.actions.releases import record_release
from kancil.desk.assessment.actions.rounds import Member, set_team
from kancil.desk.assessment.errors import (
    ActNotYours,
    AnswerFirst,
    CountryNotFound,
    RecordNotFound,
    RoundNotFound,
    SettlementNeedsAnother,
)
from kancil.desk.assessment.models import Act, EvidenceItem, Part
from kancil.desk.assessment.queries import (
    answers,
    board,
    countries,
    evidence,
    leaving,
    legal,
    papers,
    plans,
    releases,
    rounds,
    site,
)
from kancil.desk.assessment.rows import masked
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.people.models import Person, Role
from kancil.ground.errors import KancilError
from tests.desk.assessment.programme import (
    GUIDE,
    HERE,
    ROLES,
    THERE,
    TODAY,
    Programme,
    a_round,
    programme,
)
from tests.desk.desks import Desk

EVERYBODY = frozenset(ROLES)
ROUND = frozenset({"olga", "lea", "ann", "bo", "rex", "fay", "mia"})
ANSWERS = ROUND - {"fay", "mia"}
"""Of the assessors, `bo` has not answered P1 yet: nothing says to `bo` what `ann` gave."""
COUNTRY = ROUND | {"don", "ada"}
SECRETS = ("SECRET-GROUP", "SECRET-CONSENT", "SECRET-NOTES")
WITHHELD = "WITHHELD-REPORT"
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A round with all that somebody might see too much of."""

    made: Programme
    held: Held
    document: str
    other: str
    """A round of the other country."""


@pytest.fixture
def world(sqlite_desk: Desk) -> World:
    made = programme()
    held = made.interview("ann")
    report = made.document("ann", WITHHELD)
    withhold_evidence(by=made["ann"], round=made.round, evidence=report, reason="It names people")
    plain = made.document("ann", "Public decree")
    made.give("ann", "P1", 2, comment="ANNS-COMMENT", evidence=(held.evidence, report, plain))
    made.give("ann", "P3", 1, comment="DISPUTED-COMMENT", evidence=(held.evidence,))
    made.give("bo", "P3", 2, comment="DISPUTED-COMMENT")
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "P3"}
    dispute(by=made["bo"], note="DISPUTED-COMMENT", **about)
    add_body(
        by=made["olga"],
        country=HERE,
        given=BodyInput(name="Council", sector="policy", responsible="Cabinet"),
    )
    add_extract(
        by=made["ann"],
        country=HERE,
        extract=Extract("Act", "No. 1", "Art. 2", "Whoever …", "en", "Gazette"),
    )
    store = store_of(sqlite_desk.workspace)
    record_release(
        consent="Letter 12 (invented)",
        by=made["fay"], round=made.round, document="country", official="M", office="Ministry",
        released_on=TODAY, file=File(store, io.BytesIO(b"%PDF-1.7 %%EOF"), "report.pdf"),
    )  # fmt: skip
    other = a_round(made["olga"], THERE, [GUIDE])
    return World(made, held, plain, other)


QUERIES: dict[str, tuple[frozenset[str], Callable[[World, Person], Any]]] = {
    "round_of": (ROUND, lambda w, p: rounds.round_of(rounds.enter(p, w.made.round))),
    "team_of": (ROUND, lambda w, p: rounds.team_of(rounds.enter(p, w.made.round))),
    "names_in": (ROUND, lambda w, p: rounds.names_in(rounds.enter(p, w.made.round))),
    "acts": (ANSWERS, lambda w, p: rounds.acts(rounds.enter(p, w.made.round))),
    "settled": (ROUND, lambda w, p: answers.settled(rounds.enter(p, w.made.round), GUIDE)),
    "profile": (ROUND, lambda w, p: answers.profile_of(rounds.enter(p, w.made.round), GUIDE)),
    "progress": (ROUND, lambda w, p: answers.progress(rounds.enter(p, w.made.round), GUIDE)),
    "bounds": (ANSWERS, lambda w, p: answers.bounds_of(rounds.enter(p, w.made.round), GUIDE)),
    "conflicts": (ANSWERS, lambda w, p: answers.conflicts(rounds.enter(p, w.made.round))),
    "history": (ANSWERS, lambda w, p: answers.history(rounds.enter(p, w.made.round), GUIDE, "P1")),
    "own_latest": (
        ROUND,
        lambda w, p: answers.own_latest(rounds.enter(p, w.made.round), GUIDE, "P1"),
    ),
    "compare": (
        ROUND,
        lambda w, p: answers.compare_rounds(
            rounds.enter(p, w.made.round), rounds.enter(p, w.made.round), GUIDE
        ),
    ),
    "evidence": (ROUND, lambda w, p: evidence.evidence(rounds.enter(p, w.made.round))),
    "item": (
        ROUND,
        lambda w, p: evidence.evidence_item(rounds.enter(p, w.made.round), w.document),
    ),
    "interviews": (
        frozenset({"lea", "ann", "bo"}),
        lambda w, p: evidence.interviews(rounds.enter(p, w.made.round)),
    ),
    "interview": (
        frozenset({"lea", "ann"}),
        lambda w, p: evidence.interview(rounds.enter(p, w.made.round), w.held.interview),
    ),
    "interview item": (
        frozenset({"lea", "ann"}),
        lambda w, p: evidence.evidence_item(rounds.enter(p, w.made.round), w.held.evidence),
    ),
    "matrix": (ROUND, lambda w, p: legal.legal_matrix(rounds.enter(p, w.made.round), GUIDE)),
    "road": (ROUND, lambda w, p: legal.road(rounds.enter(p, w.made.round))),
    "gaps": (ROUND, lambda w, p: plans.shortfall_of(rounds.enter(p, w.made.round), GUIDE).gaps),
    "wishes": (ROUND, lambda w, p: plans.wishes(rounds.enter(p, w.made.round), GUIDE)),
    "plan": (ROUND, lambda w, p: plans.plan_of(rounds.enter(p, w.made.round), TODAY)),
    "releases": (ROUND, lambda w, p: releases.releases_of(rounds.enter(p, w.made.round))),
    "country": (COUNTRY, lambda w, p: countries.enter_country(p, HERE)),
    "extracts": (ROUND, lambda w, p: countries.extracts(countries.enter_country(p, HERE))),
    "statuses": (ROUND, lambda w, p: countries.statuses(countries.enter_country(p, HERE))),
    "board": (ROUND, lambda w, p: board.board_of(countries.enter_country(p, HERE), TODAY)),
    "focal points": (
        frozenset({"olga", "ada"}),
        lambda w, p: countries.focal_points(countries.enter_country(p, HERE)),
    ),
    "other country": (
        frozenset({"olga", "ada", "far"}),
        lambda w, p: countries.enter_country(p, THERE),
    ),
    "other round": (frozenset({"olga", "far"}), lambda w, p: rounds.enter(p, w.other)),
    "accounts": (frozenset({"olga", "ada"}), lambda w, p: site.accounts(p)),
    "keys": (frozenset({"olga", "ada", "lea"}), lambda w, p: site.known_keys(p)),
    "parcel": (
        frozenset({"lea", "ann", "bo"}),
        lambda w, p: leaving.parcel_of(p, w.made.round, Audience.TEAM, MOMENT),
    ),
    "export": (
        ROUND - {"bo"},
        lambda w, p: leaving.whole_round(p, w.made.round, today=TODAY, made_at=MOMENT, kancil="0"),
    ),
    "rounds": (EVERYBODY, lambda w, p: rounds.rounds(p)),
    "countries": (EVERYBODY, lambda w, p: countries.countries(p)),
    "released": (EVERYBODY, lambda w, p: releases.released_to(p)),
    "regional": (EVERYBODY, lambda w, p: releases.regional(p)),
}
REFUSALS = (RoundNotFound, CountryNotFound, ActNotYours, RecordNotFound, AnswerFirst)


def asked_by(world: World, name: str) -> tuple[set[str], str]:
    """Let somebody ask everything; give what was answered, and all that came out as one text."""
    answered, seen = set(), []
    for query, (_, ask) in QUERIES.items():
        try:
            seen.append(repr(ask(world, world.made[name])))
        except REFUSALS as error:
            seen.append(repr(error))
        else:
            answered.add(query)
    return answered, "\n".join(seen)


def test_each_role_gets_exactly_the_queries_it_may_have(world: World) -> None:
    for name in ROLES:
        answered, _ = asked_by(world, name)
        wanted = {query for query, (may, _) in QUERIES.items() if name in may}
        assert answered == wanted, (name, answered ^ wanted)


def test_what_an_interview_says_comes_out_for_its_author_and_the_lead_alone(world: World) -> None:
    row = EvidenceItem.objects.get(id=world.held.evidence)
    for name in ROLES:
        _, seen = asked_by(world, name)
        told = {each for each in (*SECRETS, "2026, 4, 3", row.id, world.held.interview)
                if each in seen}  # fmt: skip
        if name in ("lea", "ann"):
            assert set(SECRETS) <= told
        else:
            assert not told, (name, told)
        assert ("'interview'" in seen) is (name in {"lea", "ann", "bo", "rex", "olga"}), name
        assert (WITHHELD in seen) is (name in {"lea", "ann", "bo", "rex", "olga"}), name
        assert ("DISPUTED-COMMENT" in seen) is (name in {"lea", "ann", "bo", "rex", "olga"}), name


def test_nobody_hears_of_another_country_that_is_not_theirs(world: World) -> None:
    for name in ROLES:
        _, seen = asked_by(world, name)
        assert (f"Land {THERE}" in seen) is (name in {"olga", "ada", "far"}), name
        assert (f"Land {HERE}" in seen) is (name not in {"far", "out", "off"}), name


def test_what_leaves_the_site_has_no_interview_even_by_its_author(world: World) -> None:
    for name in ("ann", "lea"):
        sight: Sight = world.made.sight(name).leaving()
        found = answers.settled(sight, GUIDE)["P1"]
        assert found.answer is not None
        kinds = {each.kind: each for each in found.answer.evidence}
        assert set(kinds) == {"interview", "withheld", "document"}
        hidden = kinds["interview"]
        assert (hidden.id, hidden.title, hidden.grade) == (masked(world.held.evidence), "", "b")
        assert (hidden.dated, hidden.interview) == (None, None)
        assert not any(each.kind.startswith("interview") for each in rounds.acts(sight))
        with pytest.raises(ActNotYours):
            evidence.interviews(sight)
        with pytest.raises(RecordNotFound):
            evidence.interview(sight, world.held.interview)


def test_no_export_and_no_file_for_others_says_what_an_interview_said(world: World) -> None:
    row = EvidenceItem.objects.get(id=world.held.evidence)
    for name in ROLES:
        for query in ("parcel", "export"):
            may, ask = QUERIES[query]
            if name in may:
                seen = repr(ask(world, world.made[name]))
                found = [each for each in (*SECRETS, row.id, world.held.interview) if each in seen]
                assert not found, (name, query)
                assert (WITHHELD in seen) is (query == "parcel" and name == "ann")


def test_of_an_interview_that_was_withheld_not_even_the_reason_leaves(world: World) -> None:
    about: dict[str, Any] = {"round": world.made.round, "evidence": world.held.evidence}
    withhold_evidence(by=world.made["ann"], reason="Fears for his post", **about)
    asked: dict[str, Any] = {"today": TODAY, "made_at": MOMENT, "kancil": "0"}
    for name in ROUND - {"bo"}:
        found = papers.round_papers(world.made[name], world.made.round, **asked)
        assert found.withheld == ("It names people",), name
        assert "Fears" not in repr(found), name


def test_from_the_countrys_side_only_what_counts_is_seen(world: World) -> None:
    sight = world.made.sight("fay")
    found = answers.settled(sight, GUIDE)
    alone, disputed = found["P1"], found["P3"]
    assert alone.answer is not None
    assert (alone.outcome, alone.answers, alone.answer.by) == (Outcome.ALONE, (), "")
    assert alone.answer.comment == ""
    assert sorted((each.kind, each.grade) for each in alone.answer.evidence) == [
        ("document", "a"), ("withheld", ""),
    ]  # fmt: skip
    assert (disputed.answer, disputed.answers, disputed.note) == (None, (), "")
    lines = [line for each in answers.profile_of(sight, GUIDE).figures for line in each.lines]
    assert "b" not in {line.grade for line in lines}
    about: dict[str, Any] = {"round": world.made.round, "protocol": GUIDE, "indicator": "P1"}
    agree(by=world.made["lea"], answer=world.made.standing("ann", "P1")[0], **about)
    settled = answers.settled(sight, GUIDE)["P1"]
    assert settled.answer is not None
    assert settled.answer.comment == "ANNS-COMMENT"


def test_what_others_gave_is_seen_by_one_who_answers_only_after_their_own(world: World) -> None:
    made = world.made
    _, seen_before = asked_by(world, "bo")
    assert "ANNS-COMMENT" not in seen_before
    blind = made.sight("bo")
    hidden = answers.settled(blind, GUIDE)["P1"]
    assert (hidden.outcome, hidden.answer, hidden.answers) == (Outcome.ALONE, None, ())
    assert answers.history(blind, GUIDE, "P1") == answers.History((), {}, ())
    lines = [line for each in answers.profile_of(blind, GUIDE).figures for line in each.lines]
    assert {line.value for line in lines if line.indicator == "P1"} == {None}
    assert "P1" not in {gap.indicator for gap in plans.shortfall_of(blind, GUIDE).gaps}
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "P1"}
    (hers,) = made.standing("ann", "P1")
    with pytest.raises(AnswerFirst):
        agree(by=made["bo"], answer=hers, **about)
    made.give("bo", "P1", 1)
    assert len(answers.settled(made.sight("bo"), GUIDE)["P1"].answers) == 2
    assert "ANNS-COMMENT" in asked_by(world, "bo")[1]
    agree(by=made["bo"], answer=hers, note="Ann is right", **about)


def test_a_lead_sees_all_until_they_answer_themselves_and_settles_in_any_case(world: World) -> None:
    made = world.made
    made.give("bo", "W1", 2, comment="BOS-COMMENT")
    assert answers.settled(made.sight("lea"), GUIDE)["W1"].answers
    made.give("lea", "L1", 1)
    found = answers.settled(made.sight("lea"), GUIDE)
    assert found["W1"].answers == ()
    assert len(found["P3"].answers) == 2
    exported = leaving.whole_round(made["lea"], made.round, today=TODAY, made_at=MOMENT, kancil="0")
    assert "BOS-COMMENT" in repr(exported)
    own = made.give("lea", "W1", 1)
    assert len(answers.settled(made.sight("lea"), GUIDE)["W1"].answers) == 2
    about: dict[str, Any] = {"round": made.round, "protocol": GUIDE, "indicator": "W1"}
    with pytest.raises(SettlementNeedsAnother):
        agree(by=made["lea"], answer=own, **about)
    made.closed()
    for name in ("ann", "bo", "lea"):
        assert all(each.answers for each in answers.settled(made.sight(name), GUIDE).values())


def test_how_few_were_asked_is_told_to_the_interviews_author_alone(world: World) -> None:
    made = world.made
    made.interview("bo", people=3)
    counts = {
        name: sorted(str(each.people_count) for each in evidence.interviews(made.sight(name)))
        for name in ("ann", "bo", "lea")
    }
    assert counts == {"ann": ["2"], "bo": ["3"], "lea": ["3", "None"]}


def test_figures_are_the_same_for_everybody(world: World) -> None:
    sights = [world.made.sight(name) for name in sorted(ROUND)]
    sights += [each.leaving() for each in sights]
    for first, *others in zip(
        *(answers.profile_of(each, GUIDE).figures for each in sights), strict=True
    ):
        for other in others:
            assert (first.percent, first.coverage, first.confirmed, first.band) == (
                other.percent, other.coverage, other.confirmed, other.band,
            )  # fmt: skip


def test_another_assessor_cannot_rest_an_answer_on_an_interview_they_may_not_see(
    world: World,
) -> None:
    for id in (world.held.evidence, masked(world.held.evidence)):
        with pytest.raises(RecordNotFound):
            world.made.give("bo", "W1", 1, evidence=(id,))
    with pytest.raises(RecordNotFound):
        show_evidence(by=world.made["bo"], round=world.made.round, evidence=world.held.evidence)
    world.made.give("lea", "W1", 1, evidence=(world.held.evidence,))


def test_a_changed_role_takes_the_part_in_the_team_with_it(world: World) -> None:
    for role in (Role.DONOR_READER, Role.REVIEWER, Role.ADMINISTRATOR, Role.OFFICER):
        Person.objects.filter(username="lea").update(role=role)
        lea = Person.objects.get(username="lea")
        with pytest.raises(RoundNotFound):
            rounds.enter(lea, world.made.round)
        assert rounds.rounds(lea) == []
    Person.objects.filter(username="lea").update(role=Role.ASSESSOR, is_active=False)
    with pytest.raises(KancilError):
        rounds.enter(Person.objects.get(username="lea"), world.made.round)


def test_an_ended_account_keeps_its_part_until_another_is_given_and_gets_none_anew(
    world: World,
) -> None:
    made = world.made
    now = [
        Member(each.person, each.part, each.areas)
        for each in rounds.round_of(made.sight("lea")).team
    ]
    Person.objects.filter(username="bo").update(is_active=False)
    bo = made["bo"].pk
    set_team(by=made["olga"], round=made.round, members=now)
    team = rounds.round_of(made.sight("lea")).team
    assert [each.part for each in team if each.person == bo] == [Part.ASSESSOR]
    other = [each if each.person != bo else Member(bo, Part.REVIEWER) for each in now]
    with pytest.raises(PersonNotFound):
        set_team(by=made["olga"], round=made.round, members=other)
    without = [each for each in now if each.person != bo]
    set_team(by=made["olga"], round=made.round, members=without)
    with pytest.raises(PersonNotFound):
        set_team(by=made["olga"], round=made.round, members=now)


def test_no_act_says_whose_interview_it_was(world: World) -> None:
    for row in Act.objects.all():
        assert not any(each in repr((row.about, row.details)) for each in SECRETS)
    world.made.closed()
    kinds = {name: {each.kind for each in rounds.acts(world.made.sight(name))} for name in ANSWERS}
    assert {name for name in ANSWERS if "interview.added" in kinds[name]} == {"lea", "ann"}
