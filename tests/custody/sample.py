"""A small unit with officers, a case and exhibits, written through the real acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.cases import open_case
from kancil.custody.exhibits import Content, Item, add_exhibit, seize_exhibit, store_exhibit
from kancil.custody.officers import add_first_officer, add_officer, found_unit
from kancil.custody.store import LedgerStore
from kancil.custody.unit import state_disk
from kancil.ground.ids import CaseId, ExhibitId, OfficerId, new_id
from kancil.ground.signing import MemorySigner
from tests.custody.memory_ledger import MemoryLedger

SEIZED_AT = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
CONTENT = Content(1, 11, "a" * 64, "b" * 64, "c" * 40, "d" * 32, in_place=False)


def new_signer() -> MemorySigner:
    return MemorySigner(Ed25519PrivateKey.generate())


@dataclass
class Sample:
    """A founded unit: two officers, one case, a seized phone and a file."""

    ledger: LedgerStore
    unit: str
    unit_signer: MemorySigner
    anna: ActingOfficer
    boun: ActingOfficer
    case: CaseId
    phone: ExhibitId
    file: ExhibitId

    def lines(self) -> list[bytes]:
        return list(self.ledger.lines())


def founded() -> tuple[MemoryLedger, str, MemorySigner, ActingOfficer]:
    """Found a unit with its first officer."""
    unit = new_id()
    ledger = MemoryLedger(unit)
    signer, anna = founded_in(ledger)
    return ledger, unit, signer, anna


def founded_in(ledger: LedgerStore) -> tuple[MemorySigner, ActingOfficer]:
    """Found a unit with its first officer in an empty ledger."""
    signer = new_signer()
    found_unit(
        ledger, name="Sample Cybercrime Unit", country="LA", zone="Asia/Vientiane",
        unit_signer=signer,
    )  # fmt: skip
    anna = ActingOfficer(OfficerId(new_id()), new_signer())
    add_first_officer(
        ledger, officer=anna.id, name="Anna Keo", role="investigator",
        public_raw=anna.signer.public_raw, vouched_how="present at the founding",
        unit_signer=signer,
    )  # fmt: skip
    return signer, anna


def add_colleague(ledger: LedgerStore, by: ActingOfficer, name: str) -> ActingOfficer:
    """Add another officer, vouched for by the acting one."""
    added = ActingOfficer(OfficerId(new_id()), new_signer())
    add_officer(
        ledger, officer=added.id, name=name, role="custodian",
        public_raw=added.signer.public_raw, vouched_how="key shown in person", by=by,
    )  # fmt: skip
    return added


def make_sample() -> Sample:
    """Write a ledger of nine entries."""
    unit = new_id()
    return make_sample_in(MemoryLedger(unit), unit)


def make_sample_in(ledger: LedgerStore, unit: str) -> Sample:
    """Write nine entries into an empty ledger."""
    signer, anna = founded_in(ledger)
    state_disk(ledger, encrypted="no", seen="/dev/sda1 ext4", exception="old laptop", by=anna)
    boun = add_colleague(ledger, anna, "Boun Souk")
    opened = open_case(ledger, title="ກໍລະນີ ransom", basis=from_text("Court, 12/2026"), by=anna)
    case = opened.case_id
    assert case is not None
    seized = seize_exhibit(
        ledger, case=case, title="Phone", item=Item("black phone", "Acme", "X1", "SN-1", "S-001"),
        place="Vientiane", seized_at=SEIZED_AT, seized_from="the victim", seized_by=anna.id,
        by=anna,
    )  # fmt: skip
    added = add_exhibit(
        ledger, case=case, title="Blocks", content=CONTENT, source="/media/usb", by=boun
    )
    assert seized.exhibit_id is not None
    assert added.exhibit_id is not None
    for place in ("Locker 3", "Locker 4"):
        store_exhibit(
            ledger, exhibit=seized.exhibit_id, place=place, seal="S-001", reason=None, by=anna
        )
    return Sample(ledger, unit, signer, anna, boun, case, seized.exhibit_id, added.exhibit_id)
