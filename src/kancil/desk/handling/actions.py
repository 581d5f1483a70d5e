"""Setting a limit on an exhibit, and recording what lifts it: an entry of the exhibit each."""

from __future__ import annotations

from dataclasses import replace

from kancil.custody import handling
from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.handling import Limitation, Release
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.legal.handling import Way, handling_codes

from .errors import LimitNotUsable
from .queries import today, ways_of


def limit_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, limitation: Limitation, by: ActingOfficer
) -> Entry:
    """Set handling codes on an exhibit.

    Where a code allows named cases alone and none is named, it is the exhibit's own case. Raises
    LimitNotUsable, CaseNotFound.
    """
    known = handling_codes()
    for code in limitation.codes:
        if code not in known:
            raise LimitNotUsable(why=Phrase("why.handling-code", {"code": code[:40]}))
    if not limitation.codes or not limitation.source_office.strip():
        raise LimitNotUsable(why=Phrase("why.handling-office"))
    ends = any(known[code].has_end for code in limitation.codes)
    if ends != (limitation.until is not None):
        raise LimitNotUsable(why=Phrase("why.handling-until"))
    if any(known[code].only_in_cases for code in limitation.codes) and not limitation.cases:
        own = ledger.folded(Roll).exhibit(exhibit).case
        limitation = replace(limitation, cases=(own,))
    return handling.limit_exhibit(ledger, exhibit=exhibit, limitation=limitation, by=by)


AT_INTAKE = tuple(code for code, each in handling_codes().items() if not each.has_end)
"""Codes that need nothing but an office, so that an intake can set them."""


def limitation_at_intake(code: str, office: str) -> Limitation | None:
    """What an intake records of how its files came; None where no code was chosen."""
    return Limitation((code,), office, "") if code else None


def release_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, release: Release, by: ActingOfficer
) -> Entry:
    """Record what lifts a code; raises LimitNotUsable and what the custody act raises."""
    if release.by not in (*ways_of(release.code), Way.MISTAKE):
        raise LimitNotUsable(why=Phrase("why.handling-way"))
    if not release.reference.strip():
        raise LimitNotUsable(why=Phrase("why.handling-reference"))
    if release.on > today(ledger.folded(Roll)):
        raise LimitNotUsable(why=Phrase("note.not-yet"))
    return handling.release_exhibit(ledger, exhibit=exhibit, release=release, by=by)
