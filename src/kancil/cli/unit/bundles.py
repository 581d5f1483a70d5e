"""The command for what leaves: writing a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.cli.frame.door import Door
from kancil.custody.kept import keep_checkpoint
from kancil.custody.withheld import read_withheld
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.reports.casework.bundle.write import write_bundle
from kancil.reports.casework.recorded import chosen, free_in_bundle, run_again

from .slips import SlipOption, hand_out_slip, kept_checkpoint, stamp_over

ViewOption = Annotated[
    list[str] | None,
    typer.Option(help="A saved view (V1), put in as it was saved; repeat for more. Default: none."),
]
StudyOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Only these other studies (S1); repeat for more, or none. Default: all of the case."
    ),
]


def bundle(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The bundle to write.")],
    trace: Annotated[
        list[str] | None,
        typer.Option(
            help="Only these traces (T1); repeat for more, or none. Default: all of the case."
        ),
    ] = None,
    study: StudyOption = None,
    view: ViewOption = None,
    seal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N=REASON",
            help="A ledger entry to show as its hash and the reason alone; repeat for more.",
        ),
    ] = None,
    purpose: Annotated[str, typer.Option(help="Purpose, in words.")] = "",
    stamped: Annotated[
        int | None,
        typer.Option(
            help="Size of the checkpoint of an earlier writing of this bundle, stamped since."
        ),
    ] = None,
    slip: SlipOption = None,
) -> None:
    """Write a case's bundle, for people without Kancil.

    Every trace is run again and must come out as recorded. A trace that no longer does, since
    the chain or the labels have changed, stops the bundle: leave it out with --trace, or run it
    anew. Other studies are shown as recorded; where blocks or labels have changed since, the bundle
    says so. The receiver needs verify.html or openssl, never Kancil. To put an outside time stamp
    in: write the bundle, have its checkpoint stamped (timestamp request, attach), and write it
    again with --stamped SIZE.

        kancil bundle C1 -o bundle.zip
    """
    door = Door(context)
    door.can_write(out, slip)
    found = door.roll.case(case)
    shown = chosen(door.roll, found, trace, study, view or ())
    # The entry of a study that is shown cannot be sealed: it alone names the answer.
    free = free_in_bundle(door.ledger, found, shown)
    withheld = read_withheld(seal or [], free, option="--seal", fields=False)
    with door.screen.progress() as progress:
        again = run_again(shown, door.workspace, progress=progress)
    by = door.acting()
    with door.screen.progress():
        written = write_bundle(
            out,
            ledger=door.ledger,
            vault=door.vault,
            case=found.id,
            chain=again.chain,
            recorded=again.recorded,
            labels_of=again.labels_of,
            studies=again.studies,
            views=again.views,
            by=by,
            unit_signer=door.keys.unit_signer(),
            purpose=purpose or render("note.purpose-not-stated"),
            withheld=withheld,
            timestamp=lambda checkpoint: stamp_over(door, checkpoint),
            standing=kept_checkpoint(door, stamped)[0] if stamped is not None else None,
        )
    reason = render("slip.bundle", label=found.label, title=found.title)
    keep_checkpoint(door.workspace, written.checkpoint)
    handed = hand_out_slip(door, reason, slip, written.checkpoint)
    value = {
        "id": written.sha256,
        "path": str(out),
        "size_bytes": str(written.size_bytes),
        "analysis_sha256": written.analysis_sha256,
        "key": written.key,
        "traces": list(again.labels),
        "studies": list(again.study_labels),
        "views": [one.label for one in again.views],
        "basis_ended_on": written.basis_ended_on,
        "checkpoint": handed.as_dict(),
    }

    def text() -> None:
        size = bytes_text(written.size_bytes)
        door.screen.say(render("done.bundle", path=str(out), size=size, sha256=written.sha256))
        door.screen.say(render("note.tell-key", key=written.key))
        if written.basis_ended_on is not None:
            door.screen.say(render("note.basis-ended", day=written.basis_ended_on))
        handed.show(door)

    door.show(value, text)
