"""Gathering: what the ledger says of one case, up to a checkpoint, and what is kept back of it.

From entries to plain values; the statements are those that a bundle quotes. An entry that is kept
back counts as not there: only its number, its digest and the reason are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kancil.custody.cases import basis_ended_on
from kancil.custody.checkpoint import Checkpoint
from kancil.custody.entry import Entry
from kancil.custody.roll import Case, Roll
from kancil.custody.store import LedgerStore
from kancil.custody.unit import LABEL_KINDS
from kancil.custody.withheld import Withheld, covered
from kancil.ground.ids import CaseId
from kancil.ground.words import render
from kancil.records.price import PriceBook
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.statements import (
    RUNS,
    Roster,
    StatedFinding,
    Statements,
    statements_of,
)

from .drafts import Unaccepted
from .reported import Reported

PROSECUTOR, DISCLOSURE = "prosecutor", "disclosure"
KINDS = (PROSECUTOR, DISCLOSURE)
_UNIT_KINDS = ("unit.founded", "officer.added")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: which report of which case, and when."""

    case: CaseId
    kind: str
    """One of `KINDS`."""
    language: str
    at: datetime
    """Aware UTC: the hour of making, given and never read from a clock."""
    checkpoint: Checkpoint
    """What the report rests on: no later entry is looked at."""
    officer: str
    """Id of the officer who makes it."""
    withheld: tuple[Withheld, ...] = ()
    """Entries of the case, and fields of such, that are kept back."""
    drafts: tuple[Unaccepted, ...] = ()
    """Findings that were written and not accepted."""
    reported: Reported | None = None
    """What tables of others report in the case; None where none was read."""
    prices: PriceBook = field(default_factory=lambda: PriceBook(()))
    """What the unit imported of prices, by which amounts are valued at their blocks' time."""

    @property
    def shown_reports(self) -> Reported | None:
        """What is reported, as far as it may be shown."""
        is_hidden = self.reported is None or self.reported.is_kept_back(self.withheld)
        return None if is_hidden else self.reported

    @property
    def is_disclosure(self) -> bool:
        """Whether it is made for the defence."""
        return self.kind == DISCLOSURE


@dataclass(frozen=True, slots=True)
class Run:
    """A trace or study that was recorded for the case."""

    label: str
    id: str
    entry: Entry
    is_shown: bool
    """It is one of those that the report shows in full."""
    findings: tuple[str, ...]
    """Findings that rest on it and were not withdrawn."""
    is_draft: bool = False
    """Made by exploring; nobody kept it."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that the ledger says of the case, as far as the report may show it."""

    label: str
    zone: ZoneInfo
    stated: Statements
    findings: Mapping[str, Entry]
    """Entries of accepted findings by id: their code, parameters and trace."""
    events: Mapping[str, tuple[Entry, ...]]
    """Entries of each exhibit, by its id, also those that are kept back, which nobody may show."""
    runs: tuple[Run, ...]
    sources: tuple[Entry, ...]
    """Entries by which the blocks and labels of the shown traces and studies came in."""
    skips: Mapping[str, int]
    """What could not be read of those, by code."""
    withheld: tuple[Withheld, ...]
    basis_ended_on: date | None
    """Last day of the legal basis, where it was over when the report was made."""
    roster: Roster
    people: Mapping[str, str]
    """Names of officers by id, each with the number."""

    @property
    def standing(self) -> list[StatedFinding]:
        """The findings that were not withdrawn."""
        return [one for one in self.stated.findings if one.withdrawn is None]

    @property
    def taken_back(self) -> list[StatedFinding]:
        """The findings that were."""
        return [one for one in self.stated.findings if one.withdrawn is not None]

    def acted(self, entry: Entry) -> str:
        """Who acted in an entry, and where a server signed for them; empty for nobody."""
        return statement_words.by(self.roster.said(entry)) or ""

    def person(self, name: object) -> str:
        """The name of an officer's id, else what stands there; empty for nothing."""
        return self.people.get(str(name), str(name)) if name else ""


def gather_case(
    ledger: LedgerStore,
    order: Order,
    *,
    shown: Iterable[str],
    sources: Iterable[str],
    skips: Mapping[str, int] | None = None,
) -> CaseFacts:
    """Read what the ledger says of a case.

    `shown`: ids of the traces and studies that the report shows in full; `sources`: SHA-256 of the
    files that they rest on; `skips`: what could not be read of these, by code. Raises CaseNotFound.
    """
    entries = [entry for entry in ledger.entries() if entry.n <= order.checkpoint.size]
    roll = Roll.of(entries)
    case = roll.case(order.case)
    own = [entry for entry in entries if entry.case_id == case.id]
    mark = render("note.pdf-kept-back")
    shown_of = {entry.n: covered(entry, order.withheld, mark) for entry in own}
    kept = [entry for entry in shown_of.values() if entry is not None]
    named = [entry for entry in entries if entry.kind in _UNIT_KINDS]
    stated = statements_of(
        sorted((*named, *kept), key=lambda entry: entry.n), proofs=_histories(own, case)
    )
    findings = {
        str(entry.body["finding"]): entry for entry in kept if entry.kind == "finding.accepted"
    }
    roster = Roster()
    for entry in named:
        roster.take(entry)
    return CaseFacts(
        label=case.label,
        zone=ZoneInfo("UTC") if roll.unit is None else roll.unit.zone,
        stated=stated,
        findings=findings,
        events={
            exhibit: tuple(
                shown_of[entry.n] or entry for entry in own if entry.exhibit_id == exhibit
            )
            for exhibit in case.exhibits
        },
        runs=tuple(_runs(kept, stated, findings, set(shown), roll.drafts)),
        sources=tuple(_sources(entries, set(sources))),
        skips=skips or {},
        withheld=tuple(one for one in order.withheld if one.n in shown_of),
        basis_ended_on=basis_ended_on(roll, case, order.at),
        roster=roster,
        people={
            one.id: render("note.stated-officer", name=one.name, number=one.number)
            for one in roll.officers.values()
        },
    )


def _histories(own: list[Entry], case: Case) -> dict[str, Any]:
    """The hashes of the case's and its exhibits' entries, so that what is kept back counts."""
    return {
        "case": [entry.hash.hex() for entry in own],
        "exhibits": {
            exhibit: [entry.hash.hex() for entry in own if entry.exhibit_id == exhibit]
            for exhibit in case.exhibits
        },
    }


def _runs(
    kept: list[Entry],
    stated: Statements,
    findings: Mapping[str, Entry],
    shown: set[str],
    drafts: Collection[str],
) -> Iterable[Run]:
    for entry in kept:
        if entry.kind not in RUNS:
            continue
        key, letter = RUNS[entry.kind]
        name = str(entry.body[key])
        resting = tuple(
            f"F{finding.number}"
            for finding in stated.findings
            if finding.withdrawn is None
            and (accepted := findings.get(finding.id or "")) is not None
            and accepted.body.get("trace") == name
        )
        yield Run(
            f"{letter}{entry.body['number']}",
            name,
            entry,
            name in shown,
            resting,
            name in drafts,
        )


def _sources(entries: list[Entry], digests: set[str]) -> Iterable[Entry]:
    for entry in entries:
        is_chain = entry.kind == "chain.ingested" and digests & set(entry.body["sources"])
        if is_chain or (entry.kind in LABEL_KINDS and entry.body["sha256"] in digests):
            yield entry
