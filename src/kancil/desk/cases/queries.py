"""What pages and the API read of cases: plain values, never a table's query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from kancil.custody.acting import SERVER_ROLE
from kancil.custody.entry import Entry
from kancil.custody.roll import KEPT
from kancil.desk.custody.store import DeskLedger
from kancil.ground.ids import CaseId, ExhibitId

from .models import Bundle, Case, Exhibit, Finding, Officer, Study, Trace

__all__ = ["Bundle", "Case", "Exhibit", "Finding", "Officer", "Study", "Trace"]  # rows, to be read


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How much a case has."""

    exhibits: int
    traces: int
    findings: int
    bundles: int


def find_case(name: str) -> Case | None:
    """Find a case by its number (`3`, `C3`) or id."""
    digits = name[1:] if name[:1] in "Cc" else name
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return Case.objects.filter(number=int(digits)).first()
    return Case.objects.filter(id=name[:36]).first()


def cases(ids: Sequence[str], most: int | None = None) -> list[Case]:
    """List cases by their ids, the one with the newest entry first; `most`: no more than these."""
    return list(_newest(ids)[:most])


def case_part(ids: Sequence[str], part: str | None, rows: int) -> Page[Case]:
    """One part of the cases, the one with the newest entry first."""
    return Paginator(_newest(ids), rows).get_page(part)


def _newest(ids: Sequence[str]) -> QuerySet[Case]:
    return Case.objects.filter(id__in=ids).order_by("-last_at", "-number")


def counts(case: Case) -> CaseCounts:
    """Count what a case has."""
    return CaseCounts(
        case.exhibits.count(),
        case.traces.filter(state=KEPT).count(),
        case.findings.count(),
        case.bundles.count(),
    )


def exhibits(case: Case, part: str | None, rows: int) -> Page[Exhibit]:
    """One part of a case's exhibits by number; `part`: its number as it was asked for."""
    return Paginator(case.exhibits.select_related("case"), rows).get_page(part)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Entries that are read only where a page shows them."""

    size: int
    read: Callable[[int, int], list[Entry]]

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> list[Entry]:
        return self.read(part.start, part.stop)


def case_history(ledger: DeskLedger, case: Case, part: str | None, rows: int) -> Page[Entry]:
    """One part of a case's entries in order; `part` as in `exhibits`, else the last one."""
    read = partial(ledger.case_part, CaseId(case.id))
    return _part(_Stretch(case.entry_count, read), part, rows)


def exhibit_history(
    ledger: DeskLedger, exhibit: Exhibit, part: str | None, rows: int
) -> Page[Entry]:
    """One part of an exhibit's entries in order; `part` as in `case_history`."""
    name = ExhibitId(exhibit.id)
    read = partial(ledger.exhibit_part, name)
    return _part(_Stretch(ledger.exhibit_size(name), read), part, rows)


def _part(entries: _Stretch, part: str | None, rows: int) -> Page[Entry]:
    slices: Paginator[Entry] = Paginator(entries, rows)  # type: ignore[arg-type]  # asks for slices
    return slices.get_page(part or slices.num_pages)


def exhibits_after(case: Case, number: int, rows: int) -> list[Exhibit]:
    """List a case's exhibits whose number is higher, by number: `rows`, and one that follows.

    Those that share the last number come whole, so that none is lost between two parts.
    """
    found = case.exhibits.filter(number__gt=number).order_by("number", "id")
    last = found.values_list("number", flat=True)[rows - 1 : rows].first()
    if last is None:
        return list(found)
    return [*found.filter(number__lte=last), *found.filter(number__gt=last)[:1]]


def find_exhibit(case: Case, name: str) -> Exhibit | None:
    """Find an exhibit of a case by its number (`12`, `E12`) or id."""
    digits = name[1:] if name[:1] in "Ee" else name
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return case.exhibits.filter(number=int(digits)).first()
    return case.exhibits.filter(id=name[:36]).first()


def traces(case: Case) -> list[Trace]:
    """List a case's recorded traces by number, without drafts."""
    return list(case.traces.filter(state=KEPT))


def traces_and_drafts(case: Case) -> list[Trace]:
    """List all traces of a case by number, drafts and those set aside among them."""
    return list(case.traces.all())


def drafts(case: Case) -> list[Trace]:
    """List the traces of a case that nobody kept, by number, those set aside among them."""
    return list(case.traces.exclude(state=KEPT))


def studies(case: Case) -> list[Study]:
    """List a case's recorded studies other than traces, by number."""
    return list(case.studies.all())


def findings(case: Case) -> list[Finding]:
    """List a case's accepted findings by number."""
    return list(case.findings.all())


def bundles(case: Case) -> list[Bundle]:
    """List the bundles that left, in the order of the ledger."""
    return list(case.bundles.all())


def has_server() -> bool:
    """Whether the unit has a server that signs for people."""
    return Officer.objects.filter(role=SERVER_ROLE, retired_at__isnull=True).exists()


def officer_names() -> dict[str, str]:
    """The name of each officer by id."""
    return {officer.id: f"{officer.name} (O{officer.number})" for officer in Officer.objects.all()}


def case_numbers(ids: set[str] | None) -> dict[str, int]:
    """The number of each case by its id, of these cases or of all."""
    found = Case.objects.all() if ids is None else Case.objects.filter(id__in=ids)
    return dict(found.values_list("id", "number"))
