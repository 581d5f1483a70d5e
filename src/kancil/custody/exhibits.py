"""Acts on exhibits: from seizure to return or disposal, each with who, where, and under which seal.

Fields follow ISO/IEC 27037:2012 (identification, collection, acquisition, preservation; a chain of
custody record names each handling, its time, place, person and reason) and INTERPOL's Guidelines
for Digital Forensics First Responders (2021: make, model, serial, state, photographs, seal, from
whom and by whom) and Global Guidelines for Digital Forensics Laboratories (2019: receipt at the
laboratory, tool and version, write blocker, digests before and after).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kancil.ground import canonical, clock
from kancil.ground.ids import BasisId, CaseId, ExhibitId, OfficerId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.signing import Signer, fingerprint

from .acting import ActingOfficer, next_number, require_own_key, serving_officer, write_act
from .cases import require_basis
from .entry import Draft, Entry, is_hash
from .errors import AlreadyRecorded, ExhibitGone, ReceiptWrong
from .receipts import check_receipt
from .roll import Exhibit, Roll
from .store import LedgerStore

TO_KINDS = ("officer", "person", "court", "laboratory")


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of an exhibit, by their digests; the vault one floor up makes these."""

    files: int
    size_bytes: int
    listing_sha256: str
    """SHA-256 of the listing in the vault."""
    sha256: str | None
    """Digests of the one file; None when there are several."""
    sha1: str | None
    md5: str | None
    in_place: bool
    """The bytes stay where they are and are not in the vault."""


@dataclass(frozen=True, slots=True)
class Item:
    """A physical thing, as seen when it was seized; what was not seen is None."""

    description: str
    make: str | None = None
    model: str | None = None
    serial: str | None = None
    seal: str | None = None
    photographs: tuple[str, ...] = ()
    """SHA-256 digests of the photographs."""


@dataclass(frozen=True, slots=True)
class DisposalOrder:
    """The order under which an exhibit is disposed of."""

    authority: str
    number: str | None
    date: date
    document_sha256: str | None


def seize_exhibit(
    ledger: LedgerStore,
    *,
    case: CaseId,
    title: str,
    item: Item,
    place: str,
    seized_at: datetime,
    seized_from: str | None,
    seized_by: OfficerId,
    by: ActingOfficer,
    basis: BasisId | None = None,
    exhibit: ExhibitId | None = None,
) -> Entry:
    """Record a seized thing as a new exhibit; its id is the entry's `exhibit_id`.

    A seizure that has happened is recorded even if its legal basis has expired since. `exhibit`:
    id that it is to have, so that what is sent twice is recorded once. Raises AlreadyRecorded.
    """

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        if exhibit is not None and exhibit in roll.exhibits:
            raise AlreadyRecorded(what=Phrase("thing.exhibit"), name=roll.exhibits[exhibit].label)
        body = {
            "basis": found.bases[-1].id if basis is None else require_basis(roll, found, basis).id,
            "item": plain(item),
            "number": next_number(roll.exhibits.values()),
            "place": place,
            "seized_at": clock.to_text(seized_at),
            "seized_by": roll.officer(seized_by).id,
            "seized_from": seized_from,
            "title": title,
        }
        identity = ExhibitId(new_id()) if exhibit is None else exhibit
        return Draft("exhibit.seized", body, by.id, found.id, identity)

    return write_act(ledger, by, build)


def add_exhibit(
    ledger: LedgerStore,
    *,
    case: CaseId,
    title: str,
    content: Content,
    source: str,
    by: ActingOfficer,
    basis: BasisId | None = None,
    exhibit: ExhibitId | None = None,
    is_new: bool = False,
) -> Entry:
    """Record bytes that the vault holds, or that stay in place, as a new or a known exhibit.

    `source`: where they come from, as stated. `is_new`: the exhibit must not be known yet, so that
    what is sent twice is recorded once. Raises LegalBasisExpired, ExhibitGone, AlreadyRecorded.
    """

    def build(roll: Roll) -> Draft:
        found = roll.case(case)
        if is_new and exhibit is not None and exhibit in roll.exhibits:
            raise AlreadyRecorded(what=Phrase("thing.exhibit"), name=roll.exhibits[exhibit].label)
        body = {
            "basis": require_basis(roll, found, basis).id,
            "content": plain(content),
            "number": next_number(roll.exhibits.values()),
            "source": source,
            "title": title,
        }
        if exhibit is None or exhibit not in roll.exhibits:
            identity = ExhibitId(new_id()) if exhibit is None else exhibit
            return Draft("exhibit.added", body, by.id, found.id, identity)
        known = _present(roll, exhibit)
        body["number"] = known.number
        return Draft("exhibit.added", body, by.id, known.case, known.id)

    return write_act(ledger, by, build)


def seal_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, seal: str, place: str | None, by: ActingOfficer
) -> Entry:
    """Record a new seal on an exhibit; raises ExhibitGone."""
    return _event(ledger, "exhibit.sealed", exhibit, {"place": place, "seal": seal}, by)


def acquire_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    content: Content,
    tool: str,
    tool_version: str,
    write_blocker: str | None,
    source_digest: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record that bytes were copied from a seized thing, by which tool and write blocker.

    `source_digest`: the digest that the tool stated of the source. Raises LegalBasisExpired,
    ExhibitGone.
    """

    def build(roll: Roll) -> Draft:
        found = _present(roll, exhibit)
        require_basis(roll, roll.cases[found.case])
        body = {
            "content": plain(content),
            "source_digest": source_digest,
            "tool": tool,
            "tool_version": tool_version,
            "write_blocker": write_blocker,
        }
        return Draft("exhibit.acquired", body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def transfer_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    to: str,
    to_kind: str,
    place: str,
    seal: str | None,
    receipt: dict[str, Any],
    by: ActingOfficer,
    giver: str | None = None,
    presence: str | None = None,
) -> Entry:
    """Record a hand-over, signed by giver and receiver.

    The giver is the acting officer, who must hold the exhibit; or `giver` names someone outside
    who gives it back to the acting officer, on paper. `receipt`: what `make_receipt` gives, or
    `paper_receipt` for a signed paper. `presence`: how the receiver agreed, where their key opens
    without a passphrase of their own. Raises ReceiptWrong, ExhibitGone, OfficerRetired.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = _present(roll, exhibit)
        source = by.id if giver is None else giver
        if to_kind not in TO_KINDS:
            raise ReceiptWrong(why=Phrase("why.receiver-kind", {"known": ", ".join(TO_KINDS)}))
        if found.holder != source or (giver in roll.officers and giver != by.id):
            raise ReceiptWrong(why=Phrase("why.giver-without-exhibit"))
        if giver is not None and giver != by.id and to != by.id:
            raise ReceiptWrong(why=Phrase("why.receiver-must-record"))
        if to_kind == "officer":
            serving_officer(roll, OfficerId(to))
        body = {
            "from": source,
            "place": place,
            "presence": presence,
            "receipt": receipt,
            "seal": seal,
            "to": to,
            "to_kind": to_kind,
        }
        wrong = check_receipt(
            body, ledger_unit=_unit(roll), exhibit=found.id, keys=roll.keys, n=roll.size + 1
        )
        if wrong:
            raise ReceiptWrong(why=wrong)
        return Draft("exhibit.transferred", body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def make_receipt(
    *,
    unit: str,
    exhibit: ExhibitId,
    giver: str,
    to: str,
    place: str,
    seal: str | None,
    at: datetime,
    signer: Signer,
) -> dict[str, Any]:
    """Let the receiver sign, with their own key, what they received, from whom and where."""
    statement = {
        "at": clock.to_text(at),
        "exhibit": exhibit,
        "format": "kancil-receipt/1",
        "from": giver,
        "place": place,
        "seal": seal,
        "to": to,
        "unit": unit,
    }
    signature = signer.sign(canonical.dumps(statement))
    return {
        "key": fingerprint(signer.public_raw),
        "signature": base64.b64encode(signature).decode("ascii"),
        "statement": statement,
    }


def paper_receipt(document_sha256: str) -> dict[str, Any]:
    """Refer to a signed paper by the SHA-256 of its scan; raises ReceiptWrong."""
    if not is_hash(document_sha256):
        raise ReceiptWrong(why=Phrase("why.paper-digest"))
    return {"document_sha256": document_sha256}


def store_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    place: str,
    seal: str | None,
    reason: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record where an exhibit is kept; raises ExhibitGone."""
    return _event(ledger, "exhibit.stored", exhibit, _where(place, seal, reason, None), by)


def open_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    place: str,
    seal: str | None,
    reason: str,
    by: ActingOfficer,
) -> Entry:
    """Record that the seal (its number as found) was opened, where and why; raises ExhibitGone."""
    return _event(ledger, "exhibit.opened", exhibit, _where(place, seal, reason, None), by)


def deposit_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    to: str,
    place: str,
    seal: str | None,
    reason: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record that an exhibit was deposited with a court; raises ExhibitGone."""
    return _event(ledger, "exhibit.deposited", exhibit, _where(place, seal, reason, to), by)


def return_exhibit(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    to: str,
    place: str,
    seal: str | None,
    reason: str | None,
    by: ActingOfficer,
) -> Entry:
    """Record that an exhibit was given back to its owner, which ends its history."""
    return _event(ledger, "exhibit.returned", exhibit, _where(place, seal, reason, to), by)


def dispose_exhibit(
    ledger: LedgerStore, *, exhibit: ExhibitId, order: DisposalOrder, by: ActingOfficer
) -> Entry:
    """Record that an exhibit's bytes are removed under an order; digests and tombstone stay.

    The entry comes first; the vault removes what no other exhibit needs after it. Raises
    ExhibitGone, OwnKeyNeeded.
    """
    require_own_key(by)

    def build(roll: Roll) -> Draft:
        found = _present(roll, exhibit)
        body = {"order": plain(order), "tombstone": list(found.contents)}
        return Draft("exhibit.disposed", body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def record_transfers(
    ledger: LedgerStore,
    *,
    exhibit: ExhibitId,
    sha256: str,
    mapping: dict[str, Any],
    mapping_sha256: str,
    version: int,
    rows: int,
    skipped: int,
    result_sha256: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a table of an exhibit was read for the transfers it states.

    `sha256`: of the table; `mapping`: whole, so that anyone reads the same rows again; `version`:
    of the rules of reading. Raises LegalBasisExpired, ExhibitGone.
    """

    def build(roll: Roll) -> Draft:
        found = _present(roll, exhibit)
        require_basis(roll, roll.cases[found.case])
        body = {
            "mapping": mapping,
            "mapping_sha256": mapping_sha256,
            "result_sha256": result_sha256,
            "rows": rows,
            "sha256": sha256,
            "skipped": skipped,
            "version": version,
        }
        return Draft("transfers.read", body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def _event(
    ledger: LedgerStore, kind: str, exhibit: ExhibitId, body: dict[str, Any], by: ActingOfficer
) -> Entry:
    def build(roll: Roll) -> Draft:
        found = _present(roll, exhibit)
        return Draft(kind, body, by.id, found.case, found.id)

    return write_act(ledger, by, build)


def _where(place: str, seal: str | None, reason: str | None, to: str | None) -> dict[str, Any]:
    return {"place": place, "reason": reason, "seal": seal, "to": to}


def _present(roll: Roll, exhibit: ExhibitId) -> Exhibit:
    found = roll.exhibit(exhibit)
    require_here(found)
    return found


def require_here(exhibit: Exhibit) -> None:
    """Require that an exhibit was neither returned nor disposed of; raises ExhibitGone."""
    if exhibit.is_gone:
        status = Phrase(f"thing.exhibit-{exhibit.status}")
        raise ExhibitGone(exhibit=exhibit.label, status=status)


def _unit(roll: Roll) -> str:
    return "" if roll.unit is None else roll.unit.id
