"""Commands for what leaves: writing a bundle, and verifying bundles and workspaces."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.chain import Chain
from kancil.custody.checkpoint import Checkpoint, read_checkpoint
from kancil.custody.roll import Case, Numbered, Roll
from kancil.custody.verdict import LedgerVerdict
from kancil.custody.verify import verify_ledger
from kancil.ground.errors import (
    BundleNothingToShow,
    OptionNotUsable,
    TraceNotFound,
    TraceNotReproduced,
)
from kancil.ground.files import read_file
from kancil.ground.ids import TraceId
from kancil.ground.units import bytes_text
from kancil.ground.words import render
from kancil.ground.workspace import SETTINGS_NAME
from kancil.reports.casework.bundle.chain_view import StoredChain
from kancil.reports.casework.bundle.cite_labels import citing
from kancil.reports.casework.bundle.material import CitedLabel
from kancil.reports.casework.bundle.remark import Remark
from kancil.reports.casework.bundle.verdict import STEPS, BundleVerdict
from kancil.reports.casework.bundle.verify import verify_bundle
from kancil.reports.casework.bundle.write import Recorded, write_bundle
from kancil.reports.casework.tracing import load_labels, read_recorded, run_trace

from .bitcoin import chain_dir
from .checking import check_workspace, show_troubles, troubles_as_dicts
from .door import Door
from .slips import SlipOption, hand_out_slip

LEDGER_BROKEN_STATUS = 122
CONTENT_BROKEN_STATUS = 60


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
    slip: SlipOption = None,
) -> None:
    """Every trace is run again and must come out as recorded. A trace that no longer does, since
    the chain or the labels have changed, stops the bundle: leave it out with --trace, or run it
    anew. The receiver needs verify.html or openssl, never Kancil.
    """
    door = Door(context)
    found = door.roll.case(case)
    chosen = _chosen(door.roll, found, trace)
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
        )
    reason = render("slip.bundle", label=found.label, title=found.title)
    door.keep(
        door.workspace.checkpoints_dir / f"{written.checkpoint.size}.txt", written.checkpoint.data
    )
    handed = hand_out_slip(door, reason, slip)
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


def _run_again(
    door: Door, chosen: list[Numbered]
) -> tuple[Chain, list[Recorded], Callable[[int], tuple[CitedLabel, ...]]]:
    """Run the recorded traces again; raises TraceNotReproduced.

    All must be of one chain and have looked at the same label imports.
    """
    said = [read_recorded(one.entry.body) for one in chosen]
    if not said:
        raise BundleNothingToShow(case=render("note.this-case"))
    if len({(one.chain, one.labels) for one in said}) > 1:
        raise OptionNotUsable(option="--trace", value="", why=render("note.one-chain"))
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


def verify(
    context: typer.Context,
    what: Annotated[
        Path, typer.Argument(metavar="BUNDLE|WORKSPACE|HISTORY", help="What to check.")
    ],
    against: Annotated[
        Path | None, typer.Option(help="A checkpoint note that someone outside has kept.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="Fingerprint, received by another road, of the key that must have signed."
        ),
    ] = None,
    authority: Annotated[
        Path | None, typer.Option(help="Certificates (PEM) of the time stamp authority you trust.")
    ] = None,
) -> None:
    """Status 0: nothing was found changed. Intact does not mean true, complete or lawfully
    obtained. Without --against, a ledger is at most `consistent, not anchored`: a cut tail, a fork
    or a ledger written anew by someone who holds the keys would not be seen.
    """
    door = Door(context)
    note = read_checkpoint(read_file(against)) if against else None
    if (what / SETTINGS_NAME).is_file():
        status = _verify_workspace(Door(context, what), note, key)
    else:
        chain = read_file(authority) if authority else None
        verdict = verify_bundle(what, against=note, key=key, timestamp_chain=chain)
        door.show(_bundle_value(what, verdict), lambda: _show_bundle(door, what, verdict))
        status = verdict.exit_status
    if status:
        sys.stdout.flush()
        raise typer.Exit(status)


def _verify_workspace(door: Door, note: Checkpoint | None, key: str | None) -> int:
    with door.screen.progress() as progress:
        verdict = verify_ledger(door.ledger, unit_key=key, against=note, progress=progress)
        troubles = [] if verdict.is_broken else check_workspace(door, progress)
    orphans = [] if verdict.is_broken else door.vault.orphans(door.named_contents())
    intact = not verdict.is_broken and not troubles
    problems = _problems(verdict)
    not_checked = [render(f"note.{one.code}", **one.params) for one in verdict.not_checked]
    value = {
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
        "orphans": orphans,
        "not_checked": not_checked,
    }

    def text() -> None:
        screen = door.screen
        screen.title(render(f"note.ledger-{verdict.state.split(',')[0]}"))
        screen.facts(
            [
                (render("name.entries"), str(verdict.size)),
                (render("name.root"), verdict.root.hex()),
                (render("name.unit-key"), str(verdict.unit_key)),
            ]
        )
        for problem in problems:
            screen.say(f"  {problem['n']}: {problem['sentence']}")
        show_troubles(door, troubles)
        if orphans:
            screen.say(render("note.orphans", count=len(orphans)))
        screen.say(render("note.not-checked-title"))
        for sentence in not_checked:
            screen.say(f"  {sentence}")
        screen.say(render("note.intact-means"))

    door.show(value, text)
    if verdict.is_broken:
        return LEDGER_BROKEN_STATUS
    return CONTENT_BROKEN_STATUS if troubles else 0


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


def _show_bundle(door: Door, path: Path, verdict: BundleVerdict) -> None:
    screen = door.screen
    word = "bundle-intact" if verdict.is_intact else "bundle-not-intact"
    screen.title(render(f"note.{word}", path=path.name))
    screen.facts([(render("name.sha256"), verdict.sha256)])
    for name in STEPS:
        step = verdict.steps[name]
        state = render(f"note.bundle-state-{step.state}")
        screen.say(f"{render(f'note.bundle-step-{name}')}: {state}")
        for remark in (*step.problems, *step.said, *step.not_checked):
            screen.say("    " + _remark(remark))
    screen.say(render("note.intact-means"))
