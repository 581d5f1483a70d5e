"""An office: to whom a request may go, by which channel, and who says so.

Public offices, banks, exchanges, issuers and providers alone: never a private person's contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=180)
"""A verification older than this no longer counts: offices move, portals close."""


class Kind(StrEnum):
    """What an office is; the words are `name.office-<value>`."""

    BANK = "bank"
    PAYMENT_SERVICE = "payment-service"
    EXCHANGE = "exchange"
    ISSUER = "issuer"
    PROVIDER = "provider"
    CENTRAL_AUTHORITY = "central-authority"
    NETWORK_24_7 = "network-24-7"
    FIU = "fiu"
    COURT = "court"
    POLICE = "police"


KEEPERS = frozenset((Kind.BANK, Kind.PAYMENT_SERVICE, Kind.EXCHANGE, Kind.ISSUER, Kind.PROVIDER))
"""Kinds that hold money or data themselves."""


class Channel(StrEnum):
    """How a request reaches an office; the words are `name.channel-<value>`."""

    PORTAL = "portal"
    EMAIL = "e-mail"
    POST = "post"
    IN_PERSON = "in-person"
    PLATFORM = "platform"
    """A closed network of authorities, such as I-24/7 or the Egmont Secure Web."""


class Confidence(StrEnum):
    """How well an entry is sourced; the words are `name.office-confidence-<value>`."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    VERIFY = "verify"
    """General knowledge alone."""


@dataclass(frozen=True, slots=True)
class Office:
    """One entry, as whoever states it states it."""

    id: str
    kind: Kind
    name: str
    source: str
    """Where it was read, or who stated it."""
    as_of: date
    """Of later time the source says nothing."""
    confidence: Confidence
    country: str = ""
    """ISO 3166-1 alpha-2; empty: none, or not known."""
    services: tuple[str, ...] = ()
    """Other names by which it is known: what it runs, its short name, its domains."""
    channel: Channel | None = None
    """None: not known."""
    address: str = ""
    languages: tuple[str, ...] = ()
    """In which it accepts requests; BCP 47."""
    holds: tuple[str, ...] = ()
    """What it keeps, in its own or the source's words."""
    wants: tuple[str, ...] = ()
    """What a request to it must say."""
    working_days: tuple[str, ...] = ()
    """`mon` to `sun`; empty: not known."""
    zone: str = ""
    """IANA; empty: not known."""
    note: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    """Name of the unit that used or called the channel and found it right."""

    @property
    def is_keeper(self) -> bool:
        """Whether it holds money or data itself."""
        return self.kind in KEEPERS

    @property
    def has_way(self) -> bool:
        """Whether it says how a request reaches it; a name only cannot be verified."""
        needs_none = self.channel in (Channel.IN_PERSON, Channel.PLATFORM)
        return self.channel is not None and bool(self.address or needs_none)


class Origin(StrEnum):
    """Who states an entry; the words are `name.origin-<value>`."""

    SHIPPED = "shipped"
    """It comes with Kancil."""
    UNIT = "unit"
    """Another unit's signed file."""
    OWN = "own"
    """An officer of this unit verified, corrected or added it."""


class Standing(StrEnum):
    """What this unit knows of an entry; the words are `name.standing-<value>`."""

    VERIFIED = "verified"
    OLD = "old"
    """This unit verified it, more than 180 days ago."""
    NEVER = "never"
    """This unit never verified it, whoever else did."""


@dataclass(frozen=True, slots=True)
class Listing:
    """An entry of the folded directory: what counts here, and what others state of the same."""

    office: Office
    origin: Origin
    by: str = ""
    """Name of the other unit whose file states it."""
    others: tuple[Listing, ...] = ()
    """What is stated of the same id and does not count, the next best first."""

    def standing(self, today: date) -> Standing:
        """What this unit knows of it on a day; only what is VERIFIED may be used as it stands."""
        verified = self.office.verified_on
        if self.origin is not Origin.OWN or verified is None or not self.office.has_way:
            return Standing.NEVER
        return Standing.OLD if today - verified > STALE_AFTER else Standing.VERIFIED
