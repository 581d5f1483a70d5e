"""Cases: list mine, one, open one; the entries of the ledger that are of it; what was found."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kancil.custody.basis import LegalBasis, kinds
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.actions import open_case as open_it
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Finding
from kancil.desk.custody.store import folds_held
from kancil.desk.people.queries import case_ids_of
from kancil.ground.ids import BasisId, CaseId, new_id
from kancil.ground.plain import plain
from kancil.web.page import ACTING, EVERYONE

from .fields import (
    FEW,
    FIRST,
    Cursor,
    Day,
    Limit,
    LongWords,
    Moment,
    Part,
    Words,
    moment,
    part,
)
from .fields import Asked as AskedBody
from .operation import Asker, operation


class CaseAnswer(Schema):
    """A case."""

    id: str
    number: str
    title: str
    opened_at: Moment
    last_at: Moment = Field(description="When its newest entry was written.")
    entries: int
    exhibits: int


class BasisAnswer(Schema):
    """A legal basis, as it was stated."""

    id: str
    kind: str
    authority: str | None
    number: str | None
    issued_on: str | None
    expires_on: str | None
    scope: str | None


class WholeCaseAnswer(CaseAnswer):
    """A case with what it stands on and how much it has."""

    traces: int
    findings: int
    bundles: int
    bases: list[BasisAnswer]


def case_shown(case: Case) -> dict[str, Any]:
    """A case for an answer."""
    return {
        "id": case.id,
        "number": f"C{case.number}",
        "title": case.title,
        "opened_at": moment(case.opened_at),
        "last_at": moment(case.last_at),
        "entries": case.entry_count,
        "exhibits": case.exhibit_count,
    }


@operation("GET", "/cases", may=EVERYONE, gives=Part[CaseAnswer])
def list_cases(asker: Asker, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """My cases, by number."""
    mine = sorted(queries.cases(case_ids_of(asker.person)), key=lambda case: case.number)
    return part(mine, cursor, limit, lambda case: int(case.number), case_shown)


def _whole(asker: Asker, case: Case) -> dict[str, Any]:
    found = queries.counts(case)
    with folds_held():
        bases = list(asker.desk.ledger.folded(Roll).case(case.id).bases)
    return {
        **case_shown(case),
        "exhibits": found.exhibits,
        "traces": found.traces,
        "findings": found.findings,
        "bundles": found.bundles,
        "bases": plain(bases),
    }


@operation("GET", "/cases/{case}", may=EVERYONE, of_case=True, gives=WholeCaseAnswer)
def get_case(asker: Asker, case: Case) -> Any:
    """One case: what it stands on, and how much it has."""
    return _whole(asker, case)


def _known_kind(kind: str) -> str:
    if kind not in kinds():
        raise PydanticCustomError("basis_kind_unknown", "no kind of legal basis")
    return kind


class AskedBasis(AskedBody):
    """A legal basis, as it is stated on the paper."""

    kind: Annotated[
        str,
        AfterValidator(_known_kind),
        WithJsonSchema({"type": "string", "enum": list(kinds())}),
    ]
    authority: Words = Field(description="Who issued it.")
    number: Words | None = None
    issued_on: Day | None = None
    expires_on: Day | None = Field(None, description="The last day it covers.")
    scope: LongWords | None = None

    def basis(self) -> LegalBasis:
        """The legal basis, with a new id."""
        return LegalBasis(
            BasisId(new_id()),
            self.kind,
            number=self.number,
            authority=self.authority,
            issued_on=_day(self.issued_on),
            expires_on=_day(self.expires_on),
            scope=self.scope or None,
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


class AskedCase(AskedBody):
    """A new case and the legal basis it stands on."""

    title: Words
    basis: AskedBasis


@operation(
    "POST", "/cases", may=ACTING, gives=WholeCaseAnswer, status=201,
    sample={"body": {"title": "Opened", "basis": {"kind": "warrant", "authority": "A court"}}},
)  # fmt: skip
def open_case(asker: Asker, asked: AskedCase) -> Any:
    """Open a case on a legal basis; whoever opens it is its first member."""
    made = open_it(
        asker.desk.ledger,
        title=asked.title,
        basis=asked.basis.basis(),
        opener=asker.person,
        by=asker.server(),
    )
    case = queries.find_case(made)
    if case is None:
        raise PageNotFound
    return _whole(asker, case)


class EntryAnswer(Schema):
    """One entry of the ledger, and its bytes to be checked."""

    n: int = Field(description="Number within the unit.")
    case_n: int = Field(description="Number within the case.")
    kind: str
    at: Moment = Field(description="The unit's clock: a claim, not a proof.")
    hash: str
    officer: str | None = Field(description="Who signed: an officer's id, or the server's.")
    on_behalf: dict[str, Any] | None = Field(description="For whom the server signed.")
    exhibit: str | None
    body: dict[str, Any]
    line: str = Field(description="The entry's normative bytes as UTF-8.")


def entry_shown(entry: Entry) -> dict[str, Any]:
    """An entry for an answer."""
    return {
        "n": entry.n,
        "case_n": entry.case.n if entry.case else 0,
        "kind": entry.kind,
        "at": moment(entry.at),
        "hash": entry.hash.hex(),
        "officer": entry.officer,
        "on_behalf": entry.on_behalf,
        "exhibit": entry.exhibit_id,
        "body": entry.body,
        "line": entry.data.decode("utf-8"),
    }


@operation("GET", "/cases/{case}/entries", may=EVERYONE, of_case=True, gives=Part[EntryAnswer])
def list_entries(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """The ledger's entries of a case, in order; the cursor is the number within the case."""
    few = asker.desk.ledger.case_part(CaseId(case.id), cursor, cursor + limit + 1)
    return part(few, cursor, limit, lambda entry: int(entry.case.n), entry_shown)


class FindingAnswer(Schema):
    """What an officer accepted with their own key."""

    id: str
    number: str
    finding_class: str
    text: str
    language: str
    trace: str | None = Field(description="Id of the trace it rests on.")
    accepted_at: Moment
    accepted_by: str | None = Field(description="Officer's id.")
    entry: int
    withdrawn: str | None = Field(description="Why it was taken back; null: it stands.")


@operation("GET", "/cases/{case}/findings", may=EVERYONE, of_case=True, gives=Part[FindingAnswer])
def list_findings(asker: Asker, case: Case, cursor: Cursor = FIRST, limit: Limit = FEW) -> Any:
    """What officers have accepted, and what of it was withdrawn since."""
    reasons = {
        str(entry.body["finding"]): str(entry.body["reason"])
        for entry in asker.desk.ledger.case_entries(CaseId(case.id), "finding.withdrawn")
    }

    def shown(each: Finding) -> dict[str, Any]:
        return {
            "id": each.id,
            "number": f"F{each.number}",
            "finding_class": each.finding_class,
            "text": each.text,
            "language": each.language,
            "trace": each.trace,
            "accepted_at": moment(each.accepted_at),
            "accepted_by": each.accepted_by,
            "entry": each.n,
            "withdrawn": reasons.get(each.id),
        }

    found = queries.findings(case)
    return part(found, cursor, limit, lambda finding: int(finding.number), shown)
