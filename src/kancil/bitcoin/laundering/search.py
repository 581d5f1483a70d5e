"""Looking for patterns: over a whole chain, or around an address, a transaction or some outputs.

Doors and pages call `find_patterns` and `patterns_around`. What a member needs beside the chain,
labels and a threshold of the law, is given by the caller; prices come as a `PriceBook`, so nothing
here reads a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import chain as chain_of
from time import monotonic
from typing import Protocol

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.progress import SILENT, Part, Progress
from kancil.ground.units import SAT_PER_BTC
from kancil.records.price import PriceBook, Valued, value_at

from .ground import ALWAYS, Flow, Ground, Marked, Threshold, by_time, frozen, marked_by
from .pattern import Findings, Found, Parameter, Pattern
from .patterns import PATTERNS

BITCOIN = "BTC"
MOST = 25
"""Findings of each pattern that are told unless the caller says otherwise. Ours."""
HOPS = 2
"""Transactions that a search around something goes out to. Ours: the forms that are not paths have
their ends no farther apart."""
MOST_NEAR = 20_000
"""Transactions that a search around something looks at. Ours: seconds on an old machine."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked beside the patterns."""

    span: tuple[int, int] = ALWAYS
    """The first and the last second that counts."""
    threshold: Threshold | None = None


def parameter_named(members: Sequence[Pattern], name: str) -> list[tuple[Pattern, Parameter]]:
    """Find a parameter by `name`, or by `pattern.name`, among members."""
    whose, _, short = name.rpartition(".")
    return [
        (member, each)
        for member in members
        for each in member.parameters
        if each.name == short and whose in ("", member.name)
    ]


def chosen_of(members: Sequence[Pattern], given: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The parameters of each member: the defaults, but for those given.

    A name without a pattern goes for every member that has it. Raises OptionNotUsable.
    """
    chosen = {one.name: {each.name: each.default for each in one.parameters} for one in members}
    for name, value in given.items():
        pairs = parameter_named(members, name)
        if not pairs:
            known = ", ".join(
                f"{one.name}.{each.name}" for one in members for each in one.parameters
            )
            why = Phrase("why.pattern-parameter", {"known": known})
            raise OptionNotUsable(option="--param", value=name[:60], why=why)
        for member, each in pairs:
            if not each.least <= value <= each.most:
                why = Phrase(
                    "why.pattern-parameter-range",
                    {"name": f"{member.name}.{each.name}", "least": each.least,
                     "most": each.most},
                )  # fmt: skip
                raise OptionNotUsable(option="--param", value=f"{name}={value}"[:60], why=why)
            chosen[member.name][each.name] = value
    return chosen


def threshold_in(amount: Decimal, currency: str, prices: PriceBook | None) -> Threshold | None:
    """A threshold of the law as satoshi through time; None where no price is known at all.

    In `BTC` no price is needed. Else each span of time has the least satoshi worth the amount or
    more by the one price that answers there; -1 where none does, or where sources differ.
    """
    told: tuple[tuple[str, str | int], ...]
    if currency == BITCOIN:
        sat = _least_sat(Fraction(amount), Fraction(1))
        told = (("currency", currency), ("threshold", f"{amount:f}"), ("source", "-"), ("rows", 0))
        return Threshold(frozen(np.zeros(1, np.int64)), frozen(np.array([sat], np.int64)), told)
    rows = [] if prices is None else list(prices.rows_of(BITCOIN, currency))
    if prices is None or not rows:
        return None
    edges = sorted({each for row in rows for each in (row.start, row.end)})
    starts, sats = [0], [-1]
    for edge in edges:
        found = value_at(prices, BITCOIN, edge, currency)
        starts.append(-(-int(edge.timestamp() * 1_000_000) // 1_000_000))
        sats.append(
            _least_sat(Fraction(amount), Fraction(found.row.price))
            if isinstance(found, Valued)
            else -1
        )
    sources = "; ".join(dict.fromkeys(row.source for row in rows))
    told = (("currency", currency), ("threshold", f"{amount:f}"), ("source", sources),
            ("rows", len(rows)))  # fmt: skip
    return Threshold(frozen(np.array(starts, np.int64)), frozen(np.array(sats, np.int64)), told)


def _least_sat(amount: Fraction, price: Fraction) -> int:
    """The least satoshi that are worth the amount or more at a price of one bitcoin."""
    exact = amount * SAT_PER_BTC / price
    return -(-exact.numerator // exact.denominator)


class Numbered(Protocol):
    """The addresses of a chain, as `clusters` and `chain.address_ids` number them."""

    @property
    def of_row(self) -> Array:
        """Number of the address that each output pays, -1 none."""

    @property
    def address_count(self) -> int:
        """Number of addresses."""


def ground_of(
    chain: Chain,
    clusters: Numbered,
    *,
    labels: LabelIndex | None = None,
    marked: Marked | None = None,
    asked: Asked | None = None,
    progress: Progress = SILENT,
) -> Ground:
    """Make ready what members look at.

    `clusters`: of this chain, for the numbers of its addresses alone. `labels`: the services they
    name are marked; `marked`: these instead.
    """
    asked = asked or Asked()
    graph = chain.graph
    flow = Flow(*(frozen(getattr(graph, name)) for name in Flow._fields))
    outputs = chain.columns.output_count
    if marked is None and labels is not None and len(labels):
        marked = marked_by(labels, chain.columns)
    return Ground(
        chain=chain,
        flow=flow,
        of_row=frozen(clusters.of_row[:outputs]),
        addresses=clusters.address_count,
        marked=marked,
        threshold=asked.threshold,
        span=frozen(np.array(asked.span, np.int64)),
        progress=progress,
    )


def find_patterns(
    ground: Ground,
    members: Sequence[Pattern] = PATTERNS,
    given: Mapping[str, int] | None = None,
    most: int | None = MOST,
) -> list[Findings]:
    """Look for patterns over all that the ground holds. Raises OptionNotUsable for parameters."""
    chosen = chosen_of(members, given or {})
    return [
        member.find(part, chosen[member.name], most) for member, part in _in_parts(ground, members)
    ]


def _in_parts(ground: Ground, members: Sequence[Pattern]) -> Iterator[tuple[Pattern, Ground]]:
    """Each member with the ground it looks over, whose progress is its part of the whole."""
    ground.progress.start(len(members) * ground.looked_at, "transactions", "progress.patterns")
    for member in members:
        part = Part(ground.progress, ground.looked_at)
        yield member, replace(ground, progress=part)
        part.finish()
    ground.progress.finish()


@dataclass(frozen=True, slots=True)
class Around:
    """What was found around something."""

    findings: tuple[Findings, ...]
    """Only those that the subject has a part in."""
    looked_at: int
    """Transactions around the subject that were looked at."""
    is_cut: bool
    """Whether there were more than could be looked at: a pattern may have been missed."""
    not_looked: tuple[str, ...] = ()
    """Names of the patterns for which no time was left."""


def patterns_around(
    ground: Ground,
    outputs: Iterable[int] = (),
    transactions: Iterable[int] = (),
    members: Sequence[Pattern] = PATTERNS,
    given: Mapping[str, int] | None = None,
    most: int | None = MOST,
    seconds: float | None = None,
) -> Around:
    """Look for patterns that some outputs, or some transactions, have a part in.

    `outputs`: those of an address or of a cluster's addresses (`Chain.outputs_of_address`);
    `transactions`: rows. Paths are walked to both ends; other forms are looked for within `HOPS`
    transactions and the addresses they touch, `MOST_NEAR` transactions at most. A subject has a
    part in a finding if one of its transactions, or of those that pay or spend its outputs, does.
    `seconds`: no pattern is begun, and nothing more is walked to, after so many; None: no limit.
    """
    until = None if seconds is None else monotonic() + seconds
    chosen = chosen_of(members, given or {})
    subject = set(transactions)
    for output in outputs:
        subject |= {ground.tx_of_output(output), ground.spender_of(output)}
    subject -= {-1}
    near, is_cut = _near(ground, subject, until)
    rows = frozen(np.array(sorted(near), np.int64))
    closest = frozenset(subject).union(*(_beside(ground, tx) for tx in subject))
    closer = replace(ground, rows=rows, closest=closest, keys=_keys(ground, near))
    findings: list[Findings] = []
    for member, part in _in_parts(closer, members):
        if _is_over(until):
            break
        every = member.find(part, chosen[member.name], None)
        kept = [one for one in every.found if has_part(ground, one, subject)]
        findings.append(replace(every, found=tuple(kept[:most]), total=len(kept)))
    not_looked = tuple(member.name for member in members[len(findings) :])
    return Around(tuple(findings), len(near), is_cut, not_looked)


def _is_over(until: float | None) -> bool:
    return until is not None and monotonic() >= until


def has_part(ground: Ground, found: Found, subject: set[int]) -> bool:
    """Whether one of these transactions has a part in a finding."""
    if any(step.tx in subject for step in found.steps):
        return True
    return bool(found.more) and any(ground.tx_of_output(one) in subject for one in found.outputs)


def _near(ground: Ground, subject: set[int], until: float | None) -> tuple[set[int], bool]:
    """The transactions within some hops, and those that share an address with the nearest.

    And whether there were more than `MOST_NEAR`, or time was up; then those found first are given.
    """
    near = set(by_time(ground, subject)[:MOST_NEAR])
    if len(near) < len(subject):
        return near, True
    edge = by_time(ground, near)
    for hop in range(HOPS):
        found: list[int] = []
        seen_addresses: set[int] = set()
        for tx in edge:
            beside = _beside(ground, tx)
            if hop == 0:
                beside = chain_of(beside, _sharing(ground, tx, seen_addresses))
            for row in beside:
                if _is_over(until):
                    return near, True
                if row < 0 or row in near:
                    continue
                if len(near) == MOST_NEAR:
                    return near, True
                near.add(row)
                found.append(row)
        edge = by_time(ground, found)
    return near, False


def _beside(ground: Ground, tx: int) -> Iterator[int]:
    """The transactions that a transaction spends from, and those that spend from it."""
    yield from map(ground.tx_of_output, ground.sources_of(tx))
    yield from map(ground.spender_of, ground.outputs_of(tx))


def _sharing(ground: Ground, tx: int, seen: set[int]) -> Iterator[int]:
    """The transactions that pay or spend the addresses of one, each address once."""
    for output in (*ground.sources_of(tx), *ground.outputs_of(tx)):
        address = int(ground.of_row[output])
        if address < 0 or address in seen:
            continue
        seen.add(address)
        for one in ground.chain.find_outputs(*ground.chain.columns.script_at(output)):
            yield ground.tx_of_output(int(one))
            yield ground.spender_of(int(one))


def _keys(ground: Ground, rows: set[int]) -> Array:
    """The addresses that transactions pay or spend, ascending."""
    keys = {
        int(ground.of_row[one])
        for tx in rows
        for one in (*ground.sources_of(tx), *ground.outputs_of(tx))
    }
    return np.array(sorted(keys - {-1}), np.int64)


def seconds_of(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """A span of aware times as seconds since 1970."""
    first = ALWAYS[0] if since is None else int(since.timestamp())
    last = ALWAYS[1] if until is None else int(until.timestamp())
    return first, last
