"""From victims to cash-out: where the money of all complaints ended, each sum counted once.

From a `Book` and the rules by which victims are followed; to flows, one an asset: how much of it
there was, and where it ended, as parts that come to the whole under each convention. An end is no
cash-out that anybody proved: it is where the tables of the case stop, and that is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from kancil.studies.sums import require_parts

from .book import NONE, Book
from .follow import CONVENTIONS, Account, Conversion, Followed, follow_converted
from .victims import complaints_of, known_accounts

Range = tuple[int, int]
"""Least and most over the conventions, in the asset's last digit."""
MOST_VISITS = 500_000
"""Rows that are gone through for a sentence, once and once more for each conversion."""


class Ended(Enum):
    """How a part of the money ended."""

    CONVERTED = "converted"
    """It went on in another asset, as an officer confirmed."""
    SERVICE = "service"
    REMAINS = "remains"
    """A table reports what left the account, and this did not leave."""
    UNKNOWN = "unknown"
    """No table reports what left the account."""
    UNNAMED = "unnamed"
    """It was paid to somebody whom no table names."""
    SENT_BACK = "sent-back"
    AGAIN = "again"
    """It came on into the payment of another complaint, where it counts."""


@dataclass(frozen=True, slots=True)
class End:
    """One part of a flow."""

    how: Ended
    party: int
    """`NONE` where nobody is named."""
    amount: Range
    into: tuple[tuple[int, Range], ...] = ()
    """What it was converted into: assets, each with how much of it is followed on."""


@dataclass(frozen=True, slots=True)
class Flow:
    """All of one asset that was followed."""

    asset: int
    whole: Range
    ends: tuple[End, ...]
    """The largest first."""
    is_open: bool
    """A payment may be reported twice, or sent back, or its complaint is joined with no row: then
    all but the whole may be nothing."""


@dataclass(frozen=True, slots=True)
class CashOut:
    """What the victims of a case paid, and where it ended as far as the tables report."""

    count: int
    """Complaints."""
    paid: Mapping[int, int]
    """By asset."""
    accounts: tuple[int, ...]
    """Parties that were paid first, the one that got the most payments first."""
    flows: tuple[Flow, ...]
    """What victims paid, then what it was converted into."""

    @property
    def is_open(self) -> bool:
        """Whether an officer has yet to decide something on which an amount rests."""
        return any(flow.is_open for flow in self.flows)


_Key = tuple[Ended, int]
"""How a part ended, and at which party."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """Under one convention, of one asset: the whole, and the parts that come to it."""

    whole: int
    parts: Mapping[_Key, int]
    into: Mapping[int, Mapping[int, int]]
    """Party → what was converted there came out in these assets, so much of each."""


_NOTHING = _Parts(0, {}, {})


def cash_out(
    book: Book,
    *,
    aside: Collection[int],
    sinks: Collection[int] = (),
    opening: Mapping[Account, int],
    reversed: Collection[int] = (),
    may_be_reversed: Collection[int] = (),
    conversions: Collection[Conversion] = (),
) -> CashOut | None:
    """Follow all complaints at once; None where there are none, or too many rows to follow.

    Raises SumsWrong where parts are not their whole.
    """
    complaints = complaints_of(book)
    if not complaints or len(book) * (1 + len(conversions)) > MOST_VISITS:
        return None
    rows = book.rows
    starts = dict.fromkeys(book.kept_for.get(place, place) for place in complaints)
    paid: defaultdict[int, int] = defaultdict(int)
    accounts: defaultdict[int, int] = defaultdict(int)
    for place in starts:
        paid[rows.asset[place]] += rows.amount[place]
        accounts[rows.payee[place]] += 1
    within = [place for place in starts if rows.payer[place] == rows.payee[place]]
    """Payments between two parties that an officer joined: nothing is followed of them."""
    begun = [place for place in starts if place not in reversed and place not in within]
    apart = (set(aside) | set(complaints)) - set(begun)
    ways = [
        follow_converted(
            book, begun, conversions, convention=convention, sinks=sinks, aside=apart,
            opening=opening,
        )
        for convention in CONVENTIONS
    ]  # fmt: skip
    known = known_accounts(book, apart | set(begun))
    ended = dict.fromkeys(within, Ended.UNKNOWN)
    ended |= {place: Ended.SENT_BACK for place in starts if place in reversed}
    parts = [_parts(book, begun, ended, steps, known) for steps in ways]
    unsure = {rows.asset[place] for place in begun
              if place in complaints or place in may_be_reversed}  # fmt: skip
    flows: list[Flow] = []
    for asset in _assets(book, paid, ways):
        flow = _flow(book, asset, parts, is_open=asset in unsure)
        flows.append(flow)
        unsure |= {each for end in flow.ends for each, _ in end.into if flow.is_open}
    first = sorted(accounts, key=lambda each: (-accounts[each], book.name_of(each)))
    return CashOut(len(complaints), dict(paid), tuple(first), tuple(flows))


def _assets(
    book: Book, paid: Mapping[int, int], ways: Collection[Collection[Followed]]
) -> list[int]:
    """The assets of what victims paid, the most payments first; then those converted into."""
    converted = [book.rows.asset[place] for steps in ways for step in steps for place in step.begun]
    first = sorted(paid, key=lambda asset: book.assets[asset].symbol)
    return list(dict.fromkeys([*first, *converted]))


def _parts(
    book: Book,
    begun: Collection[int],
    ended: Mapping[int, Ended],
    steps: Collection[Followed],
    known: Collection[Account],
) -> dict[int, _Parts]:
    """Under one convention: of each asset the whole, and its parts, which come to it.

    `ended`: payments of which nothing is followed, with how they ended.
    """
    rows = book.rows
    whole: defaultdict[int, int] = defaultdict(int)
    into: defaultdict[int, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for place in (*ended, *begun):
        whole[rows.asset[place]] += rows.amount[place]
    for place, amount in (each for step in steps for each in step.begun.items()):
        whole[rows.asset[place]] += amount
        into[rows.payer[place]][rows.asset[place]] += amount
    parts: defaultdict[int, defaultdict[_Key, int]] = defaultdict(lambda: defaultdict(int))
    for place, how in ended.items():
        parts[rows.asset[place]][how, rows.payee[place]] += rows.amount[place]
    for step in steps:
        for (party, asset), way, amount in _ended(book, step, known):
            parts[asset][way, party] += amount
    met = {rows.payee[place] for step in steps for place in step.amounts}
    for asset, total in whole.items():
        left = total - sum(parts[asset].values())
        if left > 0 and any(rows.asset[one] == asset and rows.payer[one] in met for one in begun):
            parts[asset][Ended.AGAIN, NONE] = left
        exact = [(amount, amount) for amount in parts[asset].values()]
        require_parts("cash-out", total, exact, undetermined=0)
    return {asset: _Parts(total, dict(parts[asset]), into) for asset, total in whole.items()}


def _ended(
    book: Book, step: Followed, known: Collection[Account]
) -> Iterator[tuple[Account, Ended, int]]:
    """Where the money of one step ended."""
    rows = book.rows
    for place, amount in step.amounts.items():
        if rows.payee[place] == NONE:
            yield (NONE, rows.asset[place]), Ended.UNNAMED, amount
    for account, amount in step.rests.items():
        yield account, Ended.REMAINS if account in known else Ended.UNKNOWN, amount
    for account, amount in step.stops.items():
        yield account, Ended.SERVICE, amount
    for account, amount in step.converted.items():
        yield account, Ended.CONVERTED, amount


def _flow(
    book: Book, asset: int, parts: Collection[Mapping[int, _Parts]], *, is_open: bool
) -> Flow:
    """One asset's flow over the conventions; parts that nobody is sure of may be nothing."""
    found = [each.get(asset, _NOTHING) for each in parts]
    ends = []
    for key in dict.fromkeys(key for of in found for key in of.parts):
        how, party = key
        amounts = [of.parts.get(key, 0) for of in found]
        least = 0 if is_open and how is not Ended.UNKNOWN else min(amounts)
        into = _into(asset, party, found) if how is Ended.CONVERTED else ()
        ends.append(End(how, party, (least, max(amounts)), into))
    ends.sort(key=lambda each: (-each.amount[1], each.how.value, book.name_of(each.party)))
    wholes = [of.whole for of in found]
    return Flow(asset, (min(wholes), max(wholes)), tuple(ends), is_open)


def _into(asset: int, party: int, found: Collection[_Parts]) -> tuple[tuple[int, Range], ...]:
    """What an asset was converted into at a party, the most of it first."""
    by_asset = {each: [of.into.get(party, {}).get(each, 0) for of in found]
                for of in found for each in of.into.get(party, {}) if each != asset}  # fmt: skip
    return tuple((each, (min(amounts), max(amounts))) for each, amounts in by_asset.items())
