"""Commands for the workspace itself: init and backup."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.desk import begin_desk, desk_ledger
from kancil.cli.frame.door import Door
from kancil.cli.programme.founding import FIRST_ROLES, found_programme
from kancil.cli.programme.keeping import backup_programme
from kancil.cli.unit.officers import new_passphrase
from kancil.custody.accounts import require_second_factor
from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry, read_entry
from kancil.custody.errors import LedgerOnNetworkShare
from kancil.custody.keys import KeyRing
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.unit import record_backup, state_disk
from kancil.evidence.age import Recipient, read_recipients
from kancil.evidence.backup import Backup, copied_entries, write_backup
from kancil.evidence.named import named_contents
from kancil.ground.disk import Disk, look_at
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import OfficerId, UnitId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import languages, render
from kancil.ground.workspace import Site, Unit, Workspace, lay_out, mark, new_root, read_zone


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A new or empty folder; else --workspace, else KANCIL_HOME, else this folder.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="The unit's name.")] = "Cybercrime Unit",
    country: Annotated[str, typer.Option(help="ISO 3166-1, two letters.")] = "ZZ",
    zone: Annotated[str, typer.Option(help="IANA time zone in which times are shown.")] = "Etc/UTC",
    language: Annotated[str, typer.Option(help="Language of sentences.")] = "en",
    officer: Annotated[str, typer.Option(help="The first officer's name.")] = "First officer",
    role: Annotated[str, typer.Option(help="The first officer's role.")] = "administrator",
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Lock the officer's key with their own passphrase.")
    ] = False,
    disk_exception: Annotated[
        str | None, typer.Option(help="Why the disk may stay without encryption.")
    ] = None,
    second_factor_exception: Annotated[
        str | None, typer.Option(help="Why administrators may sign in without a second factor.")
    ] = None,
    site: Annotated[
        Site,
        typer.Option(
            help="unit: cases and ledger; programme: assessments of countries; classroom:"
            " exercises in a unit's rooms, and no real case for ever."
        ),
    ] = Site.UNIT,
    username: Annotated[
        str, typer.Option(help="For a programme: user name of its first account.")
    ] = "admin",
) -> None:
    """Make a workspace: its folder, its ledger, its keys, its first officer.

    Asks nothing unless it must and a person sits at a terminal. What the disk looks like is
    recorded; Kancil relies on the system's disk encryption and does not encrypt by itself. A
    programme's site has no ledger: --officer names its first account, whose one-time password is
    printed once.

        kancil init unit --name 'Cybercrime Unit' --country LA --zone Asia/Vientiane
    """
    door = Door(context)
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise OptionNotUsable(option="--country", value=country, why=Phrase("why.two-letters"))
    for given, option in ((name, "--name"), (officer, "--officer"), (role, "--role")):
        door.needed(given, option)
    known = [name for name in languages() if is_signed_off(name)]
    if language not in known:
        why = ", ".join(known)
        raise OptionNotUsable(option="--language", value=language[:40], why=why)
    place = read_zone(zone, "--zone")
    folder = folder or new_root(door.named, environment=os.environ, here=Path.cwd())
    disk = look_at(_existing(folder))
    if disk.is_network:
        raise LedgerOnNetworkShare(path=str(folder), kind=disk.seen)
    if site is Site.PROGRAMME:
        if role not in FIRST_ROLES:
            why = ", ".join(FIRST_ROLES)
            raise OptionNotUsable(option="--role", value=role[:40], why=why)
        door.needed(username, "--username")
    secret = new_passphrase(door) if passphrase else None
    lay_out(folder)
    unit = Unit(UnitId(new_id()), name, country.upper(), place, language)
    if site is Site.PROGRAMME:
        found_programme(
            door, folder, unit, username=username, name=officer, role=role, disk=disk,
            factor_exception=second_factor_exception,
        )  # fmt: skip
        return
    exceptions = (disk_exception, second_factor_exception)
    planned = Workspace(folder.resolve(), unit, site)
    first = _found(planned, officer, role, secret, disk, exceptions)
    workspace = mark(folder, unit, site)
    value = {
        "id": unit.id,
        "workspace": str(workspace.root),
        "site": site.value,
        "officer": {"id": first, "label": "O1", "name": officer},
        "disk": {"encrypted": disk.encrypted, "seen": disk.seen, "exception": disk_exception},
        "second_factor": {"exception": second_factor_exception},
    }

    def text() -> None:
        door.screen.say(render("done.init", path=str(workspace.root), name=officer))
        door.screen.say(render(f"note.disk-{disk.encrypted.replace(' ', '-')}", seen=disk.seen))
        if disk.encrypted != "yes" and disk_exception is None:
            door.screen.say(render("note.disk-no-exception"))

    door.show(value, text)


def _existing(folder: Path) -> Path:
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    return path


def _found(
    workspace: Workspace,
    name: str,
    role: str,
    secret: str | None,
    disk: Disk,
    exceptions: tuple[str | None, str | None],
) -> OfficerId:
    """Make the keys and the ledger's first entries; gives the first officer's id.

    `exceptions`: why the disk may stay unencrypted, why administrators need no second factor.
    """
    disk_exception, factor_exception = exceptions
    unit, keys = workspace.unit, KeyRing(workspace.keys_dir)
    unit_signer = keys.found()
    officer = OfficerId(new_id())
    signer = keys.create_officer(officer, secret)
    begin_desk(workspace)
    ledger = desk_ledger(workspace)
    try:
        found_unit(
            ledger,
            name=unit.name,
            country=unit.country,
            zone=unit.zone.key,
            unit_signer=unit_signer,
            site=workspace.site,
        )
        add_first_officer(
            ledger,
            officer=officer,
            name=name,
            role=role,
            public_raw=signer.public_raw,
            vouched_how=render("note.first-officer"),
            unit_signer=unit_signer,
        )
        state_disk(
            ledger,
            encrypted=disk.encrypted,
            seen=disk.seen,
            exception=disk_exception,
            by=ActingOfficer(officer, signer),
        )
        if factor_exception:
            by = ActingOfficer(officer, signer)
            require_second_factor(ledger, roles=[], exception=factor_exception, by=by)
    finally:
        ledger.close()
    return officer


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help="The backup file to write.")],
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Also copy private keys. Guard the file well.")
    ] = False,
    with_chains: Annotated[
        bool, typer.Option("--with-chains", help="Also copy chain columns, which can be rebuilt.")
    ] = False,
    encrypt_to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RECIPIENT",
            help="Encrypt the file for whoever holds this age key: age1…, or a file with one a"
            " line; repeat for more.",
        ),
    ] = None,
) -> None:
    """Copy books, files and ledger into one file; private keys stay here.

    Works while others use the workspace. Files that stayed in place are not copied. The list of
    the files is signed with your key, on a programme's site with the site's. Encrypted for a
    recipient, the backup opens only with the identity that belongs to it, which is made by
    age-keygen on another machine and is never on this one: keep it safe, for without it nobody can
    restore.

        kancil backup -o unit.tar
    """
    door = Door(context, site=None)
    door.can_write(out)
    recipients = read_recipients(encrypt_to or [], "--encrypt-to")
    further: dict[str, Any] = {}
    if not door.workspace.site.holds_cases:
        note = "note.backup-no-programme-keys"
        made = backup_programme(context, out, with_keys=with_keys, recipients=recipients)
    else:
        note = "note.backup-no-keys"
        made, entry = _backup_unit(
            door, out, with_keys=with_keys, with_chains=with_chains, recipients=recipients
        )
        further = {"with_chains": with_chains, "entry": entry.n}
    value = {
        "id": made.list_sha256,
        "path": str(out),
        "files": made.files,
        "size_bytes": str(made.size_bytes),
        "missing": list(made.missing),
        "with_keys": with_keys,
        "encrypted": bool(recipients),
        "signed_by": made.signed_by,
        **further,
    }
    if with_keys and not recipients:
        door.screen.warn(render("note.backup-keys-open", path=str(out)))
    text = render("done.backup", path=str(out), files=made.files, missing=len(made.missing))
    signed = "unsigned" if made.signed_by is None else "signed"
    text += "\n" + render(f"note.backup-{signed}", key=made.signed_by or "")
    if not with_keys:
        text += "\n" + render(note)
    door.show(value, text)


def _backup_unit(
    door: Door, out: Path, *, with_keys: bool, with_chains: bool, recipients: list[Recipient]
) -> tuple[Backup, Entry]:
    """Write a unit's backup; gives the entry that says so, too."""
    by = door.acting()
    with door.screen.progress() as progress:
        made = write_backup(
            door.workspace,
            out,
            lambda folder: _copy_books(door, folder),
            signer=by.signer,
            with_keys=with_keys,
            with_chains=with_chains,
            recipients=recipients,
            progress=progress,
        )
    return made, record_backup(door.ledger, sha256=made.list_sha256, by=by)


def _copy_books(door: Door, folder: Path) -> set[str]:
    """Write ledger and books into a folder; gives the digests that this ledger names."""
    ledger = door.ledger
    from kancil.desk.custody.copying import copy_out

    roll = copy_out(ledger, folder)
    return named_contents(roll, map(read_entry, copied_entries(folder)), door.vault)
