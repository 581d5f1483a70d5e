"""Build the tables of what is known of the heuristics' error, from the labelled data.

    python -m tools.build_heuristics FOLDER [--check]

FOLDER holds the labelled sets in `coinjoin/` and whole blocks in `blocks/mainnet/`; the extract of
Wasabi 1's false positives in the tree is added. The tables go between the marks of
`docs/reference/heuristics.md`, every difference to `docs/reference/heuristics-differences.md`. The
numbers are those of `kancil bitcoin evaluate`, and `--check` says when the pages are not what it
says.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from kancil.bitcoin.evaluate import Disagreement, Evaluation, Measure, evaluate
from kancil.bitcoin.heuristics import HEURISTICS
from kancil.bitcoin.labelled import open_labelled
from kancil.cli.shares import share_text
from kancil.ground.words import render
from tools.measured_page import between, words_of, write_or_check
from tools.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "heuristics.md"
LIST = ROOT / "docs" / "reference" / "heuristics-differences.md"
EXTRACT = ROOT / "tests" / "data" / "bitcoin" / "coinjoin" / "wasabi1_false_cjtxs_extract.json"
BEGIN = "<!-- tables: begin; made by `python -m tools.build_heuristics FOLDER`; do not edit -->"
END = "<!-- tables: end -->"


def evaluated(folder: Path) -> Evaluation:
    """Evaluate all heuristics on all labelled sets of a folder."""
    joins, blocks = folder / "coinjoin", folder / "blocks" / "mainnet"
    texts = [path for path in sorted(joins.iterdir()) if path.suffix in {".zip", ".txt"}]
    lists = sorted(joins.glob("*false_cjtxs*.json"))
    whole = [path for path in sorted(blocks.glob("*.raw")) if path.stem.isdigit()]
    return evaluate(open_labelled([*texts, *whole, *lists, EXTRACT]), HEURISTICS)


def tables(evaluation: Evaluation) -> str:
    """Give the table of all counts, and what the labels were for each heuristic."""
    names = (
        "heuristic", "called", "true positive", "false negative", "false positive",
        "true negative", "found of its kind", "called of the others", "base rate in the sets",
    )  # fmt: skip
    lines = [f"| {' | '.join(names)} |", "|---|---|---|---|---|---|---|---|---|"]
    for each in evaluation.measures:
        base = each.base_rate
        lines.append(
            f"| `{each.heuristic}` {each.version} | {each.called} | {each.found} | {each.missed} "
            f"| {each.wrong} | {each.left} | {share_text(each.recall)} "
            f"| {share_text(each.wrongly_called)} | {base.count} of {base.of} |"
        )
    lines += [
        "",
        "| heuristic | called | labels said | set | count | says yes |",
        "|---|---|---|---|---|---|",
    ]
    for each in evaluation.measures:
        for label, parts in (
            ("its kind", each.positives),
            ("not its kind", each.negatives),
            ("elsewhere", each.elsewhere),
        ):
            lines += [
                f"| `{each.heuristic}` | {each.called} | {label} | {part.name} | {part.count} "
                f"| {part.called} |"
                for part in parts
                if label != "elsewhere" or part.called
            ]
    lines += ["", *(sentence for each in evaluation.measures for sentence in _told(each))]
    return "\n".join(lines)


def _told(measure: Measure) -> list[str]:
    truth = "none" if measure.truth is None else measure.truth.value
    span = [f"{each:%Y-%m-%d}" for each in (measure.first, measure.last) if each is not None]
    rules = ", ".join(f"`{rule}` {count}" for rule, count in measure.rules.items())
    first = (
        f"- `{measure.heuristic}`: {render(f'note.truth-{truth}')} (labelled by: "
        f"{'; '.join(measure.known_by) or '-'}). Labelled transactions from "
        f"{' to '.join(span)}; outside the protocol's period: {measure.outside_period}; could not "
        f"be told: {measure.untold}; sets contradict: {measure.contradictory}. Rules: {rules}."
    )
    lines = [first]
    if measure.restates:
        words = {"heuristic": f"`{measure.heuristic}`", "program": measure.restates}
        lines.append("  " + render("note.evaluate-restates", **words))
    lines += [
        "  "
        + render(
            "note.evaluate-listed",
            file=f"`{each.file}`",
            listed=each.listed,
            here=each.here,
            called=each.called,
        )
        + "."
        for each in measure.listed
    ]
    return lines


def differences(evaluation: Evaluation) -> str:
    """Give every labelled transaction that is answered otherwise, by set and reason."""
    lines = [
        "<!-- Made by `python -m tools.build_heuristics FOLDER`; do not edit. -->",
        "# Where labels and heuristics differ",
        "",
        "Every labelled transaction of which a heuristic says something else than its set, from",
        "the labelled data that [heuristics](heuristics.md) tells of. The reason is that of the",
        "first transaction below it; its numbers differ from one to the next.",
        "",
    ]
    for measure in evaluation.measures:
        rows = sorted(measure.disagreements, key=_group)
        for (sets, stated, _, _), group in groupby(rows, key=_group):
            found = list(group)
            label = "its kind" if stated else "not its kind"
            why = found[0].verdict.why
            heading = (
                f"## {measure.heuristic}: {len(found)} of {', '.join(sets)}, labelled {label}, "
                f"answered {found[0].verdict.answer}"
            )
            lines += [
                heading,
                "",
                f"{render(why.key, **why.params)}.",
                "",
                "```",
                *(each.txid for each in found),
                "```",
                "",
            ]
    return "\n".join(lines).rstrip() + "\n"


def _group(each: Disagreement) -> tuple[tuple[str, ...], bool, str, str]:
    return each.sets, each.stated, each.verdict.rule, each.verdict.why.key


def pages(folder: Path) -> dict[Path, str]:
    """Give the pages as they should be."""
    evaluation = evaluated(folder)
    page = between(PAGE.read_text(encoding="utf-8"), BEGIN, END, tables(evaluation))
    return {PAGE: page, LIST: differences(evaluation)}


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` say which are not what the data say."""
    given = words_of(words, __doc__, has_folder=True)
    return write_or_check(pages(given.folder), check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
