"""Patterns on the money graph: which of what is drawn takes part in one, and all that must be said.

From `kancil.bitcoin.laundering.search` around the transactions drawn; to findings with numbers that
nodes and ribbons name. A pattern is no finding of guilt and none is scored: each stands with its
indicator, innocent explanations and what is known of its error. Looking has a limit in time and in
size, and what was not looked for is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import number_addresses
from kancil.bitcoin.clusters.store import kept_numbers
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.laundering.ground import Ground
from kancil.bitcoin.laundering.pattern import PROVES_NOTHING, Found, Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import Around, ground_of, patterns_around
from kancil.bitcoin.laundering.views import about, findings_view
from kancil.ground.units import grouped
from kancil.ground.words import render, render_phrase

from .net import Net

MOST_DRAWN = 300
"""Transactions drawn around which patterns are looked for. Ours: a large picture has so many."""
MOST_SECONDS = 20.0
"""After so many no further pattern is begun. Ours: a page may wait so long."""
MOST_EACH = 10
"""Findings of one pattern that are told; the count says how many there are."""
NUMBERED_AT_ONCE = 1_000_000
"""Outputs of a chain whose addresses are numbered while the page waits: a second or two."""
MOST_OUTPUTS = 20_000_000
"""Outputs of a whole chain's store beyond which a page does not look: it would read all of them."""


@dataclass(frozen=True, slots=True)
class ToldPattern:
    """One finding of a pattern, with all that must stand beside it."""

    number: int
    """From 1, in the order of the patterns, then of the chain; never by weight."""
    pattern: str
    version: str
    why: str
    """The reason with its values."""
    definition: str
    indicator: str
    indicator_source: str
    checked: str
    """`no`: nobody compared the indicator's words with the report itself."""
    checked_words: str
    innocent: str
    error: str
    source: str
    first: str
    last: str
    nodes: tuple[str, ...] = ()
    """Nodes of the picture that take part."""

    @property
    def proves_nothing(self) -> str:
        """The sentence that stands beside every finding."""
        return render(PROVES_NOTHING)

    @property
    def title(self) -> str:
        """Its number, pattern and version."""
        name = self.pattern
        return render("note.graph-pattern", number=self.number, name=name, version=self.version)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """All that is said of it, each with its heading."""
        return ((render("name.pattern-reason"), self.why), *self.beside())

    def beside(self) -> tuple[tuple[str, str], ...]:
        """What is said of its pattern, each with its heading."""
        return (
            (render("name.pattern-indicator"), f"{self.indicator} ({self.indicator_source})"),
            (render("name.pattern-checked"), self.checked_words),
            (render("name.pattern-innocent"), self.innocent),
            (render("name.pattern-error"), self.error),
            (render("name.pattern-definition"), self.definition),
            (render("name.pattern-source"), self.source),
        )

    @property
    def sentence(self) -> str:
        """All of it as one text."""
        facts = " ".join(f"{name}: {text}" for name, text in self.facts())
        return f"{self.title}. {facts} {self.proves_nothing}"


@dataclass(frozen=True, slots=True)
class Patterned:
    """What was found around what is drawn, and what was not looked for."""

    findings: tuple[ToldPattern, ...] = ()
    said: tuple[str, ...] = ()
    by_tx: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Transaction → numbers of the findings it takes part in."""
    by_output: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """Output → numbers of the findings that rest on it."""
    is_out_of_time: bool = False
    """Whether some patterns were not looked for since time was up: another try may tell more."""

    def of(self, txs: Iterable[int], outputs: Iterable[int]) -> tuple[int, ...]:
        """The numbers of the findings that some of these take part in."""
        found = {number for tx in txs for number in self.by_tx.get(tx, ())}
        found |= {number for one in outputs for number in self.by_output.get(one, ())}
        return tuple(sorted(found))

    def named(self, nodes: Mapping[int, tuple[str, ...]]) -> tuple[ToldPattern, ...]:
        """The findings with the nodes that take part in each."""
        return tuple(replace(one, nodes=nodes.get(one.number, ())) for one in self.findings)


def not_asked() -> Patterned:
    """That patterns were not looked for, since nobody asked."""
    return Patterned(said=(render("note.graph-patterns-off"),))


@dataclass(frozen=True, slots=True)
class _Numbers:
    of_row: Array
    address_count: int


def pattern_ground(chain: Chain, labels: LabelIndex) -> Ground | str:
    """Make ready what patterns look at; else the reason why a page cannot."""
    outputs = chain.columns.output_count
    if chain.store is not None and outputs > MOST_OUTPUTS:
        return render("note.graph-patterns-large-chain", chain=chain.name)
    kept = kept_numbers(chain)
    if kept is not None:
        return ground_of(chain, kept, labels=labels)
    if outputs > NUMBERED_AT_ONCE:
        return render("note.graph-patterns-not-numbered", chain=chain.name)
    ids = number_addresses(chain)
    return ground_of(chain, _Numbers(ids.of_row, len(ids.first_row)), labels=labels)


def look_for_patterns(ground: Ground | str, net: Net, seconds: float = MOST_SECONDS) -> Patterned:
    """Look for patterns that the transactions of a net take part in."""
    if isinstance(ground, str):
        return Patterned(said=(ground,))
    if len(net.hops) > MOST_DRAWN:
        said_of = render("note.graph-patterns-large", most=MOST_DRAWN, count=grouped(len(net.hops)))
        return Patterned(said=(said_of,))
    starts = [strand.output for strand in net.strands if strand.is_start and strand.output >= 0]
    around = patterns_around(ground, starts, net.hops, most=MOST_EACH, seconds=seconds)
    return _told(ground.chain, around)


def _told(chain: Chain, around: Around) -> Patterned:
    by_tx: defaultdict[int, list[int]] = defaultdict(list)
    by_output: defaultdict[int, list[int]] = defaultdict(list)
    told: list[ToldPattern] = []
    notes: dict[str, None] = {}
    members = {member.name: member for member in PATTERNS}
    more = 0
    for findings in around.findings:
        member = members[findings.pattern]
        view = findings_view(chain, member, findings)
        notes |= dict.fromkeys(render_phrase(note) for note in findings.notes)
        more += view["more"]
        for found, row in zip(findings.found, view["findings"], strict=True):
            number = len(told) + 1
            told.append(_one(number, member, found, row, about(member, findings.chosen)))
            for tx in {step.tx for step in found.steps}:
                by_tx[tx].append(number)
            for output in set(found.outputs):
                by_output[output].append(number)
    said_of = [*_said(around, told, more), *notes]
    return Patterned(
        tuple(told),
        tuple(said_of),
        {tx: tuple(numbers) for tx, numbers in by_tx.items()},
        {output: tuple(numbers) for output, numbers in by_output.items()},
        is_out_of_time=bool(around.not_looked),
    )


def _said(around: Around, told: list[ToldPattern], more: int) -> list[str]:
    """What was looked for and found, and what was not."""
    notes = [render(PROVES_NOTHING), render("note.pattern-no-score")]
    looked = [findings.pattern for findings in around.findings]
    silent = [one.pattern for one in around.findings if not one.total and not one.notes]
    if silent:
        notes.append(render("note.pattern-none", names=", ".join(silent)))
    if more:
        notes.append(render("note.graph-patterns-more", count=grouped(more)))
    if looked:
        notes.append(render("note.pattern-around", count=around.looked_at))
    if around.is_cut:
        notes.append(render("note.pattern-cut"))
    if around.not_looked:
        names = ", ".join(around.not_looked)
        notes.append(render("note.graph-patterns-time", names=names, seconds=int(MOST_SECONDS)))
    if told:
        notes.append(render("note.pattern-known"))
    return notes


def _one(
    number: int, member: Pattern, found: Found, row: dict[str, Any], beside: dict[str, Any]
) -> ToldPattern:
    """Put a finding into words."""
    indicator = beside["indicator"]
    compared = f"note.pattern-checked-{indicator['compared']}"
    return ToldPattern(
        number=number,
        pattern=member.name,
        version=member.version,
        why=render_phrase(found.why),
        definition=render(beside["definition"]),
        indicator=render(indicator["words"]),
        indicator_source=f"{indicator['source']}; {indicator['section']}",
        checked=indicator["checked"],
        checked_words=render(compared, by=indicator["told_by"]),
        innocent=render(beside["innocent"]),
        error=render(beside["error"]),
        source=beside["source"],
        first=row["first"] or "",
        last=row["last"] or "",
    )
