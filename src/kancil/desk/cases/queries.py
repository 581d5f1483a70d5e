"""What pages and the API read of cases: plain values, never a table's query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from .models import Bundle, Case, Content, Exhibit, Finding, Officer, Trace

__all__ = ["Bundle", "Case", "Exhibit", "Finding", "Trace"]  # rows, to be read


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


def cases(ids: Sequence[str]) -> list[Case]:
    """List cases by their ids, the one with the newest entry first."""
    return list(Case.objects.filter(id__in=ids).order_by("-last_at"))


def counts(case: Case) -> CaseCounts:
    """Count what a case has."""
    return CaseCounts(
        case.exhibits.count(), case.traces.count(), case.findings.count(), case.bundles.count()
    )


def exhibits(case: Case, part: str | None, rows: int) -> Page[Exhibit]:
    """Give one part of a case's exhibits by number; `part`: its number as it was asked for."""
    return Paginator(case.exhibits.select_related("case"), rows).get_page(part)


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
    """List a case's recorded traces by number."""
    return list(case.traces.all())


def findings(case: Case) -> list[Finding]:
    """List a case's accepted findings by number."""
    return list(case.findings.all())


def bundles(case: Case) -> list[Bundle]:
    """List the bundles that left, in the order of the ledger."""
    return list(case.bundles.all())


def officer_names() -> dict[str, str]:
    """Give the name of each officer by her id."""
    return {officer.id: f"{officer.name} (O{officer.number})" for officer in Officer.objects.all()}


def exhibits_with(digest: str, case_ids: Sequence[str]) -> list[Exhibit]:
    """Find exhibits, in these cases alone, that have bytes of this digest."""
    name = {64: "sha256", 40: "sha1", 32: "md5"}.get(len(digest))
    if name is None:
        return []
    found = Content.objects.filter(**{name: digest.lower()}, exhibit__case_id__in=case_ids)
    held = Exhibit.objects.filter(contents__in=found).select_related("case").distinct()
    return list(held.order_by("number"))


def case_numbers(ids: set[str] | None) -> dict[str, int]:
    """Give the number of each case by its id, of these cases or of all."""
    found = Case.objects.all() if ids is None else Case.objects.filter(id__in=ids)
    return dict(found.values_list("id", "number"))
