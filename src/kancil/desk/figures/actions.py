"""Making a package of figures, and reviewing it: two people, each by name.

What leaves is decided twice: a draft shows it to the letter, and the review computes it again and
signs only what is still the same.
"""

from __future__ import annotations

from kancil.custody.acting import ActingOfficer, check_acting
from kancil.custody.packages import record_package
from kancil.custody.roll import Roll
from kancil.desk.custody.store import DeskLedger, one_transaction
from kancil.ground import canonical
from kancil.ground.clock import now
from kancil.ground.digests import sha256_hex
from kancil.ground.files import write_durably
from kancil.ground.ids import OfficerId, new_id
from kancil.ground.plain import plain
from kancil.ground.signing import Signer
from kancil.ground.workspace import Workspace
from kancil.records.package import (
    SUFFIX,
    Package,
    Period,
    Review,
    SiteKind,
    SiteNamed,
    checked,
    write_package,
)
from kancil.records.package_schema import full_name
from kancil.records.package_schemas import cooperation_figures as schema

from .errors import FiguresMovedOn, PackageMakerNoOfficer, PeriodNotOver, PeriodOverlaps
from .queries import (
    DRAFT_SUFFIX,
    MadePackage,
    PackageDraft,
    figures_of,
    made_package,
    made_packages,
    package_draft,
)


def make_package(
    ledger: DeskLedger, workspace: Workspace, *, to: str, period: Period, by: ActingOfficer
) -> PackageDraft:
    """Compute a period's figures and keep them as a draft, which somebody else reviews.

    One of a period that has a package already supersedes it. Raises PeriodNotOver, PeriodOverlaps,
    PackageMakerNoOfficer, PackageNotReadable (`to` is no name).
    """
    maker = _maker(ledger, by)
    at = now()
    if period.until < period.since or period.until >= at.astimezone(workspace.zone).date():
        raise PeriodNotOver(until=period.until.isoformat())
    draft = PackageDraft(
        id=new_id(),
        schema=full_name(schema),
        to=to.strip(),
        period=period,
        made_at=at,
        made_by=maker,
        supersedes=_superseded(ledger, period),
        tables=figures_of(ledger, workspace, period),
    )
    checked(_package(ledger, workspace, draft, Review("-", "-", at)))
    path = workspace.packages_dir / f"{draft.id}{DRAFT_SUFFIX}"
    write_durably(path, canonical.dumps(plain(draft)), replace=False)
    return draft


def review_package(
    ledger: DeskLedger, workspace: Workspace, *, draft: str, unit_signer: Signer, by: ActingOfficer
) -> MadePackage:
    """Sign a draft with the unit's key, as its reviewer, who is not who made it.

    Its figures are computed again first. The file is on disk before the entry is committed. Raises
    PackageNotFound, FiguresMovedOn, PeriodOverlaps, ReviewerMadeIt, OwnKeyNeeded.
    """
    with one_transaction():
        found = package_draft(workspace, draft)
        roll = ledger.folded(Roll)
        officer = check_acting(roll, by)
        is_same = figures_of(ledger, workspace, found.period) == found.tables
        if not is_same or _superseded(ledger, found.period) != found.supersedes:
            raise FiguresMovedOn
        review = Review(officer.name, officer.role, now())
        data = write_package(_package(ledger, workspace, found, review), unit_signer)
        body = {
            "package": found.id,
            "period": plain(found.period),
            "reviewer": {"name": review.name, "role": review.role},
            "schema": found.schema,
            "sha256": sha256_hex(data),
            "supersedes": found.supersedes,
            "to": found.to,
        }
        record_package(ledger, made_by=OfficerId(found.made_by), body=body, by=by)
        write_durably(workspace.packages_dir / f"{body['sha256']}{SUFFIX}", data)
    discard_draft(workspace, found.id)
    return made_package(ledger, found.id)


def discard_draft(workspace: Workspace, name: str) -> None:
    """Remove a draft that nobody will sign; raises PackageNotFound."""
    found = package_draft(workspace, name)
    (workspace.packages_dir / f"{found.id}{DRAFT_SUFFIX}").unlink(missing_ok=True)


def _maker(ledger: DeskLedger, by: ActingOfficer) -> OfficerId:
    if by.on_behalf is not None and by.on_behalf.officer is None:
        raise PackageMakerNoOfficer
    check_acting(ledger.folded(Roll), by)
    return by.person


def _superseded(ledger: DeskLedger, period: Period) -> str | None:
    """The package of this period that stands; raises PeriodOverlaps for one of another period."""
    standing = [each for each in made_packages(ledger) if each.superseded_by is None]
    for each in standing:
        if each.period != period and each.period.overlaps(period):
            since, until = each.period.since.isoformat(), each.period.until.isoformat()
            raise PeriodOverlaps(since=since, until=until)
    return next((each.id for each in standing if each.period == period), None)


def _package(
    ledger: DeskLedger, workspace: Workspace, draft: PackageDraft, review: Review
) -> Package:
    unit = ledger.folded(Roll).unit
    named = workspace.unit if unit is None else unit
    site = SiteNamed(named.name, SiteKind(workspace.site.value), named.country)
    return Package(
        draft.id, draft.schema, site, draft.to, draft.period, draft.made_at, review,
        draft.supersedes, draft.tables,
    )  # fmt: skip
