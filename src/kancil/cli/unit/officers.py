"""Commands for officers and their keys."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody import officers
from kancil.custody.acting import SERVER_ROLE, ActingOfficer, OnBehalf, serving_people
from kancil.custody.errors import KeyNotFound
from kancil.custody.roll import Officer
from kancil.ground.clock import to_text
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.signedfile import PUBLIC_KEY_FORMAT, site_mark, write_signed
from kancil.ground.signing import fingerprint, public_pem
from kancil.ground.words import render

CAUSES = ("lost", "compromised", "other")

Named = Annotated[str, typer.Argument(metavar="OFFICER", help="O2, a name or an id.")]
Reason = Annotated[str, typer.Option(help="Why, in words.")]
Locked = Annotated[
    bool,
    typer.Option(
        "--passphrase", help="Lock the key with a passphrase (asked, or KANCIL_PASSPHRASE)."
    ),
]


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The officer's name, as it appears in reports.")],
    vouch: Annotated[str, typer.Option(help="How you know that this is their key.")],
    role: Annotated[str, typer.Option(help="Their role.")] = "officer",
    passphrase: Locked = False,
) -> None:
    """Add an officer with a new key, vouched for by the acting officer.

    The acting officer signs for the new key; who vouched, and how, stays in the ledger.

        kancil officer add 'Dara S.' --role examiner --vouch 'known to me for six years'
    """
    door = Door(context)
    door.needed(name, "NAME")
    by = door.acting()
    secret = new_passphrase(door) if passphrase else None
    officer = OfficerId(new_id())
    signer = door.keys.create_officer(officer, secret)
    entry = officers.add_officer(
        door.ledger,
        officer=officer,
        name=name,
        role=role,
        public_raw=signer.public_raw,
        vouched_how=vouch,
        by=by,
    )
    label = f"O{entry.body['number']}"
    key = fingerprint(signer.public_raw)
    value = {"id": officer, "label": label, "name": name, "fingerprint": key, "entry": entry.n}
    text = render("done.officer-add", label=label, name=name, key=key)
    if secret is None:
        text += "\n" + render("note.key-without-passphrase")
    door.show(value, text)


def retire(context: typer.Context, officer: Named, reason: Reason) -> None:
    """Retire an officer: their keys sign nothing from now on.

    Their history stays; their key files are removed.

        kancil officer retire O2 --reason 'moved to another unit'
    """
    door = Door(context)
    found = door.roll.officer(officer)
    entry = officers.retire_officer(door.ledger, officer=found.id, reason=reason, by=door.acting())
    door.keys.remove_officer(found.id)
    value = {"id": found.id, "label": found.label, "name": found.name, "entry": entry.n}
    door.show(value, render("done.officer-retire", label=found.label, name=found.name))


def list_officers(context: typer.Context) -> None:
    """List officers, their keys, and who vouched for them.

    Compare a fingerprint with one received by another channel before you rely on it.

        kancil officer list
    """
    door = Door(context)
    rows = [_row(door, officer) for officer in door.roll.officers.values()]

    def text() -> None:
        door.screen.table(
            ("Officer", "Name", "Role", "Key", "Vouched for by", "State"),
            [
                (
                    str(row["label"]),
                    str(row["name"]),
                    str(row["role"]),
                    str(row["fingerprint"] or "-"),
                    f"{row['vouched_by_label']}: {row['vouched_how']}",
                    "retired" if row["retired_at"] else "serving",
                )
                for row in rows
            ],
        )

    door.show(rows, text)


def _row(door: Door, officer: Officer) -> dict[str, Any]:
    key = door.roll.active_key(officer.id)
    voucher = door.roll.officers.get(officer.vouched_by) if officer.vouched_by else None
    return {
        "id": officer.id,
        "label": officer.label,
        "name": officer.name,
        "role": officer.role,
        "fingerprint": key.fingerprint if key and officer.retired_at is None else None,
        "added_at": to_text(officer.added_at),
        "retired_at": to_text(officer.retired_at) if officer.retired_at else None,
        "vouched_by": officer.vouched_by,
        "vouched_by_label": voucher.label if voucher else "the unit's key",
        "vouched_how": officer.vouched_how,
    }


def guard(context: typer.Context, officer: Named) -> None:
    """Lock an officer's key with their own passphrase.

    The key stays the same. The unit's site signs findings only with a key that has one.

        kancil key guard O1
    """
    door = Door(context)
    found = door.roll.officer(officer)
    door.keys.guard_officer(found.id, new_passphrase(door))
    value = {"id": found.id, "label": found.label}
    door.show(value, render("done.key-guard", name=found.name))


def _voucher(door: Door, found: Officer) -> ActingOfficer:
    """Who signs for a new key: whoever acts, or the unit's server for its only officer."""
    serving = [each.id for each in serving_people(door.roll)]
    server = next((each for each in door.roll.officers.values() if each.role == SERVER_ROLE), None)
    if serving != [found.id] or door.roll.active_key(found.id) or server is None:
        return door.acting()
    behalf = OnBehalf(found.id, render("note.at-the-machine"), "key file")
    return ActingOfficer(server.id, door.keys.officer_signer(server.id), behalf)


def rotate(
    context: typer.Context, officer: Named, reason: Reason, passphrase: Locked = False
) -> None:
    """Give an officer a new key in place of the old one.

    Signed by their old key, or by another officer, who thereby vouches for the new one. The
    only officer of a unit who has lost their key gets a new one under the unit's own key.

        kancil key rotate O2 --reason 'yearly change'
    """
    door = Door(context)
    found = door.roll.officer(officer)
    spans = [span for span in door.roll.keys.spans.values() if span.holder == found.id]
    old = door.roll.active_key(found.id) or (spans[-1] if spans else None)
    if old is None:
        raise KeyNotFound(path=str(door.keys.officer_path(found.id)))
    only = door.roll.keys.serving() == [found.id] and door.roll.active_key(found.id) is None
    by = None if only else _voucher(door, found)
    secret = new_passphrase(door) if passphrase else None
    signer = door.keys.create_next(found.id, secret)
    if by is None:
        entry = officers.recover_only_officer(
            door.ledger,
            officer=found.id,
            public_raw=signer.public_raw,
            replaces=old.fingerprint,
            reason=reason,
            unit_signer=door.keys.unit_signer(),
        )
    else:
        entry = officers.rotate_key(
            door.ledger,
            officer=found.id,
            public_raw=signer.public_raw,
            replaces=old.fingerprint,
            reason=reason,
            by=by,
        )
    key = fingerprint(signer.public_raw)
    door.keys.settle(found.id, key)
    value = {
        "id": found.id,
        "label": found.label,
        "fingerprint": key,
        "replaces": old.fingerprint,
        "entry": entry.n,
    }
    door.show(value, render("done.key-rotate", label=found.label, key=key))


def revoke(
    context: typer.Context,
    officer: Named,
    reason: Reason,
    cause: Annotated[str, typer.Option(help="lost, compromised or other.")] = "lost",
    key: Annotated[str | None, typer.Option(help="Fingerprint; else their active key.")] = None,
) -> None:
    """Record that a key is lost or was exposed; it signs nothing from now on.

    What the key signed before stays; whether to believe it is for people to judge.

        kancil key revoke O2 --cause lost --reason 'laptop stolen on 3 March'
    """
    if cause not in CAUSES:
        raise OptionNotUsable(option="--cause", value=cause, why=", ".join(CAUSES))
    door = Door(context)
    found = door.roll.officer(officer)
    active = door.roll.active_key(found.id)
    revoked = key or (active.fingerprint if active else "")
    entry = officers.revoke_key(
        door.ledger, officer=found.id, revoked=revoked, cause=cause, reason=reason, by=door.acting()
    )
    value = {"id": found.id, "label": found.label, "fingerprint": revoked, "entry": entry.n}
    door.show(value, render("done.key-revoke", label=found.label, key=revoked))


def export_public(
    context: typer.Context,
    officer: Annotated[str | None, typer.Argument(help="O2, a name or an id.")] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File to write; else it is printed.")
    ] = None,
    pem: Annotated[bool, typer.Option("--pem", help="Plain PEM, as openssl reads it.")] = False,
) -> None:
    """Export an officer's public key as a signed file, to give to others.

    The file is signed with the key itself: that shows the holder has it, not who they are.
    Give the fingerprint by another channel.

        kancil key export-public O1 -o dara.kancil-key
    """
    door = Door(context)
    by = door.unlock(officer) if officer else door.acting()
    found = door.roll.officers[by.id]
    statement = {
        "format": PUBLIC_KEY_FORMAT,
        "name": found.name,
        "officer": found.id,
        "unit": door.workspace.unit.id,
        **site_mark(door.workspace.site),
    }
    signed = write_signed(statement, by.signer)
    data = public_pem(by.signer.public_raw) if pem else signed
    key = fingerprint(by.signer.public_raw)
    value = {
        "id": found.id,
        "name": found.name,
        "fingerprint": key,
        "public_key": base64.b64encode(by.signer.public_raw).decode("ascii"),
        "path": str(out) if out else None,
    }
    if out is not None:
        door.write(out, data)
        door.show(value, render("done.key-export", path=str(out), key=key))
    else:
        door.show(value, data.decode("ascii").rstrip("\n"))


def new_passphrase(door: Door) -> str:
    """The passphrase for a new key; raises OptionNotUsable where nobody can be asked."""
    passphrase = door.passphrase(render("ask.new-passphrase"))
    if passphrase is None:
        raise OptionNotUsable(option="--passphrase", value="", why=Phrase("why.no-passphrase"))
    return passphrase
