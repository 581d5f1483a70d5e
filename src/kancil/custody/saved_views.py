"""Saved views: pictures that an officer built of results, kept under a digest.

The entry says who saved what under which name, and how much of the picture is hidden. The view
itself lies in the workspace, and holds no result.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import CaseId

from .acting import ActingOfficer, next_number, write_act
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore

SAVED = "view.saved"


def record_view(
    ledger: LedgerStore,
    *,
    case: CaseId,
    view: str,
    sha256: str,
    name: str,
    note: str,
    hidden: dict[str, Any],
    base: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record that a view was saved; `base`: id of the saved view that it was made from.

    `hidden`: how many boxes its author hid, and what they hold (`boxes`, `value_sat`,
    `unknown_values`, `filtered`). Needs no legal basis that still runs. Raises CaseNotFound.
    """

    def build(roll: Roll) -> Draft:
        body = {
            "base": base,
            "hidden": hidden,
            "name": name,
            "note": note,
            "number": next_number(roll.views.values()),
            "sha256": sha256,
            "view": view,
        }
        return Draft(SAVED, body, by.id, roll.case(case).id)

    return write_act(ledger, by, build)
