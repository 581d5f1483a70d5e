"""Where a box's name stands elsewhere: in what was recorded in the reader's own cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.people.queries import Person, case_ids_of
from kancil.desk.studies.named_in import Searched
from kancil.ground.phrase import Phrase
from kancil.web.cells import link
from kancil.web.home.on_disks import disks_that_hold
from kancil.web.parts import Cell
from kancil.web.unit_desk import UnitDesk

MOST = 6


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What names it, in cases of the reader alone."""

    findings: Sequence[Cell]
    """Findings, those of this case too."""
    here: Sequence[Cell]
    """Traces, studies, tables and disks of this case."""
    others: Sequence[Cell]
    """The same of other cases."""


def elsewhere(desk: UnitDesk, person: Person, case: Case, names: Sequence[str]) -> Elsewhere:
    """Find what names one of these; nothing of a case that is not the reader's."""
    mine = case_ids_of(person)
    found = Searched(desk.ledger, desk.workspace, desk.vault, mine).named_by(names, MOST)
    told: list[tuple[Case, str | Phrase, str]] = [
        (each.case, f"T{each.number}", reverse("trace", kwargs=_of(each.case, trace=each.number)))
        for each in found.traces
    ]
    told += [
        (each.case, f"S{each.number}", reverse("study", kwargs=_of(each.case, study=each.number)))
        for each in found.studies
    ]
    told += [
        (each.exhibit.case, f"E{each.exhibit.number}",
         reverse("exhibit", kwargs=_of(each.exhibit.case, exhibit=each.exhibit.number)))
        for each in found.tables
    ]  # fmt: skip
    cases = {each.id: each for each in Case.objects.filter(id__in=mine)}
    told += [
        (cases[each.exhibit.case], Phrase("web.canvas.on-disk", {"name": each.exhibit.label}), url)
        for name in dict.fromkeys(filter(None, names))
        for each, url in disks_that_hold(name, mine)
    ]
    findings = [
        link(reverse("findings", kwargs=_of(each.case)), _named(case, each.case, f"F{each.number}"))
        for each in found.findings[:MOST]
    ]
    return Elsewhere(
        findings,
        [link(url, name) for one, name, url in told if one.id == case.id][:MOST],
        [link(url, _named(case, one, name)) for one, name, url in told if one.id != case.id][:MOST],
    )


def _of(case: Case, **more: int) -> dict[str, int]:
    return {"case": case.number, **more}


def _named(here: Case, case: Case, name: str | Phrase) -> Phrase | str:
    """A name; of another case, with that case's title."""
    if case.id == here.id:
        return name
    return Phrase("web.canvas.in-case", {"name": name, "case": f"C{case.number} {case.title}"})
