"""Which kinds of entry there are, and where each may stand (docs/formats/ledger.md, "Kinds")."""

from __future__ import annotations

from enum import Enum
from typing import Any


class Place(Enum):
    """Whether an entry of some kind stands in a case or an exhibit."""

    NONE = "none"
    """It does not."""
    FIRST = "first"
    """It does, as the first entry of it."""
    LATER = "later"
    """It does, never as the first entry."""
    ANY = "any"
    """It does, first or later."""


_UNIT = (Place.NONE, Place.NONE)
_CASE = (Place.LATER, Place.NONE)
_EVENT = (Place.LATER, Place.LATER)

KINDS: dict[str, tuple[Place, Place]] = {
    "unit.founded": _UNIT,
    "unit.disk-stated": _UNIT,
    "unit.second-factor": _UNIT,
    "unit.default-policy": _UNIT,
    "account.added": _UNIT,
    "account.changed": _UNIT,
    "officer.added": _UNIT,
    "officer.retired": _UNIT,
    "key.rotated": _UNIT,
    "key.revoked": _UNIT,
    "case.opened": (Place.FIRST, Place.NONE),
    "case.basis-added": _CASE,
    "case.member-added": _CASE,
    "case.member-removed": _CASE,
    "case.entered": _CASE,
    "exhibit.seized": (Place.LATER, Place.FIRST),
    "exhibit.added": (Place.LATER, Place.ANY),
    "exhibit.sealed": _EVENT,
    "exhibit.acquired": _EVENT,
    "exhibit.transferred": _EVENT,
    "exhibit.stored": _EVENT,
    "exhibit.opened": _EVENT,
    "exhibit.deposited": _EVENT,
    "exhibit.returned": _EVENT,
    "exhibit.disposed": _EVENT,
    "exhibit.limited": _EVENT,
    "exhibit.released": _EVENT,
    "exhibit.viewed": _EVENT,
    "exhibit.downloaded": _EVENT,
    "transfers.read": _EVENT,
    "chain.ingested": _UNIT,
    "labels.imported": _UNIT,
    "label.withdrawn": _UNIT,
    "prices.imported": _UNIT,
    "law.imported": _UNIT,
    "directory.imported": _UNIT,
    "directory.verified": _UNIT,
    "deconfliction.viewed": _UNIT,
    "deconfliction.notified": _UNIT,
    "trace.run": _CASE,
    "trace.kept": _CASE,
    "trace.set-aside": _CASE,
    "study.run": _CASE,
    "transfers.decided": _CASE,
    "victims.recorded": _CASE,
    "finding.accepted": _CASE,
    "finding.withdrawn": _CASE,
    "note.added": _CASE,
    "note.withdrawn": _CASE,
    "view.saved": _CASE,
    "request.drafted": _CASE,
    "request.authorised": _CASE,
    "request.recorded": _CASE,
    "request.received": _CASE,
    "bundle.made": _CASE,
    "report.made": _CASE,
    "certificate.made": _UNIT,
    "timestamp.attached": _UNIT,
    "bundle.kept": _UNIT,
    "file.refused": _UNIT,
    "package.made": _UNIT,
    "backup.made": _UNIT,
    "workspace.restored": _UNIT,
    "workspace.upgraded": _UNIT,
}
"""Kind, and its places in a case and in an exhibit."""

KEY_KINDS = frozenset(
    ("unit.founded", "officer.added", "officer.retired", "key.rotated", "key.revoked")
)
"""Kinds from which a reader learns which keys were active."""


def places_fit(statement: dict[str, Any]) -> bool:
    """Whether an entry stands where its kind may; a kind that is not known may anywhere."""
    known = KINDS.get(statement["kind"])
    return known is None or (
        _fits(known[0], statement["case"]) and _fits(known[1], statement["exhibit"])
    )


def _fits(place: Place, link: dict[str, Any] | None) -> bool:
    if link is None:
        return place is Place.NONE
    if place is Place.FIRST:
        return bool(link["n"] == 1)
    if place is Place.LATER:
        return bool(link["n"] > 1)
    return place is Place.ANY
