"""Traces of a case: list, one, its rows run again, and asking for a new one as background work."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kancil.bitcoin.tracing.policies import POLICIES
from kancil.custody.cases import require_basis
from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Trace
from kancil.desk.custody.store import folds_held
from kancil.desk.jobs.queries import find_task
from kancil.desk.studies.jobs.traces import run_trace
from kancil.desk.studies.queries import open_chain
from kancil.web.page import ACTING, EVERYONE
from kancil.web.studies.recorded import run_again
from kancil.web.studies.traces.asking import MAX_HOPS

from .fields import (
    FEW,
    FIRST,
    Asked,
    AskedMoment,
    AskedSat,
    Cursor,
    Limit,
    LongWords,
    Moment,
    Name,
    Part,
    moment,
    part,
)
from .operation import Asker, operation
from .work import TaskAnswer, task_shown

_NAMES = [policy.name for policy in POLICIES]
_TRACE = {"trace": "T1"}


class TraceAnswer(Schema):
    """A trace that was run for a case."""

    id: str
    number: str
    chain: str
    policy: str = Field(description="A legal choice, not a fact.")
    direction: str
    result_sha256: str
    run_at: Moment
    run_by: str | None = Field(description="Officer's id.")
    entry: int


class WholeTraceAnswer(TraceAnswer):
    """A trace with what the ledger keeps of it: enough to run it again."""

    provenance: dict[str, Any]


class TraceResultAnswer(Schema):
    """The rows of a trace, run again just now, with the digest that the ledger has."""

    id: str
    result_sha256: str
    parameters: dict[str, Any]
    totals: dict[str, Any]
    policies: list[dict[str, Any]]
    transfers: list[dict[str, Any]]
    holdings: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    fetch_list: list[dict[str, Any]]


def _shown(trace: Trace) -> dict[str, Any]:
    return {
        "id": trace.id,
        "number": f"T{trace.number}",
        "chain": trace.chain,
        "policy": trace.policy,
        "direction": trace.direction,
        "result_sha256": trace.result_sha256,
        "run_at": moment(trace.run_at),
        "run_by": trace.run_by,
        "entry": trace.n,
    }


def _found(case: Case, name: str) -> Trace:
    for trace in queries.traces(case):
        if name in (trace.id, f"T{trace.number}", str(trace.number)):
            return trace
    raise PageNotFound


@operation("GET", "/cases/{case}/traces", may=EVERYONE, of_case=True, gives=Part[TraceAnswer])
def list_traces(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The traces that were run for a case, by number."""
    return part(queries.traces(case), cursor, limit, lambda trace: int(trace.number), _shown)


@operation(
    "GET", "/cases/{case}/traces/{trace}", may=EVERYONE, of_case=True, gives=WholeTraceAnswer,
    sample=_TRACE,
)  # fmt: skip
def get_trace(asker: Asker, case: Case, trace: Name) -> Any:
    """One trace: what was asked, of which chain and labels, and the digest of the answer."""
    found = _found(case, trace)
    recorded = asker.desk.ledger.read(found.n).body
    return {**_shown(found), "provenance": recorded["provenance"]}


@operation(
    "GET", "/cases/{case}/traces/{trace}/result", may=EVERYONE, of_case=True,
    gives=TraceResultAnswer, sample=_TRACE,
)  # fmt: skip
def get_trace_result(asker: Asker, case: Case, trace: Name) -> Any:
    """The rows of a trace: it is run again, and refused if it comes out otherwise."""
    found = _found(case, trace)
    _, _, answer = run_again(asker.desk, found)
    return {**answer.as_dict(), "id": found.id, "result_sha256": answer.digest}


def _known_policy(name: str) -> str:
    if name not in _NAMES:
        raise PydanticCustomError("policy_unknown", "no policy")
    return name


PolicyName = Annotated[
    str,
    AfterValidator(_known_policy),
    WithJsonSchema({"type": "string", "enum": _NAMES}),
]


class AskedTrace(Asked):
    """Where to begin, in which direction, under which policy and why."""

    chain: Name
    starts: list[Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,100}(:[0-9]{1,10})?$")]] = Field(
        min_length=1, max_length=100, description="Addresses, transactions or outpoints."
    )
    policy: PolicyName
    why: LongWords = Field("", description="Why this policy.")
    direction: Literal["forward", "backward"] = "forward"
    hops: int | None = Field(None, ge=1, le=MAX_HOPS)
    min_sat: AskedSat = "0"
    since: AskedMoment | None = None
    until: AskedMoment | None = None
    pass_services: LongWords | None = Field(None, description="Why services are passed.")
    through_coinjoins: bool = Field(False, description="Go on through CoinJoins.")


_SAMPLE = {
    "chain": "main",
    "starts": ["0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"],
    "policy": "fifo",
}


@operation(
    "POST", "/cases/{case}/traces", may=ACTING, of_case=True, gives=TaskAnswer, status=202,
    sample={"body": _SAMPLE},
)  # fmt: skip
def start_trace(asker: Asker, case: Case, asked: AskedTrace) -> Any:
    """Ask for a trace as background work; the task's id becomes the trace's."""
    open_chain(asker.desk.workspace, asked.chain)
    with folds_held():
        roll = asker.desk.ledger.folded(Roll)
        require_basis(roll, roll.case(case.id))
    made = run_trace.by(asker.asks_for(case)).enqueue(**asked.model_dump())
    task = find_task(asker.person, str(made.id))
    if task is None:
        raise PageNotFound
    return task_shown(task)
