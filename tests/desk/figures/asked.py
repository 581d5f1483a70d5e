"""A unit with requests of a period, all invented, and the two who make and review a package."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.requests import record_authorisation, record_draft, record_event
from kancil.desk.custody.store import DeskLedger
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, RequestId, new_id
from kancil.ground.signing import Signer
from kancil.legal.request import Draft
from kancil.records.package import Period
from tests.custody.sample import add_colleague, founded_in
from tests.desk.desks import Desk
from tests.legal.letters import good

PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))


@dataclass
class Asked:
    """A ledger with requests."""

    desk: Desk
    ledger: DeskLedger
    unit_signer: Signer
    anna: ActingOfficer
    boun: ActingOfficer
    case: CaseId

    def request(
        self, what: str, *, kind: str = "freeze", on: date = date(2026, 2, 2), reason: str = "",
        frozen: str = "", bad: bool = False, draft: Draft | None = None,
    ) -> None:  # fmt: skip
        """One request, sent on a day and answered three days later; `what`: how, or `sent`."""
        draft = draft or replace(good(kind), reference=new_id())
        versions = [replace(draft, items=()), draft] if bad else [draft]
        request = RequestId(new_id())
        to = draft.addressee
        for each in versions:
            path = self.desk.workspace.requests_dir / f"{each.sha256}.json"
            write_durably(path, each.data)
            body = {
                "addressee": {"country": to.country, "kind": to.kind, "office": to.office},
                "kind": kind,
                "sha256": each.sha256,
            }
            record_draft(self.ledger, case=self.case, request=request, body=body, by=self.anna)
        record_authorisation(
            self.ledger, case=self.case, request=request, sha256=draft.sha256,
            authority={"name": "Head", "post": "Head of the unit"}, findings=[], by=self.anna,
        )  # fmt: skip
        self.event(request, "sent", on)
        if what != "sent":
            self.event(request, what, on + timedelta(days=3), reason, frozen)

    def event(
        self, request: RequestId, what: str, on: date, reason: str = "", frozen: str = ""
    ) -> None:
        amounts = [{"what": "held", "amount": frozen, "asset": "THB"}] if frozen else []
        body = {"what": what, "on": on.isoformat(), "reason": reason, "amounts": amounts}
        record_event(self.ledger, case=self.case, request=request, body=body, by=self.anna)


def asked(desk: Desk) -> Asked:
    """A unit of two with one case; nothing is asked yet."""
    ledger = desk.ledger()
    signer, anna = founded_in(ledger)
    boun = add_colleague(ledger, anna, "Boun Souk")
    entry = open_case(ledger, title="Payment under threat", basis=from_text("Court"), by=anna)
    return Asked(desk, ledger, signer, anna, boun, CaseId(entry.case_id or ""))
