"""Acts on the directory of offices: another unit's file taken in, an entry found right."""

from __future__ import annotations

from datetime import date
from typing import Any

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .store import LedgerStore

IMPORTED, VERIFIED = "directory.imported", "directory.verified"


def record_directory(
    ledger: LedgerStore, *, stated: dict[str, Any], compared_how: str | None, by: ActingOfficer
) -> Entry:
    """Record that another unit's signed directory was taken in.

    `stated`: its `sha256`, `unit`, `fingerprint`, `version`, `as_of` and number of `entries`.
    `compared_how`: how the fingerprint of a key not known before was compared; None of a known one.
    """
    body = {**stated, "compared_how": compared_how}
    return write_act(ledger, by, lambda _roll: Draft(IMPORTED, body, by.id))


def record_office(
    ledger: LedgerStore,
    *,
    what: str,
    office: dict[str, Any],
    on: date,
    how: str,
    note: str,
    by: ActingOfficer,
) -> Entry:
    """Record that an officer found an entry right on a day, and how; `office`: the entry whole.

    `what`: `verified`, `corrected` or `added`. The whole entry is kept, so that what was verified
    stays what it was when Kancil or another unit states something else later.
    """
    body = {"how": how, "note": note, "office": office, "on": on.isoformat(), "what": what}
    return write_act(ledger, by, lambda _roll: Draft(VERIFIED, body, by.id))
