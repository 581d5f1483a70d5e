"""The commands by which an officer accepts a finding, and takes one back."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.cli.bitcoin.chains import chain_dir
from kancil.cli.frame.door import Door
from kancil.custody.cases import accept_finding, withdraw_finding
from kancil.custody.roll import Case
from kancil.desk.studies.recorded import supported_finding
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from kancil.records.finding import Finding
from kancil.records.finding import accept as fix_text
from kancil.reports.errors import TraceNotFound
from kancil.studies.errors import StudyNotFound
from kancil.studies.findings import make_finding
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.run import read_recorded, reproduce

from .keepers import TransferName, transfer_finding
from .studies import find_study


def accept(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="C1 or an id.")],
    trace: Annotated[
        str | None, typer.Option(help="The trace it is based on: T1 or an id.")
    ] = None,
    finding_class: Annotated[
        str | None,
        typer.Option("--class", help="With --trace: chain-fact, policy-result or attribution."),
    ] = None,
    study: Annotated[
        str | None, typer.Option(help="The recorded study it is based on: S1 or an id.")
    ] = None,
    table: Annotated[
        str | None, typer.Option(help="With --study: name of its table, such as members.")
    ] = None,
    row: Annotated[int, typer.Option(help="Row of that table, or of the trace's transfers.")] = 1,
    label: Annotated[
        int, typer.Option(help="For an attribution: number of the label in the trace.")
    ] = 1,
    transfer: TransferName = None,
) -> None:
    """Accept a finding with your key: chain fact, result under a policy, or attribution.

    A chain fact can be computed again by a stranger; a policy result follows from a legal
    choice; an attribution repeats a publisher. The trace or study is run again before you sign:
    where it comes out otherwise, nothing is signed. With --transfer the finding says what a table
    reports. Language and exact text are kept.

        kancil finding accept C1 --study S1 --table members --row 2
    """
    door = Door(context)
    found = door.roll.case(case)
    of: str | None
    digest: str | None
    if transfer is not None and (trace, study) == (None, None):
        finding, of, digest = transfer_finding(door, found, transfer), None, None
    elif study is None:
        kind = door.needed(finding_class, "--class")
        finding, of, digest = _of_trace(
            door, found, door.needed(trace, "--trace"), kind, row, label
        )
    elif trace is not None or finding_class is not None:
        option = "--trace" if trace is not None else "--class"
        why = Phrase("why.finding-study-alone")
        raise OptionNotUsable(option=option, value=str(trace or finding_class)[:40], why=why)
    else:
        finding, of, digest = _of_study(door, found, study, door.needed(table, "--table"), row)
    language = door.workspace.unit.language
    fixed = fix_text(finding, trace=of or "", result_sha256=digest or "", language=language)
    body = fixed.as_body()
    entry = accept_finding(
        door.ledger,
        case=found.id,
        finding_class=body["class"],
        code=body["code"],
        params=body["params"],
        language=body["language"],
        text=body["text"],
        trace=None if of is None else TraceId(of),
        result_sha256=digest,
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


def _of_trace(
    door: Door, case: Case, name: str, finding_class: str, row: int, label: int
) -> tuple[Finding, str, str]:
    """Run a trace again; gives the finding, the trace's id and its digest."""
    recorded = door.roll.trace(name)
    if recorded is None or recorded.case != case.id:
        raise TraceNotFound(name=name[:80])
    said = read_recorded(recorded.entry.body)
    chain = Chain.open(chain_dir(door, said.chain))
    labels = load_labels(door.workspace.labels_dir, chain, said.labels)
    with door.screen.progress() as progress:
        answer = reproduce(said, recorded.number, chain, labels, progress)
    finding = make_finding(chain, answer, finding_class, row, label)
    return finding, recorded.id, answer.digest


def _of_study(door: Door, case: Case, name: str, table: str, row: int) -> tuple[Finding, str, str]:
    """Run a recorded study again; gives the finding of a row, the study's id and its digest."""
    numbered, recorded = find_study(door, name)
    if numbered.case != case.id:
        raise StudyNotFound(name=name[:80])
    with door.screen.progress() as progress:
        finding = supported_finding(door.workspace, recorded, table, row, progress)
    return finding, recorded.id, recorded.result_sha256


def withdraw(
    context: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="F1 or an id.")],
    reason: Annotated[str, typer.Option(help="Why, in words; kept and shown.")] = "",
) -> None:
    """Withdraw an accepted finding, with the reason; it stays in the ledger.

    Nothing is removed: reports and bundles made from now on show the finding as withdrawn, with
    your reason. Whoever holds an older bundle must be told by you.

        kancil finding withdraw F1 --reason 'read from the wrong row'
    """
    door = Door(context)
    why = door.needed(reason, "--reason")
    entry = withdraw_finding(door.ledger, finding=finding, reason=why, by=door.acting())
    taken = door.roll.findings[entry.body["finding"]]
    label = f"F{taken.number}"
    value = {"id": taken.id, "label": label, "entry": entry.n, "reason": why}
    door.show(value, render("done.finding-withdrawn", label=label))
