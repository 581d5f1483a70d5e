"""Commands for cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.cli.frame.door import Door
from kancil.custody import basis
from kancil.custody.cases import add_basis as record_basis
from kancil.custody.roll import Case
from kancil.ground.clock import to_text
from kancil.ground.plain import plain
from kancil.ground.words import render

from .slips import SlipOption, hand_out_slip

LegalBasisOption = Annotated[
    str,
    typer.Option(
        help="Words, after their kind if you state it ('consent: Mr A, in writing'), or a TOML or"
        " JSON file."
    ),
]


def new(
    context: typer.Context,
    title: Annotated[str, typer.Argument(help="What the case is about, in a few words.")],
    legal_basis: LegalBasisOption,
    slip: SlipOption = None,
) -> None:
    """Open a case under a legal basis.

    Kinds: warrant, order, consent, statute, foreign-request. A file may state kind, number,
    authority, issued_on, expires_on, scope, return_due_on, document_sha256 and country. After
    expires_on, nothing new is processed. Where an account of the site stands for you, it is the
    case's first member.

        kancil case new 'Payment under threat' --legal-basis 'Order 17/2026 of the court'
    """
    door = Door(context)
    door.needed(title, "TITLE")
    door.can_write(slip)
    stated = _basis(legal_basis)
    by = door.acting()
    from kancil.desk.cases.actions import open_with
    from kancil.desk.people.queries import account_of

    opener = account_of(by.id)
    entry = open_with(door.ledger, title=title, basis=stated, opener=opener, by=by)
    label = f"C{entry.body['number']}"
    checkpoint = hand_out_slip(door, render("slip.case", label=label, title=title), slip)
    value = {
        "id": entry.case_id,
        "label": label,
        "title": title,
        "basis": plain(stated),
        "entry": entry.n,
        "member": None if opener is None else opener.username,
        "checkpoint": checkpoint.as_dict(),
    }

    def text() -> None:
        door.screen.say(render("done.case-new", label=label, title=title, basis=stated.title()))
        if opener is None:
            door.screen.say(render("note.case-without-member", label=label))
        checkpoint.show(door)

    door.show(value, text)


def add_basis(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    legal_basis: LegalBasisOption,
) -> None:
    """Add a legal basis to a case, such as a renewed warrant.

    New work in the case is based on the newest legal basis in force.

        kancil case basis C1 --legal-basis 'order: 18/2026 of the court'
    """
    door = Door(context)
    found = door.roll.case(case)
    stated = _basis(legal_basis)
    entry = record_basis(door.ledger, case=found.id, basis=stated, by=door.acting())
    value = {
        "id": stated.id,
        "case": found.id,
        "label": found.label,
        "basis": plain(stated),
        "entry": entry.n,
    }
    door.show(value, render("done.case-basis", label=found.label, basis=stated.title()))


def _basis(stated: str) -> basis.LegalBasis:
    """Read a legal basis from a file, or take the words themselves.

    What is named like such a file is one: a mistyped name must not become the basis of a case.
    """
    path = Path(stated)
    try:
        is_file = stated.lower().endswith((".toml", ".json")) or path.is_file()
    except OSError:  # longer than any file's name
        is_file = False
    return basis.from_file(path) if is_file else basis.from_text(stated)


def list_cases(context: typer.Context) -> None:
    """List cases.

    Each case with its legal basis and what belongs to it.

        kancil case list
    """
    door = Door(context)
    rows = [_row(door, case) for case in door.roll.cases.values()]

    def text() -> None:
        if not rows:
            door.screen.say(render("note.no-cases"))
            return
        door.screen.table(
            ("Case", "Title", "Legal basis", "Exhibits>", "Traces>", "Findings>", "Opened"),
            [
                (
                    row["label"],
                    row["title"],
                    row["basis_title"],
                    str(row["exhibits"]),
                    str(row["traces"]),
                    str(row["findings"]),
                    row["opened_local"],
                )
                for row in rows
            ],
        )

    door.show(rows, text)


def _row(door: Door, case: Case) -> dict[str, Any]:
    newest = case.bases[-1]
    return {
        "id": case.id,
        "label": case.label,
        "title": case.title,
        "bases": plain(case.bases),
        "basis_title": newest.title()
        + (
            " " + render("note.basis-expired", day=newest.expires_on.isoformat())
            if newest.expires_on and newest.has_expired(door.now, door.workspace.zone)
            else ""
        ),
        "exhibits": len(case.exhibits),
        "traces": len(case.traces),
        "findings": len(case.findings),
        "bundles": len(case.bundles),
        "opened_at": to_text(case.opened_at),
        "opened_local": door.time(case.opened_at),
    }
