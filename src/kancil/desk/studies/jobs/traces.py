"""Trace: coins are followed for a case, and what came is recorded under the task's id.

Outside the database the rows are written to `traces/<task id>.json` before the entry is committed:
a second try writes the same file again. A file whose trace is in no entry is worth nothing.
"""

from __future__ import annotations

import re
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NameNotReadable
from kancil.bitcoin.tracing.trace import policy_named
from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.cases.actions import keep_trace
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.studies.chains import chain_folder
from kancil.ground.ids import TraceId
from kancil.ground.phrase import Phrase
from kancil.studies.labels_used import load_labels
from kancil.studies.trace.asking import TraceInput, ask_trace
from kancil.studies.trace.run import TraceAnswer
from kancil.studies.trace.run import run_trace as run

_START = re.compile(r"[0-9A-Za-z]{1,100}(:[0-9]{1,10})?")
"""An address, a transaction or an outpoint; never the name of a file."""


@work("run-trace")
def run_trace(context: CaseDoing, /, *, chain: str, **asked: Any) -> None:
    """Follow coins and record the trace in the case; `asked`: a `TraceInput` as JSON.

    Raises NameNotReadable for a start that is none, and what tracing raises.
    """
    roll = context.bench.ledger.folded(Roll)
    require_basis(roll, roll.case(context.case))
    wanted = TraceInput(**asked)
    policy_named(wanted.policy)
    for start in wanted.starts:
        if _START.fullmatch(start) is None:
            raise NameNotReadable(text=start[:100], expected=Phrase("why.start"))
    opened = Chain.open(chain_folder(context.workspace, chain))
    question = ask_trace(opened, wanted)
    labels = load_labels(context.workspace.labels_dir, opened)
    answer = run(opened, labels, question, context.progress)

    def record(by: ActingOfficer) -> Entry:
        return keep_trace(
            context.bench.ledger,
            context.workspace,
            case=context.case,
            trace=TraceId(context.id),
            provenance=answer.provenance(opened, labels),
            result_sha256=answer.digest,
            rows=answer.as_dict(),
            by=by,
        )

    context.once(record, lambda entry: _told(answer, entry))


def _told(answer: TraceAnswer, entry: Entry) -> dict[str, Any]:
    return {
        "trace": entry.body["number"],
        "policy": answer.question.policy,
        "transfers": len(answer.tables["transfers"]),
        "left_out": len(answer.tables["left_out"]),
        "fetch_list": len(answer.tables["fetch_list"]),
        "entry": entry.n,
    }
