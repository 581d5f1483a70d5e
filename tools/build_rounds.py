"""Build the tables of the CoinJoin heuristics against planted rounds: a simulation.

    python -m tools.build_rounds [--check]

The chain is generated here, always the same; its wishes stand below. The tables go between the
marks of `docs/reference/heuristics.md`. The numbers are those of `kancil bitcoin evaluate`, and
`--check` says when the page is not what it says.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import groupby
from pathlib import Path

from kancil.bitcoin.change_evaluate import ingested
from kancil.bitcoin.coinjoin_evaluate import on_planted, planted_in
from kancil.bitcoin.evaluate import Evaluation
from kancil.bitcoin.generated_truth import GeneratedTruth
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.patterns import PATTERNS
from kancil.bitcoin.heuristics import HEURISTICS
from kancil.bitcoin.measure import Disagreement
from kancil.ground.words import render
from tools.build_heuristics import PAGE, tables
from tools.measured_page import between, words_of, write_or_check

BEGIN = "<!-- rounds: begin; made by `python -m tools.build_rounds`; do not edit -->"
END = "<!-- rounds: end -->"
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
    """Give the tables, and why what differs does."""
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


def page(evaluation: Evaluation) -> str:
    """Give the page as it should be."""
    return between(PAGE.read_text(encoding="utf-8"), BEGIN, END, text_of(evaluation))


def main(words: list[str]) -> int:
    """Write the page, or with `--check` say whether it is not what the simulation gives."""
    given = words_of(words, __doc__)
    return write_or_check({PAGE: page(evaluated())}, check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
