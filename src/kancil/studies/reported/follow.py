"""Money followed through reported accounts, forward or backward, under two conventions.

Both are *accounting conventions over reported balances*: no table says which coin or banknote left
an account, and a court may prefer either, or neither. Under **first in, first out** what came in
first leaves first (Clayton's Case, Devaynes v Noble [1816] 1 Mer 572). **Proportional**: each
payment takes of all that lies in the account alike (as Barlow Clowes v Vaughan [1992] 4 All ER 22
weighs for mixed funds). What leaves an account beyond what tables report to have come in, came from
*not reported* money. No error rate is known of either.

From a `Book` and chosen rows; to an amount for each row reached. An account is a party and an
asset: at a change of asset the following stops, and says so, unless an officer confirmed which row
was converted into which (`follow_converted`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from kancil.records.table import Table, decimal, table_of, text

from .book import NONE, PARTY_KIND, Book

FIFO: Literal["fifo"] = "fifo"
PROPORTIONAL: Literal["proportional"] = "proportional"
Convention = Literal["fifo", "proportional"]
CONVENTIONS: tuple[Convention, ...] = (FIFO, PROPORTIONAL)
Way = Literal["forward", "backward"]
Account = tuple[int, int]
"""Numbers of a party and of an asset."""
_NOTHING: Mapping[Account, int] = MappingProxyType({})
Conversion = tuple[int, int]
"""Places of a row that came in, and of one that went out for it in another asset."""
Span = tuple[int, int]
"""From one amount of an account's or a row's money to another: the first, and the one after the
last, in the asset's last digit."""
_ONE = 10**24
"""Of a share of a balance in whole numbers: finer than any asset's last digit."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What following gave."""

    convention: Convention
    way: Way
    amounts: dict[int, int]
    """Place of a row → how much of what was asked about moved in it, at most its amount."""
    rests: dict[Account, int]
    """Forward: party and asset → what is left there at the end. Backward: party and asset → what
    came from money that no table reports to have come in."""
    stops: dict[Account, int]
    """Party at which the following stopped, and asset → how much of what was asked about came."""
    begun: Mapping[int, int] = field(default_factory=dict)
    """After a conversion: place of the row that went out → how much of it is followed."""
    converted: Mapping[Account, int] = field(default_factory=dict)
    """Party and asset → how much of what came there went out in another asset."""


def follow(
    book: Book,
    starts: Collection[int] | Mapping[int, int],
    *,
    convention: Convention,
    way: Way = "forward",
    sinks: Collection[int] = (),
    aside: Collection[int] = (),
    opening: Mapping[Account, int] = _NOTHING,
) -> Followed:
    """Follow the whole amounts of the rows `starts` (places), or so much of each as they map to.

    Forward alone may a part be followed; of a row it is then what leaves first.

    `sinks`: parties beyond which nothing is followed; `aside`: rows that count for nothing;
    `opening`: what an account held before its first row, as its statement has it.
    """
    apart = set(aside) - set(starts)
    places = [
        place
        for place in book.order
        if place not in apart
        and book.rows.amount[place]
        and book.rows.payer[place] != book.rows.payee[place]
    ]
    wanted = dict(starts) if isinstance(starts, Mapping) else {
        place: book.rows.amount[place] for place in starts
    }  # fmt: skip
    stopping = set(sinks)
    if convention == FIFO:
        return _Fifo(book, places, opening).follow(wanted, way, stopping)
    if way == "forward":
        return _proportional(book, places, wanted, stopping, opening)
    return _proportional_back(book, places, wanted, stopping, opening)


def follow_converted(
    book: Book,
    starts: Collection[int],
    conversions: Collection[Conversion],
    *,
    convention: Convention,
    sinks: Collection[int] = (),
    aside: Collection[int] = (),
    opening: Mapping[Account, int] = _NOTHING,
) -> list[Followed]:
    """Follow forward, and on through conversions that an officer confirmed: one answer for each.

    As large a share of what went out is followed as of all that came in for it in one asset,
    rounded down; of several assets the shares are added, up to the whole. What was converted no
    longer rests, nor stops, where it came in.
    """
    rows = book.rows
    by_went: defaultdict[int, list[int]] = defaultdict(list)
    for came, went in conversions:
        if rows.payer[went] != rows.payee[went]:  # within one party nothing went on
            by_went[went].append(came)

    def step(begun: Collection[int] | Mapping[int, int]) -> Followed:
        return follow(
            book, begun, convention=convention, sinks=sinks, aside=aside, opening=opening
        )  # fmt: skip

    steps = [step(starts)]
    used = dict[int, None]()
    for went in sorted(by_went, key=book.rank.__getitem__):  # what it reaches is converted later
        reached = {came: sum(each.amounts.get(came, 0) for each in steps)
                   for came in by_went[went]}  # fmt: skip
        share = _share(book, rows.amount[went], reached)
        if share:
            steps.append(replace(step({went: share}), begun={went: share}))
            used |= dict.fromkeys(came for came, amount in reached.items() if amount)
    return [_less_converted(book, each, used) for each in steps]


def _share(book: Book, amount: int, reached: Mapping[int, int]) -> int:
    """The part of a row's amount for what came in for it; `reached`: place → how much of it."""
    rows = book.rows
    came: defaultdict[int, list[int]] = defaultdict(list)
    for place in reached:
        came[rows.asset[place]].append(place)
    parts = [
        amount
        * sum(min(reached[each], rows.amount[each]) for each in places)
        // max(1, sum(rows.amount[each] for each in places))
        for places in came.values()
    ]
    return min(amount, sum(parts))


def _less_converted(book: Book, step: Followed, converted: Collection[int]) -> Followed:
    """A step in which what was converted rests and stops nowhere; at most what is there."""
    rests, stops = dict(step.rests), dict(step.stops)
    gone: defaultdict[Account, int] = defaultdict(int)
    for place in converted:
        account = (book.rows.payee[place], book.rows.asset[place])
        amount = step.amounts.get(place, 0)
        for held in (rests, stops):
            part = min(amount, held.get(account, 0))
            held[account] = held.get(account, 0) - part
            gone[account] += part
            amount -= part
    return replace(step, rests=_filled(rests), stops=_filled(stops), converted=_filled(gone))


def converted_by(book: Book, steps: Sequence[Followed]) -> dict[int, int]:
    """Of each asset, how much is followed as what something else was converted into."""
    found: defaultdict[int, int] = defaultdict(int)
    for step in steps:
        for place, amount in step.begun.items():
            found[book.rows.asset[place]] += amount
    return dict(found)


def converts(book: Book, came: int, went: int) -> bool:
    """Whether a row may be what another was converted into: of one party, later, another asset."""
    rows = book.rows
    came, went = book.kept_for.get(came, came), book.kept_for.get(went, went)
    is_later = book.rank[went] > book.rank[came]
    is_of_one = rows.payee[came] == rows.payer[went] != NONE
    return is_of_one and is_later and rows.asset[came] != rows.asset[went]


def together(steps: Sequence[Followed], book: Book) -> Followed:
    """Steps of one way as one answer."""
    amounts: dict[int, int] = {}
    rests: defaultdict[Account, int] = defaultdict(int)
    stops: defaultdict[Account, int] = defaultdict(int)
    for step in steps:
        for place, amount in step.amounts.items():
            amounts[place] = min(book.rows.amount[place], amounts.get(place, 0) + amount)
        for account, amount in step.rests.items():
            rests[account] += amount
        for account, amount in step.stops.items():
            stops[account] += amount
    return replace(steps[0], amounts=amounts, rests=dict(rests), stops=dict(stops))


# --- first in, first out --------------------------------------------------------------------------


class _Fifo:
    """Each account as one line of money: what came in lies on it, what went out takes from it.

    The n-th unit that came in is the n-th that leaves, so a row is a span of two lines: its payee's
    where it came in, and its payer's where it left.
    """

    def __init__(self, book: Book, places: Sequence[int], opening: Mapping[Account, int]) -> None:
        rows = book.rows
        self.book, self.places = book, places
        came: defaultdict[Account, int] = defaultdict(int)
        left: defaultdict[Account, int] = defaultdict(int)
        self.came_at: dict[int, int] = {}
        self.left_at: dict[int, int] = {}
        self.ins: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self.outs: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        """Of each account, where each row begins on its line, in order, and the row; money that
        nobody reports has the place `NONE`."""
        for account, amount in opening.items():
            if amount > 0:
                self.ins[account].append((0, NONE))
                came[account] = amount
        for place in places:
            amount, asset = rows.amount[place], rows.asset[place]
            payer, payee = (rows.payer[place], asset), (rows.payee[place], asset)
            if payer[0] != NONE:
                lacks = left[payer] + amount - came[payer]
                if lacks > 0:
                    self.ins[payer].append((came[payer], NONE))
                    came[payer] += lacks
                self.left_at[place] = left[payer]
                self.outs[payer].append((left[payer], place))
                left[payer] += amount
            if payee[0] != NONE:
                self.came_at[place] = came[payee]
                self.ins[payee].append((came[payee], place))
                came[payee] += amount
        self.came, self.left = came, left

    def follow(self, starts: Mapping[int, int], way: Way, sinks: set[int]) -> Followed:
        rows = self.book.rows
        is_forward = way == "forward"
        spans: defaultdict[int, list[Span]] = defaultdict(list)
        for place, amount in starts.items():
            spans[place] = [(0, amount)]
        rests: defaultdict[Account, int] = defaultdict(int)
        stops: defaultdict[Account, int] = defaultdict(int)
        amounts: dict[int, int] = {}
        for place in self.places if is_forward else reversed(self.places):
            found = merged(spans.pop(place, ()))
            if not found:
                continue
            amounts[place] = sum(end - begin for begin, end in found)
            party = rows.payee[place] if is_forward else rows.payer[place]
            if party == NONE:
                continue
            account = (party, rows.asset[place])
            if party in sinks:
                stops[account] += amounts[place]
                continue
            base = self.came_at[place] if is_forward else self.left_at[place]
            line = self.outs[account] if is_forward else self.ins[account]
            total = (self.left if is_forward else self.came)[account]
            for begin, end in found:
                rests[account] += self._hand_on(line, total, base + begin, base + end, spans)
        return Followed(FIFO, way, amounts, _filled(rests), dict(stops))

    def _hand_on(
        self,
        line: list[tuple[int, int]],
        total: int,
        begin: int,
        end: int,
        spans: defaultdict[int, list[Span]],
    ) -> int:
        """What of a span lies in no row; the rest is added to `spans` of an account's rows."""
        rest = max(0, end - max(begin, total))
        at = max(0, bisect_right(line, (begin, _FAR)) - 1)
        while at < len(line) and line[at][0] < end:
            first, place = line[at]
            last = line[at + 1][0] if at + 1 < len(line) else total
            low, high = max(begin, first), min(end, last)
            if low < high:
                if place == NONE:
                    rest += high - low
                else:
                    spans[place].append((low - first, high - first))
            at += 1
        return rest


_FAR = 1 << 62


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _filled(amounts: Mapping[Account, int]) -> dict[Account, int]:
    return {account: amount for account, amount in amounts.items() if amount}


def _balances(opening: Mapping[Account, int]) -> defaultdict[Account, int]:
    found: defaultdict[Account, int] = defaultdict(int)
    found.update({account: amount for account, amount in opening.items() if amount > 0})
    return found


# --- proportional ---------------------------------------------------------------------------------


def _proportional(
    book: Book, places: Sequence[int], starts: Mapping[int, int], sinks: set[int],
    opening: Mapping[Account, int],
) -> Followed:  # fmt: skip
    """Forward: an account's share of what is followed goes with each payment alike.

    It is rounded down; what is rounded off stays in the account.
    """
    rows = book.rows
    holds = _balances(opening)
    of_it: defaultdict[Account, int] = defaultdict(int)
    amounts: dict[int, int] = {}
    stops: defaultdict[Account, int] = defaultdict(int)
    for place in places:
        amount, asset = rows.amount[place], rows.asset[place]
        payer, payee = (rows.payer[place], asset), (rows.payee[place], asset)
        moved = 0
        if payer[0] != NONE:
            holds[payer] = max(holds[payer], amount)
            moved = of_it[payer] * amount // holds[payer]
            holds[payer] -= amount
            of_it[payer] -= moved
        if place in starts:
            moved = starts[place]
        if moved:
            amounts[place] = moved
        if payee[0] == NONE:
            continue
        holds[payee] += amount
        if payee[0] in sinks:
            if moved:
                stops[payee] += moved
        else:
            of_it[payee] += moved
    return Followed(PROPORTIONAL, "forward", amounts, _filled(of_it), dict(stops))


def _proportional_back(
    book: Book, places: Sequence[int], starts: Collection[int], sinks: set[int],
    opening: Mapping[Account, int],
) -> Followed:  # fmt: skip
    """Backward: of each payment, the share that ended in what is followed.

    First forward, for the balance before each payment; then backward, by which share of an
    account's money at that time is followed. Rounded down at the asset's last digit.
    """
    rows = book.rows
    holds = _balances(opening)
    before: dict[int, int] = {}
    lacked: dict[int, int] = {}
    for place in places:
        amount, asset = rows.amount[place], rows.asset[place]
        payer, payee = (rows.payer[place], asset), (rows.payee[place], asset)
        if payer[0] != NONE:
            lacked[place] = max(0, amount - holds[payer])
            holds[payer] = max(holds[payer], amount)
            before[place] = holds[payer]
            holds[payer] -= amount
        if payee[0] != NONE:
            holds[payee] += amount
    share: defaultdict[Account, int] = defaultdict(int)
    amounts: dict[int, int] = {}
    rests: defaultdict[Account, int] = defaultdict(int)
    stops: defaultdict[Account, int] = defaultdict(int)
    for place in reversed(places):
        amount, asset = rows.amount[place], rows.asset[place]
        payer, payee = (rows.payer[place], asset), (rows.payee[place], asset)
        beyond = 0 if payee[0] == NONE or payee[0] in sinks else share[payee]
        part = _ONE if place in starts else beyond
        if part:
            amounts[place] = amount * part // _ONE
        if payer[0] == NONE:
            continue
        if payer[0] in sinks:
            if part:
                stops[payer] += amounts[place]
            continue
        had = before[place]
        share[payer] = (share[payer] * (had - amount) + part * amount) // had
        rests[payer] += lacked[place] * share[payer] // _ONE
    return Followed(
        PROPORTIONAL, "backward", {place: each for place, each in amounts.items() if each},
        _filled(rests), dict(stops),
    )  # fmt: skip


# --- as a table -----------------------------------------------------------------------------------

FOLLOWED = (
    *text("place", "at", "payer", "payee", "asset"),
    *decimal("amount_reported", "by_fifo", "by_proportional"),
)
RESTS = (*text("party"), *PARTY_KIND, *text("asset"), *decimal("by_fifo", "by_proportional"))


def followed_table(book: Book, fifo: Followed, proportional: Followed) -> Table:
    """The rows reached under either convention, in time, with how much of each."""
    rows = book.rows
    places = sorted(fifo.amounts.keys() | proportional.amounts.keys(), key=book.rank.__getitem__)
    return table_of(
        "followed",
        FOLLOWED,
        [
            {
                "place": book.place_of(place),
                "at": book.time_of(place),
                "payer": book.name_of(rows.payer[place]) or None,
                "payee": book.name_of(rows.payee[place]) or None,
                "asset": book.assets[rows.asset[place]].symbol,
                **{
                    name: book.amount_text(rows.asset[place], amount)
                    for name, amount in (
                        ("amount_reported", rows.amount[place]),
                        ("by_fifo", fifo.amounts.get(place, 0)),
                        ("by_proportional", proportional.amounts.get(place, 0)),
                    )
                },
            }
            for place in places
        ],
    )


def rests_table(book: Book, fifo: Followed, proportional: Followed) -> Table:
    """Where it is at the end; backward, whose money no table reports to have come in."""
    accounts = sorted(fifo.rests.keys() | proportional.rests.keys(),
                      key=lambda each: (-fifo.rests.get(each, 0), each))  # fmt: skip
    return table_of(
        f"rests_{fifo.way}",
        RESTS,
        [
            {
                "party": book.name_of(party),
                "party_kind": book.parties[party].kind,
                "asset": book.assets[asset].symbol,
                "by_fifo": book.amount_text(asset, fifo.rests.get((party, asset), 0)),
                "by_proportional": book.amount_text(
                    asset, proportional.rests.get((party, asset), 0)
                ),
            }
            for party, asset in accounts
        ],
    )


__all__ = ["CONVENTIONS", "FIFO", "PROPORTIONAL", "Followed", "converted_by", "follow",
           "follow_converted", "followed_table", "merged", "rests_table", "together"]  # fmt: skip
