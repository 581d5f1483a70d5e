"""Commands for the ledger: checkpoints, export, proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.custody.checkpoint import read_checkpoint
from kancil.custody.consistency import prove_consistency
from kancil.custody.history import write_history
from kancil.custody.prove import export_ledger, prove_exhibit
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.reports.casework.bundle.checker.check import checkpoint_inside

from .slips import SlipOption, hand_out_slip, sign_checkpoint


def checkpoint(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Also write the note to this file.")
    ] = None,
    slip: SlipOption = None,
    reason: Annotated[str, typer.Option(help="Reason for handing it out.")] = "",
) -> None:
    """Sign a checkpoint of the ledger and print its slip, to hand to someone outside.

    Hand the note or its slip to someone outside the unit. Later, `kancil verify . --against`
    that note shows whether entries were cut off, forked or rewritten since.

        kancil ledger checkpoint --slip slip.html
    """
    door = Door(context)
    door.can_write(out, slip)
    made = hand_out_slip(door, reason or render("slip.asked"), slip)
    if out is not None:
        door.write(out, made.checkpoint.data)

    def text() -> None:
        made.show(door)
        door.screen.say(render("done.checkpoint", path=str(out or made.note_path)))

    door.show(made.as_dict(), text)


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write.")],
) -> None:
    """Export all ledger entries as JSON lines.

    One entry a line, in the exact bytes that were signed; docs/formats/ledger.md tells how to
    check them with openssl and sha256sum alone.

        kancil ledger export -o ledger.jsonl
    """
    door = Door(context)
    count = export_ledger(door.ledger, out)
    head = door.ledger.head()
    value = {
        "id": head.root.hex(),
        "path": str(out),
        "entries": count,
        "root": head.root.hex(),
        "hash": head.hash.hex(),
    }
    door.show(value, render("done.ledger-export", path=str(out), count=count))


def consistency(
    context: typer.Context,
    old: Annotated[
        Path,
        typer.Argument(metavar="BUNDLE|CHECKPOINT", help="The older one: a bundle or a note."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write.")],
    new: Annotated[
        Path | None, typer.Option("--to", help="The later note; default: a new checkpoint.")
    ] = None,
) -> None:
    """Prove that a later checkpoint grew from the one of an older bundle.

    Hand the proof and the later checkpoint to whoever holds the bundle; for them, `kancil verify
    BUNDLE --against CHECKPOINT --consistency PROOF` or verify.html confirms the older bundle.

        kancil ledger consistency bundle.zip -o proof.json
    """
    door = Door(context)
    door.can_write(out)
    inside = checkpoint_inside(old)
    earlier = read_checkpoint(read_file(old) if inside is None else inside)
    if new is None:
        later, path = sign_checkpoint(door)
    else:
        later, path = read_checkpoint(read_file(new)), new
    door.write(out, prove_consistency(door.ledger, earlier, later))
    value = {
        "id": later.sha256,
        "from": earlier.size,
        "to": later.size,
        "path": str(out),
        "checkpoint": str(path),
    }
    sizes = {"old": earlier.size, "new": later.size}
    text = render("done.ledger-consistency", path=str(out), checkpoint=str(path), **sizes)
    door.show(value, text)


def prove(
    context: typer.Context,
    exhibit: Annotated[str, typer.Argument(help="E1 or an id.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write.")],
    seal: Annotated[
        list[int] | None,
        typer.Option(help="Number of an entry to show as its hash alone; repeat for more."),
    ] = None,
    checkpoint_file: Annotated[
        Path | None,
        typer.Option("--checkpoint", help="Prove against this note; default: a new checkpoint."),
    ] = None,
) -> None:
    """Prove that an exhibit's history is complete, with sealed entries shown as hashes.

    The history is complete, 1 to n: n and the list's root stand in a head signed by the unit.
    A sealed entry shows that it exists, and nothing else.

        kancil ledger prove E1 -o history.json --seal 4
    """
    door = Door(context)
    found = door.roll.exhibit(exhibit)
    door.can_write(out)
    own = {entry.n for entry in door.ledger.exhibit_entries(found.id)}
    for number in seal or []:
        if number not in own:
            raise OptionNotUsable(
                option="--seal", value=str(number), why=Phrase("note.not-in-history")
            )
    note = (
        read_checkpoint(read_file(checkpoint_file)) if checkpoint_file else sign_checkpoint(door)[0]
    )
    shown = [n for n in own if n <= note.size]
    if not shown:
        why = Phrase("note.checkpoint-too-old", {"label": found.label})
        raise OptionNotUsable(option="--checkpoint", value=str(note.size), why=why)
    proof = prove_exhibit(
        door.ledger,
        exhibit=found.id,
        sealed=frozenset(seal or []),
        checkpoint=note,
        unit_signer=door.keys.unit_signer(),
    )
    door.write(out, write_history(proof))
    value = {
        "id": found.id,
        "label": found.label,
        "entries": len(shown),
        "sealed": sorted(seal or []),
        "checkpoint": note.sha256,
        "path": str(out),
    }
    text = render(
        "done.ledger-prove",
        label=found.label,
        count=len(shown),
        sealed=len(seal or []),
        path=str(out),
    )
    door.show(value, text)
