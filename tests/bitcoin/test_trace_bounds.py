"""The truth lies within the bounds: whole worlds against what is held of them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from kancil.bitcoin.tracing.result import Start, TraceResult
from kancil.bitcoin.tracing.trace import trace
from tests.bitcoin.graphs import Held, OutPoint
from tests.bitcoin.slow_trace import Truth, true_backward, true_forward
from tests.bitcoin.worlds import Scene, scenes
from tests.examples import examples

POLICY_NAMES = ("poison", "haircut", "fifo", "lifo")
SLOW = examples(250)


def starts_of(scene: Scene) -> list[Start]:
    return [Start(scene.held.output(p), len(places)) for p, places in scene.starts.items()]


def check_forward(held: Held, result: TraceResult, truth: Truth) -> None:
    """Every amount told, and every amount not told, fits the truth."""
    points = {
        held.output((n, place)): (n, place)
        for n in held.row_of
        for place in range(len(held.world.txs[n].outputs))
    }
    number_of = {row: n for n, row in held.row_of.items()}
    told = {row.output: (row.lower, row.upper) for row in result.transfers}
    shown = {step.tx for step in result.steps}
    for output, point in points.items():
        lower, upper = told.get(output, (0, 0))
        if held.row_of[point[0]] not in shown:
            upper = max(upper, result.totals.may_return)
        assert lower <= truth.flow[point] <= upper, (point, lower, truth.flow[point], upper)
    for step in result.steps:
        assert step.fee_lower <= truth.fees[number_of[step.tx]] <= step.fee_upper
    for link in (link for row in result.transfers for link in row.links):
        assert link.lower <= truth.final[points[link.output]] <= link.upper
    ends = [(row.output, row.lower, row.upper) for row in result.holdings]
    ends += [(row.output, row.lower, row.upper) for row in result.left_out]
    for output, lower, upper in ends:
        assert lower <= truth.final[points[output]] <= upper


def check_backward(held: Held, result: TraceResult, truth: Truth) -> None:
    told = {row.input: (row.lower, row.upper) for row in result.transfers}
    shown = {step.tx for step in result.steps}
    for n, row in held.row_of.items():
        for place in range(max(1, len(held.world.txs[n].inputs))):
            lower, upper = told.get(held.input(n, place), (0, 0))
            if row not in shown:
                upper = max(upper, result.totals.may_return)
            assert lower <= truth.flow[(n, place)] <= upper, (n, place, lower, upper)
    for link in (link for row in result.transfers for link in row.links):
        point = _point(held, link.output)
        assert link.lower <= truth.final[point] <= link.upper


def _point(held: Held, output: int) -> OutPoint:
    row = held.graph.tx_of_output(output)
    number = next(n for n, r in held.row_of.items() if r == row)
    return number, output - int(held.graph.tx_output_start[row])


def check(scene: Scene, policy: str, direction: str) -> None:
    assume(scene.starts)
    forward = direction == "forward"
    result = trace(
        scene.held.graph,
        starts_of(scene),
        policy=policy,
        direction="forward" if forward else "backward",
    )
    twin, fits = (true_forward, check_forward) if forward else (true_backward, check_backward)
    fits(scene.held, result, twin(scene.world, scene.starts, policy))
    if result.reversed_order:
        truth = twin(scene.world, scene.starts, policy, turned=True)
        fits(scene.held, result.reversed_order, truth)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("policy", POLICY_NAMES)
class TestTruthLiesWithinTheBounds:
    @SLOW
    @given(scene=scenes())
    def test_with_hidden_blocks(self, policy: str, direction: str, scene: Scene) -> None:
        check(scene, policy, direction)

    @SLOW
    @given(scene=scenes(has_loose=True))
    def test_with_loose_transactions(self, policy: str, direction: str, scene: Scene) -> None:
        check(scene, policy, direction)

    @SLOW
    @given(scene=scenes(has_loose=True, has_adrift=True))
    def test_with_runs_whose_order_is_not_known(
        self, policy: str, direction: str, scene: Scene
    ) -> None:
        check(scene, policy, direction)

    @examples(100)
    @given(scene=scenes(hides=False, whole_starts=True))
    def test_and_meets_them_when_all_is_held(
        self, policy: str, direction: str, scene: Scene
    ) -> None:
        check(scene, policy, direction)
        result = trace(
            scene.held.graph,
            starts_of(scene),
            policy=policy,
            direction="forward" if direction == "forward" else "backward",
        )
        assert all(row.lower == row.upper and not row.reason for row in result.transfers)
        assert result.totals.undetermined == 0
        assert result.totals.may_return == 0
