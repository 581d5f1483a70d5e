"""Dormant, then burst: long still, then spent within few blocks."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_coins_lie_still_for_a_quarter_of_the_chain_and_go_together(made: Made) -> None:
    planned = 150
    for one in made.instances("dormant-burst"):
        entries, bursts = one.by_role("entry"), one.by_role("burst")
        assert len(entries) == len(bursts) >= 2
        asleep = bursts[0].height - entries[-1].height
        assert asleep >= one.facts["blocks_asleep"] >= planned // 4
        assert bursts[-1].height - bursts[0].height <= len(bursts)
        assert {piece.tx for step in bursts for piece in step.inputs} == {
            step.tx for step in entries
        }
