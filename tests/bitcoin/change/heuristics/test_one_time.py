"""`one-time` by examples: what it names, and where it names none or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import Fate
from kancil.bitcoin.change.heuristics import ONE_TIME
from tests.bitcoin.change.examples import (
    BTC,
    NEW,
    OLD,
    said,
    two,
)
from tests.bitcoin.changing import UNKNOWN, coin, seen


def test_one_time_change_is_definition_4_3_of_meiklejohn_and_others() -> None:
    assert said(ONE_TIME, two(OLD, NEW)) == 1
    assert ONE_TIME.judge(two(OLD, NEW)).rule == "two-outputs"
    three = seen([coin(BTC, 1)], [coin(1, 2), coin(2, 3), coin(3, 4)], OLD, OLD, NEW)
    assert ONE_TIME.judge(three).rule == "one-time"
    assert said(ONE_TIME, two(NEW, NEW)) == "none"  # condition 4: another is new too
    assert said(ONE_TIME, two(OLD, OLD)) == "none"  # condition 1
    back = seen([coin(BTC, 1)], [coin(1, 1), coin(2, 3)], OLD, NEW)
    assert said(ONE_TIME, back) == "none"  # condition 3: no self-change
    again = Fate(paid_before=False, paid_again=True)
    assert said(ONE_TIME, two(OLD, again)) == "none"  # section 4.5


def test_one_time_change_cannot_tell_at_the_edges_of_what_is_held() -> None:
    assert said(ONE_TIME, two(OLD, Fate(paid_before=False))) == "unknown"  # too few later blocks
    assert said(ONE_TIME, two(OLD, Fate())) == "unknown"  # earlier blocks are missing
    assert said(ONE_TIME, two(OLD, NEW, inputs=[UNKNOWN])) == "unknown"
