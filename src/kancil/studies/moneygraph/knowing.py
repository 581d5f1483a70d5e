"""What is known of the nodes of a picture before they have a place: amounts, times, words.

From folded coins, and what heuristics say besides; to values that `composing.py` puts in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kancil.bitcoin.coinjoins.verdicts import Look
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import Bounds
from kancil.ground.words import render
from kancil.studies.drawing.box_words import PLAIN, Line

from .clustered import Clustered
from .heard import Heard, heard_of, looks_like
from .lines import (
    TRANSACTIONS,
    Writer,
    address_lines,
    junction_lines,
    party_lines,
    traced_lines,
)
from .model import Amount, Traced, sum_bounds
from .net import Net, Share, Sight, Strand
from .parts import ADDRESS, BELOW, CHAIN, CLUSTER, JUNCTION, PARTY, STAGE, START, TX, Part
from .patterned import Patterned

MOST_NUMBERS = 5
"""Numbers of findings written on one node."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a node before it has a place."""

    amount: Amount
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    labelled: int
    times: tuple[str, ...]
    hops: tuple[int, ...]
    names: tuple[str, str]
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What heuristics say besides what every node shows."""

    patterned: Patterned = field(default_factory=Patterned)
    clusters: Clustered | None = None
    stops_at: tuple[tuple[str, str], ...] = ()
    """Heuristics, with their versions, at whose yes coins stop."""


NOTHING = Beside()


class Knower:
    """Tells what is known of nodes and arrows."""

    def __init__(self, sight: Sight, net: Net, writer: Writer, beside: Beside) -> None:
        """Take the net that was folded, who writes, and what heuristics say besides."""
        self.sight, self.net, self.writer, self.beside = sight, net, writer, beside

    def know(self, part: Part, entering: list[tuple[Strand, bool]]) -> Known:
        """What is known of a node; `entering`: coins that come in, and if on their spent side."""
        if part.kind == PARTY:
            lines = part.own_lines or party_lines(part.told)
            return Known(Amount(None), lines, (), 0, (), (), ("", ""))
        if part.kind == CLUSTER:
            return self._know_cluster(part, entering)
        if part.kind in TRANSACTIONS:
            amount = self.amount([(strand, True) for strand, _ in entering])
            coins = part.inside
            hops = sorted({self.net.hops[tx] for tx in part.txs})
            times = self._times(part.txs)
            is_one = part.kind in (TX, JUNCTION)
            names = (self.sight.names.txid(part.txs[0]) if is_one else "", "")
        else:
            is_spent_side = [(strand, strand.made_by < 0) for strand in part.strands]
            amount = self.amount(is_spent_side, is_start=part.state == START, is_box=True)
            coins, hops = part.strands, []
            times = self._times(self._makers(part.strands))
            names = self._names(part)
        labels = tuple(label for strand in coins for label in strand.labels)
        labelled = sum(1 for strand in coins if strand.labels)
        lines = self._lines(part, amount, times, hops, labelled, labels, names)
        looks = self._looks(part)
        heard = looks_like(looks, is_fold=len(part.txs) > 1, is_end=not part.txs)
        lines = (
            *lines,
            *traced_lines(amount, is_told=part.kind not in TRANSACTIONS),
            *heard,
            *self._in_findings(part),
        )
        return Known(
            amount,
            lines,
            labels,
            labelled,
            times,
            tuple(hops[:1] + hops[-1:]),
            names,
            heard_of(looks),
        )

    def _lines(
        self,
        part: Part,
        amount: Amount,
        times: tuple[str, ...],
        hops: list[int],
        labelled: int,
        labels: tuple[Label, ...],
        names: tuple[str, str],
    ) -> tuple[Line, ...]:
        if part.kind == JUNCTION:
            return junction_lines(names[0], times)
        if part.kind == ADDRESS:
            rests = [(one, False) for one in part.strands if one.state == "no-spend-seen"]
            resting = self.amount(rests) if rests else None
            return address_lines(part, names[1], amount, resting, labels, times)
        return self.writer.lines(
            part, amount, times, hops, self._fees(part), labelled, labels, names
        )

    def _know_cluster(self, part: Part, entering: list[tuple[Strand, bool]]) -> Known:
        """A cluster's node: what comes in, what stays or goes on undrawn, whose labels."""
        if self.beside.clusters is None:
            raise AssertionError("a cluster's node without clusters")  # folding makes none
        told = self.beside.clusters.told(part.cluster)
        staying = [
            (strand, False) for strand in (*part.strands, *part.inside) if strand.spent_by < 0
        ]
        amount = self.amount(entering)
        hops = sorted({self.net.hops[tx] for tx in part.txs})
        times = self._times({*part.txs, *self._makers(part.strands)})
        lines = self.writer.cluster_lines(
            told,
            part,
            amount,
            self.amount(staying) if staying else None,
            times,
            self._fees(part),
        )
        return Known(
            amount,
            (*lines, *self._in_findings(part)),
            tuple(
                replace(
                    label,
                    label=render("note.graph-cluster-label", label=label.label, address=address),
                )
                for address, label in told.labels
            ),
            told.labelled,
            times,
            tuple(hops[:1] + hops[-1:]),
            ("", ""),
            (told.heard,),
        )

    def findings(self, part: Part) -> tuple[int, ...]:
        """The numbers of the findings that a node takes part in."""
        coins = part.strands if part.kind not in (CHAIN, STAGE, BELOW) else part.inside
        if part.kind == CLUSTER:
            coins = [*part.strands, *part.inside]
        return self.beside.patterned.of(part.txs, (strand.output for strand in coins))

    def _in_findings(self, part: Part) -> tuple[Line, ...]:
        numbers = self.findings(part)
        if not numbers:
            return ()
        key = "note.graph-box-patterns" if len(numbers) > 1 else "note.graph-box-pattern"
        return (Line(PLAIN, render(key, numbers=_listed(numbers))),)

    def _looks(self, part: Part) -> list[Look]:
        """What heuristics say of a node's transactions, or those by which its coins stop."""
        if part.txs:
            return [look for tx in part.txs for look in self.sight.looks_of(tx)]
        stops = sorted({one.stopped_at for one in part.strands if one.stopped_at >= 0})
        return [look for tx in stops for look in self.sight.stops(tx, self.beside.stops_at)]

    def amount(
        self,
        strands: Sequence[tuple[Strand, bool]],
        *,
        is_start: bool = False,
        is_box: bool = False,
    ) -> Amount:
        """Sum coins; the flag says whether the side where they were spent is meant.

        `is_box`: of what holds coins, so that of several traces each tells the side it came by.
        """
        values = [strand.value_sat for strand, _ in strands]
        unknown = sum(value < 0 for value in values)
        value = sum(value for value in values if value >= 0)
        shares: list[Bounds | None] = []
        for place in range(self.net.policies):
            if len(strands) > 1 and not self.net.adds_up[place]:
                shares.append(None)
            elif is_start:
                declared = sum(strand.declared_sat for strand, _ in strands)
                shares.append(Bounds(declared, declared))
            else:
                shares.append(sum_bounds([_side(s, place, spent) for s, spent in strands]))
        share, second = [*shares, None, None][:2]
        is_known = len(values) > unknown
        traced = self._traced(strands, is_box=is_box)
        return Amount(share, second, value if is_known else None, unknown, traced)

    def _traced(
        self, strands: Sequence[tuple[Strand, bool]], *, is_box: bool
    ) -> tuple[Traced, ...]:
        """What each of several traces says of coins, apart: these are never added up."""
        found = []
        for place, name in enumerate(self.net.traces):
            sides = [(s.traced[place], spent) for s, spent in strands if place in s.traced]
            if not sides or (len(sides) > 1 and not self.net.traces_add_up[place]):
                continue
            told = (_whole(share) if is_box else _of_side(share, spent) for share, spent in sides)
            bounds = sum_bounds(list(told))
            if bounds.upper:
                found.append(Traced(name, bounds))
        return tuple(found)

    def _fees(self, part: Part) -> Bounds | None:
        fees = [self.net.fees[tx][0] for tx in part.txs if tx in self.net.fees]
        if fees:
            return sum_bounds(fees)
        if part.kind not in (TX, CLUSTER):
            return None
        known = [fee for fee in map(self.sight.graph.fee_of, part.txs) if fee is not None]
        if not known or len(known) < len(part.txs):
            return None
        return Bounds(sum(known), sum(known))

    def _makers(self, strands: Sequence[Strand]) -> set[int]:
        graph = self.sight.graph
        return {strand.place(graph)[1] for strand in strands if strand.output >= 0}

    def _times(self, txs: Iterable[int]) -> tuple[str, ...]:
        """The first and last block time among transactions."""
        timed = [(int(self.sight.graph.tx_time[tx]), tx) for tx in txs]
        known = [(time, tx) for time, tx in timed if time >= 0]
        unseen = [tx for time, tx in timed if time < 0]
        found = (
            {self.sight.names.block_time(tx) for _, tx in (min(known), max(known))}
            if known
            else set()
        )
        found |= {self.sight.names.block_time(tx) for tx in unseen}
        times = sorted(found - {""})
        return tuple(times[:1] + times[-1:]) if len(times) > 1 else tuple(times)

    def _names(self, part: Part) -> tuple[str, str]:
        if part.kind == ADDRESS:
            return "", self.sight.owner((*part.strands, *part.inside)[0].output)
        if len(part.strands) != 1:
            return "", ""
        names, strand = self.sight.names, part.strands[0]
        if strand.output < 0:
            return names.spent_outpoint(strand.input), ""
        return names.outpoint(strand.output), names.address(strand.output)


def _side(strand: Strand, place: int, is_spent: bool) -> Bounds:
    return _of_side(strand.shares[place], is_spent)


def _whole(share: Share) -> Bounds:
    """What a trace says of coins that it came to by one side and may not go on from."""
    return max(share.made, share.spent, key=lambda side: (side.upper, side.lower))


def _of_side(share: Share, is_spent: bool) -> Bounds:
    return share.spent if is_spent else share.made


def _listed(numbers: Sequence[int]) -> str:
    """Name the first few numbers, and how many more there are."""
    shown = ", ".join(str(number) for number in numbers[:MOST_NUMBERS])
    return f"{shown} \u2026" if len(numbers) > MOST_NUMBERS else shown
