"""Acts on requests: drafted, authorised, what became of it; and requests that came in.

An entry names a draft by its SHA-256; the letter's words stay in the workspace. Kancil sends
nothing: that a letter was sent, by whom and with which proof, is recorded afterwards.
"""

from __future__ import annotations

from typing import Any

from kancil.ground.ids import CaseId, RequestId

from .acting import ActingOfficer, next_number, write_act
from .cases import require_basis
from .entry import Draft, Entry
from .errors import RequestNotFound
from .roll import Roll
from .store import LedgerStore

DRAFTED, AUTHORISED = "request.drafted", "request.authorised"
RECORDED, RECEIVED = "request.recorded", "request.received"


def record_draft(
    ledger: LedgerStore,
    *,
    case: CaseId,
    request: RequestId,
    body: dict[str, Any],
    by: ActingOfficer,
) -> Entry:
    """Record one version of a letter; `body`: as docs/formats/ledger.md has it, without number.

    The first version gives the request its number. Raises CaseNotFound, LegalBasisExpired.
    """

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        require_basis(roll, found)
        held = roll.requests.get(request)
        number = held.number if held else next_number(roll.requests.values())
        return Draft(
            DRAFTED, {**body, "number": number, "request": request}, by.id, found.id
        )  # fmt: skip

    return write_act(ledger, by, build)


def record_authorisation(
    ledger: LedgerStore,
    *,
    case: CaseId,
    request: RequestId,
    sha256: str,
    authority: dict[str, str],
    findings: list[str],
    by: ActingOfficer,
) -> Entry:
    """Record that a version may leave; `authority`: `name` and `post` of who decided it.

    Raises CaseNotFound, RequestNotFound, LegalBasisExpired.
    """
    body = {"authority": authority, "findings": findings, "sha256": sha256}
    return _record(ledger, AUTHORISED, case, request, body, by, needs_basis=True)


def record_event(
    ledger: LedgerStore,
    *,
    case: CaseId,
    request: RequestId,
    body: dict[str, Any],
    by: ActingOfficer,
) -> Entry:
    """Record what became of a request, outgoing or incoming; needs no basis that still runs.

    Raises CaseNotFound, RequestNotFound.
    """
    return _record(ledger, RECORDED, case, request, body, by, needs_basis=False)


def record_receipt(
    ledger: LedgerStore,
    *,
    case: CaseId,
    request: RequestId,
    body: dict[str, Any],
    by: ActingOfficer,
) -> Entry:
    """Record that a request came in, in the case that deals with it; raises CaseNotFound."""

    def build(roll: Roll) -> Draft:
        number = next_number(roll.requests.values())
        full = {**body, "number": number, "request": request}
        return Draft(RECEIVED, full, by.id, roll.case(case).id)

    return write_act(ledger, by, build)


def _record(
    ledger: LedgerStore, kind: str, case: CaseId, request: RequestId, body: dict[str, Any],
    by: ActingOfficer, *, needs_basis: bool,
) -> Entry:  # fmt: skip
    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        held = roll.requests.get(request)
        if held is None or held.case != case:
            raise RequestNotFound(name=request)
        if needs_basis:
            require_basis(roll, found)
        return Draft(kind, {**body, "request": request}, by.id, found.id)

    return write_act(ledger, by, build)
