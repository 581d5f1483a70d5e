"""Service hopping: coins leave one labelled service straight for another, again and again.

Form: FATF's indicator of transfers at once to several providers. A hop is a transaction that spends
a coin which one labelled service paid out, and pays another labelled service soon after. Inside a
service the chain shows nothing: that a withdrawal belongs to a deposit before it is *guessed* from
value and time (nearly all of the deposit comes out of the same service soon after). Without labels
nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from kancil.bitcoin.laundering.ground import Ground, Marked, Told
from kancil.bitcoin.laundering.pattern import (
    Chosen,
    Compared,
    Findings,
    Found,
    Indicator,
    Origin,
    Parameter,
    Pattern,
    Step,
    Unit,
)
from kancil.ground.phrase import Phrase


class Hop(NamedTuple):
    """A coin out of one service and into another."""

    left: int
    entered: int
    withdrawal: int
    deposit: int
    output: int
    """The output that pays the second service."""
    paid: int
    """Satoshi that came out."""
    value: int
    """Satoshi that went in."""
    left_at: int
    entered_at: int


def _find(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
    """Find chains of hops; nothing where no labels were given."""
    if ground.marked is None:
        note = (Phrase("note.pattern-no-labels"),)
        return pattern.findings(chosen, (), 0, note)
    seconds, kept = chosen["most-hours"] * 3_600, chosen["least-kept"]
    hops = list(_hops(ground, ground.marked, seconds, kept))
    chains = _chains(hops, seconds, kept)
    told = Told(ground, most)
    for chain in chains:
        if len(chain) + 1 >= chosen["least-services"]:
            tell = partial(_tell, pattern, ground, ground.marked, chain)
            told.add(chain[0].withdrawal, tell)
    return pattern.findings(chosen, told.found, told.total)


def _tell(pattern: Pattern, ground: Ground, marked: Marked, chain: list[Hop]) -> Found:
    names = [marked.names[one.left] for one in chain] + [marked.names[chain[-1].entered]]
    first, last = chain[0], chain[-1]
    why = Phrase(
        "why.pattern-service-hopping",
        {"hops": len(chain), "services": ", ".join(names), "value": first.value,
         "last": last.value, "minutes": ground.minutes(first.withdrawal, last.deposit)},
    )  # fmt: skip
    steps = tuple(
        step
        for one in chain
        for step in (Step(one.withdrawal, "withdrawal"), Step(one.deposit, "deposit"))
    )
    outputs = tuple(one.output for one in chain)
    return pattern.found("hops", steps, outputs, first.value, why, first.withdrawal)


def _hops(ground: Ground, marked: Marked, seconds: int, percent: int) -> Iterator[Hop]:
    """The coins that one service pays out and that go straight to another."""
    for output, entered in zip(marked.output.tolist(), marked.owner.tolist(), strict=True):
        ground.progress.advance(0)  # whoever asked may stop it here
        deposit = ground.tx_of_output(output)
        value = int(ground.flow.output_value[output])
        if not ground.counts(deposit):
            continue
        for coin in ground.sources_of(deposit):
            if marked.owner_of(coin) >= 0:
                continue
            withdrawal = ground.tx_of_output(coin)
            left = {marked.owner_of(one) for one in ground.sources_of(withdrawal)} - {-1}
            paid = int(ground.flow.output_value[coin])
            if (
                len(left) == 1
                and entered not in left
                and ground.counts(withdrawal)
                and ground.time(deposit) - ground.time(withdrawal) <= seconds
                and percent * paid <= 100 * value
            ):
                times = ground.time(withdrawal), ground.time(deposit)
                yield Hop(left.pop(), entered, withdrawal, deposit, output, paid, value, *times)


def _chains(hops: list[Hop], seconds: int, percent: int) -> list[list[Hop]]:
    """Join hops: the next leaves the service that the last entered, soon, with nearly as much.

    Of several that fit, the earliest is taken; each hop stands in one chain.
    """
    waiting: dict[int, list[Hop]] = {}
    for hop in sorted(hops, key=lambda one: (one.left_at, one.withdrawal, one.output)):
        waiting.setdefault(hop.left, []).append(hop)
    used: set[int] = set()
    chains = []
    for start in sorted(hops, key=lambda one: (one.left_at, one.withdrawal, one.output)):
        if start.output in used:
            continue
        chain = [start]
        used.add(start.output)
        while True:
            last = chain[-1]
            after = next(
                (
                    one
                    for one in waiting.get(last.entered, ())
                    if one.output not in used
                    and 0 <= one.left_at - last.entered_at <= seconds
                    and percent * last.value <= 100 * one.paid <= 100 * last.value
                ),
                None,
            )
            if after is None:
                break
            used.add(after.output)
            chain.append(after)
        chains.append(chain)
    return chains


SERVICE_HOPPING = Pattern(
    name="service-hopping",
    parameters=(
        Parameter("least-services", Unit.COUNT, 3, 2, 100),
        Parameter("most-hours", Unit.HOURS, 24, 1, 1_000_000, Origin.SECOND_HAND),
        Parameter("least-kept", Unit.PERCENT, 95, 50, 100),
    ),
    indicator=Indicator(
        "Red Flag Indicators Related to Transactions",
        Compared.SECOND_HAND,
        "RSM US LLP: FATF report on virtual assets (2020)",
    ),
    typology="layering",
    source=(
        "FATF: Virtual Assets Red Flag Indicators, September 2020 (several providers); "
        "no paper gives the numbers"
    ),
    needs=frozenset({"labels"}),
    plants=("service-hopping",),
    look=_find,
)
