"""The commands by which an officer accepts a finding, and takes one back."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.cli.bitcoin.chains import chain_dir
from kancil.cli.frame.door import Door
from kancil.custody.cases import accept_finding, withdraw_finding
from kancil.ground.ids import TraceId
from kancil.ground.words import render
from kancil.records.finding import accept as fix_text
from kancil.reports.errors import TraceNotFound
from kancil.studies.findings import make_finding
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.run import read_recorded, reproduce


def accept(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    trace: Annotated[str, typer.Option(help="The trace it is based on: T1 or an id.")],
    finding_class: Annotated[
        str,
        typer.Option("--class", help="chain-fact, policy-result or attribution."),
    ],
    row: Annotated[int, typer.Option(help="Row of the trace's transfers.")] = 1,
    label: Annotated[
        int, typer.Option(help="For an attribution: number of the label in the trace.")
    ] = 1,
) -> None:
    """A chain fact can be computed again by a stranger; a policy result follows from a legal
    choice; an attribution repeats a publisher. The trace is run again before you sign. Language
    and exact text are kept.
    """
    door = Door(context)
    found = door.roll.case(case)
    recorded = door.roll.trace(trace)
    if recorded is None or recorded.case != found.id:
        raise TraceNotFound(name=trace[:80])
    said = read_recorded(recorded.entry.body)
    chain = Chain.open(chain_dir(door, said.chain))
    labels = load_labels(door.workspace.labels_dir, chain, said.labels)
    with door.screen.progress() as progress:
        answer = reproduce(said, recorded.number, chain, labels, progress)
    finding = make_finding(chain, answer, finding_class, row, label)
    language = door.workspace.unit.language
    body = fix_text(
        finding, trace=recorded.id, result_sha256=answer.digest, language=language
    ).as_body()
    entry = accept_finding(
        door.ledger,
        case=found.id,
        finding_class=body["class"],
        code=body["code"],
        params=body["params"],
        language=body["language"],
        text=body["text"],
        trace=TraceId(recorded.id),
        result_sha256=answer.digest,
        by=door.acting(),
    )
    number = f"F{entry.body['number']}"
    value = {
        "id": entry.body["finding"],
        "label": number,
        "class": body["class"],
        "text": body["text"],
        "language": body["language"],
        "entry": entry.n,
    }
    door.show(value, render("done.finding", label=number, text=str(body["text"])))


def withdraw(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="F1 or an id.")],
    reason: Annotated[str, typer.Option(help="Why, in words; kept and shown.")] = "",
) -> None:
    """Nothing is removed: reports and bundles made from now on show the finding as withdrawn, with
    your reason. Whoever holds an older bundle must be told by you.
    """
    door = Door(context)
    why = door.needed(reason, "--reason")
    entry = withdraw_finding(door.ledger, finding=finding, reason=why, by=door.acting())
    taken = door.roll.findings[entry.body["finding"]]
    label = f"F{taken.number}"
    value = {"id": taken.id, "label": label, "entry": entry.n, "reason": why}
    door.show(value, render("done.finding-withdrawn", label=label))
