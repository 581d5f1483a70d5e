"""Rounds compared: what moved, by what evidence, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kancil.assessment.answer import Kind
from kancil.assessment.comparing import Move, Side, compare
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.protocol import MapsFrom
from tests.assessment.small import agreed, all_settled, disputed, indicator, protocol

OLD = protocol([indicator(name, "a") for name in ("A1", "A2", "A3", "A4", "A5")], version="2025.1")
NEW = replace(
    protocol([indicator(name, "a") for name in ("A1", "B2", "A3", "C4", "C5", "D1")]),
    maps_from=(
        MapsFrom(
            "2025.1",
            {"A1": ("A1",), "A2": ("B2",), "A3": ("A3",), "A4": ("C4", "C5"), "A5": ()},
        ),
    ),
)


def test_what_moved_and_what_evidence_moved_it() -> None:
    before = all_settled(
        agreed("A1", 1, titles=["Law of 2019"]), agreed("A2", 3), agreed("A3", 2), agreed("A4", 1)
    )
    now = all_settled(
        agreed("A1", 3, titles=["Law of 2019", "Decree of 2026"]),
        agreed("B2", 2, titles=["A2 A"]),
        disputed("A3", 2, 3),
        agreed("C4", 4),
    )
    found = compare(Side(OLD, before), Side(NEW, now), AREA_PROFILE_1)
    assert found is not None
    rows = {each.indicator or each.was: each for each in found.indicators}
    assert {name: row.move for name, row in rows.items()} == {
        "A1": Move.UP,
        "B2": Move.DOWN,
        "A3": Move.NO_LONGER_KNOWN,
        "C4": Move.NOT_COMPARABLE,
        "C5": Move.NOT_COMPARABLE,
        "D1": Move.NEW,
        "A5": Move.DROPPED,
    }
    assert [each.title for each in rows["A1"].evidence_added] == ["Decree of 2026"]
    assert rows["A1"].evidence_gone == ()
    assert not rows["A1"].moved_without_evidence
    assert rows["B2"].moved_without_evidence
    (area,) = [each for each in found.figures if each.of == "area"]
    assert (area.compared, area.left_out) == (3, 3)
    assert area.before == Fraction(1 + 3 + 2, 12) * 100
    assert area.now == Fraction(3 + 2, 8) * 100


def test_not_known_in_both_is_said() -> None:
    both = all_settled(agreed("A1", Kind.NOT_KNOWN))
    found = compare(Side(OLD, both), Side(OLD, both), AREA_PROFILE_1)
    assert found is not None
    assert {each.move for each in found.indicators} == {Move.UNKNOWN_IN_BOTH}


def test_without_a_declared_mapping_nothing_is_compared() -> None:
    other = replace(NEW, maps_from=())
    assert compare(Side(OLD, {}), Side(other, {}), AREA_PROFILE_1) is None
    assert compare(Side(OLD, {}), Side(replace(NEW, id="other"), {}), AREA_PROFILE_1) is None


def test_an_older_answer_is_not_changed_by_comparing() -> None:
    before = all_settled(agreed("A2", 3))
    compare(Side(OLD, before), Side(NEW, all_settled(agreed("B2", 4))), AREA_PROFILE_1)
    assert before["A2"].indicator == "A2"
