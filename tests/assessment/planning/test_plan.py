"""The order of gaps, and what keeps an item of a plan from being approved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kancil.assessment.answer import Kind
from kancil.assessment.methods import AREA_PROFILE_1
from kancil.assessment.planning.plan import (
    Choice,
    DueDiligence,
    Feasibility,
    Item,
    ItemState,
    Threat,
    Wish,
    gaps,
    obstacles,
    unanswered,
)
from kancil.assessment.protocol import CriticalRule, Sector
from tests.assessment.small import agreed, all_settled, disputed, indicator, protocol, text

RULE = CriticalRule(at_most=1, cap_percent=50, blocks_intrusive=True, until="safeguards")
ASKED = protocol(
    [
        indicator("A1", "a", 1),
        indicator("A2", "a", 3),
        indicator("A3", "a", 1, critical=True),
        indicator("A4", "a", 1, concepts=("safeguards",)),
        indicator("A5", "a", 1),
        indicator("A6", "a", 9),
    ],
    critical=RULE,
)
SETTLED = all_settled(
    agreed("A1", 2),
    agreed("A2", 1),
    agreed("A3", 1),
    agreed("A4", 2),
    agreed("A5", Kind.NOT_APPLICABLE),
    disputed("A6", 0, 4),
)


def test_gaps_come_in_classes_and_say_what_makes_their_size() -> None:
    threat = Threat("fraud", ("safeguards",), prevalence=5, impact=4)
    found = gaps(ASKED, SETTLED, {}, threats=[threat])
    assert [gap.indicator for gap in found] == ["A3", "A4", "A2", "A1", "A6"]
    assert [gap.steps for gap in found] == [2, 1, 2, 1, 0]
    keys = ["why.gap-steps", "why.gap-threats", "why.gap-weight"]
    assert [phrase.key for phrase in found[1].reasons] == keys
    assert found[-1].current is None
    assert found[-1].reasons[0].key == "why.gap-not-known"


def test_what_nobody_answered_is_no_gap_unless_the_country_chose_it() -> None:
    assert gaps(ASKED, {}, {}) == []
    assert unanswered(ASKED, {}) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    some = all_settled(agreed("A1", 0), agreed("A2", Kind.NOT_KNOWN), disputed("A6", 0, 4))
    assert {each.indicator for each in gaps(ASKED, some, {})} == {"A1", "A2", "A6"}
    assert unanswered(ASKED, some) == ["A3", "A4", "A5"]
    (chosen,) = gaps(ASKED, {}, {}, wishes={"A4": Wish(Choice.FIRST)})
    assert (chosen.indicator, chosen.current) == ("A4", None)


def test_a_threat_that_is_not_grave_orders_nothing() -> None:
    threat = Threat("fraud", ("safeguards",), prevalence=5, impact=None)
    assert [gap.indicator for gap in gaps(ASKED, SETTLED, {}, threats=[threat])][:2] == ["A3", "A2"]


def test_the_countrys_choice_goes_first_and_a_rejected_gap_last() -> None:
    wishes = {
        "A1": Wish(Choice.FIRST),
        "A3": Wish(Choice.REJECTED, "done by another programme"),
        "A4": Wish(feasibility=Feasibility.READY),
    }
    found = gaps(ASKED, SETTLED, {}, wishes=wishes)
    assert [gap.indicator for gap in found] == ["A1", "A2", "A4", "A6", "A3"]
    assert found[-1].reasons[-1].key == "why.gap-country-rejected"


def test_a_target_of_the_country_replaces_the_usual_one() -> None:
    found = {gap.indicator: gap for gap in gaps(ASKED, SETTLED, {"A1": 2, "A2": 4})}
    assert "A1" not in found
    assert found["A2"].steps == 3


def item(name: str, assistance: str = "training", **more: object) -> Item:
    given: dict[str, object] = {
        "indicators": ("A1",), "concepts": (), "to_security_forces": False,
        "state": ItemState.PROPOSED, **more,
    }  # fmt: skip
    return Item(name, assistance=assistance, **given)  # type: ignore[arg-type]  # fields of Item


def keys(found: Item, *others: Item) -> list[str]:
    profile = AREA_PROFILE_1.profile(ASKED, SETTLED)
    return [each.key for each in obstacles(found, others, profile, ASKED, "2026-06-01")]


def test_support_to_security_forces_needs_due_diligence() -> None:
    def record(decision: str, review_on: str) -> DueDiligence:
        return DueDiligence("risk", "mitigation", decision, "ann", review_on)

    def police(diligence: DueDiligence | None) -> list[str]:
        return keys(item("1", to_security_forces=True, due_diligence=diligence))

    assert police(None) == ["why.plan-no-due-diligence"]
    assert police(record("refuse", "2027-01-01")) == ["why.plan-due-diligence-refuses"]
    assert police(record("proceed", "2026-05-31")) == ["why.plan-due-diligence-overdue"]
    assert police(record("proceed", "2026-06-01")) == []
    assert keys(item("1")) == []


def test_intrusive_help_waits_until_each_low_critical_indicator_is_answered() -> None:
    tools = item("1", "tools", not_forces_reason="It goes to judges")
    blocked, until = "why.plan-intrusive-blocked", "why.plan-intrusive-until"
    answers: dict[str, Any] = {"indicators": ("A3",), "concepts": ("safeguards",)}
    assert keys(tools) == [blocked, until]
    assert keys(tools, item("2", **answers)) == [blocked, until]  # not approved
    approved: dict[str, Any] = {"state": ItemState.APPROVED}
    assert keys(tools, item("2", "tools", **answers, **approved)) == [blocked, until]
    assert keys(tools, item("2", concepts=("safeguards",), **approved)) == [blocked]
    assert keys(tools, item("2", indicators=("A3",), **approved)) == [until]
    assert keys(tools, item("2", **answers, **approved)) == []
    assert keys(item("3"), item("2")) == []


def test_an_item_waits_for_what_it_depends_on() -> None:
    waiting = item("1", depends_on=("2",))
    assert keys(waiting, item("2")) == ["why.plan-depends"]
    assert keys(waiting, item("2", state=ItemState.DONE)) == []


def test_a_critical_gap_is_called_blocking_only_where_the_rule_holds() -> None:
    for stage, key in ((0, "why.gap-critical"), (1, "why.gap-critical"),
                       (2, "why.gap-critical-short")):  # fmt: skip
        found = gaps(ASKED, all_settled(agreed("A3", stage)), {})
        gap = next(each for each in found if each.indicator == "A3")
        assert gap.reasons[1].key == key
        profile = AREA_PROFILE_1.profile(ASKED, all_settled(agreed("A3", stage)))
        assert ("A3" in profile.intrusive_blocked_by) is (key == "why.gap-critical")
    not_known = all_settled(agreed("A3", Kind.NOT_KNOWN))
    (unknown,) = [each for each in gaps(ASKED, not_known, {}) if each.indicator == "A3"]
    assert unknown.reasons[1].key == "why.gap-critical-not-known"


def test_help_that_looks_like_support_to_police_needs_its_record_or_a_reason() -> None:
    police = replace(ASKED.indicators["A1"], sector="guards")
    sectors = {**ASKED.sectors, "guards": Sector("guards", text("Guards"), forces=True)}
    asked = replace(ASKED, sectors=sectors, indicators={**ASKED.indicators, "A1": police})
    other = replace(sectors["guards"], forces=False)
    civil = replace(asked, sectors={**sectors, "guards": other})
    assert obstacles(item("P"), [], None, civil, "2026-06-01") == []
    plain = item("P")
    assert [each.key for each in obstacles(plain, [], None, asked, "2026-06-01")] == [
        "why.plan-forces-unsaid"
    ]
    said = replace(plain, not_forces_reason="It goes to the prosecutor alone")
    assert obstacles(said, [], None, asked, "2026-06-01") == []
    weighed = DueDiligence("r", "m", "proceed", "b", "2026-12-01")
    assert obstacles(replace(plain, due_diligence=weighed), [], None, asked, "2026-06-01") == []
    refused = replace(weighed, decision="refuse")
    found = obstacles(replace(plain, due_diligence=refused), [], None, asked, "2026-06-01")
    assert [each.key for each in found] == ["why.plan-due-diligence-refuses"]
    intrusive = item("Q", "tools", indicators=("A2",))
    found = obstacles(intrusive, [], None, ASKED, "2026-06-01")
    assert [each.key for each in found] == ["why.plan-forces-unsaid"]
