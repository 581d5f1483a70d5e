"""Progress of a part that goes over its units more often than once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.progress import Part
from tests.examples import examples


class Watch:
    """What was told."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def start(self, total: int | None, unit: str, label: str) -> None:
        raise AssertionError("a part begins no stage")

    def advance(self, amount: int) -> None:
        self.told.append(amount)

    def finish(self) -> None:
        raise AssertionError("a part ends no stage")


@examples(100)
@given(st.integers(0, 100), st.lists(st.integers(0, 60), max_size=8))
def test_a_part_tells_its_share_and_never_more(units: int, amounts: list[int]) -> None:
    watch = Watch()
    part = Part(watch, units)
    part.start(None, "x", "y")
    for amount in amounts:
        part.advance(amount)
        assert sum(watch.told) <= units
    assert len(watch.told) == len(amounts), "each word is passed on, so that it can be stopped"
    part.finish()
    assert sum(watch.told) == units
    assert min(watch.told) >= 0
