"""Backup, restore and upgrade of a programme's workspace, which has books and files but no ledger.

The commands are those of a unit; `setup` and `upgrading` come here for a programme.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from kancil.cli.frame.desk import begin_desk
from kancil.custody.keys import KeyRing
from kancil.evidence.age import Recipient
from kancil.evidence.backup import ENTRIES_NAME, TABLES_NAME, Backup, Restored, write_backup
from kancil.evidence.errors import BackupBroken
from kancil.ground.words import render
from kancil.ground.workspace import FORMAT, Workspace

from .door import Programme


def backup_programme(
    context: typer.Context, out: Path, *, with_keys: bool, recipients: list[Recipient]
) -> Backup:
    """Write a backup while others work, and keep in the site's record that it was made."""
    programme = Programme(context)
    door, by = programme.door, programme.person
    from kancil.desk.assessment.copying import copy_out, record_backup

    has_keys = KeyRing(door.workspace.keys_dir).unit_path.is_file()
    with door.screen.progress() as progress:
        made = write_backup(
            door.workspace,
            out,
            copy_out,
            signer=KeyRing(door.workspace.keys_dir).unit_signer() if has_keys else None,
            with_keys=with_keys,
            recipients=recipients,
            progress=progress,
        )
    record_backup(by=by, sha256=made.list_sha256)
    return made


def bring_in_programme(
    context: typer.Context, source: Path, root: Path, workspace: Workspace, *, is_trusted: bool
) -> dict[str, str]:
    """Bring the books of an unpacked backup into the database that is meant, which is empty.

    The acting account must be one of theirs, in whose name the restore is kept. `is_trusted`:
    whether the backup was signed with the key that was expected. Gives the one-time passwords, by
    user name. Raises BackupBroken, BackupNotReadable, DeskNotEmpty, PersonNotFound,
    AccountNotNamed.
    """
    if not (root / TABLES_NAME).is_file():
        raise BackupBroken(path=str(source), member=TABLES_NAME)
    if (root / ENTRIES_NAME).exists():
        raise BackupBroken(path=str(source), member=ENTRIES_NAME)
    begin_desk(workspace)
    from kancil.desk.assessment.copying import copy_in
    from kancil.desk.assessment.queries.site import keepers
    from kancil.desk.base.opening import close_desk, one_change
    from kancil.desk.people.restoring import void_passwords

    programme = Programme(context, root)
    with one_change():
        copy_in(root)
        programme.keeper()
        passwords = void_passwords(keepers(), keep_passkeys=is_trusted)
    close_desk()
    (root / TABLES_NAME).unlink()
    return passwords


def end_restore(
    context: typer.Context, folder: Path, restored: Restored, passwords: dict[str, str]
) -> dict[str, Any]:
    """Check every file that the books name, and keep in the site's record where it came from.

    Gives the answer, for JSON.
    """
    programme = Programme(context, folder)
    door = programme.door
    from kancil.desk.assessment.copying import broken_files, record_restore

    broken = broken_files(programme.store)
    record_restore(by=programme.keeper(), sha256=restored.list_sha256)
    has_keys = door.workspace.keys_dir.is_dir() and any(door.workspace.keys_dir.iterdir())
    troubles = [
        {"sha256": sha256, "code": code, "sentence": render(f"note.file-{code}", sha256=sha256)}
        for sha256, code in broken
    ]
    value = {
        "id": door.workspace.unit.id,
        "workspace": str(door.workspace.root),
        "format": FORMAT,
        "files": restored.files,
        "troubles": troubles,
        "has_keys": has_keys,
        "signed_by": restored.signed_by,
        "passwords": passwords,
    }
    return value


def upgrade_programme(context: typer.Context, workspace: Workspace) -> None:
    """Bring the tables to this version, and sweep files that no row names."""
    begin_desk(workspace)
    programme = Programme(context)
    from kancil.desk.assessment.copying import swept_files

    swept = swept_files(programme.store)
    value = {"id": workspace.unit.id, "format": FORMAT, "swept": swept}
    text = render("done.upgrade-programme", number=FORMAT, swept=len(swept))
    programme.door.show(value, text)
