"""Acts on the unit, its officers and their keys.

Who vouched for a key is always recorded: another officer by a signature, or for the very first
officer (and for the only one, who has nobody else) the unit's key alone.
"""

from __future__ import annotations

from kancil.ground.ids import OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.signing import Signer, fingerprint
from kancil.ground.workspace import Site, Workspace

from .acting import (
    ActingOfficer,
    next_number,
    serving_officer,
    serving_people,
    write_act,
)
from .entry import Draft, Entry
from .errors import AlreadyRecorded, KeyNotActive, LastOfficer, SiteDiffers
from .roll import Roll
from .spans import UNIT, write_public_key
from .store import LedgerStore, LedgerView


def found_unit(
    ledger: LedgerStore,
    *,
    name: str,
    country: str,
    zone: str,
    unit_signer: Signer,
    site: Site = Site.UNIT,
) -> Entry:
    """Write entry 1, `unit.founded`, signed by the unit's key; raises AlreadyRecorded.

    `country`: ISO 3166-1 alpha-2; `zone`: IANA name. A classroom is one for ever by this entry.
    """
    kind = {} if site is Site.UNIT else {"site": site.value}

    def decide(view: LedgerView) -> Draft:
        if view.head().size:
            raise AlreadyRecorded(what=Phrase("thing.unit"), name=name)
        return Draft(
            "unit.founded",
            {
                "country": country,
                "name": name,
                "public_key": write_public_key(unit_signer.public_raw),
                "zone": zone,
                **kind,
            },
        )

    return ledger.append_with(decide, unit_signer)


def require_site(first: Entry, workspace: Workspace) -> None:
    """Refuse a workspace whose settings say another site than its ledger's entry 1.

    Raises SiteDiffers.
    """
    founded = first.body.get("site", Site.UNIT)
    if founded != workspace.site:
        raise SiteDiffers(
            path=str(workspace.root),
            stated=Phrase(f"name.site-{workspace.site}"),
            founded=Phrase(f"name.site-{founded}") if founded in tuple(Site) else str(founded)[:40],
        )


def add_first_officer(
    ledger: LedgerStore,
    *,
    officer: OfficerId,
    name: str,
    role: str,
    public_raw: bytes,
    vouched_how: str,
    unit_signer: Signer,
) -> Entry:
    """Write the first `officer.added`, signed by the unit's key; raises AlreadyRecorded."""

    def decide(view: LedgerView) -> Draft:
        roll = view.folded(Roll)
        if roll.officers:
            raise AlreadyRecorded(what=Phrase("thing.first-officer"), name=name)
        _check_unit_key(roll, unit_signer)
        return _added(roll, officer, name, role, public_raw, None, vouched_how, officer)

    return ledger.append_with(decide, unit_signer)


def add_officer(
    ledger: LedgerStore,
    *,
    officer: OfficerId,
    name: str,
    role: str,
    public_raw: bytes,
    vouched_how: str,
    by: ActingOfficer,
) -> Entry:
    """Add an officer whose key the acting officer vouches for; raises AlreadyRecorded.

    `officer`: a new id (the key file bears it); `vouched_how`: how the voucher knows that the key
    is the officer's, in words.
    """
    return write_act(
        ledger,
        by,
        lambda roll: _added(roll, officer, name, role, public_raw, by.id, vouched_how, by.id),
    )


def retire_officer(
    ledger: LedgerStore, *, officer: OfficerId, reason: str, by: ActingOfficer
) -> Entry:
    """End an officer's service and all of their keys; raises LastOfficer for the only one."""

    def build(roll: Roll) -> Draft:
        found = serving_officer(roll, officer)
        if [item.id for item in serving_people(roll)] == [officer]:
            raise LastOfficer(officer=found.name)
        return Draft("officer.retired", {"officer": officer, "reason": reason}, by.id)

    return write_act(ledger, by, build)


def rotate_key(
    ledger: LedgerStore,
    *,
    officer: OfficerId,
    public_raw: bytes,
    replaces: str,
    reason: str,
    by: ActingOfficer,
) -> Entry:
    """An officer a new key in place of the one with the fingerprint `replaces`.

    Signed by the officer's old key, or by another officer, who thereby vouches for the new one.
    Raises KeyNotActive when `replaces` is not the officer's, or the officer signs with another key
    than the replaced.
    """

    def build(roll: Roll) -> Draft:
        signed_by = fingerprint(by.signer.public_raw)
        if by.id == officer and signed_by != replaces:
            raise KeyNotActive(officer=serving_officer(roll, officer).name, fingerprint=signed_by)
        return _rotated(roll, officer, public_raw, replaces, reason, by.id)

    return write_act(ledger, by, build)


def revoke_key(
    ledger: LedgerStore,
    *,
    officer: OfficerId,
    revoked: str,
    cause: str,
    reason: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a key is `lost`, `compromised` or ended for an `other` cause.

    Raises KeyNotActive when the fingerprint `revoked` is not an active key of theirs, LastOfficer
    when afterwards nobody could sign.
    """

    def build(roll: Roll) -> Draft:
        found = serving_officer(roll, officer)
        span = roll.keys.spans.get(revoked)
        if span is None or span.holder != officer or not span.is_active(roll.size + 1):
            raise KeyNotActive(officer=found.name, fingerprint=revoked)
        others = [name for name in roll.keys.serving() if roll.active_key(OfficerId(name))]
        if others == [officer]:
            raise LastOfficer(officer=found.name)
        body = {"cause": cause, "fingerprint": revoked, "officer": officer, "reason": reason}
        return Draft("key.revoked", body, by.id)

    return write_act(ledger, by, build)


def recover_only_officer(
    ledger: LedgerStore,
    *,
    officer: OfficerId,
    public_raw: bytes,
    replaces: str,
    reason: str,
    unit_signer: Signer,
) -> Entry:
    """The only serving officer a new key, signed by the unit's key since nobody can vouch.

    Raises LastOfficer when there is another officer: then that one must vouch (`rotate_key`).
    """

    def decide(view: LedgerView) -> Draft:
        roll = view.folded(Roll)
        _check_unit_key(roll, unit_signer)
        found = serving_officer(roll, officer)
        if roll.keys.serving() != [officer]:
            raise LastOfficer(officer=found.name)
        return _rotated(roll, officer, public_raw, replaces, reason, officer)

    return ledger.append_with(decide, unit_signer)


def _added(
    roll: Roll,
    officer: OfficerId,
    name: str,
    role: str,
    public_raw: bytes,
    vouched_by: OfficerId | None,
    vouched_how: str,
    acting: OfficerId,
) -> Draft:
    if officer in roll.officers:
        raise AlreadyRecorded(what=Phrase("thing.officer"), name=name)
    _refuse_known_key(roll, public_raw)
    body = {
        "name": name,
        "number": next_number(roll.officers.values()),
        "officer": officer,
        "public_key": write_public_key(public_raw),
        "role": role,
        "vouched_by": vouched_by,
        "vouched_how": vouched_how,
    }
    return Draft("officer.added", body, acting)


def _rotated(
    roll: Roll,
    officer: OfficerId,
    public_raw: bytes,
    replaces: str,
    reason: str,
    acting: OfficerId,
) -> Draft:
    found = serving_officer(roll, officer)
    span = roll.keys.spans.get(replaces)
    if span is None or span.holder != officer:
        raise KeyNotActive(officer=found.name, fingerprint=replaces)
    _refuse_known_key(roll, public_raw)
    body = {
        "officer": officer,
        "public_key": write_public_key(public_raw),
        "reason": reason,
        "replaces": replaces,
    }
    return Draft("key.rotated", body, acting)


def _refuse_known_key(roll: Roll, public_raw: bytes) -> None:
    name = fingerprint(public_raw)
    if name in roll.keys.spans:
        raise AlreadyRecorded(what=Phrase("thing.key"), name=name)


def _check_unit_key(roll: Roll, unit_signer: Signer) -> None:
    span = roll.keys.unit_key()
    name = fingerprint(unit_signer.public_raw)
    if span is None or span.fingerprint != name:
        raise KeyNotActive(officer=UNIT, fingerprint=name)
