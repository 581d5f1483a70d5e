"""The command that checks bundles, workspaces, history files and printed reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.errors import RowsDiffer
from kancil.cli.frame.door import Door
from kancil.cli.frame.statuses import with_statuses
from kancil.custody.checkpoint import Checkpoint, read_checkpoint
from kancil.custody.consistency import read_consistency
from kancil.custody.history import START as HISTORY_START
from kancil.custody.history import check_history
from kancil.custody.verdict import ANCHORED, LedgerVerdict, Note, ShownVerdict
from kancil.custody.verify import verify_ledger
from kancil.evidence.age import read_identities
from kancil.evidence.backup import is_backup
from kancil.evidence.named import Trouble
from kancil.ground.errors import IntegrityBroken
from kancil.ground.files import read_file
from kancil.ground.words import render
from kancil.ground.workspace import SETTINGS_NAME
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.checker.check import check_bundle
from kancil.reports.casework.bundle.checker.verdict import (
    EXIT_CUSTODY,
    EXIT_NOT_CONFIRMED,
    EXIT_OTHER_CHECKPOINT,
    EXIT_TOO_NEW,
    HOLDS,
    NOT_INTACT,
    STEPS,
    BundleVerdict,
)
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.pdf.check import START as PDF_START

from .backup_check import verify_backup
from .checking import (
    check_kept,
    check_rows,
    check_workspace,
    kept_checkpoints,
    not_compared,
    show_rows,
    show_troubles,
    troubles_as_dicts,
)
from .report_check import verify_report

LEDGER_BROKEN_STATUS = EXIT_CUSTODY
CONTENT_BROKEN_STATUS = IntegrityBroken.exit_status


@with_statuses(EXIT_NOT_CONFIRMED=EXIT_NOT_CONFIRMED, EXIT_TOO_NEW=EXIT_TOO_NEW)
def verify(
    context: typer.Context,
    what: Annotated[
        Path,
        typer.Argument(metavar="BUNDLE|WORKSPACE|HISTORY|REPORT|BACKUP", help="What to check."),
    ],
    against: Annotated[
        Path | None, typer.Option(help="A checkpoint note that someone outside has kept.")
    ] = None,
    consistency: Annotated[
        Path | None,
        typer.Option(
            help="The unit's proof (kancil ledger consistency) that a later checkpoint, given with "
            "--against, grew from the bundle's."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="Fingerprint of the key that must have signed, received by another channel; for "
            "a report the SHA-256 of its certificate."
        ),
    ] = None,
    authority: Annotated[
        Path | None,
        typer.Option(
            help="Certificates (PEM) that you trust: of the time stamp authority, or for a report "
            "of the authority that certified its signer."
        ),
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(help="File with the age identity of an encrypted backup.")
    ] = None,
) -> None:
    """Check a bundle, a report or a workspace; list what is proved and what was not checked.

    Status 0: nothing was found changed; of a bundle also, that its signer is the one you
    expected, by --key or --against. Status {EXIT_NOT_CONFIRMED}: nothing is changed, and by whom
    the bundle or backup was signed, or what a bundle keeps back, is not known. Status
    {EXIT_TOO_NEW}: written by a newer version, cannot be judged. Intact does not mean true,
    complete or lawfully obtained. Without --against, a ledger is at most `consistent, not
    anchored`: a cut tail, a fork or a ledger rewritten by someone who holds the keys would not be
    seen.

        kancil verify bundle.zip --against checkpoint.txt
    """
    door = Door(context)
    note = read_checkpoint(read_file(against)) if against else None
    if (what / SETTINGS_NAME).is_file():
        status = _verify_workspace(Door(context, what), note, key, against)
    elif _begins_with(what, HISTORY_START):
        shown = check_history(what, unit_key=key, against=note)
        status = _show_ledger(door, shown, what=what)
    elif _begins_with(what, PDF_START):
        status = verify_report(door, what, key=key, authority=authority)
    elif is_backup(what):
        identities = [] if identity is None else read_identities(identity, "--identity")
        status = verify_backup(door, what, key=key, identities=identities)
    else:
        chain = read_file(authority) if authority else None
        proof = read_consistency(read_file(consistency)) if consistency else None
        verdict = check_bundle(
            what, against=note, key=key, timestamp_chain=chain, consistency=proof
        )
        door.show(_bundle_value(what, verdict), lambda: _show_bundle(door, what, verdict))
        status = verdict.exit_status
    if status:
        sys.stdout.flush()
        raise typer.Exit(status)


def _verify_workspace(
    door: Door, note: Checkpoint | None, key: str | None, against: Path | None
) -> int:
    with door.screen.progress() as progress:
        verdict = verify_ledger(
            door.ledger,
            unit_key=key,
            against=note,
            kept=kept_checkpoints(door),
            progress=progress,
        )
        troubles = [] if verdict.is_broken else check_workspace(door, progress)
    verdict.not_checked += not_compared(door)
    if verdict.is_broken:
        return _show_ledger(door, verdict, against=against)
    orphans = _orphans(door, verdict, troubles)
    return _show_ledger(
        door,
        verdict,
        troubles=troubles,
        orphans=orphans,
        rows=check_rows(door),
        kept=check_kept(door),
        against=against,
    )


def _orphans(door: Door, verdict: LedgerVerdict, troubles: Sequence[Trouble]) -> list[str]:
    """Files of the vault that no entry names; looked for only where every listing is whole."""
    if any(not trouble.path for trouble in troubles):  # a listing's own trouble names no file
        verdict.not_checked.append(Note("orphans-not-looked-for"))
        return []
    return door.vault.orphans(door.named_contents())


def _begins_with(path: Path, start: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def _shown_value(verdict: LedgerVerdict, what: Path | None) -> dict[str, Any]:
    """What is said only of a part of a ledger that is shown."""
    if not isinstance(verdict, ShownVerdict):
        return {}
    return {
        "path": str(what),
        "shown": verdict.shown,
        "sealed": verdict.sealed,
        "complete": verdict.complete,
    }


def _say_history(door: Door, verdict: ShownVerdict) -> None:
    complete = len(verdict.complete)
    shown, sealed = verdict.shown, verdict.sealed_count
    door.screen.say(render("note.history", shown=shown, sealed=sealed, complete=complete))


def _show_ledger(
    door: Door,
    verdict: LedgerVerdict,
    *,
    troubles: Sequence[Trouble] = (),
    orphans: Sequence[str] = (),
    rows: Sequence[dict[str, str]] | None = None,
    kept: Sequence[dict[str, str]] = (),
    what: Path | None = None,
    against: Path | None = None,
) -> int:
    """What the check of a ledger, or of a shown part of one, came to; gives the status.

    `rows`: those of the desk that differ from the ledger; None where they were not compared.
    `kept`: bundles and reports that the site keeps and that are not what was made.
    """
    intact = not verdict.is_broken and not troubles and not rows and not kept
    problems = _problems(verdict)
    not_checked = [render(f"note.{one.code}", **one.params) for one in verdict.not_checked]
    value: dict[str, Any] = {
        "id": verdict.unit,
        "intact": intact,
        "state": verdict.state,
        "entries": verdict.size,
        "root": verdict.root.hex(),
        "unit_key": verdict.unit_key,
        "anchored_size": verdict.anchored_size,
        "problems": problems,
        "problem_count": verdict.problem_count,
        "troubles": troubles_as_dicts(troubles),
        "orphans": list(orphans),
        "rows": None if rows is None else list(rows),
        "kept": list(kept),
        "not_checked": not_checked,
    }
    value |= _shown_value(verdict, what)

    def text() -> None:
        screen = door.screen
        screen.title(_ledger_title(door, verdict, troubles, rows, kept, against))
        screen.facts(
            [
                (render("name.entries"), str(verdict.size)),
                (render("name.root"), verdict.root.hex()),
                (render("name.unit-key"), str(verdict.unit_key)),
            ]
        )
        if isinstance(verdict, ShownVerdict):
            _say_history(door, verdict)
        for problem in problems:
            screen.say(f"  {problem['n']}: {problem['sentence']}")
        show_troubles(door, troubles)
        if rows is not None:
            show_rows(door, rows)
        for fault in kept:
            screen.say(f"  {fault['sentence']}")
        if orphans:
            screen.say(render("note.orphans", count=len(orphans)))
        screen.say(render("note.not-checked-title"))
        for sentence in not_checked:
            screen.say(f"  {sentence}")
        screen.say(render("note.intact-means"))

    door.show(value, text)
    if verdict.is_broken:
        return LEDGER_BROKEN_STATUS
    if troubles:
        return CONTENT_BROKEN_STATUS
    return RowsDiffer.exit_status if rows or kept else 0


def _ledger_title(
    door: Door,
    verdict: LedgerVerdict,
    troubles: Sequence[Trouble],
    rows: Sequence[dict[str, str]] | None,
    kept: Sequence[dict[str, str]],
    against: Path | None,
) -> str:
    """Say the answer in a line, and never more than was checked."""
    if verdict.is_broken:
        return render("note.ledger-broken")
    if troubles:
        return render("note.ledger-contents", count=len(troubles))
    if rows:
        return render("error.rows-differ.sentence", count=len(rows))
    if kept:
        return render("note.kept-differ", count=len(kept))
    if verdict.state != ANCHORED:
        return render("note.ledger-consistent")
    if against is not None and _is_own(door, against):
        return render("note.ledger-own-checkpoint", size=verdict.anchored_size)
    return render("note.ledger-anchored", size=verdict.anchored_size)


def _is_own(door: Door, note: Path) -> bool:
    """Whether a checkpoint lies in the workspace it is held against."""
    if door.named is None:
        return False
    return note.resolve().is_relative_to(door.named.resolve())


def _problems(verdict: LedgerVerdict) -> list[dict[str, Any]]:
    return [
        {
            "code": problem.code,
            "n": problem.n,
            "sentence": render(f"problem.{problem.code}", **problem.params),
        }
        for problem in verdict.problems
    ]


def _remark(remark: Remark) -> str:
    sentence = render(remark.words, **{"place": remark.place, **remark.params})
    return f"{sentence} ({remark.place})" if remark.place else sentence


def _bundle_value(path: Path, verdict: BundleVerdict) -> dict[str, Any]:
    return {"id": verdict.sha256, "path": str(path), **verdict.as_dict()}


def _bundle_word(verdict: BundleVerdict) -> str:
    """Choose the line that answers, by what is wrong first."""
    if verdict.is_only_zipped_again:
        return "bundle-only-zipped-again"
    if verdict.answer != NOT_INTACT:
        return f"bundle-answer-{verdict.answer}"
    if verdict.steps["bytes"].state == HOLDS and verdict.key_differs:
        return "bundle-other-key"
    if verdict.exit_status == EXIT_OTHER_CHECKPOINT:
        return "bundle-other-ledger"
    return f"bundle-answer-{verdict.answer}"


def _show_bundle(door: Door, path: Path, verdict: BundleVerdict) -> None:
    screen = door.screen
    if verdict.is_training:
        screen.title(render("note.training-made"))
    screen.title(render(f"note.{_bundle_word(verdict)}", path=path.name))
    screen.facts([(render("name.sha256"), verdict.sha256)])
    for name in STEPS:
        step = verdict.steps[name]
        state = render(f"note.bundle-state-{step.state}")
        screen.say(f"{render(f'note.bundle-step-{name}')}: {state}")
        for remark in (*step.problems, *step.said, *step.not_checked):
            screen.say("    " + _remark(remark))
    screen.say(render("note.intact-means"))
    _show_statements(door, verdict)


def _show_statements(door: Door, verdict: BundleVerdict) -> None:
    """Print what the unit states, which is quoted only when custody is right."""
    if verdict.statements is None:
        return
    screen = door.screen
    screen.say()
    screen.title(statement_words.title())
    screen.say(statement_words.intro())
    for section in statement_words.sections(verdict.statements):
        screen.title(section.title)
        screen.facts(section.facts)
