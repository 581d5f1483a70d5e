"""Acts about accounts of the unit's site: who can sign in, as what, and with which factors.

Entries of the unit, of no case. They name the account, never a password or a secret. Signed by the
unit's server on behalf of the administrator who is signed in, or by an officer's own key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kancil.ground.ids import OfficerId

from .acting import ActingOfficer, write_act
from .entry import Draft, Entry
from .roll import Roll
from .store import LedgerStore

CHANGES = (
    "role", "ended", "brought-back", "password", "factors", "sign-ins", "token-made", "token-ended",
    "factor-added", "factor-removed",
)  # fmt: skip
"""What an account can undergo: another role, its end, its return, a one-time password in place of
a forgotten one, second factors removed, sign-ins ended, a token for a program made or ended; its
owner sets a second factor up or removes it."""
_END_TOKENS = frozenset(("ended", "password", "factors", "sign-ins"))
"""Changes with which all tokens of an account end."""


@dataclass(frozen=True, slots=True)
class StatedToken:
    """A token as the ledger has it; what an older entry did not state is None."""

    name: str
    id: str | None
    may_write: bool | None
    expires_at: str | None


@dataclass(slots=True)
class StatedAccount:
    """An account as the ledger has it."""

    name: str
    role: str
    officer: str | None
    is_active: bool = True
    tokens: list[StatedToken] = field(default_factory=list)
    """Made, and ended by no entry; some may have expired."""
    factors: dict[str, str] | None = None
    """Kind of each second factor by its number; None: the account is older than their recording."""


@dataclass(slots=True)
class Accounts:
    """All accounts of the unit's site, folded from the ledger, by user name."""

    found: dict[str, StatedAccount] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take the next entry, of whatever kind; raises LedgerBroken."""
        try:
            self._take(entry)
        except (AttributeError, KeyError, TypeError) as error:
            raise entry.lacking(error) from error

    def _take(self, entry: Entry) -> None:
        body: dict[str, Any] = entry.body
        if entry.kind == "account.added":
            self.found[str(body["account"])] = StatedAccount(
                str(body["name"]),
                str(body["role"]),
                body["officer"],
                factors={} if "factors" in body else None,
            )
        elif entry.kind == "account.changed":
            known = self.found.get(str(body["account"]))
            if known is not None:
                _change(known, body)
        elif entry.kind == "officer.added" and entry.on_behalf is not None:
            # Made on the site: the key is of whoever was signed in.
            known = self.found.get(str(entry.on_behalf["account"]))
            if known is not None:
                known.officer = str(body["officer"])


def _change(account: StatedAccount, body: dict[str, Any]) -> None:
    change, reason = body["change"], str(body["reason"])
    account.role = str(body["role"])
    if change in ("ended", "brought-back"):
        account.is_active = change == "brought-back"
    if change in _END_TOKENS:
        account.tokens.clear()
    if change == "factors":
        account.factors = {}
    elif change == "factor-added" and account.factors is not None:
        account.factors[str(body["factor"])] = reason
    elif change == "factor-removed" and account.factors is not None:
        account.factors.pop(str(body["factor"]), None)
    elif change == "token-made":
        stated = body.get("token") or {}
        token = StatedToken(
            reason, stated.get("id"), stated.get("may_write"), stated.get("expires_at")
        )
        account.tokens.append(token)
    elif change == "token-ended":
        wanted = (body.get("token") or {}).get("id")
        ended = [
            each
            for each in account.tokens
            if (each.id == wanted if None not in (each.id, wanted) else each.name == reason)
        ]
        if ended:
            account.tokens.remove(ended[0])


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
    body: dict[str, Any] = {
        "account": account,
        "factors": [],
        "name": name,
        "officer": officer,
        "role": role,
    }
    return _of_unit(ledger, "account.added", body, by)


def record_change(
    ledger: LedgerStore,
    *,
    account: str,
    change: str,
    role: str,
    reason: str,
    by: ActingOfficer,
    **facts: Any,
) -> Entry:
    """Record what an account underwent, one of `CHANGES`; `role`: the one it has from now on.

    `facts`: of a token (`token`) or a second factor (`factor`), as docs/formats/ledger.md has them.
    """
    body = {"account": account, "change": change, "reason": reason, "role": role, **facts}
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
