"""Setting patterns against the planted instances of generated chains, for `bitcoin evaluate`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kancil.bitcoin.evaluation.patterns import PatternMeasure, measure_patterns, open_generated
from kancil.cli.frame.door import Door
from kancil.ground.digests import sha256_hex
from kancil.ground.plain import plain
from kancil.ground.units import grouped
from kancil.ground.words import render

from .patterns import read_members
from .shares import share_text


def evaluate_generated(
    door: Door, folders: Sequence[Path], pattern: Sequence[str], param: Sequence[str]
) -> None:
    """Measure patterns on generated chains; each is ingested into a folder that is then removed."""
    members, given = read_members(pattern, param)
    with tempfile.TemporaryDirectory() as work, door.screen.progress() as progress:
        chains = [
            open_generated(folder, Path(work) / f"chain-{place}", progress)
            for place, folder in enumerate(folders)
        ]
        measures = measure_patterns(chains, members, given)
        names = [{"name": one.name, "truth_sha256": one.sha256, "cut_short": one.cut_short}
                 for one in chains]  # fmt: skip
        del chains
    value = {
        "id": sha256_hex("".join(str(one["truth_sha256"]) for one in names).encode("ascii")),
        "generated": names,
        "note": render("note.evaluate-patterns"),
        "measures": plain(measures),
    }

    def text() -> None:
        door.screen.say(render("note.evaluate-patterns"))
        for measure in measures:
            _show(door, measure)

    door.show(value, text)


def _show(door: Door, measure: PatternMeasure) -> None:
    screen = door.screen
    screen.title(
        render("note.evaluate-pattern-title", name=measure.pattern, version=measure.version)
    )
    base = f"{grouped(measure.planted_txs)} / {grouped(measure.all_txs)}"
    screen.facts(
        [
            (render("name.evaluate-pattern-planted"), share_text(measure.recall)),
            (render("name.evaluate-pattern-false"), share_text(measure.false_share)),
            (render("name.evaluate-pattern-others"), grouped(measure.elsewhere)),
            (render("name.evaluate-pattern-base"), base),
            (render("name.evaluate-pattern-parameters"),
             ", ".join(f"{name}={value}" for name, value in measure.chosen.items())),
        ]
    )  # fmt: skip
