"""Figures of a period, the drafts of packages that wait for a review, and the packages made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from kancil.custody.entry import Entry
from kancil.custody.requests import AUTHORISED, RECORDED
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger
from kancil.desk.requests.queries import Request, kind_of, read_version, requests_of
from kancil.desk.selectors.kinds import KINDS
from kancil.evidence.tables.amount import AmountForm, read_amount
from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical
from kancil.ground.files import read_file
from kancil.ground.filled import filled_from_plain
from kancil.ground.ids import is_id
from kancil.ground.workspace import Workspace
from kancil.legal.figures import RequestFacts, cooperation_figures, facts_of, sent_in
from kancil.legal.quality import check
from kancil.records.package import SUFFIX, Period
from kancil.records.table import Table

from .errors import PackageChanged, PackageNotFound

DRAFT_SUFFIX = ".draft.json"


@dataclass(frozen=True, slots=True)
class PackageDraft:
    """A package that waits for somebody else to review it."""

    id: str
    schema: str
    to: str
    period: Period
    made_at: datetime
    made_by: str
    """Id of the officer."""
    supersedes: str | None
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class MadePackage:
    """A package as the ledger has it."""

    id: str
    schema: str
    sha256: str
    to: str
    period: Period
    made_by: str
    """Names, as the roll has them."""
    reviewed_by: str
    supersedes: str | None
    superseded_by: str | None
    entry: Entry


def figures_of(
    ledger: DeskLedger, workspace: Workspace, period: Period, *, is_own: bool = False
) -> tuple[Table, ...]:
    """The tables of `cooperation-figures/1` over all cases, as the ledger stands now.

    `is_own`: for the unit's own eyes, with its small groups; for a package they are hidden.
    Raises DraftChanged where the file of a letter is not what the ledger records.
    """
    return cooperation_figures(list(_facts(ledger, workspace, period)), is_own=is_own)


def package_drafts(workspace: Workspace) -> list[PackageDraft]:
    """The drafts that wait, the oldest first; a file that is none counts for nothing."""
    paths = sorted(workspace.packages_dir.glob(f"*{DRAFT_SUFFIX}"))
    found = (read_package_draft(read_file(path)) for path in paths)
    return [each for each in found if each is not None]


def package_draft(workspace: Workspace, name: str) -> PackageDraft:
    """One draft, by its id; raises PackageNotFound."""
    path = workspace.packages_dir / f"{name}{DRAFT_SUFFIX}"
    found = read_package_draft(read_file(path)) if is_id(name) and path.is_file() else None
    if found is None or found.id != name:
        raise PackageNotFound(package=name[:40])
    return found


def read_package_draft(data: bytes) -> PackageDraft | None:
    """Read what `make_package` kept; None for anything else."""
    try:
        return filled_from_plain(PackageDraft, canonical.loads_canonical(data))
    except NotCanonical:
        return None


def made_packages(ledger: DeskLedger) -> list[MadePackage]:
    """All packages that were made, the newest first; superseded ones too, as such."""
    roll = ledger.folded(Roll)
    over = {str(each.body["supersedes"]): str(each.body["package"]) for each in roll.packages}
    return [_made(roll, entry, over) for entry in roll.packages][::-1]


def made_package(ledger: DeskLedger, name: str) -> MadePackage:
    """One package by its id; raises PackageNotFound."""
    for each in made_packages(ledger):
        if each.id == name:
            return each
    raise PackageNotFound(package=name[:40])


def package_bytes(workspace: Workspace, made: MadePackage) -> bytes:
    """The signed file; raises PackageChanged where it is not what was made."""
    path = workspace.packages_dir / f"{made.sha256}{SUFFIX}"
    data = read_file(path) if path.is_file() else b""
    if sha256_hex(data) != made.sha256:
        raise PackageChanged(package=made.id)
    return data


def _made(roll: Roll, entry: Entry, over: dict[str, str]) -> MadePackage:
    body = entry.body
    by = roll.officers.get(body["made_by"])
    period = Period(*(date.fromisoformat(body["period"][name]) for name in ("since", "until")))
    return MadePackage(
        id=body["package"],
        schema=body["schema"],
        sha256=body["sha256"],
        to=body["to"],
        period=period,
        made_by=body["made_by"] if by is None else by.name,
        reviewed_by=body["reviewer"]["name"],
        supersedes=body["supersedes"],
        superseded_by=over.get(body["package"]),
        entry=entry,
    )


# --- requests as figures see them -----------------------------------------------------------------


def _facts(ledger: DeskLedger, workspace: Workspace, period: Period) -> Iterator[RequestFacts]:
    """What was sent in a period; letters are read of no other."""
    for request in requests_of(ledger, *ledger.folded(Roll).cases):
        if request.versions:
            newest, events = request.versions[-1].body, request.events
            given = RequestFacts(
                kind=request.kind,
                country=str(newest["addressee"]["country"]),
                drafted_on=events[0].day(workspace.zone),
                held=_amounts(request, "held"),
                returned=_amounts(request, "returned"),
            )
            for each in sent_in([facts_of(events, workspace.zone, given)], period):
                yield replace(each, problems=_problems(workspace, request))


def _problems(workspace: Workspace, request: Request) -> frozenset[str]:
    """Levels of what kept a version from being authorised, checked as at the moment it was made.

    Nothing kept one that was authorised, whatever is asked of later ones.
    """
    found: set[str] = set()
    passed = {each.body["sha256"] for each in request.history.of_kind(AUTHORISED)}
    for entry in request.versions:
        if entry.body["sha256"] in passed:
            continue
        draft = read_version(workspace, request, entry)
        problems = check(kind_of(draft), draft, selectors=KINDS, at=entry.at)
        found |= {each.level.value for each in problems if each.stops}
    return frozenset(found)


def _amounts(request: Request, what: str) -> dict[str, Decimal]:
    """What the last statement of each asset said; one that is no amount is left out."""
    found: dict[str, Decimal] = {}
    for entry in request.history.of_kind(RECORDED):
        for each in entry.body.get("amounts") or ():
            read = read_amount(str(each.get("amount", "")), AmountForm(".", ","))
            if each.get("what") == what and read is not None and read.value > 0:
                found[str(each.get("asset"))] = read.value
    return found
