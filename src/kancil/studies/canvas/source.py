"""What a source other than the chain brings to the canvas: its boxes and lines, before layout.

From reported transfers (`reported_source.py`), to nodes of parties and dotted arrows on a picture
that is folded already. A source asks a `Ground` what of the chain is drawn, joins what names the
same thing, and adds the rest. What it adds is always *reported by X, not proved*: an arrow of a
source has no amount in any sum of the chain.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from kancil.studies.drawing.box_words import Line
from kancil.studies.moneygraph.folding import MOST_NODES, short_id
from kancil.studies.moneygraph.net import Sight
from kancil.studies.moneygraph.parts import (
    ADDRESS,
    CLUSTER,
    END,
    OUTPUT,
    PARTY,
    START,
    Folded,
    Part,
    Stated,
    Subject,
    Tie,
)

COINS = (START, OUTPUT, END, ADDRESS, CLUSTER)
"""Kinds of boxes that hold coins, so that a source may join them by address."""


class Source(Protocol):
    """A source of the canvas other than the chain."""

    @property
    def key(self) -> Hashable:
        """All that its boxes and lines depend on, as digests; the picture is kept by it."""

    def add(self, ground: Ground) -> tuple[str, ...]:
        """Add boxes and lines; gives the sentences that have to stand beside the picture."""

    def facts(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """What the panel tells of a party: names and texts; empty where it is not this source's."""


@dataclass
class Ground:
    """A picture to which a source adds; no chain may be drawn on it."""

    folded: Folded
    sight: Sight | None = None
    """What names the chain's rows; None: the picture has no chain."""
    _added: list[Part] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many boxes can be added yet."""
        return MOST_NODES - len(self.folded.parts)

    def transaction(self, txid: str) -> Part | None:
        """The box in which a transaction is drawn, alone or in a fold."""
        tx = -1 if self.sight is None else self.sight.tx_of(txid)
        return self._hubs.get(tx) if tx >= 0 else None

    def output(self, txid: str, number: int) -> Part | None:
        """The box that stands for this one output; None if it is only an arrow."""
        tx = -1 if self.sight is None else self.sight.tx_of(txid)
        if self.sight is None or tx < 0:
            return None
        outputs = self.sight.graph.outputs_of(tx)
        return self._outputs.get(outputs[number]) if 0 <= number < len(outputs) else None

    def address(self, address: str) -> Part | None:
        """The first box that holds coins of a bitcoin address."""
        found = self._addresses.get(address, ())
        return min(found, key=lambda part: (part.order, part.id)) if found else None

    def party(self, subject: Subject, lines: Sequence[Line], *, apart: str = "") -> Part | None:
        """The box of a party, made once a subject; None where no room is left.

        `apart`: what tells two parties of one name apart, such as who states them.
        """
        ident = short_id(PARTY, subject.kind, subject.chain, subject.value, apart)
        part = self.folded.parts.get(ident)
        if part is None and self.room > 0:
            part = Part(ident, PARTY, tone="stated", subject=subject, own_lines=tuple(lines))
            self.folded.parts[ident] = part
            self._added.append(part)
        return part

    def tie(self, source: Part, target: Part, stated: Stated) -> None:
        """Draw a dotted arrow; several between two boxes stay apart by asset and publisher."""
        self.folded.ties.append(Tie(source.id, target.id, stated=stated))

    def settle(self) -> None:
        """Place all added boxes on the money's way: payers left of those they pay.

        Boxes of the chain keep their place. Called once, after all sources were added.
        """
        added = {part.id for part in self._added}
        pays: dict[str, list[str]] = {}
        for tie in self.folded.ties:
            if tie.stated is not None:
                pays.setdefault(tie.source, []).append(tie.target)
        order = _longest_ways(self.folded.parts, added, pays)
        for part in self._added:
            part.order = order[part.id]

    @cached_property
    def _hubs(self) -> dict[int, Part]:
        return {tx: part for part in self.folded.parts.values() for tx in part.txs}

    @cached_property
    def _outputs(self) -> dict[int, Part]:
        return {
            strand.output: part
            for part in self.folded.parts.values()
            if part.kind in COINS
            for strand in (*part.strands, *part.inside)
            if strand.output >= 0
        }

    @cached_property
    def _addresses(self) -> dict[str, list[Part]]:
        found: dict[str, list[Part]] = {}
        if self.sight is None:
            return found
        for output, part in self._outputs.items():
            address = self.sight.names.address(output)
            if address:
                found.setdefault(address, []).append(part)
        return found


def _longest_ways(
    parts: dict[str, Part], added: Iterable[str], pays: dict[str, list[str]]
) -> dict[str, int]:
    """The place of each added box; an arrow that would close a circle counts for none."""
    free = set(added)
    fixed = {ident: part.order for ident, part in parts.items() if ident not in free}
    ordered, later = _payees_first(free, pays)
    payers: dict[str, list[str]] = {}
    for source, paid in pays.items():
        for each in paid:
            payers.setdefault(each, []).append(source)
    latest = _latest(ordered, later, pays, fixed)
    order = {ident: latest.get(ident, 0) for ident in free}
    for ident in reversed(ordered):
        known = [fixed[one] + 1 for one in payers.get(ident, ()) if one in fixed]
        order[ident] = max((order[ident], *known))
        for target in later[ident]:
            order[target] = max(order[target], order[ident] + 1)
    for ident in ordered:  # who pays one alone stands beside it
        ends = [order[one] for one in later[ident]]
        if ends and ident not in latest and not payers.get(ident):
            order[ident] = min(ends) - 1
    return order


def _latest(
    ordered: Iterable[str],
    later: dict[str, list[str]],
    pays: dict[str, list[str]],
    fixed: dict[str, int],
) -> dict[str, int]:
    """Of each added box whose money comes into the chain's boxes: how far right it may stand."""
    latest: dict[str, int] = {}
    for ident in ordered:
        ends = [fixed[one] for one in pays.get(ident, ()) if one in fixed]
        ends += [latest[one] for one in later[ident] if one in latest]
        if ends:
            latest[ident] = min(ends) - 1
    return latest


def _payees_first(
    free: set[str], pays: dict[str, list[str]]
) -> tuple[list[str], dict[str, list[str]]]:
    """The boxes so that whom one pays comes before it, and whom each pays without a circle."""
    later: dict[str, list[str]] = {ident: [] for ident in free}
    is_done: dict[str, bool] = {}
    ordered: list[str] = []
    for root in sorted(free):
        stack = [] if root in is_done else [(root, iter(sorted(set(pays.get(root, ())) & free)))]
        is_done.setdefault(root, False)
        while stack:
            ident, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                is_done[ident] = True
                ordered.append(ident)
                stack.pop()
            elif is_done.get(target, True):
                later[ident].append(target)
                if target not in is_done:
                    is_done[target] = False
                    stack.append((target, iter(sorted(set(pays.get(target, ())) & free))))
    return ordered, later


@dataclass(frozen=True, slots=True)
class Hung:
    """Sources as the drawing of a chain takes them (`moneygraph.parts.Hanging`)."""

    sources: tuple[Source, ...]

    @property
    def key(self) -> Hashable:
        """What the picture depends on of them."""
        return tuple(source.key for source in self.sources)

    def hang(self, sight: Sight, folded: Folded) -> tuple[str, ...]:
        """Add all sources to a folded picture."""
        return self.on(Ground(folded, sight))

    def on(self, ground: Ground) -> tuple[str, ...]:
        """Add all sources to a ground, and put what they added in its place."""
        notes = [note for source in self.sources for note in source.add(ground)]
        ground.settle()
        return tuple(dict.fromkeys(notes))
