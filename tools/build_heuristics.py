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
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path

from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.evaluation.evaluate import Evaluation, evaluate
from kancil.bitcoin.evaluation.labelled import open_labelled
from kancil.bitcoin.evaluation.measure import (
    GOAL_ASKED,
    Contest,
    Counts,
    Disagreement,
    Measure,
    ProtocolMeasure,
    Share,
)
from kancil.cli.bitcoin.evaluate_coinjoins import clean_text, goal_text
from kancil.cli.bitcoin.shares import share_text
from kancil.ground.words import render
from tools.measured_page import between, row, words_of, write_or_check
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
    """The tables by protocol, heuristic, rule and set, and what the labels were."""
    lines = [
        *row(*PROTOCOL, *BOTH, *(["goal met"] if _has_goal(evaluation) else []), is_head=True),
        *(line for each in evaluation.protocols for line in _protocol_row(each)),
        "",
        *row(
            *HEURISTIC,
            *BOTH,
            "unsure of its kind, of the others",
            "base rate in the sets",
            is_head=True,
        ),
    ]
    for each in evaluation.measures:
        base = each.labelled.base_rate
        lines += row(
            f"`{each.heuristic}` {each.version}",
            each.called,
            *_both(each.labelled, each.uncontested, len(each.contested)),
            f"{each.labelled.unsure_missed}, {each.labelled.unsure_left}",
            f"{base.count} of {base.of}",
        )
    lines += ["", *row(*RULE, is_head=True)]
    for each in evaluation.measures:
        for rule in each.by_rule:
            lines += row(
                f"`{each.heuristic}`",
                each.called,
                f"`{rule.rule}`" if rule.is_sure else f"`{rule.rule}` (unsure)",
                _of(rule.labelled.recall),
                _of(rule.labelled.wrongly_called),
                _of(rule.uncontested.recall) if each.contested else "-",
                _of(rule.uncontested.wrongly_called) if each.contested else "-",
                rule.elsewhere,
            )
    lines += ["", *(f"- {clean_text(each)}" for each in evaluation.measures if each.by_clean)]
    lines += [
        "",
        "| heuristic | called | labels said | set | from | to | count | says yes | unsure |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in evaluation.measures:
        for label, parts in (
            ("its kind", each.positives),
            ("not its kind", each.negatives),
            ("elsewhere", each.elsewhere),
        ):
            lines += [
                f"| `{each.heuristic}` | {each.called} | {label} | {part.name} "
                f"| {_day(part.first)} | {_day(part.last)} | {part.count} | {part.called} "
                f"| {part.unsure} |"
                for part in parts
                if label != "elsewhere" or part.called or part.unsure
            ]
    lines += ["", *(sentence for each in evaluation.measures for sentence in _told(each))]
    return "\n".join(lines)


PROTOCOL = ("protocol", "heuristics", "called")
HEURISTIC = ("heuristic", "called")
BOTH = (
    "true positive, false negative, false positive, true negative", "found of its kind",
    "called of the others", "contested labels", "found, these left out",
    "called of the others, these left out",
)  # fmt: skip
RULE = (
    "heuristic", "called", "rule alone", "found of its kind", "called of the others",
    "found, contested labels left out", "called of the others, contested left out",
    "called elsewhere",
)  # fmt: skip


def _day(time: datetime | None) -> str:
    return "-" if time is None else f"{time:%Y-%m-%d}"


def _of(share: Share) -> str:
    return f"{share.count} of {share.of}"


def _both(labelled: Counts, uncontested: Counts, contested: int) -> tuple[str, ...]:
    """Counts and shares as labelled, and the shares without contested labels."""
    four = (labelled.found, labelled.missed, labelled.wrong, labelled.left)
    shares = [
        share_text(share, is_brief=True)
        for counts in (labelled, uncontested)
        for share in (counts.recall, counts.wrongly_called)
    ]
    rest = shares[2:] if contested else ["-", "-"]
    return (", ".join(str(each) for each in four), *shares[:2], str(contested), *rest)


def _has_goal(evaluation: Evaluation) -> bool:
    return any(each.called in GOAL_ASKED for each in evaluation.protocols)


def _protocol_row(each: ProtocolMeasure) -> list[str]:
    names = ", ".join(f"`{name}` {version}" for name, version in each.heuristics)
    cells = _both(each.labelled, each.uncontested, each.contested)
    goal = [goal_text(each.labelled, each.uncontested, each.contested)]
    return row(
        each.protocol,
        names,
        each.called,
        *cells,
        *(goal if each.called in GOAL_ASKED else []),
    )


def _told(measure: Measure) -> list[str]:
    truth = "none" if measure.truth is None else measure.truth.value
    span = [f"{each:%Y-%m-%d}" for each in (measure.first, measure.last) if each is not None]
    rules = ", ".join(f"`{rule}` {count}" for rule, count in measure.rules.items())
    first = (
        f"- `{measure.heuristic}`: {render(f'note.truth-{truth}')} (labelled by: "
        f"{'; '.join(measure.known_by) or '-'}). Labelled transactions from "
        f"{' to '.join(span)}; outside the protocol's period: {measure.outside_period}; could not "
        f"be told: {measure.untold}; sets contradict: {measure.contradictory}. Fired over all "
        f"sets: {rules or 'none'}."
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
    """Every labelled transaction that is answered otherwise or contested, with the reason."""
    lines = [
        "<!-- Made by `python -m tools.build_heuristics FOLDER`; do not edit. -->",
        "# Where labels and heuristics differ",
        "",
        "Every labelled transaction of which a heuristic says something else than its set, from",
        "the labelled data that [heuristics](heuristics.md) tells of. The reason is that of the",
        "first transaction below it; its numbers differ from one to the next.",
        "",
        "Where a fact of the protocol itself contradicts the label, the label is *contested*: the",
        "fact is given too, and beside each id what it rests on: the transaction that takes the",
        "coin, or the number of the output.",
        "",
    ]
    for measure in evaluation.measures:
        facts = {each.txid: each for each in measure.contested}
        keys = {each.txid: _group(each, facts) for each in measure.disagreements}
        rows = sorted(measure.disagreements, key=lambda each: keys[each.txid])
        for (sets, stated, *_, fact), group in groupby(rows, key=lambda each: keys[each.txid]):
            found = list(group)
            why = found[0].verdict.why
            heading = (
                f"## {measure.heuristic}: {len(found)} of {', '.join(sets)}, labelled "
                f"{_kind(stated)}, answered {found[0].verdict.answer}"
            )
            lines += [
                f"{heading}; contested" if fact else heading,
                "",
                f"{render(why.key, **why.params)}.",
                "",
            ]
            lines += _listing([each.txid for each in found], facts if fact else {})
        differ = {each.txid for each in measure.disagreements}
        agreed = [each for each in measure.contested if each.txid not in differ]
        if agreed:
            lines += [f"## {measure.heuristic}: {len(agreed)} contested, answered as labelled", ""]
            lines += _listing([each.txid for each in agreed], facts)
    return "\n".join(lines).rstrip() + "\n"


def _kind(stated: bool) -> str:
    return "its kind" if stated else "not its kind"


def _listing(txids: list[str], facts: Mapping[str, Contest]) -> list[str]:
    """Ids, and where they are contested the fact and what it rests on."""
    if not facts:
        return ["```", *txids, "```", ""]
    first = facts[txids[0]].fact
    places = (" ".join(str(value) for value in facts[txid].fact.params.values()) for txid in txids)
    return [
        f"Contested: {render(first.key, **first.params)}.",
        "",
        "```",
        *(f"{txid} {place}" for txid, place in zip(txids, places, strict=True)),
        "```",
        "",
    ]


def _group(
    each: Disagreement, facts: Mapping[str, Contest]
) -> tuple[tuple[str, ...], bool, str, str, str]:
    contest = facts.get(each.txid)
    fact = "" if contest is None else contest.fact.key
    return each.sets, each.stated, each.verdict.rule, each.verdict.why.key, fact


def pages(folder: Path) -> dict[Path, str]:
    """The pages as they should be."""
    evaluation = evaluated(folder)
    page = between(PAGE.read_text(encoding="utf-8"), BEGIN, END, tables(evaluation))
    return {PAGE: page, LIST: differences(evaluation)}


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` say which are not what the data say."""
    given = words_of(words, __doc__, has_folder=True)
    return write_or_check(pages(given.folder), check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
