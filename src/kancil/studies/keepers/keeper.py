"""Keepers that money met: who holds an account or an address to which it came.

From `traced` and `reported`; to `ranking`, pages, commands and letters. What an account still holds
is unknown until its keeper answers; what may remain as far as the case shows stands in `rest`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kancil.ground import canonical
from kancil.ground.clock import to_text
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped, grouped_decimal
from kancil.legal.requests.freeze import OLD_DAYS
from kancil.records.asset import from_units
from kancil.records.table import Column, Holds, Table, count, decimal, identifier, table_of, text

from .rest import Rest, span

BANK, PAYMENT_SERVICE, EXCHANGE = "bank", "payment-service", "exchange"
ISSUER, UNKNOWN = "issuer", "unknown"
KINDS = (BANK, PAYMENT_SERVICE, EXCHANGE, ISSUER, UNKNOWN)
PROVED, REPORTED = "proved", "reported"
FRESH_HOURS = 72
"""Hours in which a hold most often still finds money: set here, no measured rate is known."""
_HOUR = 3600


@dataclass(frozen=True, slots=True, order=True)
class Keeper:
    """Who holds money, as far as somebody says so."""

    name: str
    """Empty where nobody names it."""
    kind: str
    """One of `KINDS`; of a statement's publisher, `bank` may be a payment service too."""
    said_by: str
    """Publisher of the label, table or list that says so."""
    how: str
    """Words `name.keeper-how-<how>`: `label`, `cluster`, `statement`, `number`, `transaction`,
    `decision`, `hub`, `contract`; `none`."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One payment that came to a keeper."""

    place: str
    """Where it stands: `T1, output …`, `E4, line 12`."""
    least: int
    """Of the money followed, over all policies or conventions, in the asset's last digit."""
    most: int
    whole: int
    """The whole payment."""
    day: str
    """As stated, with its zone, where the time of day is not known."""
    at: datetime | None
    """Aware UTC; None where the time of day, or all of it, is not known."""
    latest: datetime | None
    """The latest moment that `at` and `day` leave open."""
    zone: str = ""
    """Of the table's times, where it states one: that of the keeper's own ledger."""
    txid: str = ""
    outpoint: str = ""
    """Of a payment that the blocks held prove."""
    address: str = ""
    """The address or number that was paid, where the account is known by another name."""
    address_kind: str = ""
    through: tuple[str, ...] = ()
    """The last addresses before it: where the keeper's wallet was paid, one of them may be the
    customer's deposit address."""
    reference: str = ""
    reported_by: str = ""
    """Publisher of the table; empty: proved by the blocks held."""
    source: str = ""
    """Id of the trace, or digest of the file that the row stands in."""
    row: int | None = None
    """Of the trace's transfers or of the table."""
    may_be_again: bool = False
    """Money had left the account before: it may be the same that came back."""

    @property
    def standing(self) -> str:
        """`proved` or `reported`."""
        return REPORTED if self.reported_by else PROVED

    @property
    def short_place(self) -> str:
        """The place beside a transaction id: `T1 output 4`, `E4, line 12`."""
        if not self.outpoint:
            return self.place
        return f"{self.place.partition(',')[0]} output {self.outpoint.partition(':')[2]}"

    @property
    def about(self) -> str:
        """What a finding about it names: its output, or file and row."""
        return self.outpoint or f"{self.source}:{self.row}"

    @property
    def when(self) -> str:
        """The time as far as it is known, with its zone."""
        return to_text(self.at).replace(".000000Z", "Z") if self.at else self.day

    def local(self, zone: ZoneInfo) -> datetime | None:
        """The moment in the zone of the table, else in this one."""
        if self.at is None:
            return None
        return self.at.astimezone(ZoneInfo(self.zone) if self.zone else zone)

    def local_when(self, zone: ZoneInfo) -> str:
        """The time in a sentence: local first, its zone named, UTC in brackets."""
        at = self.local(zone)
        if at is None or self.at is None:
            return self.day
        where = self.zone or zone.key
        if where == "UTC":
            return self.said_when
        return f"{at:%Y-%m-%d %H:%M:%S} {where} ({self.at:%Y-%m-%d %H:%M} UTC)"

    @property
    def said_when(self) -> str:
        """The same in a sentence."""
        return f"{self.at:%Y-%m-%d %H:%M:%S} UTC" if self.at else self.day


@dataclass(frozen=True, slots=True)
class Met:
    """An account or address at a keeper, and all that came to it in one asset."""

    keeper: Keeper
    identifier: str
    identifier_kind: str
    """Words `name.party-<kind>`."""
    asset: str
    chain: str
    contract: str
    digits: int
    """Decimal digits of the asset's amounts."""
    followed: int
    """All the money of this asset that was followed."""
    arrivals: tuple[Arrival, ...]
    """In time."""
    rest: Rest | None = None

    @property
    def id(self) -> str:
        """The same as long as the same trace, or the tables, meet it."""
        first = self.arrivals[0]
        told = [self.keeper.name, self.keeper.how, self.identifier, self.asset, self.chain,
                self.contract, first.source if first.standing == PROVED else ""]  # fmt: skip
        return sha256_hex(canonical.dumps(told))[:16]

    @property
    def least(self) -> int:
        """At least so much arrived, of the money followed; what may have come twice counts once."""
        once = sum(each.least for each in self.arrivals if not each.may_be_again)
        return min(self.most, max(once, *(each.least for each in self.arrivals)))

    @property
    def most(self) -> int:
        """At most so much; never more than was followed."""
        return min(self.followed, sum(each.most for each in self.arrivals))

    @property
    def latest(self) -> datetime | None:
        """The latest moment at which the last of it may have arrived."""
        return max((each.latest for each in self.arrivals if each.latest), default=None)

    def hours_since(self, moment: datetime) -> int | None:
        """Whole hours from the last arrival to a moment; None where no time is known."""
        if self.latest is None:
            return None
        return max(0, int((moment - self.latest).total_seconds()) // _HOUR)

    def is_fresh(self, moment: datetime) -> bool:
        """Whether the last arrival is within `FRESH_HOURS`."""
        hours = self.hours_since(moment)
        return hours is not None and hours < FRESH_HOURS

    def amount_text(self, amount: int) -> str:
        """An amount exact, without needless zeros."""
        found = from_units(amount, self.digits)
        return found.rstrip("0").rstrip(".") if "." in found else found

    def said_amount(self, amount: int) -> str:
        """An amount in a sentence."""
        return f"{grouped_decimal(self.amount_text(amount))} {self.asset}"

    @property
    def remaining(self) -> Rest:
        """What may remain; where nothing is known of it, all that arrived."""
        return self.rest or Rest(self.most, self.most, self.most)

    def is_old(self, moment: datetime) -> bool:
        """Whether the last arrival is more than `OLD_DAYS` ago."""
        hours = self.hours_since(moment)
        return hours is not None and hours >= OLD_DAYS * 24

    def reason(self, moment: datetime) -> Phrase:
        """Why it stands where it stands: what may remain, and since when."""
        hours = self.hours_since(moment)
        told: dict[str, Param] = {
            "rest": self._said_rest(), "since": elapsed(hours), "hours": FRESH_HOURS,
        }  # fmt: skip
        if hours is None:
            return Phrase("note.keeper-order-undated", told)
        return Phrase(f"note.keeper-order-{'fresh' if hours < FRESH_HOURS else 'late'}", told)

    def _said_rest(self) -> Phrase:
        rest = self.remaining
        told: dict[str, Param] = {
            "rest": self.said_amount(max(0, rest.most)), "came": self.said_amount(rest.arrived),
            "left": self.said_amount(rest.arrived - max(0, rest.most)),
            "soon": span(rest.soon) if rest.soon is not None else "",
            "other": rest.in_other, "day": rest.balance_day, "publisher": rest.said_by,
        }  # fmt: skip
        if rest.balance is not None:
            told["balance"] = self.said_amount(rest.balance)
            return Phrase("note.keeper-rest-balance", told)
        if rest.most < rest.arrived:
            how = "gone" if rest.most <= 0 else "left"
            return Phrase(f"note.keeper-rest-{how}{'-soon' if rest.soon is not None else ''}", told)
        soon = "-soon" if rest.soon is not None else ""
        if rest.in_other:
            return Phrase(f"note.keeper-rest-other{soon}", told)
        if rest.least < rest.arrived:
            return Phrase(f"note.keeper-rest-may{soon}", told)
        return Phrase("note.keeper-rest-stays", told)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What came to addresses of which no keeper is known."""

    of: str
    """The trace, `T1`; empty: reported transfers."""
    asset: str
    digits: int
    addresses: int
    most: int

    @property
    def said(self) -> str:
        """The amount in a sentence, with the trace."""
        amount = f"{grouped_decimal(from_units(self.most, self.digits))} {self.asset}"
        return f"{amount} ({self.of})" if self.of else amount


@dataclass(frozen=True, slots=True)
class Keepers:
    """What one trace, or the tables of a case, met."""

    met: tuple[Met, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    apart: int = 0
    """Amounts at mixers and markets, to whom no letter goes."""
    starts: tuple[int, ...] = ()
    """Places of the reported transfers from which money was followed."""


def elapsed(hours: int | None) -> Phrase | str:
    """A span in words: hours below three days, else days."""
    if hours is None:
        return ""
    if hours < FRESH_HOURS:
        return Phrase("name.span-hours", {"count": hours})
    return Phrase("name.span-days", {"count": grouped(hours // 24)})


KEEPERS = (
    *count("number"),
    *text("keeper"),
    Column("keeper_kind", Holds.CODE, "name.keeper-kind"),
    Column("keeper_how", Holds.CODE, "name.keeper-how"),
    *text("keeper_said_by"),
    *identifier("held_at"),
    Column("held_at_kind", Holds.CODE, "name.party"),
    *identifier("paid_address", "paid_through", "transactions"),
    *text("asset"),
    *decimal("amount_least", "amount_most", "amount_remaining"),
    *text("first_arrival", "last_arrival"),
    *count("hours_since", "arrivals"),
    Column("standing", Holds.CODE, "name.keeper-standing"),
    *text("reported_by", "places"),
    *count("to_sign"),
    *text("id"),
)


def keepers_table(
    met: Iterable[Met], moment: datetime, unsigned: Collection[Arrival] = ()
) -> Table:
    """Keepers in the order in which they are given (see `ranking`).

    `unsigned`: payments that no accepted finding covers.
    """
    return table_of(
        "keepers",
        (*KEEPERS, Column("rank_reason", Holds.PHRASE)),
        [_told(number, each, moment, unsigned) for number, each in enumerate(met, 1)],
    )


def _told(
    number: int, met: Met, moment: datetime, unsigned: Collection[Arrival]
) -> Mapping[str, Any]:
    arrivals = met.arrivals
    times = [each.when for each in arrivals if each.when]

    def each_of(names: Iterable[str]) -> str:
        return " ".join(name for name in dict.fromkeys(names) if name)

    return {
        "number": number,
        "id": met.id,
        "keeper": met.keeper.name,
        "keeper_kind": met.keeper.kind,
        "keeper_how": met.keeper.how,
        "keeper_said_by": met.keeper.said_by,
        "held_at": met.identifier,
        "held_at_kind": met.identifier_kind,
        "paid_address": each_of(e.address for e in arrivals if e.address != met.identifier),
        "paid_through": each_of(name for each in arrivals for name in each.through),
        "transactions": each_of(each.txid for each in arrivals),
        "asset": met.asset,
        "amount_least": met.amount_text(met.least),
        "amount_most": met.amount_text(met.most),
        "amount_remaining": met.amount_text(max(0, met.remaining.most)),
        "first_arrival": times[0] if times else None,
        "last_arrival": times[-1] if times else None,
        "hours_since": met.hours_since(moment),
        "arrivals": len(arrivals),
        "standing": arrivals[0].standing,
        "reported_by": ", ".join(dict.fromkeys(e.reported_by for e in arrivals if e.reported_by)),
        "places": few([each.place for each in arrivals], 3),
        "to_sign": sum(each in unsigned for each in arrivals),
        "rank_reason": met.reason(moment),
    }
