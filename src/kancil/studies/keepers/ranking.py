"""The order in which to ask keepers: a rule with its reason, and no score.

First what may remain: accounts from which nothing is seen leaving stand before those that passed
money on, those before the empty ones. Among them what arrived last within `FRESH_HOURS`; of those
that passed money on, the slower first; then the larger amount that may remain. Amounts of several
assets are compared in one currency where price tables value all of them on the day of the last
payment; else only within an asset, and `Order.currency` is empty. No part of it is measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from kancil.records.price import PriceBook, Valued, value_at

from .keeper import ISSUER, Met
from .rest import PASSED

_NEVER = timedelta(days=1_000_000)
_NO_PRICES = PriceBook(())


@dataclass(frozen=True, slots=True)
class Value:
    """What may remain at a keeper, in the currency in which all are compared."""

    exact: Decimal
    shown: Decimal
    """Rounded to the currency's minor unit."""
    source: str = ""
    """Of the price's row; empty: the amount is in that currency."""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Keepers in the order in which to ask them."""

    met: tuple[Met, ...] = ()
    currency: str = ""
    """In which amounts were compared; empty: there is one asset, or no prices value all."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """By the id of each."""
    is_mixed: bool = False
    """Several assets that were not compared with each other."""


def ranked(met: Iterable[Met], moment: datetime, prices: PriceBook = _NO_PRICES) -> Order:
    """The keepers in the order in which to ask them; `moment`: aware, from which hours count."""
    every = list(met)
    assets = {(each.asset, each.chain, each.contract) for each in every}
    currency, values = "", dict[str, Value]()
    if len(assets) > 1:
        currency, values = next(_valued(every, prices), ("", {}))
    sizes = {each: value.exact for each, value in values.items()} or _within_assets(every)

    def key(each: Met) -> tuple[object, ...]:
        rest = each.remaining
        soon = rest.soon or _NEVER
        return (
            rest.state, not each.is_fresh(moment),
            -soon if rest.state == PASSED else timedelta(0), -sizes[each.id],
            each.keeper.kind == ISSUER, -(each.latest.timestamp() if each.latest else 0),
            each.keeper, each.identifier, each.id,
        )  # fmt: skip

    return Order(
        tuple(sorted(every, key=key)), currency, values,
        is_mixed=len({each.asset for each in every}) > 1 and not currency,
    )  # fmt: skip


def _within_assets(met: list[Met]) -> dict[str, Decimal]:
    """A place among those of the same asset, the largest amount 0, so that assets alternate."""
    by_asset: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
    for each in met:
        by_asset[each.asset, each.chain, each.contract].add(each.remaining.most)
    places = {
        key: {amount: -place for place, amount in enumerate(sorted(amounts, reverse=True))}
        for key, amounts in by_asset.items()
    }
    return {
        each.id: Decimal(places[each.asset, each.chain, each.contract][each.remaining.most])
        for each in met
    }


def _valued(met: list[Met], prices: PriceBook) -> Iterator[tuple[str, dict[str, Value]]]:
    """Each currency in which prices value all of them, US dollars first."""
    known = {currency for _, currency in prices.pairs}
    for currency in sorted(known, key=lambda each: (each != "USD", each)):
        found: dict[str, Value] = {}
        for each in met:
            value = _value(each, currency, prices)
            if value is None:
                break
            found[each.id] = value
        else:
            yield currency, found


def _value(met: Met, currency: str, prices: PriceBook) -> Value | None:
    amount = Decimal(met.remaining.most).scaleb(-met.digits)
    if met.asset == currency and not met.chain:
        return Value(amount, amount)
    at = next((each.at for each in reversed(met.arrivals) if each.at), None)
    if at is None and met.latest is not None:
        at = met.latest - timedelta(microseconds=1)  # the end of a day is the next one's beginning
    if at is None:
        return None
    found = value_at(prices, met.asset, at, currency, amount)
    if not isinstance(found, Valued):
        return None
    return Value(found.exact, found.shown, found.row.source, found.row.dated)
