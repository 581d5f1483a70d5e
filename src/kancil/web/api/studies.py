"""Recorded studies of a case, traces too: list, one with its result, asking for a new one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from kancil.bitcoin.exposure.answer import HOPS
from kancil.bitcoin.laundering.search import MOST
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Study, Trace
from kancil.desk.jobs.queries import find_task
from kancil.desk.studies.material import material_of
from kancil.desk.studies.queries import open_chain
from kancil.desk.studies.recorded import recorded_result
from kancil.ground.words import render_phrase
from kancil.studies.members import study_named
from kancil.studies.study import RecordedStudy, read_recorded
from kancil.web.page import ACTING, EVERYONE
from kancil.web.studies.results import recording

from .fields import FEW, FIRST, Asked, AskedMoment, Cursor, Limit, Moment, Name, Part, moment, part
from .operation import Asker, operation
from .traces import PolicyName
from .work import TaskAnswer, task_shown

_STUDY = {"study": "T1"}
_MOST_HOPS = 1000


class StudyAnswer(Schema):
    """A study that was recorded in a case."""

    id: str
    number: str = Field(description="S1; of a trace T1.")
    study: str = Field(description="trace, exposure, cluster, change or pattern.")
    version: str
    question: str
    result_sha256: str
    run_at: Moment
    run_by: str | None = Field(description="Officer's id.")
    entry: int


class WholeStudyAnswer(StudyAnswer):
    """A study with its recorded result; of a trace the rows, run again just now."""

    answer: list[str] = Field(description="In sentences, most important first.")
    limits: list[str] = Field(description="What the result does not say.")
    parameters: dict[str, Any] = Field(description="Enough to run it again.")
    sources: dict[str, Any] = Field(description="Chain, blocks and label imports that were read.")
    tables: dict[str, list[dict[str, Any]]] = Field(
        description="Rows by table and column; satoshi are text."
    )


def _recorded(asker: Asker, row: Study | Trace) -> RecordedStudy:
    return read_recorded(asker.desk.ledger.read(row.n))


def _shown(asker: Asker, row: Study | Trace) -> dict[str, Any]:
    recorded = _recorded(asker, row)
    question = study_named(recorded.study).question(recorded.parameters)
    return {
        "id": row.id,
        "number": recorded.label,
        "study": recorded.study,
        "version": recorded.version,
        "question": render_phrase(question),
        "result_sha256": recorded.result_sha256,
        "run_at": moment(row.run_at),
        "run_by": row.run_by,
        "entry": row.n,
    }


def _all_of(case: Case) -> list[Study | Trace]:
    found: list[Study | Trace] = [*queries.traces(case), *queries.studies(case)]
    return sorted(found, key=lambda row: row.n)


@operation("GET", "/cases/{case}/studies", may=EVERYONE, of_case=True, gives=Part[StudyAnswer])
def list_studies(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The studies that were recorded in a case, traces too, in the order of the ledger."""
    return part(
        _all_of(case), cursor, limit, lambda row: int(row.n), lambda row: _shown(asker, row)
    )


@operation(
    "GET", "/cases/{case}/studies/{study}", may=EVERYONE, of_case=True, gives=WholeStudyAnswer,
    sample=_STUDY,
)  # fmt: skip
def get_study(asker: Asker, case: Case, study: Name) -> Any:
    """One study: what was asked, the answer, its tables, and what it does not say."""
    for row in _all_of(case):
        recorded = _recorded(asker, row)
        if study in (row.id, recorded.label):
            member = study_named(recorded.study)
            result = recorded_result(asker.desk.workspace, recorded)
            return {
                **_shown(asker, row),
                "answer": [render_phrase(each) for each in member.answer(result)],
                "limits": [render_phrase(each) for each in member.limits(result)],
                "parameters": recorded.parameters,
                "sources": dict(recorded.sources),
                "tables": {each.name: each.as_rows() for each in result.tables},
            }
    raise PageNotFound


_Text = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,130}$")]
_Start = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,130}(:[0-9]{1,8})?$")]
_Amount = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,8})?$")]
_Word = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.:=,-]{0,200}$")]


class AskedStudy(Asked):
    """Which study of which chain; beside `study` and `chain` only what that study takes."""

    study: Literal["exposure", "cluster", "change", "pattern"]
    chain: Name
    address: _Text = Field("", description="exposure, cluster")
    txid: str = Field("", pattern=r"^([0-9a-fA-F]{64})?$", description="change")
    cluster: bool = Field(False, description="exposure: of the whole cluster")
    direction: Literal["sent", "received", "both"] = Field("both", description="exposure")
    policy: PolicyName = Field("haircut", description="exposure")
    hops: int = Field(HOPS, ge=1, le=_MOST_HOPS, description="exposure")
    labels_reach_clusters: bool = Field(False, description="exposure")
    also_allegations: bool = Field(False, description="exposure")
    without: list[_Text] = Field([], max_length=50, description="cluster: transactions")
    between: _Text | None = Field(None, description="cluster: another address")
    coinjoins_join: bool = Field(False, description="cluster")
    unsure_join: bool = Field(False, description="cluster")
    combine: list[_Word] = Field(
        ["all-agree"], min_length=1, max_length=20, description="change: else all combinations"
    )
    around: list[_Start] = Field([], max_length=100, description="pattern")
    patterns: list[_Word] = Field([], max_length=50, description="pattern: else all")
    thresholds: dict[str, Annotated[int, Field(ge=0, le=2**53 - 1)]] = Field(
        {}, max_length=100, description="pattern: other thresholds of definitions"
    )
    threshold: _Amount | None = Field(None, description="pattern: the law's threshold")
    currency: _Word | None = Field(None, description="pattern: of that threshold")
    most: int = Field(MOST, ge=1, le=100_000, description="pattern: of each listed")
    since: AskedMoment | None = Field(None, description="pattern")
    until: AskedMoment | None = Field(None, description="pattern")


_SAMPLE = {
    "study": "cluster",
    "chain": "main",
    "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d",
}


@operation(
    "POST", "/cases/{case}/studies", may=ACTING, of_case=True, gives=TaskAnswer, status=202,
    sample={"body": _SAMPLE},
)  # fmt: skip
def start_study(asker: Asker, case: Case, asked: AskedStudy) -> Any:
    """Ask for a study as background work; the task's id becomes the study's."""
    open_chain(asker.desk.workspace, asked.chain)
    given = asked.model_dump(exclude_unset=True, exclude={"study"})
    study = study_named(asked.study)
    parameters = study.ask(material_of(asker.desk.workspace), given)
    made = recording.start_study(asker.desk, asker.asks_for(case), study, parameters)
    task = find_task(asker.person, made)
    if task is None:
        raise PageNotFound
    return task_shown(task)
