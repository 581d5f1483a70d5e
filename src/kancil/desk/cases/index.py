"""The index: rows brought up to each entry inside the entry's own transaction, checked and mended.

What an entry means is decided once, by custody's roll; `rows` says what a row makes of it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model

from kancil.custody.entry import Entry
from kancil.custody.officers import require_site
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerView
from kancil.desk.base.opening import snapshot
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import CaseId, ExhibitId, TraceId
from kancil.ground.workspace import Workspace

from .models import Bundle, Case, Content, Exhibit, Finding, Officer, Trace
from .people_faults import mend_people, people_faults
from .row_fault import RowFault
from .rows import (
    OF_CASE,
    Ledgered,
    Values,
    case_values,
    content_values,
    exhibit_values,
    officer_values,
    trace_state_values,
)

_BATCH_ROWS = 500
_OF_TRACE = ("trace.kept", "trace.set-aside", "finding.accepted")
"""Kinds that change what a trace is."""


class CaseRows:
    """Keeps the rows of officers, cases, exhibits, traces, findings and bundles."""

    def take(self, entry: Entry, view: LedgerView) -> None:
        """Bring the rows up to a new entry; raises LedgerBroken for one that lacks what it must."""
        try:
            _take(entry, view.folded(Roll))
        except (KeyError, TypeError, ValueError) as error:
            raise entry.lacking(error) from error

    def mend(self, ledger: DeskLedger) -> int:
        """Make every row what the ledger says, and each membership too; gives how many were not.

        Nothing that is kept between calls is trusted for it.
        """
        state = ledger.folded_anew(Ledgered)
        mended = 0
        for model, key, expected in state.rows():
            found, extra = _compare(model, key, expected)
            wrong = {fault_key for fault_key, *_ in found}
            _write(model, key, [expected[each] for each in expected if each in wrong])
            for start in range(0, len(extra), _BATCH_ROWS):
                model._base_manager.filter(pk__in=extra[start : start + _BATCH_ROWS]).delete()
            mended += len(wrong) + len(extra)
        return mended + mend_people(state)


_opened: dict[tuple[str, ...], DeskLedger] = {}
"""The ledger of the desk that this process has open: what it has folded serves all who ask."""


def open_ledger(workspace: Workspace) -> DeskLedger:
    """The ledger of an opened desk, whose entries keep these rows.

    Raises LedgerOfOtherUnit, SiteDiffers, and what `told` raises.
    """
    place = (str(connection.settings_dict[name]) for name in ("HOST", "PORT", "NAME"))
    key = (workspace.unit.id, workspace.site, *place)
    if key not in _opened:
        ledger = DeskLedger(workspace.unit.id, CaseRows())
        if ledger.head().size:
            require_site(ledger.read(1), workspace)
        _opened.clear()
        _opened[key] = ledger
    return _opened[key]


def row_faults(ledger: DeskLedger) -> list[RowFault]:
    """Compare every derived row with the ledger, at one moment; gives each that differs."""
    with snapshot():
        return own_row_faults(ledger)


def own_row_faults(ledger: DeskLedger) -> list[RowFault]:
    """As `row_faults`, inside the transaction that a caller holds."""
    faults: list[RowFault] = []
    state = ledger.folded_anew(Ledgered)
    for model, key, expected in state.rows():
        found, extra = _compare(model, key, expected)
        table = model._meta.db_table
        faults += [
            RowFault(table, _name(model, expected[each], each), *what) for each, *what in found
        ]
        faults += [RowFault(table, str(each), "", "stranger") for each in extra]
    faults += people_faults(state)
    return faults


def _take(entry: Entry, roll: Roll) -> None:
    if entry.kind in ("officer.added", "officer.retired"):
        _write(Officer, ("id",), [officer_values(roll.officer(entry.body["officer"]))])
    case = None if entry.case_id is None else roll.cases.get(CaseId(entry.case_id))
    if case is None or entry.case is None:
        return
    _write(Case, ("id",), [case_values(case, entry.case.n, entry.at)])
    exhibit = roll.exhibits.get(ExhibitId(str(entry.exhibit_id)))
    if exhibit is not None and exhibit.case in roll.cases:
        _write(Exhibit, ("id",), [exhibit_values(exhibit)])
        contents = content_values(exhibit)
        if len(contents) != Content.objects.filter(exhibit_id=exhibit.id).count():
            Content.objects.filter(exhibit_id=exhibit.id, place__gt=len(contents)).delete()
            _write(Content, ("exhibit_id", "place"), contents)
    if entry.kind in OF_CASE:
        model, values_of = OF_CASE[entry.kind]
        values = values_of(entry)
        _write(model, ("n" if model is Bundle else "id",), [values])
    if entry.kind in _OF_TRACE and entry.body["trace"] in roll.traces:
        _write(Trace, ("id",), [trace_state_values(roll, TraceId(entry.body["trace"]))])


def _write(model: type[Model], key: tuple[str, ...], rows: list[Values]) -> None:
    """Insert rows, or change those that are there under the same key."""
    if not rows:
        return
    names = [model._meta.get_field(each).name for each in key]
    others = [model._meta.get_field(each).name for each in rows[0] if each not in key]
    model._base_manager.bulk_create(
        [model(**values) for values in rows],
        update_conflicts=True,
        unique_fields=names,
        update_fields=others,
        batch_size=_BATCH_ROWS,
    )


def _compare(
    model: type[Model], key: tuple[str, ...], expected: dict[Any, Values]
) -> tuple[list[tuple[Any, str, str]], list[Any]]:
    """What differs, as (key, column, code), and the primary keys of rows nobody expects."""
    fields = [each.attname for each in model._meta.concrete_fields]
    differs: list[tuple[Any, str, str]] = []
    extra: list[Any] = []
    seen = set()
    for row in model._base_manager.values("pk", *fields).iterator(chunk_size=_BATCH_ROWS):
        name = tuple(row[each] for each in key) if len(key) > 1 else row[key[0]]
        values = expected.get(name)
        if values is None:
            extra.append(row["pk"])
            continue
        seen.add(name)
        differs += [
            (name, column, "changed") for column, value in values.items() if row[column] != value
        ]
    differs += [(name, "", "missing") for name in expected if name not in seen]
    return differs, extra


_LETTERS: dict[type[Model], str] = {Officer: "O", Case: "C", Exhibit: "E", Trace: "T", Finding: "F"}


def _name(model: type[Model], values: Values, key: Any) -> str:
    letter = _LETTERS.get(model)
    shown = [] if letter is None else [f"{letter}{values['number']}"]
    return " ".join([*shown, *map(str, key if isinstance(key, tuple) else (key,))])
