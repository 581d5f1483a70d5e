"""Properties that every policy keeps, one transaction at a time, against the slow twin."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.tracing.policies import POLICIES
from kancil.bitcoin.tracing.policy import NOTHING, UNKNOWN_VALUE, Coins, Policy, Spend, tighten
from kancil.ground.units import MAX_MONEY_SAT
from kancil.ground.words import has
from tests.bitcoin.slow_trace import Bits, backward_one, forward_one
from tests.examples import examples

policies = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)


@dataclass
class Case:
    """One transaction as it truly is, and as it is known."""

    inputs: list[int]
    outputs: list[int]
    truth: list[Bits]
    """Traced satoshi of each arm coins come in by."""
    known_values: list[int]
    doubtful: list[bool]
    cap: int
    is_reversed: bool

    def spend(self, policy: Policy, arm_values: list[int]) -> Spend:
        traced = []
        for bits, doubtful, value in zip(self.truth, self.doubtful, arm_values, strict=True):
            if doubtful:
                traced.append(policy.doubt(value, self.cap))
            else:
                traced.append(policy.begin(len(bits), sum(bits)) if any(bits) else NOTHING)
        return Spend(
            self.known_values,
            self.outputs,
            traced,
            [doubt and bool(c.upper) for doubt, c in zip(self.doubtful, traced, strict=True)],
            self.cap if policy.conserves else None,
            self.is_reversed,
        )


@st.composite
def cases(draw: st.DrawFn, *, backward: bool, hides: bool = True) -> Case:
    inputs = draw(st.lists(st.integers(0, 8), min_size=1, max_size=4))
    total = sum(inputs)
    outputs: list[int] = []
    left = total
    for _ in range(draw(st.integers(0, 3))):
        outputs.append(draw(st.integers(0, left)))
        left -= outputs[-1]
    if draw(st.booleans()):
        outputs.append(left)
    outputs = outputs or [total]
    arms = outputs if backward else inputs
    truth = []
    for value in arms:
        kind = draw(st.sampled_from(("none", "all", "some")))
        bits = [kind == "all"] * value
        if kind == "some":
            bits = [draw(st.booleans()) for _ in range(value)]
        truth.append(bits)
    unknown = [hides and draw(st.sampled_from((False, False, True))) for _ in inputs]
    doubtful = [hides and draw(st.sampled_from((False, True))) for _ in arms]
    if not backward:
        # An input whose value is not known has a source that is not held: all of it is doubt.
        doubtful = [d or u for d, u in zip(doubtful, unknown, strict=True)]
    hidden = sum(sum(bits) for bits, d in zip(truth, doubtful, strict=True) if d)
    cap = hidden + draw(st.integers(0, 3))
    values = [UNKNOWN_VALUE if u else v for u, v in zip(unknown, inputs, strict=True)]
    return Case(inputs, outputs, truth, values, doubtful, cap, draw(st.booleans()))


def _fits(truth: int, coins: Coins) -> bool:
    return coins.lower <= truth <= coins.upper


def _counted(bits: list[Bits], policy: Policy) -> list[Bits]:
    """Poison knows no parts: any satoshi stands for all."""
    return [[any(coin)] * len(coin) for coin in bits] if policy.name == "poison" else bits


@policies
@examples(400)
@given(case=cases(backward=False))
def test_forward_bounds_hold_the_truth(policy: Policy, case: Case) -> None:
    truth = _counted(case.truth, policy)
    outs, fee = forward_one(truth, case.outputs, policy.name, case.is_reversed)
    split = policy.forward(case.spend(policy, case.known_values))
    assert all(_fits(sum(out), arm) for out, arm in zip(outs, split.arms, strict=True))
    assert _fits(fee, split.fee)


@policies
@examples(400)
@given(case=cases(backward=True))
def test_backward_bounds_hold_the_truth(policy: Policy, case: Case) -> None:
    truth = _counted(case.truth, policy)
    ins = backward_one(case.inputs, truth, policy.name, case.is_reversed)
    split = policy.backward(case.spend(policy, case.outputs))
    assert all(_fits(sum(coin), arm) for coin, arm in zip(ins, split.arms, strict=True))


@policies
@given(case=cases(backward=False, hides=False))
def test_forward_conserves_what_is_known_exactly(policy: Policy, case: Case) -> None:
    if not policy.conserves:
        return
    spend = case.spend(policy, case.known_values)
    split = policy.forward(spend)
    entering = spend.traced_range()
    assert sum(arm.lower for arm in split.arms) + split.fee.lower <= entering[0]
    assert sum(arm.upper for arm in split.arms) + split.fee.upper >= entering[1]
    if not split.reason:
        assert sum(arm.lower for arm in split.arms) + split.fee.lower == entering[0]


@policies
@given(case=cases(backward=False))
def test_reason_is_told_exactly_when_an_amount_is_a_range(policy: Policy, case: Case) -> None:
    split = policy.forward(case.spend(policy, case.known_values))
    is_range = any(arm.lower != arm.upper for arm in (*split.arms, split.fee))
    assert bool(split.reason) == is_range


@policies
@given(case=cases(backward=False))
def test_places_fit_the_amounts(policy: Policy, case: Case) -> None:
    split = policy.forward(case.spend(policy, case.known_values))
    for arm, value in zip(split.arms, case.outputs, strict=True):
        assert 0 <= arm.lower <= arm.upper <= value
        certain = {p for start, stop in arm.certain for p in range(start, stop)}
        possible = {p for start, stop in arm.possible for p in range(start, stop)}
        assert certain <= possible <= set(range(value))
        if policy.has_order:
            assert len(certain) <= arm.lower
            assert possible or not arm.upper


@given(case=cases(backward=False, hides=False))
def test_poison_reaches_every_output_that_any_policy_reaches(case: Case) -> None:
    reach = {}
    for policy in POLICIES:
        arms = policy.forward(case.spend(policy, case.known_values)).arms
        reach[policy.name] = {n for n, arm in enumerate(arms) if arm.upper}
    assert all(reached <= reach["poison"] for reached in reach.values())


@given(
    parts=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1),
    slack=st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
def test_tightened_bounds_still_hold_every_true_part(
    parts: list[tuple[int, int, int]], slack: tuple[int, int]
) -> None:
    truth = [part for part, _, _ in parts]
    bounds = [(max(0, part - low), part + high) for part, low, high in parts]
    whole = sum(truth)
    for part, (lower, upper) in zip(
        truth, tighten(bounds, whole - slack[0], whole + slack[1]), strict=True
    ):
        assert lower <= part <= upper


def test_unknown_inputs_hold_at_least_what_the_known_ones_lack() -> None:
    spend = Spend([3, UNKNOWN_VALUE, UNKNOWN_VALUE], [10], [NOTHING] * 3, [False] * 3)
    assert spend.unknown_range() == (7, MAX_MONEY_SAT - 3)


@policies
def test_a_policy_has_words_for_reports_and_for_pages(policy: Policy) -> None:
    lacking = [word for word in (*policy.words, f"web.policy.{policy.name}") if not has(word)]
    assert not lacking
