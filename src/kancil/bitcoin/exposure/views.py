"""Exposure as rows: amounts by category, and each amount with the transactions behind it.

From `exposure`; to doors and reports. No words are rendered here: codes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.authority import authority_of, says_terrorism
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import ZERO, Bounds
from kancil.ground.clock import from_unix

from .exposure import EXPOSED, FEES, KEPT, ONCE, Ended, Exposure, Met, Parts
from .marks import COINJOIN, Mark, terms_of

BEFORE, ON_THE_DAY, LATER, NO_DATE = "before", "on-the-day", "later", "not-known"
TIMES = (BEFORE, ON_THE_DAY, NO_DATE, LATER)
"""When an address was listed, by the payment's day; of several labels the first of these counts."""
_ALWAYS = (EXPOSED, ONCE, FEES)
_UNLABELLED_NEAR = ("hops", "no-spend-seen", "unspendable", "newly-issued")
_UNLABELLED_FAR = ("unspendable", "newly-issued")


def listed_when(label: Label, paid_on: date | None) -> str:
    """Whether an address was listed before a payment's day, on it, later, or is not known."""
    if label.listed_on is None or paid_on is None:
        return NO_DATE
    if label.listed_on == paid_on:
        return ON_THE_DAY
    return BEFORE if label.listed_on < paid_on else LATER


def group_of(end: str, *, near: bool) -> str:
    """Put an end into `exposed`, `unlabelled`, `not-followed` or stand by itself.

    One transaction away nobody asks how it goes on: what is left there is on unlabelled addresses.
    """
    if end in (*_ALWAYS, KEPT):
        return end
    unlabelled = _UNLABELLED_NEAR if near else _UNLABELLED_FAR
    return "unlabelled" if end in unlabelled else "not-followed"


@dataclass(frozen=True, slots=True)
class Cell:
    """Amounts of several rows together; None where the policy's amounts are not to be added."""

    outputs: int
    total: Bounds | None
    direct: Bounds | None
    indirect: Bounds | None
    by_cluster: Bounds | None
    """Of the total, what only the label of another address of a cluster makes exposed."""

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`."""
        value: dict[str, Any] = {"outputs": self.outputs}
        for name in ("total", "direct", "indirect", "by_cluster"):
            value |= bounds_dict(getattr(self, name), f"{name}_")
        return value


def bounds_dict(bounds: Bounds | None, prefix: str = "") -> dict[str, str | None]:
    """Bounds for JSON; satoshi as text."""
    lower, upper = (None, None) if bounds is None else (str(bounds.lower), str(bounds.upper))
    return {f"{prefix}lower_sat": lower, f"{prefix}upper_sat": upper}


def cell_of(rows: Sequence[Met], *, adds_up: bool) -> Cell:
    """Add rows up."""
    if not adds_up:
        return Cell(len(rows), None, None, None, None)
    return Cell(
        len(rows),
        _sum(row.amount for row in rows),
        _sum(row.direct for row in rows),
        _sum(row.indirect for row in rows),
        _sum(row.amount for row in rows if row.is_by_cluster),
    )


def _sum(amounts: Iterable[Bounds]) -> Bounds:
    total = ZERO
    for amount in amounts:
        total += amount
    return total


def categories_of(row: Met) -> tuple[str, ...]:
    """All categories that the labels which count put an output in, in order."""
    found: set[str] = set()
    for mark in row.marks:
        if mark.is_counted and mark.label is not None:
            found |= terms_of(mark.label)
    return tuple(sorted(found))


class ExposureView:
    """One exposure of a chain, told."""

    def __init__(self, chain: Chain, exposure: Exposure) -> None:
        """Take the answer."""
        self.chain, self.exposure = chain, exposure

    def as_dict(self) -> dict[str, Any]:
        """The form for `--json`; each label stands in the row it counts in."""
        found = self.exposure
        value = {
            "side": found.side,
            "parameters": found.parameters,
            "one_transaction": self._parts(found.direct, near=True),
            "within": self._parts(found.parts, near=False),
            "categories": self._categories(found.met, found.parts),
            "rows": [self._row(row) for row in found.met],
            "not_exposed": [self._ended(each) for each in found.ended],
            "maybe_coinjoins": [self.chain.txid(tx) for tx in found.maybe_coinjoins],
            "reversed_order": None,
        }
        if found.reversed_order is not None:
            parts, met = found.reversed_order
            value["reversed_order"] = {
                "within": self._parts(parts, near=False),
                "categories": self._categories(met, parts),
            }
        return value

    def by_time(self) -> list[dict[str, Any]]:
        """The amounts by when the address was listed, seen from the payment's day."""
        found = self.exposure
        groups: dict[str, list[Met]] = {time: [] for time in TIMES}
        for row in found.met:
            groups[self.time_of(row)].append(row)
        adds_up = found.parts.adds_up
        return [
            {"listed": time, **cell_of(rows, adds_up=adds_up).as_dict()}
            for time, rows in groups.items()
        ]

    def time_of(self, row: Met) -> str:
        """When the output's address was listed; of several labels that count, the strongest."""
        paid_on = self._day(row.tx)
        times = {
            listed_when(mark.label, paid_on)
            for mark in row.marks
            if mark.is_counted and mark.label is not None
        }
        return next(time for time in TIMES if time in times)

    def _parts(self, parts: Parts, *, near: bool) -> dict[str, Any]:
        """The ends, and the groups that they add up to."""
        if not parts.adds_up:
            return {"adds_up": False, "all_sat": None, "groups": [], "ends": []}
        groups: dict[str, Bounds] = {}
        for end, amount in parts.ends.items():
            name = group_of(end, near=near)
            groups[name] = groups.get(name, ZERO) + amount
        return {
            "adds_up": True,
            "all_sat": str(parts.all_sat),
            "undetermined_sat": str(parts.undetermined),
            "groups": [{"group": name, **bounds_dict(one)} for name, one in groups.items()],
            "ends": [
                {"end": end, "group": group_of(end, near=near), **bounds_dict(amount)}
                for end, amount in parts.ends.items()
            ],
        }

    def _categories(self, met: Sequence[Met], parts: Parts) -> list[dict[str, Any]]:
        """The amounts by category; an output in several stands in one line with all of them.

        The lines add up; the most first.
        """
        groups: dict[tuple[str, ...], list[Met]] = {}
        for row in met:
            groups.setdefault(categories_of(row), []).append(row)
        cells = [(name, cell_of(rows, adds_up=parts.adds_up)) for name, rows in groups.items()]
        cells.sort(key=lambda pair: (-(pair[1].total or ZERO).upper, -pair[1].outputs, pair[0]))
        return [{"categories": list(name), **cell.as_dict()} for name, cell in cells]

    def _row(self, row: Met) -> dict[str, Any]:
        paid_on = self._day(row.tx)
        return {
            "outpoint": self.chain.outpoint(row.output),
            "address": self.chain.address_of(row.output),
            **self.chain.place_of_tx(row.tx),
            "hop": row.hop,
            "value_sat": str(row.value_sat),
            **bounds_dict(row.amount),
            **bounds_dict(row.direct, "direct_"),
            **bounds_dict(row.indirect, "indirect_"),
            "reason": row.reason,
            "categories": list(categories_of(row)),
            "by_cluster": row.is_by_cluster,
            "listed": self.time_of(row),
            "way": [self.chain.txid(tx) for tx in row.way],
            "labels": [self._mark(mark, paid_on) for mark in row.marks if mark.label is not None],
        }

    def _mark(self, mark: Mark, paid_on: date | None) -> dict[str, Any]:
        """A label: whose it is, by what act, when listed, and how it reaches the output."""
        label = mark.label
        if label is None:
            return {}
        return {
            **label_dict(label),
            "counts": mark.is_counted,
            "reach": mark.reach,
            "labelled_address": mark.labelled,
            "listed": listed_when(label, paid_on),
        }

    def _ended(self, ended: Ended) -> dict[str, Any]:
        if ended.output >= 0:
            place = self.chain.outpoint(ended.output)
            tx = self.chain.graph.tx_of_output(ended.output)
        else:
            place = str(self.chain.input_at(ended.input, 0).source or "-")
            tx = self.chain.graph.tx_of_input(ended.input)
        value: dict[str, Any] = {
            "end": ended.end,
            "group": group_of(ended.end, near=False),
            "outpoint": place,
            "address": self.chain.address_of(ended.output) if ended.output >= 0 else None,
            **self.chain.place_of_tx(tx),
            "hop": ended.hop,
            **bounds_dict(ended.amount),
        }
        if ended.end == COINJOIN:
            value["heuristic"] = ", ".join(sorted({mark.heuristic for mark in ended.marks}))
        return value

    def _day(self, tx: int) -> date | None:
        """The day (UTC) of a transaction's block, by the miner's clock."""
        _height, seconds = self.chain.height_and_time_of_tx(tx)
        return None if seconds is None else from_unix(seconds).date()


def label_dict(label: Label) -> dict[str, Any]:
    """What must stand beside a label: whose it is, when listed, and by what act."""
    return {
        "label": label.label,
        "category": label.category or label.published_category,
        "abuse": label.abuse,
        "publisher": label.publisher,
        "law": label.law,
        "authority": authority_of(label),
        "says_terrorism": says_terrorism(label),
        "listed_on": None if label.listed_on is None else label.listed_on.isoformat(),
        "fetched_on": None if label.fetched_on is None else label.fetched_on.isoformat(),
        "source": label.source,
        "is_service": label.is_service,
        "file_sha256": label.file_sha256,
        "place": label.place,
        "allegation": True,
    }
