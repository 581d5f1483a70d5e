"""Restore a backup.

A backup comes from outside. Its list is signed; whose key that is, the ledger in it says, or a
fingerprint that was got by another channel. Rows are set to what the ledger says, what differed is
shown, and no password that was in it works.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.errors import RowsDiffer
from kancil.cli.frame.desk import begin_desk, desk_ledger
from kancil.cli.frame.door import Door
from kancil.cli.programme.keeping import bring_in_programme, end_restore
from kancil.cli.unit.backup_check import require_key, require_signer, require_whole
from kancil.cli.unit.checking import (
    check_kept,
    check_workspace,
    rows_as_dicts,
    show_troubles,
    troubles_as_dicts,
)
from kancil.custody.entry import read_entry
from kancil.custody.keys import KeyRing
from kancil.custody.officers import require_site
from kancil.custody.unit import record_restore
from kancil.custody.verify import verify_entries
from kancil.evidence.age import read_identities
from kancil.evidence.backup import (
    COPY_NAMES,
    ENTRIES_NAME,
    Restored,
    copied_entries,
    restore_backup,
)
from kancil.evidence.errors import BackupBroken, BackupOfOtherSite
from kancil.ground.errors import IntegrityBroken
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.ground.workspace import FORMAT, Workspace, mark, open_workspace


@dataclass(slots=True)
class _Arrival:
    """What is known of a backup once its books were brought in."""

    rows: list[dict[str, str]] = field(default_factory=list)
    """Rows that differed from the ledger, and were set to what it says where that can be."""
    passwords: dict[str, str] = field(default_factory=dict)
    """One-time passwords by user name."""


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A backup file.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    identity: Annotated[
        Path | None,
        typer.Option(help="File with the age identity (AGE-SECRET-KEY-1…) of an encrypted backup."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="Fingerprint of the key that must have signed the backup, as kancil backup"
            " printed it, received by another channel."
        ),
    ] = None,
    classroom: Annotated[
        bool, typer.Option("--classroom", help="It is a classroom's backup, and nothing else.")
    ] = False,
) -> None:
    """Restore a backup into a new folder, and check all of it.

    Everything is checked before the folder appears: the backup's own list, who signed it, and
    every ledger entry. A backup that fails leaves nothing behind. Accounts, roles, memberships and
    second factors are set to what the ledger says; a row that differed is shown, and the status is
    then 12. No password, sign-in or token of the backup works: one-time passwords of the
    administrators are printed once. With DATABASE_URL the books go into that database, which must
    be empty; a backup made on the one database can be restored into the other. A classroom's backup
    is restored with --classroom alone, and with it no other backup is.

        kancil restore unit.tar second
    """
    door = Door(context, folder, site=None)
    identities = [] if identity is None else read_identities(identity, "--identity")
    arrival = _Arrival()

    def check(root: Path, found: Restored) -> None:
        workspace = _opened(source, root, is_training=classroom)
        require_key(source, found, key)
        if workspace.site.holds_cases:
            _bring_in(context, source, root, workspace, found, arrival)
        else:
            arrival.passwords = bring_in_programme(
                context, source, root, workspace, is_trusted=key is not None
            )

    with door.screen.progress() as progress:
        restored = restore_backup(
            source, folder, check=check, identities=identities, progress=progress
        )
    if not door.workspace.site.holds_cases:
        value = end_restore(context, folder, restored, arrival.passwords)
        door.show(value, lambda: _show_programme(door, value))
        return
    _end(door, restored, arrival)


def _end(door: Door, restored: Restored, arrival: _Arrival) -> None:
    """Read the vault and kept files of a restored unit again, record where it came from, answer."""
    with door.screen.progress() as progress:
        troubles = check_workspace(door, progress, door.roll)
    kept = check_kept(door)
    entries = door.roll.size
    has_keys = (door.workspace.keys_dir / "unit.pem").exists()
    if has_keys:
        record_restore(door.ledger, sha256=restored.list_sha256, by=door.acting())
    value = {
        "id": door.workspace.unit.id,
        "workspace": str(door.workspace.root),
        "format": FORMAT,
        "files": restored.files,
        "entries": entries,
        "troubles": troubles_as_dicts(troubles),
        "rows": arrival.rows,
        "kept": kept,
        "signed_by": restored.signed_by,
        "passwords": arrival.passwords,
        "has_keys": has_keys,
    }

    def text() -> None:
        path = str(door.workspace.root)
        door.screen.say(render("done.restore", path=path, files=restored.files))
        _show_signer(door, restored.signed_by)
        show_troubles(door, troubles)
        if arrival.rows:
            door.screen.say(render("note.restore-rows", count=len(arrival.rows)))
        for fault in (*arrival.rows, *kept):
            door.screen.say(f"  {fault['sentence']}")
        _show_passwords(door, arrival.passwords)
        if not has_keys:
            door.screen.say(render("note.restore-no-keys"))

    door.show(value, text)
    if troubles:
        raise typer.Exit(IntegrityBroken.exit_status)
    if arrival.rows or kept:
        raise typer.Exit(RowsDiffer.exit_status)


def _show_programme(door: Door, value: dict[str, Any]) -> None:
    path, files = str(value["workspace"]), int(value["files"])
    door.screen.say(render("done.restore-programme", path=path, files=files))
    _show_signer(door, value["signed_by"])
    for each in value["troubles"]:
        door.screen.say(f"  {each['sentence']}")
    _show_passwords(door, value["passwords"])
    if not value["has_keys"]:
        door.screen.say(render("note.restore-no-programme-keys"))


def _show_signer(door: Door, signed_by: str | None) -> None:
    if signed_by is None:
        door.screen.warn(render("note.restore-unsigned"))
    else:
        door.screen.say(render("note.restore-signed", key=signed_by))


def _show_passwords(door: Door, passwords: dict[str, str]) -> None:
    door.screen.say(render("note.restore-passwords", count=len(passwords)))
    for username, password in passwords.items():
        door.screen.say(f"  {username}: {password}")


def _opened(source: Path, root: Path, *, is_training: bool) -> Workspace:
    """The workspace of an unpacked backup; raises BackupOfOtherSite."""
    workspace = open_workspace(root)
    if workspace.site.is_training is not is_training:
        raise BackupOfOtherSite(path=str(source), site=Phrase(f"name.site-{workspace.site}"))
    return workspace


def _bring_in(
    context: typer.Context,
    source: Path,
    root: Path,
    workspace: Workspace,
    found: Restored,
    arrival: _Arrival,
) -> None:
    """Verify an unpacked backup's ledger, and bring ledger and books into the desk's database.

    Where keys are there, the acting officer must be able to record the restore. Raises
    LedgerBroken, DeskNotEmpty, BackupBroken, BackupSignerUnknown, SiteDiffers, and what unlocking
    the acting officer's key raises.
    """
    if workspace.checkpoint_copies is not None:
        # Two workspaces that grow apart must not send their checkpoints to one place.
        workspace = mark(
            root, workspace.unit, workspace.site, reserve_bytes=workspace.reserve_bytes
        )
    for name in COPY_NAMES:
        if not (root / name).is_file():
            raise BackupBroken(path=str(source), member=name)
    verdict = verify_entries(copied_entries(root))
    require_whole(verdict)
    require_signer(source, found, verdict)
    require_site(next(map(read_entry, copied_entries(root))), workspace)
    begin_desk(workspace)
    from kancil.desk.base.opening import close_desk
    from kancil.desk.cases.index import own_row_faults
    from kancil.desk.cases.people_faults import drop_strange_factors
    from kancil.desk.custody.copying import copy_in
    from kancil.desk.custody.store import one_transaction
    from kancil.desk.people.restoring import void_passwords

    door = Door(context, root)
    door.ledger = desk_ledger(workspace)
    with one_transaction():
        copy_in(door.ledger, root)
        arrival.rows = rows_as_dicts(own_row_faults(door.ledger))
        door.ledger.mend_rows()
        drop_strange_factors(door.ledger)
        arrival.passwords = void_passwords(keep_passkeys=found.signed_by is not None)
        if KeyRing(workspace.keys_dir).unit_path.exists():
            door.acting()
    close_desk()
    for name in COPY_NAMES:
        (root / name).unlink()
    (root / ENTRIES_NAME).parent.rmdir()
