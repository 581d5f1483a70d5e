"""The command that brings a workspace to this version and sweeps what killed commands left."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import typer

from kancil.bitcoin.chain import Chain
from kancil.bitcoin.ingest import rebuild
from kancil.custody.stores.sqlite_file import SqliteLedger
from kancil.custody.unit import record_upgrade
from kancil.custody.verify import verify_ledger
from kancil.ground.errors import FormatTooOld, LedgerBroken, LedgerFileBroken
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.ground.words import render
from kancil.ground.workspace import FORMAT, Workspace, find_workspace, mark

from .desk import begin_desk, desk_ledger
from .door import Door


def upgrade(context: typer.Context) -> None:
    """Safe to run at any time, and again after it was interrupted. Chains of an older format are
    rebuilt from their sources; what killed commands left in the vault is swept, and told.
    Make a backup first when the workspace is of an older format.
    """
    door = Door(context)
    workspace = find_workspace(
        door.named, environment=os.environ, here=Path.cwd(), accept_older=True
    )
    if workspace.format < FORMAT:
        _move_to_desk(door, workspace)
    swept = _sweep(door)
    with door.screen.progress() as progress:
        rebuilt = [name for name in _chain_names(workspace) if _renew(workspace, name, progress)]
    value = {"id": workspace.unit.id, "format": FORMAT, "swept": swept, "rebuilt": rebuilt}
    text = render("done.upgrade", number=FORMAT, swept=len(swept), rebuilt=len(rebuilt))
    door.show(value, text)


def _move_to_desk(door: Door, workspace: Workspace) -> None:
    """Move the ledger of format 1, bytes and hashes unchanged, into the desk's database.

    Safe to run again after an interruption: the entries go in as one transaction, then the format
    number is raised, and the old file is left under another name. Raises LedgerBroken.
    """
    old_path = workspace.ledger_path
    begin_desk(workspace)
    with closing(SqliteLedger(old_path, workspace.unit.id, create=False)) as old:
        verdict = verify_ledger(old)
        if verdict.problems:
            first = verdict.problems[0]
            raise LedgerBroken(n=first.n, problem=Phrase(f"problem.{first.code}", first.params))
        desk = desk_ledger(workspace)
        if not desk.head().size:
            desk.import_lines(old.lines())
        if desk.head() != old.head():
            raise LedgerFileBroken(path=str(old_path), why=Phrase("why.ledger-head-differs"))
    mark(workspace.root, workspace.unit)
    kept = old_path.with_name("before-desk.sqlite")
    old_path.rename(kept)
    kept.chmod(0o400)
    record_upgrade(door.ledger, old_format=workspace.format, new_format=FORMAT, by=door.acting())


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
