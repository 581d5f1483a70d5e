"""The index: rows brought up to each entry, inside the entry's own transaction.

What an entry means is decided once, by custody's roll; a row is what the roll says of its subject.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F

from kancil.custody.entry import Entry
from kancil.custody.roll import Exhibit as RollExhibit
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerView
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import ExhibitId
from kancil.ground.workspace import Workspace

from .models import Bundle, Case, Content, Exhibit, Finding, Officer, Trace


def open_ledger(workspace: Workspace) -> DeskLedger:
    """Give the ledger of an opened desk, whose entries keep these rows."""
    return DeskLedger(workspace.unit.id, index_entry)


def index_entry(entry: Entry, view: LedgerView) -> None:
    """Bring the rows up to a new entry."""
    roll = view.folded(Roll)
    kind = entry.kind
    if kind in ("officer.added", "officer.retired"):
        _officer(entry, roll)
    elif kind == "case.opened":
        _case(entry, roll)
    elif entry.case_id in roll.cases:
        case = Case.objects.get(id=entry.case_id)
        case.last_at, case.entry_count = entry.at, case.entry_count + 1
        case.save(update_fields=["last_at", "entry_count"])
    if entry.exhibit_id in roll.exhibits:
        _exhibit(entry, roll.exhibits[ExhibitId(str(entry.exhibit_id))])
    if entry.case_id in roll.cases and kind in _OF_CASE:
        _OF_CASE[kind](entry)


def _officer(entry: Entry, roll: Roll) -> None:
    officer = roll.officer(entry.body["officer"])
    Officer.objects.update_or_create(
        id=officer.id,
        defaults={
            "number": officer.number,
            "name": officer.name,
            "role": officer.role,
            "added_at": officer.added_at,
            "retired_at": officer.retired_at,
        },
    )


def _case(entry: Entry, roll: Roll) -> None:
    case = roll.case(str(entry.case_id))
    Case.objects.create(
        id=case.id,
        number=case.number,
        title=case.title,
        opened_at=case.opened_at,
        opened_by=case.opened_by,
        last_at=entry.at,
    )


def _exhibit(entry: Entry, exhibit: RollExhibit) -> None:
    row, is_new = Exhibit.objects.update_or_create(
        id=exhibit.id,
        defaults={
            "number": exhibit.number,
            "case_id": exhibit.case,
            "title": exhibit.title,
            "status": exhibit.status,
            "holder": exhibit.holder,
            "seal": exhibit.seal,
            "size_bytes": sum(int(content["size_bytes"]) for content in exhibit.contents),
            "file_count": sum(int(content["files"]) for content in exhibit.contents),
            "last_at": entry.at,
        },
    )
    if is_new:
        Case.objects.filter(id=exhibit.case).update(exhibit_count=F("exhibit_count") + 1)
    if row.contents.count() != len(exhibit.contents):
        row.contents.all().delete()
        Content.objects.bulk_create(_content(row, content) for content in exhibit.contents)


def _content(row: Exhibit, content: dict[str, Any]) -> Content:
    return Content(
        exhibit=row,
        sha256=content["sha256"] or content["listing_sha256"],
        sha1=content["sha1"],
        md5=content["md5"],
    )


def _trace(entry: Entry) -> None:
    body = entry.body
    provenance = body["provenance"]
    parameters = provenance.get("parameters", {})
    Trace.objects.create(
        id=body["trace"],
        number=body["number"],
        case_id=str(entry.case_id),
        n=entry.n,
        chain=str(provenance.get("chain", "")),
        policy=str(parameters.get("policy", "")),
        direction=str(parameters.get("direction", ""))[:10],
        result_sha256=body["result_sha256"],
        run_at=entry.at,
        run_by=entry.actor,
    )


def _finding(entry: Entry) -> None:
    body = entry.body
    Finding.objects.create(
        id=body["finding"],
        number=body["number"],
        case_id=str(entry.case_id),
        n=entry.n,
        finding_class=body["class"],
        text=body["text"],
        language=body["language"],
        trace=body["trace"],
        accepted_at=entry.at,
        accepted_by=entry.actor,
    )


def _bundle(entry: Entry) -> None:
    body = entry.body
    Bundle.objects.create(
        n=entry.n,
        case_id=str(entry.case_id),
        purpose=body["purpose"],
        analysis_sha256=body["analysis_sha256"],
        made_at=entry.at,
    )


_OF_CASE = {"trace.run": _trace, "finding.accepted": _finding, "bundle.made": _bundle}
