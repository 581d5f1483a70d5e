"""Build the tables of what is known of the change heuristics' error.

    python -m tools.build_change FOLDER [--check]

FOLDER holds the labelled sets in `coinjoin/`, whole blocks in `blocks/mainnet/` and block files in
`blk/`. A chain with all planted patterns and CoinJoins is generated besides; its seed stands below.
The tables go between the marks of `docs/reference/change.md`. The numbers are those of
`kancil bitcoin evaluate`, and `--check` says when the page is not what it says.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.heuristics import HEURISTICS
from kancil.bitcoin.evaluation.change import (
    TX0_SET,
    ChangeEvaluation,
    ChangeMeasure,
    Judge,
    on_blocks,
    on_generated,
    on_tx0s,
)
from kancil.bitcoin.evaluation.labelled import open_labelled
from kancil.bitcoin.generator.coinjoins import COINJOINS
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.generator.patterns import PATTERNS
from kancil.bitcoin.network import MAINNET
from kancil.cli.bitcoin.shares import share_text
from kancil.ground.words import render
from tools.measured_page import between, row, words_of, write_or_check
from tools.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "change.md"
BEGIN = "<!-- tables: begin; made by `python -m tools.build_change FOLDER`; do not edit -->"
END = "<!-- tables: end -->"
WISHES = Wishes(
    seed=20,
    transactions=20_000,
    patterns={pattern.name: 10_000 for pattern in PATTERNS},
    coinjoins={coinjoin.name: 5_000 for coinjoin in COINJOINS},
)
"""One in a hundred transactions for each pattern, one in two hundred for each CoinJoin."""
JUDGES: tuple[Judge, ...] = (*HEURISTICS, *COMBINATIONS)


def evaluated(folder: Path) -> list[ChangeEvaluation]:
    """Measure all on a generated chain, on whole blocks, and on tx0s."""
    blocks = folder / "blocks" / "mainnet"
    whole = [path for path in sorted(blocks.glob("*.raw")) if path.stem.isdigit()]
    texts = open_labelled(sorted((folder / "coinjoin").glob("*.zip")))
    with tempfile.TemporaryDirectory() as made:
        generate(Path(made) / "chain", WISHES)
        return [
            on_generated(Path(made) / "chain", JUDGES),
            on_blocks([*whole, *sorted((folder / "blk").glob("*.dat"))], JUDGES, MAINNET),
            *(on_tx0s(each, JUDGES) for each in texts.sets if each.name == TX0_SET),
        ]


def tables(evaluations: list[ChangeEvaluation]) -> str:
    """A table for each population, with what it is and how it is known."""
    return "\n".join(line for each in evaluations for line in _table(each)).rstrip()


def _table(one: ChangeEvaluation) -> list[str]:
    (where,) = one.populations
    span = " to ".join(f"{each:%Y-%m-%d}" for each in (where.first, where.last) if each)
    names = (
        "heuristic", "change named", "change, none named", "payer's other named",
        "change, stranger named", "no change, stranger named", "no change, none named",
        "cannot tell", "change, of the named", "stranger, of the named", "found, of change",
        "base rate",
    )  # fmt: skip
    known_by = render(where.known_by.key, **where.known_by.params)
    told = (
        f"{render(f'note.truth-{where.truth.value}')} ({known_by}). From: {where.name}; "
        f"{where.transactions} transactions without coinbases, of which {where.refused} were "
        f"taken for CoinJoins and asked nothing, and {where.counted} are counted; block times of "
        f"these {span}."
    )
    return [
        f"### {render(f'note.change-population-{where.code}')}: {where.called}",
        "",
        told,
        render(f"note.change-bias-{where.code}"),
        "",
        *row(*names, is_head=True),
        *(line for measure in one.measures for line in _row(measure)),
        "",
    ]


def _row(one: ChangeMeasure) -> list[str]:
    return row(
        f"`{one.judge}` {one.version}{' (by making)' if one.by_making else ''}", one.found,
        one.missed, one.own, one.mistaken, one.wrong, one.left, one.untold, share_text(one.right),
        share_text(one.strangers), share_text(one.recall),
        f"{one.base_rate.count} of {one.base_rate.of}",
    )  # fmt: skip


def page(folder: Path) -> str:
    """The page as it should be."""
    return between(PAGE.read_text(encoding="utf-8"), BEGIN, END, tables(evaluated(folder)))


def main(words: list[str]) -> int:
    """Write the page, or with `--check` say whether it is what the data say."""
    given = words_of(words, __doc__, has_folder=True)
    return write_or_check({PAGE: page(given.folder)}, check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
