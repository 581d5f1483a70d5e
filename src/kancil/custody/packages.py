"""Packages of figures that leave the unit (docs/formats/package.md): one made them, another read.

The entry is signed by who reviewed the package, with their own key; the file itself by the unit's.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import OfficerId

from .acting import ActingOfficer, require_own_key, write_act
from .entry import Draft, Entry
from .errors import ReviewerMadeIt
from .roll import Roll
from .store import LedgerStore

MADE = "package.made"


def record_package(
    ledger: LedgerStore, *, made_by: OfficerId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    """Record that a package was reviewed and signed; `body`: as docs/formats/ledger.md has it.

    Raises OwnKeyNeeded, and ReviewerMadeIt where the reviewer is who made it.
    """
    require_own_key(by)
    if by.person == made_by:
        raise ReviewerMadeIt
    full = {**body, "made_by": made_by}

    def build(roll: Roll) -> Draft:
        roll.officer(made_by)
        return Draft(MADE, full, by.id)

    return write_act(ledger, by, build)
