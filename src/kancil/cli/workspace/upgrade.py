"""The command that brings a workspace to this version and sweeps what killed commands left."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import rebuild
from kancil.cli.errors import RowsDiffer
from kancil.cli.frame.desk import begin_desk, desk_ledger
from kancil.cli.frame.door import Door
from kancil.cli.programme.keeping import upgrade_programme
from kancil.cli.unit.checking import check_rows
from kancil.custody.errors import LedgerBroken
from kancil.custody.store import LedgerStore
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.custody.unit import record_upgrade
from kancil.custody.verify import verify_ledger
from kancil.ground.errors import FormatTooOld
from kancil.ground.files import sync_folder
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.ground.words import render
from kancil.ground.workspace import FORMAT, Site, Workspace, complete_folders, mark


def upgrade(
    context: typer.Context,
    drop_unknown_rows: Annotated[
        bool,
        typer.Option("--drop-unknown-rows", help="Remove rows of which no entry speaks, too."),
    ] = False,
) -> None:
    """Safe to run at any time, and again after it was interrupted. Tables are brought up to this
    version, rows that differ from the ledger are written anew, chains of an older format are
    rebuilt from their sources, and what killed commands left in the vault is swept. Make a backup
    first when the workspace is of an older format. A row of which no entry speaks may be all that
    is left of entries that were cut off: it is removed only when you say so.
    """
    door = Door(context, accept_older=True, site=None)
    workspace = door.workspace
    if workspace.site is Site.PROGRAMME:
        upgrade_programme(context, workspace)
        return
    if workspace.format < FORMAT or workspace.ledger_path.is_file():
        _move_to_desk(door, workspace)
    else:
        begin_desk(workspace)
    _record_move(door, workspace)
    rows = _mend_rows(door, drop_unknown=drop_unknown_rows)
    swept = _sweep(door)
    with door.screen.progress() as progress:
        rebuilt = [name for name in _chain_names(workspace) if _renew(workspace, name, progress)]
    value = {
        "id": workspace.unit.id,
        "format": FORMAT,
        "mended": len(rows),
        "rows": rows,
        "swept": swept,
        "rebuilt": rebuilt,
    }
    text = render(
        "done.upgrade", number=FORMAT, mended=len(rows), swept=len(swept), rebuilt=len(rebuilt)
    )
    door.show(value, "\n".join([text, *(f"  {row['sentence']}" for row in rows)]))


def _mend_rows(door: Door, *, drop_unknown: bool) -> list[dict[str, str]]:
    """Write rows that differ from the ledger anew; gives what they were.

    Nothing is mended by a ledger that is broken itself, which would destroy what betrays it.
    Raises LedgerBroken, RowsDiffer.
    """
    rows = check_rows(door)
    if not rows:
        return rows
    _require_whole(door.ledger)
    unknown = [row for row in rows if row["code"] == "stranger"]
    if unknown and not drop_unknown:
        raise RowsDiffer(count=len(unknown))
    door.ledger.mend_rows()
    return rows


def _require_whole(ledger: LedgerStore) -> None:
    problems = verify_ledger(ledger).problems
    if problems:
        first = problems[0]
        raise LedgerBroken(n=first.n, problem=Phrase(f"problem.{first.code}", first.params))


def _move_to_desk(door: Door, workspace: Workspace) -> None:
    """Move the ledger of format 1, bytes and hashes unchanged, into the desk's database.

    Safe to run again after an interruption: the entries go in as one transaction, then the format
    number is raised, then the old file gets another name. Nothing is begun with a ledger that does
    not verify, or without an officer who can sign that it was done. Raises LedgerBroken.
    """
    earlier_path = workspace.ledger_path
    with closing(SqliteLedger(earlier_path, workspace.unit.id, create=False)) as earlier:
        _require_whole(earlier)
        begin_desk(workspace)
        from kancil.desk.custody.moving import take_over

        take_over(desk_ledger(workspace), earlier)
    door.acting()
    complete_folders(workspace.root)
    mark(workspace.root, workspace.unit)
    earlier_path.rename(_kept(workspace))
    _kept(workspace).chmod(0o400)
    sync_folder(earlier_path.parent)


def _kept(workspace: Workspace) -> Path:
    """Say where the ledger of format 1 is left."""
    return workspace.ledger_path.with_name("before-desk.sqlite")


def _record_move(door: Door, workspace: Workspace) -> None:
    """Have the ledger say that it was moved, unless it says so already."""
    if not _kept(workspace).is_file():
        return
    stated = (entry.body for entry in door.ledger.entries() if entry.kind == "workspace.upgraded")
    if not any(body.get("to") == FORMAT for body in stated):
        record_upgrade(door.ledger, old_format=1, new_format=FORMAT, by=door.acting())


def _chain_names(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.chains_dir.iterdir() if path.is_dir())


def _renew(workspace: Workspace, name: str, progress: Progress) -> bool:
    """Rebuild a chain of an older format from its recorded sources; says whether it was one."""
    folder = workspace.chains_dir / name
    try:
        Chain.open(folder)
    except FormatTooOld:
        rebuild(folder, progress=progress)
        return True
    return False


def _sweep(door: Door) -> list[str]:
    """Remove vault files that no entry names, and what is left in `incoming/`.

    The vault itself sweeps, alone, when it finds the mark of a killed intake; so a mark is left
    for it. While another intake is at work nothing is swept, and the next intake does it.
    """
    before = set(door.vault.orphans(door.named_contents()))
    (door.workspace.incoming_dir / "upgrade.intake").touch()
    with door.intake():
        left = set(door.vault.orphans(door.named_contents()))
    return sorted(before - left)
