"""Build the tables of the CoinJoin heuristics against planted rounds: a simulation.

    python -m tools.build_rounds [--check]

The chain is generated here, always the same; its wishes stand below. The tables go between the
marks of `docs/reference/heuristics.md`. The numbers are those of `kancil bitcoin evaluate`, and
`--check` says when the page is not what it says. Beside them stands what the emulated joins of
`tools.emulated_joins` give, by each version of the two heuristics that they are about.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import groupby
from pathlib import Path

from kancil.bitcoin.coinjoins.heuristic import Answer, Heuristic
from kancil.bitcoin.coinjoins.heuristics import (
    EQUAL_OUTPUT,
    EQUAL_OUTPUT_1,
    HEURISTICS,
    JOINMARKET,
    JOINMARKET_1,
)
from kancil.bitcoin.evaluation.change import ingested
from kancil.bitcoin.evaluation.coinjoins import on_planted, planted_in
from kancil.bitcoin.evaluation.evaluate import Evaluation
from kancil.bitcoin.evaluation.generated_truth import GeneratedTruth
from kancil.bitcoin.evaluation.measure import Disagreement
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.patterns import PATTERNS
from kancil.ground.words import render
from tools.build_heuristics import PAGE, tables
from tools.emulated_joins import answers, joins, left_in, pairs
from tools.measured_page import between, row, words_of, write_or_check

BEGIN = "<!-- rounds: begin; made by `python -m tools.build_rounds`; do not edit -->"
END = "<!-- rounds: end -->"
JOINS_BEGIN = "<!-- joins: begin; made by `python -m tools.build_rounds`; do not edit -->"
JOINS_END = "<!-- joins: end -->"
BEFORE: tuple[Heuristic, ...] = (JOINMARKET_1, EQUAL_OUTPUT_1)
NOW: tuple[Heuristic, ...] = (JOINMARKET, EQUAL_OUTPUT)
WISHES = Wishes(
    seed=20_260_302,
    transactions=12_000,
    patterns={pattern.name: 10_000 for pattern in PATTERNS},
    coinjoins={coinjoin.name: 8_000 for coinjoin in COINJOINS} | {"whirlpool": 60_000},
)
"""One in a hundred transactions for each pattern, 96 rounds of each CoinJoin, 720 transactions for
Whirlpool's tx0s and mixes: far more than on any real chain."""


def evaluated() -> Evaluation:
    """Generate the chain, and evaluate all heuristics on it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "chain"
        generate(folder, WISHES)
        truth = GeneratedTruth.open(folder)
        with ingested([truth.blocks], truth.network) as chain:
            return on_planted(planted_in(truth, chain), HEURISTICS)


def text_of(evaluation: Evaluation) -> str:
    """The tables, and why what differs does."""
    lines = [
        tables(evaluation),
        "",
        "| heuristic | planted as | answered | how many | why, of the first |",
        "|---|---|---|---|---|",
    ]
    for measure in evaluation.measures:
        for (sets, answer, _), group in groupby(
            sorted(measure.disagreements, key=_group), key=_group
        ):
            found = list(group)
            why = found[0].verdict.why
            lines.append(
                f"| `{measure.heuristic}` | {', '.join(sets)} | {answer} | {len(found)} "
                f"| {render(why.key, **why.params)} |"
            )
    return "\n".join(lines)


def _group(each: Disagreement) -> tuple[tuple[str, ...], str, str]:
    return each.sets, each.verdict.answer.value, each.verdict.why.key


def joins_text() -> str:
    """What heuristics answer of emulated joins, and what clusters would join of them."""
    made = list(joins())
    lines = row("heuristic", "yes", "unsure", "no", is_head=True)
    for each in (*BEFORE, *NOW):
        found = answers(made, each)
        counts = (found[one] for one in (Answer.YES, Answer.UNSURE, Answer.NO))
        lines += row(f"`{each.name}` {each.version}", *counts)
    lines += [
        "",
        *row("clusters leave out what is called by", "joins not left out",
             "pairs of one owner joined", "pairs of two owners joined", is_head=True),
    ]  # fmt: skip
    for named, heuristics, unsure_join in (
        ("nothing", (), False),
        ("version 1 of both", BEFORE, False),
        ("version 2 of both, `--unsure-join`", NOW, True),
        ("version 2 of both", NOW, False),
    ):
        left = left_in(made, heuristics, unsure_join=unsure_join)
        lines += row(named, len(left), *pairs(left))
    return "\n".join(lines)


def page(evaluation: Evaluation) -> str:
    """The page as it should be."""
    text = between(PAGE.read_text(encoding="utf-8"), BEGIN, END, text_of(evaluation))
    return between(text, JOINS_BEGIN, JOINS_END, joins_text())


def main(words: list[str]) -> int:
    """Write the page, or with `--check` say whether it is not what the simulation gives."""
    given = words_of(words, __doc__)
    return write_or_check({PAGE: page(evaluated())}, check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
