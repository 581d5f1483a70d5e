"""Build the page of patterns: what each says of itself, and the simulation on a generated chain.

    python -m tools.build_patterns [--check]

Definitions, parameters, indicators and innocent makers are those of the members and their words;
the tables are those of `kancil bitcoin evaluate` on a chain that is generated here, always the
same. `--check` says when `docs/reference/patterns.md` is not what they say.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from kancil.bitcoin.evaluation.patterns import Generated, measure_patterns, open_generated
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.laundering.pattern import Parameter, Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.cli.bitcoin.shares import share_text
from kancil.ground.words import render
from tools.measured_page import between, words_of, write_or_check
from tools.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "patterns.md"
MADE = "made by `python -m tools.build_patterns`; do not edit"
MARKS = {
    name: (f"<!-- {name}: begin; {MADE} -->", f"<!-- {name}: end -->")
    for name in ("members", "simulation")
}
WISHES = Wishes(
    seed=20_260_301,
    transactions=12_000,
    patterns=dict.fromkeys((each.name for each in PATTERNS), 30_000),
    coinjoins={"whirlpool": 20_000, "wasabi-1": 2_000, "wasabi-2": 2_000, "joinmarket": 4_000},
)
"""3 in 100 transactions of each pattern: far more than on any real chain."""
SHORT = {"dormant-burst.least-rest": 6, "donation-campaign.least-days": 0}
"""Times for a chain of a day and a half; nothing else is changed."""


def generated(work: Path) -> Generated:
    """Make the chain of the page and read it."""
    generate(work / "made", WISHES)
    return open_generated(work / "made", work / "chain")


def members() -> str:
    """A section for each member."""
    return "\n\n".join(_section(member) for member in PATTERNS)


def _section(member: Pattern) -> str:
    name, indicator = member.name, member.indicator
    checked = render(f"note.pattern-checked-{indicator.checked.value}", by=indicator.told_by)
    rows = [
        f"| `{each.name}` | {each.default} {each.unit.value} | {_origin(each)} "
        f"| {render(f'why.param-{name}-{each.name}')} |"
        for each in member.parameters
    ]
    needs = ", ".join(sorted(member.needs)) or "the chain alone"
    return "\n".join(
        [
            f"### {name} {member.version}",
            "",
            render(f"method.pattern-{name}.1"),
            "",
            "| parameter | default | from | why |",
            "|---|---|---|---|",
            *rows,
            "",
            f"- **Typology**: {render(f'note.typology-{member.typology}')}.",
            (
                f"- **Indicator** ({indicator.section}): {render(f'note.indicator-{name}')} "
                f"*{checked}.*"
            ),
            f"- **Innocent makers**: {render(f'method.pattern-{name}.2')}",
            f"- **Error**: {render(f'method.pattern-{name}.3')}",
            f"- **Sources**: {member.source}.",
            f"- **Needs**: {needs}.",
        ]
    )


def _origin(each: Parameter) -> str:
    return each.origin.value


def simulation(chain: Generated) -> str:
    """The tables of what was found on the generated chain."""
    times = ", ".join(f"`{name}={value}`" for name, value in SHORT.items())
    lines = [
        (
            f"Seed {WISHES.seed}, {WISHES.transactions} transactions, instances cut short and not "
            f"counted: {chain.cut_short}."
        ),
        "",
        *_table(chain, {}, PATTERNS),
        "",
        (f"With times that so short a chain has room for ({times}), and nothing else changed:"),
        "",
    ]
    touched = {name.split(".")[0] for name in SHORT}
    lines += _table(chain, SHORT, tuple(each for each in PATTERNS if each.name in touched))
    lines += ["", "| pattern | instance | found | planted |", "|---|---|---|---|"]
    for each in measure_patterns([chain], [one for one in PATTERNS if len(one.plants) > 1]):
        lines += [
            f"| `{each.pattern}` | {kind} | {found} | {planted} |"
            for kind, (found, planted) in each.kinds.items()
        ]
    return "\n".join(lines)


def _table(chain: Generated, given: dict[str, int], chosen: tuple[Pattern, ...]) -> list[str]:
    lines = [
        (
            "| pattern | planted instances found | findings of no such instance | of these, of "
            "another instance | base rate (transactions) | from the truth |"
        ),
        "|---|---|---|---|---|---|",
    ]
    for each in measure_patterns([chain], chosen, given):
        lines.append(
            f"| `{each.pattern}` {each.version} | {share_text(each.recall)} "
            f"| {share_text(each.false_share)} | {each.elsewhere} "
            f"| {each.planted_txs} of {each.all_txs} | {', '.join(each.given) or '-'} |"
        )
    return lines


def page(chain: Generated) -> str:
    """The page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, made in (("members", members()), ("simulation", simulation(chain))):
        text = between(text, *MARKS[name], made)
    return text


def main(words: list[str]) -> int:
    """Write the page, or with `--check` say whether it is not what the members say."""
    given = words_of(words, __doc__)
    with tempfile.TemporaryDirectory() as work:
        text = page(generated(Path(work)))
    return write_or_check({PAGE: text}, check=given.check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
