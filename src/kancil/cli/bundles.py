"""The command for what leaves: writing a bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kancil.bitcoin.chain import Chain
from kancil.custody.kinds import KEY_KINDS
from kancil.custody.roll import Case, Numbered, Roll
from kancil.ground.errors import (
    BundleNothingToShow,
    OptionNotUsable,
    TraceNotFound,
    TraceNotReproduced,
)
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.cite_labels import citing
from kancil.reports.casework.bundle.material import CitedLabel
from kancil.reports.casework.bundle.write import Recorded, write_bundle
from kancil.reports.casework.tracing import load_labels, read_recorded, run_trace

from .bitcoin import chain_dir
from .door import Door
from .slips import SlipOption, hand_out_slip, kept_checkpoint, stamp_over


def bundle(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The bundle to write.")],
    trace: Annotated[
        list[str] | None,
        typer.Option(help="Only these traces (T1); repeat for more. Default: all of the case."),
    ] = None,
    seal: Annotated[
        list[int] | None,
        typer.Option(help="Number of a ledger entry to show as its hash alone; repeat for more."),
    ] = None,
    purpose: Annotated[str, typer.Option(help="What it is for, in words.")] = "",
    stamped: Annotated[
        int | None,
        typer.Option(
            help="Size of the checkpoint of an earlier writing of this bundle, stamped since."
        ),
    ] = None,
    slip: SlipOption = None,
) -> None:
    """Every trace is run again and must come out as recorded. A trace that no longer does, since
    the chain or the labels have changed, stops the bundle: leave it out with --trace, or run it
    anew. The receiver needs verify.html or openssl, never Kancil. To put an outside time stamp in:
    write the bundle, have its checkpoint stamped (timestamp request, attach), and write it again
    with --stamped SIZE.
    """
    door = Door(context)
    door.can_write(out, slip)
    found = door.roll.case(case)
    chosen = _chosen(door.roll, found, trace)
    _check_seals(door, found, seal or [])
    chain, recorded, labels_of = _run_again(door, chosen)
    by = door.acting()
    with door.screen.progress():
        written = write_bundle(
            out,
            ledger=door.ledger,
            case=found.id,
            chain=StoredChain(chain),
            recorded=recorded,
            labels_of=labels_of,
            by=by,
            unit_signer=door.keys.unit_signer(),
            purpose=purpose or render("note.purpose-not-stated"),
            sealed=frozenset(seal or []),
            timestamp=lambda checkpoint: stamp_over(door, checkpoint),
            standing=kept_checkpoint(door, stamped)[0] if stamped is not None else None,
        )
    reason = render("slip.bundle", label=found.label, title=found.title)
    door.keep(
        door.workspace.checkpoints_dir / f"{written.checkpoint.size}.txt", written.checkpoint.data
    )
    handed = hand_out_slip(door, reason, slip, written.checkpoint)
    value = {
        "id": written.sha256,
        "path": str(out),
        "size_bytes": str(written.size_bytes),
        "analysis_sha256": written.analysis_sha256,
        "key": written.key,
        "traces": [f"T{one.number}" for one in chosen],
        "checkpoint": handed.as_dict(),
    }

    def text() -> None:
        size = bytes_text(written.size_bytes)
        door.screen.say(render("done.bundle", path=str(out), size=size, sha256=written.sha256))
        door.screen.say(render("note.tell-key", key=written.key))
        handed.show(door)

    door.show(value, text)


def _chosen(roll: Roll, case: Case, names: list[str] | None) -> list[Numbered]:
    if names is None:
        return [roll.traces[trace] for trace in case.traces]
    chosen = []
    for name in names:
        found = roll.trace(name)
        if found is None or found.case != case.id:
            raise TraceNotFound(name=name[:80])
        chosen.append(found)
    return chosen


def _check_seals(door: Door, case: Case, numbers: list[int]) -> None:
    """Refuse to seal what is not in the case, or what names a key: neither would be sealed."""
    entries = list(door.ledger.case_entries(case.id))
    for exhibit in case.exhibits:
        entries += door.ledger.exhibit_entries(exhibit)
    own = {entry.n for entry in entries if entry.kind not in (*KEY_KINDS, "case.opened")}
    for number in numbers:
        if number not in own:
            raise OptionNotUsable(
                option="--seal", value=str(number), why=Phrase("note.not-to-be-sealed")
            )


def _run_again(
    door: Door, chosen: list[Numbered]
) -> tuple[Chain, list[Recorded], Callable[[int], tuple[CitedLabel, ...]]]:
    """Run the recorded traces again; raises TraceNotReproduced.

    All must be of one chain and have looked at the same label imports.
    """
    said = [read_recorded(one.entry.body) for one in chosen]
    if not said:
        raise BundleNothingToShow(case=Phrase("note.this-case"))
    if len({(one.chain, one.labels) for one in said}) > 1:
        raise OptionNotUsable(option="--trace", value="", why=Phrase("note.one-chain"))
    chain = Chain.open(chain_dir(door, said[0].chain))
    labels = load_labels(door.workspace.labels_dir, chain, said[0].labels)
    recorded = []
    with door.screen.progress() as progress:
        for one, entry in zip(said, chosen, strict=True):
            answer = run_trace(chain, labels, one.question, progress)
            if answer.digest != one.result_sha256:
                raise TraceNotReproduced(trace=f"T{entry.number}", chain=one.chain)
            recorded.append(Recorded(TraceId(entry.id), answer.asked, answer.digest))
    return chain, recorded, citing(labels.index.label_of(chain.columns), chain.address_of)
