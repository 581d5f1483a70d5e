"""Another unit's directory taken in, an entry found right, and the unit's own given to others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kancil.custody.acting import ActingOfficer
from kancil.custody.directory import record_directory, record_office
from kancil.custody.entry import Entry
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground.clock import now
from kancil.ground.digests import sha256_hex
from kancil.ground.files import write_durably
from kancil.ground.phrase import Param
from kancil.ground.plain import plain
from kancil.ground.signedfile import require_same_kind
from kancil.ground.signing import Signer
from kancil.ground.workspace import Workspace
from kancil.legal.directory.office import Listing, Office
from kancil.legal.directory.reading import office_of, refuse_free_mail
from kancil.legal.directory.signed import (
    SUFFIX,
    Issuer,
    SignedDirectory,
    open_directory,
    write_directory,
)

from .errors import (
    DirectoryIsOwn,
    DirectoryKeyChanged,
    DirectoryKeyOther,
    DirectoryKeyUnknown,
    DirectoryOlder,
    DirectoryUnitOther,
    NothingVerified,
    OfficeChangesKind,
    OfficeThereAlready,
    OfficeWithoutWay,
    VerificationNotYet,
)
from .queries import directory_of, held_directories, known_keys, own_offices


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in a file did."""

    file: SignedDirectory
    is_new: bool
    """False where this very file was held; nothing was written then."""


def import_directory(
    ledger: DeskLedger,
    workspace: Workspace,
    data: bytes,
    path: str,
    *,
    by: ActingOfficer,
    typed: str = "",
    compared_how: str = "",
) -> Taken:
    """Take in another unit's signed directory.

    A key that is not known is taken for that unit's only where its fingerprint was `typed` and how
    it was compared is said. Raises DirectoryKeyUnknown, DirectoryKeyChanged, DirectoryKeyOther,
    DirectoryUnitOther, DirectoryIsOwn, DirectoryOlder, MadeInClassroom, NotInClassroom, and what
    reading raises: nothing is written.
    """
    file = open_directory(data, path)
    require_same_kind(is_training=file.is_training, at=workspace.site, name=path)
    with one_transaction():
        is_known = _judge_key(ledger, workspace, file, typed.strip(), compared_how.strip())
        if _is_held(ledger, file):
            return Taken(file, is_new=False)
        write_durably(workspace.directory_dir / f"{file.sha256}{SUFFIX}", data)
        stated = {
            "as_of": file.as_of.isoformat(),
            "entries": len(file.offices),
            "fingerprint": file.fingerprint,
            "sha256": file.sha256,
            "unit": plain(file.unit),
            "version": file.version,
        }
        how = None if is_known else compared_how.strip()
        record_directory(ledger, stated=stated, compared_how=how, by=by)
    return Taken(file, is_new=True)


def _judge_key(
    ledger: DeskLedger, workspace: Workspace, file: SignedDirectory, typed: str, how: str
) -> bool:
    """Whether the key was known before; refuses one that is neither known nor compared."""
    if file.unit.id == workspace.unit.id:
        raise DirectoryIsOwn
    if typed and typed != file.fingerprint:
        raise DirectoryKeyOther(fingerprint=file.fingerprint, typed=typed[:80])
    keys = known_keys(ledger)
    known = keys.get(file.fingerprint)
    if known is None and not (typed and how):
        said: dict[str, Param] = {"fingerprint": file.fingerprint, "unit": file.unit.name}
        before = [key for key, unit in keys.items() if unit.id == file.unit.id]
        if before:
            raise DirectoryKeyChanged(known=before[-1], **said)
        raise DirectoryKeyUnknown(**said)
    if known is not None and known.id != file.unit.id:
        raise DirectoryUnitOther(
            fingerprint=file.fingerprint, unit=file.unit.name, known=known.name
        )
    return known is not None


def _is_held(ledger: DeskLedger, file: SignedDirectory) -> bool:
    """Whether this very file counts now; refuses one that is older than what is held."""
    held = next((each for each in held_directories(ledger) if each.unit.id == file.unit.id), None)
    if held is None or file.version > held.version:
        return False
    if file.sha256 == held.sha256:
        return True
    raise DirectoryOlder(unit=file.unit.name, version=file.version, held=held.version)


def verify_office(
    ledger: DeskLedger,
    workspace: Workspace,
    *,
    listing: Listing,
    on: date,
    how: str,
    note: str,
    by: ActingOfficer,
    corrected: Office | None = None,
) -> Entry:
    """Record that an officer found an entry right, or what is right instead of it.

    Raises OfficeWithoutWay, VerificationNotYet, OfficeChangesKind, and what reading raises.
    """
    if corrected is None and not listing.office.has_way:
        raise OfficeWithoutWay(name=listing.office.name)
    office = listing.office if corrected is None else corrected
    if (office.id, office.kind) != (listing.office.id, listing.office.kind):
        raise OfficeChangesKind(office=listing.office.id)
    what = "verified" if corrected is None else "corrected"
    return _record(ledger, workspace, what, office, on, how, note, by)


def add_offices(
    ledger: DeskLedger,
    workspace: Workspace,
    offices: Sequence[Office],
    *,
    on: date,
    how: str,
    note: str,
    by: ActingOfficer,
) -> list[Entry]:
    """Record offices that the directory has not, all of them or none.

    Raises OfficeThereAlready, VerificationNotYet, and what reading an office raises.
    """
    with one_transaction():
        known = directory_of(ledger, workspace)
        for each in offices:
            if each.id in known:
                raise OfficeThereAlready(office=each.id, name=known.named(each.id).office.name)
        return [_record(ledger, workspace, "added", each, on, how, note, by) for each in offices]


def new_office_id(kind: str, country: str, name: str) -> str:
    """An id of an office that is added: the same office by the same name gets the same one."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")
    told = slug if len(slug) > 2 else f"{kind}-{sha256_hex(name.encode('utf-8'))[:10]}"
    return f"{country.lower() or 'xx'}-{told}"[:80].strip("-")


def _record(
    ledger: DeskLedger,
    workspace: Workspace,
    what: str,
    office: Office,
    on: date,
    how: str,
    note: str,
    by: ActingOfficer,
) -> Entry:
    if on > now().astimezone(workspace.zone).date():
        raise VerificationNotYet(day=on.isoformat())
    right = replace(office, verified_on=on, verified_by=workspace.unit.name)
    stated = plain(right)
    refuse_free_mail(office_of(stated, office.id))  # a form's entry is held to what a file's is
    return record_office(ledger, what=what, office=stated, on=on, how=how, note=note, by=by)


@dataclass(frozen=True, slots=True)
class Export:
    """The unit's own directory as a signed file."""

    data: bytes
    version: int
    as_of: date
    entries: int


def export_directory(ledger: DeskLedger, workspace: Workspace, signer: Signer) -> Export:
    """What this unit verified, signed by its own key; the same until it verifies again.

    Raises NothingVerified.
    """
    offices, version = own_offices(ledger)
    if not offices:
        raise NothingVerified
    as_of = max(each.verified_on or date.min for each in offices)
    unit = Issuer(workspace.unit.id, workspace.unit.name, workspace.unit.country)
    data = write_directory(
        offices, unit=unit, version=version, as_of=as_of, signer=signer, site=workspace.site
    )
    return Export(data, version, as_of, len(offices))
