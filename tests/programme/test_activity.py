"""What is missing before an activity is confirmed, or done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kancil.programme.activity import (
    FOLLOWING,
    Facet,
    Standing,
    Weighed,
    facets,
    obstacles,
    percent,
)
from kancil.programme.vocabulary import ActivityKind, ActivityState

TODAY = date(2027, 3, 10)
GOOD = Standing(
    kind=ActivityKind.TRAINING, begins_on=date(2027, 3, 1), ends_on=date(2027, 3, 4), countries=1,
    has_region=False, has_place=True, shares_bp=(6000, 4000), to_security_forces=True,
    weighed=(Weighed("proceed", date(2027, 12, 1)),), has_report=True, present={Facet.AGENDA},
)  # fmt: skip


def lacking(standing: Standing, to: ActivityState) -> list[str]:
    return [each.key.removeprefix("programme.obstacle.") for each in obstacles(standing, to, TODAY)]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, []),
        ({"countries": 0}, ["for-whom"]),
        ({"countries": 0, "has_region": True}, []),
        ({"has_place": False}, ["place"]),
        ({"shares_bp": ()}, ["funding"]),
        ({"shares_bp": (6000, 3999)}, ["funding-whole"]),
        ({"weighed": ()}, ["diligence"]),
        ({"weighed": (), "to_security_forces": False}, []),
        ({"weighed": (Weighed("refuse", date(2027, 12, 1)),)}, ["diligence-refused"]),
        ({"weighed": (Weighed("proceed", date(2027, 3, 9)),)}, ["diligence-late"]),
        (
            {"weighed": (Weighed("proceed", date(2027, 12, 1)), Weighed("refuse", TODAY))},
            ["diligence-refused"],
        ),
        ({"present": set()}, ["agenda"]),
        ({"kind": ActivityKind.MISSION, "present": set()}, []),
        ({"kind": ActivityKind.STUDY, "present": set()}, []),
        ({"kind": ActivityKind.CONFERENCE}, ["delegations"]),
        ({"kind": ActivityKind.MENTORING}, ["placements"]),
        ({"kind": ActivityKind.EQUIPMENT}, []),
    ],
)
def test_what_is_missing_before_it_is_confirmed(change: dict[str, Any], wanted: list[str]) -> None:
    assert lacking(replace(GOOD, **change), ActivityState.CONFIRMED) == wanted


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, []),
        ({"has_report": False}, ["report"]),
        ({"ends_on": date(2027, 3, 11)}, ["over"]),
        ({"ends_on": TODAY}, []),
        ({"kind": ActivityKind.EQUIPMENT}, ["handovers"]),
        ({"kind": ActivityKind.AWARENESS}, ["head-counts"]),
        ({"kind": ActivityKind.AWARENESS, "present": {Facet.HEAD_COUNTS}}, []),
        (
            {"kind": ActivityKind.CONFERENCE, "present": {Facet.AGENDA, Facet.DELEGATIONS}},
            ["outcome"],
        ),
        ({"shares_bp": (), "has_report": False}, ["funding", "report"]),
    ],
)
def test_what_is_missing_before_it_is_done(change: dict[str, Any], wanted: list[str]) -> None:
    assert lacking(replace(GOOD, **change), ActivityState.DONE) == wanted


def test_nothing_is_in_the_way_of_postponing_or_cancelling() -> None:
    bare = replace(GOOD, shares_bp=(), weighed=(), present=set(), countries=0)
    for state in (ActivityState.POSTPONED, ActivityState.CANCELLED, ActivityState.PLANNED):
        assert obstacles(bare, state, TODAY) == ()


def test_every_kind_asks_for_documents_and_follow_up_and_every_state_is_reached() -> None:
    for kind in ActivityKind:
        assert {Facet.DOCUMENTS, Facet.FOLLOW_UP} <= facets(kind)
    reached = {each for found in FOLLOWING.values() for each in found}
    assert reached == set(ActivityState)
    assert FOLLOWING[ActivityState.DONE] == frozenset()


def test_a_share_is_written_exactly() -> None:
    shares = [0, 1, 3333, 5000, 9999, 10000]
    assert list(map(percent, shares)) == ["0", "0.01", "33.33", "50", "99.99", "100"]
