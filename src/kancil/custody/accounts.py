"""Acts about accounts of the unit's site: who can sign in, as what, and with which factors.

Entries of the unit, of no case. They name the account, never a password or a secret. Signed by the
unit's server on behalf of the administrator who is signed in, or by an officer's own key.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import OfficerId

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore

CHANGES = (
    "role", "ended", "brought-back", "password", "factors", "sign-ins", "token-made", "token-ended",
)  # fmt: skip
"""What an account can undergo: another role, its end, its return, a one-time password in place of
a forgotten one, second factors removed, sign-ins ended, a token for a program made or ended."""


def record_account(
    ledger: LedgerStore,
    *,
    account: str,
    name: str,
    role: str,
    officer: OfficerId | None,
    by: ActingOfficer,
) -> Entry:
    """Record that an account was added; `officer`: who in the ledger it belongs to, if anybody."""
    body = {"account": account, "name": name, "officer": officer, "role": role}
    return _of_unit(ledger, "account.added", body, by)


def record_change(
    ledger: LedgerStore, *, account: str, change: str, role: str, reason: str, by: ActingOfficer
) -> Entry:
    """Record what an account underwent, one of `CHANGES`; `role`: the one it has from now on."""
    body = {"account": account, "change": change, "reason": reason, "role": role}
    return _of_unit(ledger, "account.changed", body, by)


def require_second_factor(
    ledger: LedgerStore, *, roles: list[str], by: ActingOfficer, exception: str = ""
) -> Entry:
    """Record that, from now on, people of exactly these roles need a second factor.

    Administrators need one too, unless `exception` says why not.
    """
    body: dict[str, Any] = {"roles": sorted(roles)}
    if exception:
        body["exception"] = exception
    return _of_unit(ledger, "unit.second-factor", body, by)


def _of_unit(ledger: LedgerStore, kind: str, body: dict[str, Any], by: ActingOfficer) -> Entry:
    def build(roll: Roll) -> Draft:
        return Draft(kind, dict(body), by.id)

    return write_act(ledger, by, build)
