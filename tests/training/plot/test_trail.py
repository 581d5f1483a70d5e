"""The trail on a generated chain, and the two shares of a transaction by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.ground.progress import SILENT
from kancil.training.plot.chain import make_chain
from kancil.training.plot.errors import PlotNotPlayed
from kancil.training.plot.trail import Trail, fifo_share, haircut_share

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_haircut_shares_and_fifo_counts_in_order() -> None:
    inputs = [(60, False), (40, True)]
    outputs = [50, 30, 15]
    assert [haircut_share(inputs, value) for value in outputs] == [20, 12, 6]
    assert [fifo_share(inputs, outputs, n) for n in range(3)] == [0, 20, 15]
    assert [fifo_share(inputs[::-1], outputs, n) for n in range(3)] == [40, 0, 0]


def test_a_story_is_played_exactly_once(tmp_path: Path) -> None:
    trail = Trail(4, 2, 80_000_000)
    told = generate(tmp_path / "chain", Wishes(5, 250, plots=(trail,)))
    assert told["planted"][trail.name]["instances"] == 1
    assert told["planted"][trail.name]["transactions"] == trail.most == 9
    assert told["counts"]["transactions_made"] == 250
    assert len(trail.path) == 4


@pytest.mark.thorough
def test_a_story_that_never_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.training.plot.chain._TRIES", 1)
    with pytest.raises(PlotNotPlayed):
        make_chain(tmp_path, 1, 200, Trail(2, 0, 1_000), START, SILENT)
