"""What a colleague gave is in no answer of the books to one who still has to answer independently.

Everything that reads answers is asked twice, before and after the colleague changes all that they
gave: what is told must be the same. How much is answered may move alone, since that is everybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from kancil.assessment.answer import Given, Kind
from kancil.assessment.exchange import Audience
from kancil.assessment.protocol import Confidence
from kancil.desk.assessment.actions.answers import give_answer
from kancil.desk.assessment.actions.plans import ItemDraft, add_item
from kancil.desk.assessment.actions.rounds import Member, set_team
from kancil.desk.assessment.errors import ActNotYours, AnswerFirst
from kancil.desk.assessment.models import Part
from kancil.desk.assessment.queries import (
    answers,
    comments,
    due,
    evidence,
    figures,
    leaving,
    legal,
    papers,
    plans,
    rounds,
    study,
    waiting,
)
from kancil.desk.assessment.queries.rounds import enter
from kancil.desk.people.models import Person
from kancil.ground.phrase import Phrase
from tests.desk.assessment.programme import (
    HERE,
    TEAM,
    TODAY,
    Programme,
    a_round,
    programme,
    said,
)
from tests.desk.desks import Desk

ROUND = CAPABILITY, THREAT, STUDY, LAW = (
    "capability-2026.2", "threat-2026.1", "study-2026.1", "legal-2026.4",
)  # fmt: skip
MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
CRITICAL, DISPUTED, MINE, ONCE_MINE = "LF10", "LF02", "LF01", "GV03"
"""Of the capability protocol. Whoever looks answered `ONCE_MINE` in the newer round alone."""
Value = int | str | Kind | dict[str, int]


@dataclass(frozen=True)
class World:
    """A newer and an older round, both under way, and who looks at them."""

    newer: Programme
    older: Programme
    who: Person
    documents: tuple[str, ...]
    """Two items of evidence of the newer round."""


def give(
    made: Programme,
    name: str,
    protocol: str,
    indicator: str,
    value: Value,
    rests_on: tuple[str, ...] = (),
) -> None:
    """An answer over whatever that person has; a mapping: by parts."""
    parts = value if isinstance(value, dict) else {}
    stands = made.standing(name, indicator)
    give_answer(
        by=made[name],
        round=made.round,
        protocol=protocol,
        indicator=indicator,
        given=None if isinstance(value, dict) else said(value),
        parts={part: Given(Kind.VALUE, each) for part, each in parts.items()},
        confidence=Confidence.MEDIUM,
        comment=f"{name} says {value}",
        evidence=rests_on,
        follows=stands[0] if stands else None,
    )


CHANGES: tuple[tuple[bool, str, str, Value, Value], ...] = (
    (True, CAPABILITY, CRITICAL, 0, 4),
    (True, CAPABILITY, "LF14", Kind.NOT_KNOWN, 0),
    (True, CAPABILITY, "GV01", 3, Kind.NOT_KNOWN),
    (True, THREAT, "unauthorised_access", {"prevalence": 5, "impact": 5}, {"prevalence": 1}),
    (True, STUDY, "L03", "yes", "no"),  # `L04` is asked only after "yes"
    (True, LAW, "budapest.3", 1, Kind.NOT_KNOWN),
    (False, CAPABILITY, ONCE_MINE, 0, 4),
    (False, CAPABILITY, CRITICAL, 4, 1),
)
"""In the newer round or the older one: what the colleague gives first, and what they make of it."""


@pytest.fixture(params=["bo", "lea"])
def world(request: pytest.FixtureRequest, sqlite_desk: Desk) -> World:
    """A round in which an assessor, or a lead who answers too, has begun to answer."""
    older = programme(*ROUND)
    olga = older["olga"]
    newer = Programme(older.people, a_round(olga, HERE, list(ROUND), older=older.round))
    members = [Member(older[name].pk, part) for name, part in TEAM.items()]
    members.append(Member(older["out"].pk, Part.ASSESSOR))
    for made in (newer, older):
        set_team(by=olga, round=made.round, members=members)
    name = str(request.param)
    for protocol, indicator, value in (
        (CAPABILITY, MINE, 1), (CAPABILITY, ONCE_MINE, 2), (STUDY, "L08", "yes"),
        (THREAT, "ransomware", {"prevalence": 2}), (LAW, "budapest.4", 1),
    ):  # fmt: skip
        give(newer, name, protocol, indicator, value)
    give(older, name, CAPABILITY, MINE, 2)
    for indicator in [f"LF{number:02}" for number in range(3, 14) if number != 10]:
        for each in (name, "ann"):
            give(newer, each, CAPABILITY, indicator, 4)
    if name == "bo":  # a lead sees what two have answered: the lead may have to settle it
        give(newer, "out", CAPABILITY, DISPUTED, 2)
        give(newer, "ann", CAPABILITY, DISPUTED, 0)
    add_item(
        by=olga,
        round=newer.round,
        draft=ItemDraft(
            "Tools", CAPABILITY, (MINE,), "equipment_software", "Unit", "They are used",
        ),
    )  # fmt: skip
    documents = (newer.document(title="One"), newer.document(title="Other"))
    return World(newer, older, older[name], documents)


def change(world: World, place: int) -> None:
    for is_newer, *about in CHANGES:
        protocol, indicator = str(about[0]), str(about[1])
        made = world.newer if is_newer else world.older
        rests_on = (world.documents[place],) if is_newer and protocol == CAPABILITY else ()
        give(made, "ann", protocol, indicator, about[2 + place], rests_on)
    if world.who.username == "bo":
        give(world.newer, "ann", CAPABILITY, DISPUTED, 4 * place)


ASKED: dict[str, Callable[[World], Any]] = {
    "profile_of": lambda w: answers.profile_of(seen(w), CAPABILITY),
    "bounds_of": lambda w: answers.bounds_of(seen(w), CAPABILITY),
    "progress_of_all": lambda w: answers.progress_of_all(seen(w)),
    "conflicts": lambda w: answers.conflicts(seen(w)),
    "own_latest": lambda w: answers.own_latest(seen(w), CAPABILITY, MINE),
    "history": lambda w: answers.history(seen(w), CAPABILITY, CRITICAL),
    "compare_rounds": lambda w: answers.compare_rounds(
        seen(w), enter(w.who, w.older.round), CAPABILITY
    ),
    "evidence": lambda w: evidence.evidence(seen(w)),
    "figures_of": lambda w: figures.figures_of(seen(w), CAPABILITY, tries_all=True),
    "open_figures": lambda w: figures.open_figures(seen(w), CAPABILITY, "area", "lf"),
    "open figures of another area": lambda w: figures.open_figures(
        seen(w), CAPABILITY, "area", "gv"
    ),
    "threats_seen": lambda w: figures.threats_seen(seen(w), THREAT),
    "compared_with": lambda w: figures.compared_with(w.who, seen(w), CAPABILITY, w.older.round),
    "legal_matrix": lambda w: legal.legal_matrix(seen(w), LAW),
    "matrix_file": lambda w: legal.matrix_file(seen(w), LAW),
    "shortfall_of": lambda w: plans.shortfall_of(seen(w), CAPABILITY).gaps,
    "threats_of": lambda w: plans.threats_of(seen(w)),
    "plan_of": lambda w: plans.plan_of(seen(w), TODAY),
    "planned_for": lambda w: plans.planned_for(seen(w), CAPABILITY),
    "wishes": lambda w: plans.wishes(seen(w), CAPABILITY),
    "round_of": lambda w: rounds.round_of(seen(w)),
    "study_of": lambda w: study.study_of(w.who, STUDY),
    "work_of": lambda w: waiting.work_of(w.who),
    "due_of": lambda w: due.due_of(w.who, TODAY),
    "comments": lambda w: comments.comments(seen(w)),
    "parcel_of": lambda w: leaving.parcel_of(w.who, w.newer.round, Audience.TEAM, MOMENT),
    **{
        f"settled {name}": lambda w, name=name: answers.settled(seen(w), name)  # type: ignore[misc]
        for name in ROUND
    },
}


def seen(world: World) -> Any:
    return enter(world.who, world.newer.round)


EVERYBODYS = {"Figure": ("coverage", "confirmed")}
"""How much is answered, and how much of that is confirmed, is the same for whoever looks."""
HELD = Phrase("why.plan-intrusive-held")


def told(value: Any) -> Any:
    """All that an answer of the books tells, but for what is everybody's.

    That there are some who hold a figure down is seen in the figure itself.
    """
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        row = {each.name: getattr(value, each.name) for each in fields(value)}
        if name == "Brought":  # of one hundred, which depends on what else was answered
            row |= {key: row[key] is None for key in row if key != "line"}
        left = EVERYBODYS.get(name, ())
        return name, {key: told(each) for key, each in row.items() if key not in left}
    if isinstance(value, dict):
        return {key: told(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [told(each) for each in value if each not in (answers.KEPT_BACK, HELD)]
    return repr(value)


def ask(world: World) -> dict[str, Any]:
    found = {}
    for name, query in ASKED.items():
        try:
            found[name] = told(query(world))
        except ActNotYours as error:
            found[name] = repr(error)
    return found


def test_nothing_that_reads_answers_tells_what_they_still_have_to_answer_by_themselves(
    world: World,
) -> None:
    change(world, 0)
    before = ask(world)
    change(world, 1)
    after = ask(world)
    for name in ASKED:
        assert before[name] == after[name], name


def test_what_a_colleague_changed_is_told_once_their_own_answers_stand(world: World) -> None:
    change(world, 0)
    for is_newer, protocol, indicator, value, _ in CHANGES:
        give(
            world.newer if is_newer else world.older, world.who.username, protocol, indicator, value
        )
    before = ask(world)
    change(world, 1)
    after = ask(world)
    telling = {name for name in ASKED if before[name] != after[name]}
    assert telling >= {
        "profile_of", "history", "compare_rounds", "figures_of", "open_figures", "threats_seen",
        "legal_matrix", "shortfall_of", "threats_of", "study_of",
        *(f"settled {name}" for name in ROUND),
    }, ASKED.keys() - telling  # fmt: skip


def test_no_paper_and_no_export_is_made_for_one_who_still_has_to_answer(world: World) -> None:
    change(world, 0)
    by: dict[str, Any] = {"today": TODAY, "made_at": MOMENT, "kancil": "0"}
    for make in (leaving.whole_round, papers.round_papers):
        if world.who.username == "lea":  # a lead answers for what leaves
            make(world.who, world.newer.round, **by)
            continue
        with pytest.raises(AnswerFirst):
            make(world.who, world.newer.round, **by)


def test_what_their_own_answers_bring_is_counted_with_those_that_they_do_not_see(
    world: World,
) -> None:
    change(world, 0)
    (_, (hers,)), (_, (whole,)) = (
        figures.open_figures(enter(person, world.newer.round), CAPABILITY, "area", "lf")
        for person in (world.who, world.newer["olga"])
    )
    shown = {each.line.indicator: each for each in hers.brought if each.line.value is not None}
    assert MINE in shown
    assert CRITICAL not in shown
    for each in whole.brought:
        mine = shown.get(each.line.indicator, each)
        assert (mine.points, mine.most_points) == (each.points, each.most_points)
