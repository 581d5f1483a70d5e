"""What must be true of a desk at any moment: its rows are what its ledger says."""

from __future__ import annotations

from typing import Any

from kancil.custody.roll import Roll
from kancil.desk.cases.index import row_faults
from kancil.desk.cases.models import Bundle, Case, Content, Exhibit, Finding, Officer, Trace
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.models import CaseOpening, Membership


def rows_against_ledger(ledger: DeskLedger) -> None:
    """Compare all rows with a roll folded here, by another road than the desk's own check.

    Then ask the desk's own check too.
    """
    entries = list(ledger.entries())
    roll = Roll.of(entries)
    assert _rows(Officer, "id", "number", "name", "role", "retired_at") == {
        (each.id, each.number, _plain(each.name), _plain(each.role), each.retired_at)
        for each in roll.officers.values()
    }
    in_case = [entry for entry in entries if entry.case_id in roll.cases]
    assert _rows(Case, "id", "number", "title", "opened_by", "entry_count", "exhibit_count") == {
        (
            case.id,
            case.number,
            _plain(case.title),
            case.opened_by,
            sum(entry.case_id == case.id for entry in in_case),
            len(case.exhibits),
        )
        for case in roll.cases.values()
    }
    assert _rows(Exhibit, "id", "number", "case_id", "title", "status", "holder", "seal") == {
        (each.id, each.number, each.case, _plain(each.title), each.status, each.holder, each.seal)
        for each in roll.exhibits.values()
    }
    assert _rows(Content, "exhibit_id", "place", "sha256", "md5") == {
        (each.id, place, content["sha256"] or content["listing_sha256"], content["md5"])
        for each in roll.exhibits.values()
        for place, content in enumerate(each.contents, start=1)
    }
    assert _rows(Trace, "id", "number", "case_id", "n") == _numbered(roll.traces)
    assert _rows(Finding, "id", "number", "case_id", "n") == _numbered(roll.findings)
    bundles = {(n, case.id) for case in roll.cases.values() for n in case.bundles}
    assert _rows(Bundle, "n", "case_id") == bundles
    members: set[tuple[Any, ...]] = set()
    for entry in in_case:
        member = (entry.case_id, entry.body.get("account"))
        if entry.kind == "case.member-added":
            members.add(member)
        elif entry.kind == "case.member-removed":
            members.remove(member)
    assert _rows(Membership, "case_id", "person__username") == members
    entered = {(each.n, each.case_id, each.body["account"]) for each in in_case
               if each.kind == "case.entered"}  # fmt: skip
    assert _rows(CaseOpening, "n", "case_id", "person__username") == entered
    assert row_faults(ledger) == []


def _rows(model: Any, *fields: str) -> set[tuple[Any, ...]]:
    rows = list(model.objects.values_list(*fields))
    assert len(rows) == len(set(rows))
    return set(rows)


def _numbered(found: Any) -> set[tuple[Any, ...]]:
    return {(each.id, each.number, each.case, each.entry.n) for each in found.values()}


def _plain(text: str) -> str:
    return text.replace("\x00", "\ufffd")
