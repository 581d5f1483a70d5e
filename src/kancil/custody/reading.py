"""Acts of reading: a file of an exhibit was shown to somebody, or its bytes left as a file.

Kinds `exhibit.viewed` and `exhibit.downloaded` (docs/formats/ledger.md). Reading is new work on
the material, so it needs a legal basis that has not ended, and an exhibit that is still here; it
changes nothing of the exhibit. A reader has no officer and no key; the account is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kancil.ground import clock
from kancil.ground.ids import ExhibitId

from .acting import ActingOfficer, write_act
from .cases import require_basis
from .entry import Draft, Entry
from .exhibits import require_here
from .roll import Event, Exhibit, Roll
from .store import LedgerStore

VIEWED, DOWNLOADED = "exhibit.viewed", "exhibit.downloaded"
READING = frozenset({VIEWED, DOWNLOADED})
"""Kinds that say who read, and leave the exhibit as it is."""


def view_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, sha256: str, by: ActingOfficer
) -> Entry | None:
    """Record that a file was shown: once for each exhibit, person and day of the unit's calendar.

    `sha256`: of the file that is shown first. None where an entry of today says so already. Two
    pages asked for in the same moment may write one each. Raises LegalBasisExpired, ExhibitGone.
    """
    roll = ledger.folded(Roll)
    require_readable(roll, exhibit)
    if any(_by_today(roll, roll.exhibit(exhibit), VIEWED, by)):
        return None
    return _record(ledger, VIEWED, exhibit, sha256, by)


def download_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    sha256: str,
    by: ActingOfficer,
    goes_on: bool = False,
) -> Entry | None:
    """Record that a file's bytes leave, each time.

    `goes_on`: a later stretch of the file is asked for; it is recorded unless this person was sent
    the same file today. Raises LegalBasisExpired, ExhibitGone.
    """
    roll = ledger.folded(Roll)
    require_readable(roll, exhibit)
    sent = _by_today(roll, roll.exhibit(exhibit), DOWNLOADED, by)
    if goes_on and any(each.body.get("sha256") == sha256 for each in sent):
        return None
    return _record(ledger, DOWNLOADED, exhibit, sha256, by)


def require_readable(roll: Roll, exhibit: ExhibitId) -> None:
    """Require what reading needs; raises ExhibitNotFound, ExhibitGone, LegalBasisExpired."""
    found = roll.exhibit(exhibit)
    require_here(found)
    require_basis(roll, roll.cases[found.case])


def _record(
    ledger: LedgerStore, kind: str, exhibit: ExhibitId, sha256: str, by: ActingOfficer
) -> Entry:
    def build(roll: Roll) -> Draft:
        require_readable(roll, exhibit)
        found = roll.exhibit(exhibit)
        return Draft(kind, {"account": _account(by), "sha256": sha256}, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def _account(by: ActingOfficer) -> str | None:
    return None if by.on_behalf is None else by.on_behalf.account


def _by_today(roll: Roll, exhibit: Exhibit, kind: str, by: ActingOfficer) -> Iterator[Event]:
    """What the same account, or the same officer by their own key, did today."""
    zone = ZoneInfo("UTC") if roll.unit is None else roll.unit.zone
    today, account = _day(clock.now(), zone), _account(by)
    for event in reversed(exhibit.events):
        if _day(event.at, zone) != today:
            return
        if event.kind != kind or event.body.get("account") != account:
            continue
        if account is not None or event.officer == by.id:
            yield event


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
