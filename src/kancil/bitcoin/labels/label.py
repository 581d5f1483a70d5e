"""A label: what a publisher says about an address, with all that is needed to weigh it.

A label is its publisher's allegation, never a finding. It therefore carries who says so, under
whose law if any, since when it was listed (apart from when the file was fetched), how sure the
publisher is, under which licence, and the digest and place of the row it was read from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from kancil.bitcoin.network import Network
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.plain import written
from kancil.ground.skipped import Skipped

from .authority import AUTHORITIES
from .terms import category_of, stop_reason

BITCOIN = "BTC"


def _kind_name(kind: ScriptKind | None) -> str | None:
    return None if kind is None else kind.name.lower()


@dataclass(frozen=True, slots=True)
class Label:
    """One publisher's allegation about one address; text that is not known is empty."""

    PLAIN_ALSO: ClassVar = ("is_service", "stop_reason")

    address: str
    """As published."""
    currency: str
    """`BTC`, or another ticker as published; of those, the address alone is looked up."""
    kind: ScriptKind | None = field(metadata=written(by=_kind_name))
    """Script kind of a bitcoin address, else None."""
    payload: bytes
    """Payload of a bitcoin address, else empty."""
    label: str
    """Who or what the publisher says it is."""
    category: str
    """Term of the INTERPOL taxonomy (`taxonomy/entities.yaml`), or empty."""
    published_category: str
    """The publisher's own word for it."""
    abuse: str
    """Kind of abuse, the publisher's own word (INTERPOL's where `taxonomy/abuses.yaml` has it)."""
    publisher: str
    law: str
    """Whose law the listing rests on, such as `United States`; empty if on none."""
    listed_on: date | None
    """When the publisher listed the address. None: not known, and may be after any payment."""
    fetched_on: date | None
    """When the file was fetched, as the officer states it."""
    modified_on: date | None
    """When the publisher last changed its file; the address may have been in it before or not."""
    confidence: str
    """The publisher's own word for how it knows."""
    licence: str
    source: str
    """What the publisher itself relies on, often an address on the web."""
    context: str
    """Title and description of the list the row stands in."""
    actor: str
    """The publisher's short name for the owner, the same in all its rows about it."""
    file_sha256: str
    """Digest of the imported file, lower-case hex."""
    place: str
    """Where in the file, such as `line 12` or `tag 3`."""
    authority: str = ""
    """By what act it was listed, as the file states it: a code of `authority`, or empty."""

    @property
    def is_service(self) -> bool:
        """Whether a trace stops here: coins of many people meet (see `terms`)."""
        return bool(self.stop_reason)

    @property
    def stop_reason(self) -> str:
        """Code of why a trace stops here, empty if it does not; words `note.stops-<code>`."""
        return stop_reason(self.published_category) or stop_reason(self.category)

    @property
    def key(self) -> tuple[int, bytes] | None:
        """Script kind and payload by which outputs are looked up; None for other currencies."""
        return None if self.kind is None else (int(self.kind), self.payload)

    @property
    def entity(self) -> str:
        """Owner for comparison between publishers; empty if the row names none.

        The label of a service is its name; that of a person or an abuse is often a description.
        """
        return (self.actor or (self.label if self.is_service else "")).casefold().strip()


def label_of_fields(fields: dict[str, Any]) -> Label:
    """A label of its stored row."""
    kind = fields["kind"]
    return Label(**{**fields, "kind": None if kind is None else ScriptKind(kind)})


@dataclass(frozen=True, slots=True)
class Given:
    """What the officer states about a file; it fills what the file itself does not say."""

    fetched_on: date | None = None
    publisher: str = ""
    law: str = ""
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a label file before its address is read; field names as in `Label`."""

    place: str
    address: str
    currency: str
    label: str
    category: str = ""
    """The publisher's own word."""
    abuse: str = ""
    publisher: str = ""
    law: str = ""
    listed_on: str = ""
    """`YYYY-MM-DD` or empty."""
    fetched_on: str = ""
    modified_on: str = ""
    confidence: str = ""
    licence: str = ""
    source: str = ""
    context: str = ""
    actor: str = ""
    authority: str = ""
    may_be_other_coin: bool = False
    """The publisher does not tell bitcoin from coins with addresses of the same form."""


def label_of_row(row: Row, given: Given, network: Network, sha256: str) -> Label | Skipped:
    """Read the address and the dates of a row; what cannot be used is a skip with its reason.

    Raises AddressNotReadable and the two errors for keys; callers turn them into skips.
    """
    if row.authority and row.authority not in AUTHORITIES:
        known = ", ".join(AUTHORITIES)
        return Skipped("label-authority", row.place, {"text": row.authority[:40], "known": known})
    kind, payload = None, b""
    if row.currency == BITCOIN:
        kind, payload = decode_address(row.address, network)
    days: dict[str, date | None] = {}
    for name in ("listed_on", "fetched_on", "modified_on"):
        text = getattr(row, name)
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            return Skipped("label-date-wrong", row.place, {"text": text[:40]})
    publisher = row.publisher or given.publisher
    if not publisher:
        return Skipped("label-publisher-missing", row.place, {"address": row.address[:100]})
    return Label(
        address=row.address,
        currency=row.currency,
        kind=kind,
        payload=payload,
        label=row.label,
        category=category_of(row.category),
        published_category=row.category,
        abuse=row.abuse,
        publisher=publisher,
        law=row.law or given.law,
        listed_on=days["listed_on"],
        fetched_on=days["fetched_on"] or given.fetched_on,
        modified_on=days["modified_on"],
        confidence=row.confidence,
        licence=row.licence or given.licence,
        source=row.source or given.source,
        context=row.context,
        actor=row.actor,
        file_sha256=sha256,
        place=row.place,
        authority=row.authority,
    )
