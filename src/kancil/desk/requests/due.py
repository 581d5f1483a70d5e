"""The days of requests that count now, over the cases that somebody may see.

Computed anew at each asking, from entries and drafts. Nothing of it is stored, so a newer table of
holidays or a newer version of a letter shows at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger
from kancil.desk.directory.queries import directory_of
from kancil.ground.clock import from_person, now, to_text
from kancil.ground.errors import TimeNotReadable
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.ground.workspace import Workspace
from kancil.legal.calendar_file import Entry, calendar_file
from kancil.legal.clock import Asked, Deadline, deadlines_of, rules
from kancil.legal.request_events import FURTHEST_YEARS, State
from kancil.legal.working_days import Side, calendar_version
from kancil.records.table import Column, Holds, Table, table_of

from .queries import Request, read_version, requests_of

SOON = timedelta(days=7)
"""What is due within this stands under *this week*."""


@dataclass(frozen=True, slots=True)
class Due:
    """One day of one request."""

    request: Request
    case: str
    """Number of its case: `C1`."""
    office: str
    """Name of the other side's office."""
    asked: Asked
    deadline: Deadline
    part: str
    """`overdue`, `soon` (within `SOON`) or `later`: words `name.due-<part>`."""

    @property
    def is_over(self) -> bool:
        """Whether its day has passed."""
        return self.part == "overdue"

    @property
    def subject(self) -> str:
        """Numbers alone: `C1 R3`."""
        return f"{self.case} {self.request.label}"


def due_of(
    ledger: DeskLedger, workspace: Workspace, cases: Sequence[CaseId], at: datetime
) -> list[Due]:
    """All days of the requests of some cases, soonest first.

    Raises DraftChanged, DirectoryFileChanged.
    """
    roll, found = ledger.folded(Roll), []
    for request in requests_of(ledger, *cases):
        if request.state in (State.NONE, State.DRAFT, State.AUTHORISED, State.CLOSED):
            continue
        asked, name = asked_of(ledger, workspace, request)
        label = roll.cases[request.history.case].label
        for each in deadlines_of(request.events, asked, at):
            found.append(Due(request, label, name, asked, each, _part(each, at)))
    return sorted(found, key=lambda each: each.deadline.due_at)


def _part(deadline: Deadline, at: datetime) -> str:
    if deadline.is_over(at):
        return "overdue"
    return "soon" if deadline.due_at - at <= SOON else "later"


def asked_of(ledger: DeskLedger, workspace: Workspace, request: Request) -> tuple[Asked, str]:
    """What the clock needs of a request, and the name of the other side's office.

    The letter's own days are those of its newest version, which is the one that was sent.
    """
    directory = directory_of(ledger, workspace)
    ours = Side(workspace.unit.country, workspace.zone)
    to = (request.versions or [request.first])[-1].body["addressee"]
    known = directory.named(to["office"]).office if to["office"] in directory else None
    zone = ZoneInfo(known.zone) if known is not None and known.zone else None
    asked = Asked(request.kind, ours, Side(to["country"] or "", zone))
    if request.history.is_incoming:
        return asked, str(to["office"] if known is None else known.name)
    letter = read_version(workspace, request)
    asked = replace(
        asked,
        office=to["kind"],
        instruments=tuple(each.instrument for each in letter.bases),
        order_by=_day(letter.text("order_by")),
        answer_by=_moment(letter.text("answer_by"), workspace.zone),
    )
    return asked, letter.addressee.name


def _day(text: str) -> date | None:
    """A day of the letter, which its check held to its form; one that no clock reaches is none."""
    day = date.fromisoformat(text[:10]) if text else None
    return None if day is None or day.year > now().year + FURTHEST_YEARS else day


def _moment(text: str, zone: ZoneInfo) -> date | datetime | None:
    """A moment of the letter, in the unit's zone where it names none; a bare day stays one."""
    day = _day(text)
    if day is not None and len(text) > len("2026-03-09"):
        with suppress(TimeNotReadable):
            return from_person(text, zone)
    return day


def answer_of(due: Sequence[Due]) -> Phrase:
    """What waits, in one sentence."""
    parts = Counter(each.part for each in due)
    said: dict[str, Param] = {"over": parts["overdue"], "soon": parts["soon"]}
    coming = next((each for each in due if each.part != "overdue"), None)
    if coming is None:
        return Phrase("web.due.all-over", said)
    said |= {
        "subject": coming.subject,
        "what": Phrase(f"name.deadline-{coming.deadline.kind.value}"),
        "day": coming.deadline.day.isoformat(),
    }
    return Phrase("web.due.answer", said)


def limits_of(due: Sequence[Due]) -> list[Phrase]:
    """What the days do not say."""
    found = [Phrase("note.deadline-calendar", {"version": calendar_version()})]
    sides = {side for each in due for side in (each.asked.ours, each.asked.theirs)}
    lacking = sorted({side.country or "?" for side in sides if not side.is_known})
    found += [Phrase("note.deadline-weekends", {"country": each}) for each in lacking]
    differing = sorted({side.country for side in sides if side.weekend_differs})
    found += [Phrase("note.deadline-weekend-differs", {"country": each}) for each in differing]
    if any(each.asked.theirs.zone is None for each in due):
        found.append(Phrase("note.deadline-zone"))
    return [*found, Phrase("note.deadline-no-lengths")]


_COLUMNS = (
    Column("due_status", Holds.CODE, "name.due"),
    Column("due_day", Holds.DAY),
    Column("due_zone"),
    Column("due_at", Holds.TIME),
    Column("deadline", Holds.CODE, "name.deadline"),
    Column("case"),
    Column("request"),
    Column("due_office"),
    Column("request_kind", Holds.CODE, "name.request"),
    Column("deadline_why", Holds.PHRASE),
    Column("deadline_source"),
    Column("moved_from", Holds.DAY),
)


def due_table(due: Sequence[Due]) -> Table:
    """The days as a described table, for commands and files."""
    return table_of(
        "due",
        _COLUMNS,
        [
            {
                "due_status": each.part,
                "due_day": each.deadline.day.isoformat(),
                "due_zone": each.deadline.zone.key,
                "due_at": to_text(each.deadline.due_at),
                "deadline": each.deadline.kind.value,
                "case": each.case,
                "request": each.request.label,
                "due_office": each.office,
                "request_kind": each.request.kind,
                "deadline_why": Phrase(f"note.deadline-{each.deadline.rule}"),
                "deadline_source": source_of(each.deadline),
                "moved_from": plain(each.deadline.moved_from),
            }
            for each in due
        ],
    )


def source_of(deadline: Deadline) -> str:
    """Where its rule stands; empty where a side stated the day, or the rule is our own."""
    rule = rules().get(deadline.rule)
    return rule.source if rule is not None else ""


def due_calendar(due: Sequence[Due], at: datetime) -> bytes:
    """The days to come as a calendar file: numbers and kinds only."""
    return calendar_file(
        [
            Entry(
                f"{each.request.history.id} {each.deadline.kind.value} {each.deadline.rule}",
                each.deadline.due_at,
                render(
                    "name.due-entry",
                    subject=each.subject,
                    kind=Phrase(f"name.request-{each.request.kind}"),
                    what=Phrase(f"name.deadline-{each.deadline.kind.value}"),
                ),
            )
            for each in due
            if each.part != "overdue"
        ],
        at,
    )
