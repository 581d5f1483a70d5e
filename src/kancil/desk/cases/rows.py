"""What each row must say, from the ledger alone; and which rows say something else.

One sentence of the house holds rows and ledger together: a row is what custody's roll says of its
subject. The index asks here for one subject at a time, the check and the mending for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.db.models import Model

from kancil.custody import roll as ledger
from kancil.custody.accounts import Accounts
from kancil.custody.entry import Entry
from kancil.custody.roll import DRAFT, KEPT, Roll
from kancil.ground.folding import folded
from kancil.ground.ids import TraceId

from .models import Bundle, Case, Content, Exhibit, Finding, Officer, Study, Trace

Values = dict[str, Any]
_LARGEST = 2**63 - 1
"""What a column of whole numbers can hold; sizes beyond it are shown as this."""


def officer_values(officer: ledger.Officer) -> Values:
    """The row of an officer."""
    return {
        "id": officer.id,
        "number": _number(officer.number),
        "name": _text(officer.name),
        "name_folded": folded(_text(officer.name)),
        "role": _text(officer.role),
        "added_at": officer.added_at,
        "retired_at": officer.retired_at,
    }


def case_values(case: ledger.Case, entry_count: int, last_at: datetime) -> Values:
    """The row of a case; the last two are its newest entry's place in it, and time."""
    return {
        "id": case.id,
        "number": _number(case.number),
        "title": _text(case.title),
        "title_folded": folded(_text(case.title)),
        "opened_at": case.opened_at,
        "opened_by": case.opened_by,
        "last_at": last_at,
        "entry_count": entry_count,
        "exhibit_count": len(case.exhibits),
    }


def exhibit_values(exhibit: ledger.Exhibit) -> Values:
    """The row of an exhibit."""
    return {
        "id": exhibit.id,
        "number": _number(exhibit.number),
        "case_id": exhibit.case,
        "title": _text(exhibit.title),
        "title_folded": folded(_text(exhibit.title)),
        "status": exhibit.status,
        "holder": _text_or_none(exhibit.holder),
        "seal": _text_or_none(exhibit.seal),
        "seal_folded": None if exhibit.seal is None else folded(_text(exhibit.seal)),
        "size_bytes": _sum(exhibit.contents, "size_bytes"),
        "file_count": _sum(exhibit.contents, "files"),
        "last_at": exhibit.events[-1].at,
    }


def content_values(exhibit: ledger.Exhibit) -> list[Values]:
    """The rows of an exhibit's contents; of several files, the digest is their listing's."""
    return [
        {
            "exhibit_id": exhibit.id,
            "place": place,
            "sha256": _text(content["sha256"] or content["listing_sha256"]),
            "sha1": _text_or_none(content["sha1"]),
            "md5": _text_or_none(content["md5"]),
        }
        for place, content in enumerate(exhibit.contents, start=1)
    ]


def trace_values(entry: Entry) -> Values:
    """The row of a trace."""
    body = entry.body
    provenance = body["provenance"]
    parameters = provenance.get("parameters", {})
    return {
        "id": _text(body["trace"]),
        "number": _number(body["number"]),
        "case_id": entry.case_id,
        "n": entry.n,
        "chain": _text(provenance.get("chain")),
        "policy": _text(parameters.get("policy")),
        "direction": _text(parameters.get("direction")),
        "result_sha256": _text(body["result_sha256"]),
        "run_at": entry.at,
        "run_by": entry.actor,
        "state": DRAFT if body.get("draft") is True else KEPT,
    }


def trace_state_values(roll: Roll, trace: TraceId) -> Values:
    """The row of a trace, as later entries leave it."""
    return {**trace_values(roll.traces[trace].entry), "state": roll.trace_state(trace)}


def study_values(entry: Entry) -> Values:
    """The row of a study other than a trace."""
    body = entry.body
    provenance = body["provenance"]
    return {
        "id": _text(body["study"]),
        "number": _number(body["number"]),
        "case_id": entry.case_id,
        "n": entry.n,
        "study": _text(provenance.get("method")),
        "version": _text(provenance.get("version")),
        "result_sha256": _text(body["result_sha256"]),
        "run_at": entry.at,
        "run_by": entry.actor,
    }


def finding_values(entry: Entry) -> Values:
    """The row of an accepted finding."""
    body = entry.body
    return {
        "id": _text(body["finding"]),
        "number": _number(body["number"]),
        "case_id": entry.case_id,
        "n": entry.n,
        "finding_class": _text(body["class"]),
        "text": _text(body["text"]),
        "language": _text(body["language"]),
        "trace": _text_or_none(body["trace"]),
        "accepted_at": entry.at,
        "accepted_by": entry.actor,
    }


def bundle_values(entry: Entry) -> Values:
    """The row of a bundle."""
    body = entry.body
    return {
        "n": entry.n,
        "case_id": entry.case_id,
        "purpose": _text(body["purpose"]),
        "analysis_sha256": _text(body["analysis_sha256"]),
        "made_at": entry.at,
    }


OF_CASE: dict[str, tuple[type[Model], Callable[[Entry], Values]]] = {
    "trace.run": (Trace, trace_values),
    "study.run": (Study, study_values),
    "finding.accepted": (Finding, finding_values),
    "bundle.made": (Bundle, bundle_values),
}
"""Kinds whose entry alone is the row."""


def _text(value: Any) -> str:
    """Text for a column. NUL, which a signed text may hold and no column can, is marked."""
    return "" if value is None else str(value).replace("\x00", "\ufffd")


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int:
    return min(int(value), _LARGEST)


def _sum(contents: list[dict[str, Any]], name: str) -> int:
    return min(sum(int(content[name]) for content in contents), _LARGEST)


@dataclass(slots=True)
class Ledgered:
    """All that rows say, folded from the ledger; a state as `LedgerView.folded` gives."""

    roll: Roll = field(default_factory=Roll)
    accounts: Accounts = field(default_factory=Accounts)
    last: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """Case id → how many entries it has, and when the newest was written."""
    single: dict[type[Model], dict[Any, Values]] = field(default_factory=dict)
    """Rows that are one entry: model → key → values."""
    members: set[tuple[str, str]] = field(default_factory=set)
    """Case id and account of each membership that has not ended."""
    openings: set[tuple[int, str, str]] = field(default_factory=set)
    """Entry, case id and account of each time a person looked into a case."""

    @classmethod
    def empty(cls) -> Self:
        """The state of an empty ledger."""
        return cls()

    @property
    def size(self) -> int:
        """How many entries were taken."""
        return self.roll.size

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        self.roll.take(entry)
        self.accounts.take(entry)
        if entry.case_id not in self.roll.cases:
            return
        case, link = str(entry.case_id), entry.case
        if link is not None:
            self.last[case] = (link.n, entry.at)
        account = str(entry.body.get("account"))
        if entry.kind == "case.member-added":
            self.members.add((case, account))
        elif entry.kind == "case.member-removed":
            self.members.discard((case, account))
        elif entry.kind == "case.entered":
            self.openings.add((entry.n, case, account))
        elif entry.kind in OF_CASE:
            model, values_of = OF_CASE[entry.kind]
            values = values_of(entry)
            self.single.setdefault(model, {})[values["n" if model is Bundle else "id"]] = values

    def rows(self) -> Iterator[tuple[type[Model], tuple[str, ...], dict[Any, Values]]]:
        """Each table of derived rows: its model, its key, and all its rows by that key."""
        roll = self.roll
        exhibits = [each for each in roll.exhibits.values() if each.case in roll.cases]
        officers = map(officer_values, roll.officers.values())
        cases = (case_values(each, *self.last[each.id]) for each in roll.cases.values())
        yield Officer, ("id",), {values["id"]: values for values in officers}
        yield Case, ("id",), {values["id"]: values for values in cases}
        yield Exhibit, ("id",), {each.id: exhibit_values(each) for each in exhibits}
        contents = (values for each in exhibits for values in content_values(each))
        by_place = {(values["exhibit_id"], values["place"]): values for values in contents}
        yield Content, ("exhibit_id", "place"), by_place
        for trace in roll.traces:
            self.single[Trace][trace]["state"] = roll.trace_state(trace)
        for model, _ in OF_CASE.values():
            key = "n" if model is Bundle else "id"
            yield model, (key,), self.single.get(model, {})
