"""The command that brings a workspace to this version and sweeps what killed commands left."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import rebuild
from kancil.cli.errors import RowsDiffer
from kancil.cli.frame.desk import begin_desk
from kancil.cli.frame.door import Door
from kancil.cli.programme.keeping import upgrade_programme
from kancil.cli.unit.checking import check_rows
from kancil.custody.errors import LedgerBroken
from kancil.custody.store import LedgerStore
from kancil.custody.verify import verify_ledger
from kancil.ground.errors import FormatTooOld
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.ground.words import render
from kancil.ground.workspace import FORMAT, Workspace


def upgrade(
    context: typer.Context,
    drop_unknown_rows: Annotated[
        bool,
        typer.Option("--drop-unknown-rows", help="Also remove rows without a ledger entry."),
    ] = False,
) -> None:
    """Upgrade an older workspace to this version, and remove what killed commands left.

    Safe to run at any time, and again after it was interrupted. Tables are brought up to this
    version, rows that differ from the ledger are written anew, chains of an older format are
    rebuilt from their sources, and what killed commands left in the vault is swept. A row
    of which no entry speaks may be all that is left of entries that were cut off: it is removed
    only when you say so.

        kancil upgrade
    """
    door = Door(context, site=None)
    workspace = door.workspace
    if not workspace.site.holds_cases:
        upgrade_programme(context, workspace)
        return
    begin_desk(workspace)
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
