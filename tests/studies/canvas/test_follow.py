"""The way to the next labelled service is the shortest, goes through no CoinJoin and no service."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.labels.label import Label
from kancil.studies.canvas.errors import NoWayToService
from kancil.studies.canvas.follow import way_to_service
from kancil.studies.moneygraph.net import Sight, spender_of
from tests.bitcoin.worlds import Scene, scenes
from tests.studies.canvas.made_chain import made_labels
from tests.studies.moneygraph.worlds import sight_of


def labelled(sight: Sight, seed: int, every: int) -> Sight:
    """A sight in which some outputs are a service's."""
    (label,) = made_labels().index.all_labels()

    def label_of(output: int) -> tuple[Label, ...]:
        return (label,) if (output * 40_503 + seed) % every == 0 else ()

    return replace(sight, label_of=label_of)


def slowly(sight: Sight, start: int, hops: int) -> int | None:
    """How many transactions away the next service is, wave by wave."""
    wave, seen = {start}, {start}
    for hop in range(1, hops + 1):
        following = set()
        for output in wave:
            spender = spender_of(sight.graph, output)
            if spender >= 0 and (output == start or not sight.label_of(output)):
                following |= set(sight.graph.outputs_of(spender))
        wave = following - seen
        seen |= wave
        if any(sight.label_of(output) for output in wave):
            return hop
    return None


@given(scenes(), st.integers(0, 999), st.integers(1, 9), st.integers(1, 6))
def test_the_way_is_as_short_as_a_slow_search_says(
    scene: Scene, seed: int, every: int, hops: int
) -> None:
    sight = labelled(sight_of(scene.held), seed, every)
    for start in range(len(sight.graph.output_value))[:4]:
        wanted = slowly(sight, start, hops)
        try:
            way = way_to_service(sight, [start], (), hops=hops, seconds=60)
        except NoWayToService:
            assert wanted is None
            continue
        assert len(way.outputs) - 1 == wanted
        assert (way.outputs[0], bool(sight.label_of(way.outputs[-1]))) == (start, True)
        for before, after in zip(way.outputs, way.outputs[1:], strict=False):
            assert spender_of(sight.graph, before) == sight.graph.tx_of_output(after)
        assert not any(sight.label_of(output) for output in way.outputs[1:-1])


def test_nothing_goes_through_what_a_heuristic_takes_for_a_coinjoin() -> None:
    from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
    from kancil.studies.moneygraph.reaching import sight_of as sight_of_chain
    from tests.studies.canvas.made_chain import FIRST, MINED, made_chain

    chain = made_chain()
    sight = sight_of_chain(chain, made_labels(), CoinjoinLooks(chain))
    start = chain.output_row(MINED.txid, 0)
    assert start is not None
    assert len(way_to_service(sight, [start], (("any", "1"),)).outputs) == 3
    first = chain.tx_row(FIRST.shown)
    stopping = replace(sight, stops=lambda tx, named: ("yes",) if tx == first else ())  # type: ignore[arg-type,return-value]
    with pytest.raises(NoWayToService):
        way_to_service(stopping, [start], (("any", "1"),))
