"""Donor reports: begun for a period, written section by section, published by a named official.

What was published is never changed: a correction is a new report for the same period, which says
which one it corrects.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_grant, require_version
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import (
    ReportBegun,
    ReportMoved,
    ReportNotFound,
    ReportPublished,
)
from kancil.desk.programme.models import DonorReport, Figure
from kancil.desk.programme.reports.donor_reports import (
    ReportSight,
    enter_report,
    said_in,
    versions_in,
)
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.programme.donor_report import ReportSection


def begin_report(
    *, by: Person, grant: str, period_from: date, period_to: date, due_on: date, title: str
) -> str:
    """Begin a report, or the correction of one that was published; gives its id.

    Its texts begin as those of the newest published report for the same period. Raises
    GrantNotFound, ActNotYours, FieldNotUsable, ReportBegun where a draft for the period is there.
    """
    with changing_grant(by, grant) as sight:
        require(sight.desk.may_write, sight.desk)
        if period_to < period_from:
            raise unusable("period_to")
        same = DonorReport.objects.filter(
            grant_id=sight.grant, period_from=period_from, period_to=period_to
        )
        if same.filter(published_at=None).exists():
            raise ReportBegun
        older = same.order_by("-published_at").first()
        row = DonorReport(
            grant_id=sight.grant, period_from=period_from, period_to=period_to, due_on=due_on,
            title=title.strip(), narrative=older.narrative if older else {}, by=by, at=clock.now(),
        )  # fmt: skip
        keep(row, "title")
        record("donor-report.begun", by=by, about=sight.reference, report=row.id)
    return row.id


def write_report_section(*, by: Person, report: str, section: str, text: str, seen: int) -> int:
    """Write a section after the version that was read, and give the number of the new one.

    `seen`: number of that version; 0: there was none. The same text again writes nothing; an empty
    one takes the section out. Raises ChangedMeanwhile, FieldNotUsable, ReportNotFound,
    ReportPublished, ActNotYours.
    """
    of = _section(section)
    text = "\n".join(each.rstrip() for each in text.strip().splitlines())
    if len(text) > of.most:
        raise unusable("text", "too-long", most=of.most)
    with one_change():
        row, sight = _held(by, report)
        versions = versions_in(row.narrative, of)
        newest = versions[0] if versions else None
        require_version(newest.n if newest else 0, seen, newest.by if newest else by.name)
        if (newest.text if newest else "") == text:
            return seen
        kept = row.narrative.get(of.value, [])
        now = clock.now()
        row.narrative[of.value] = [*kept, {"text": text, "by": by.name, "at": now.isoformat()}]
        row.version, row.by, row.at = row.version + 1, by, now
        keep_changed(row, ["narrative", "version", "by", "at"])
        record(
            "donor-report.written", by=by, about=sight.of.reference, report=row.id, section=of.value
        )
    return seen + 1


def publish_report(
    *,
    by: Person,
    report: str,
    seen: str,
    official: str,
    office: str,
    language: str,
    files: Mapping[str, bytes],
    store: Vault,
) -> None:
    """Publish a report: what it says is kept, with its files.

    `seen`: digest of what it said when the files were made (`Said.sha256`); `official`, `office`:
    who answers for it. Raises ReportMoved, ReportPublished, ReportNotFound, ActNotYours,
    FieldNotUsable, DiskFull.
    """
    for name, typed, most in (("official", official, 200), ("office", office, 300)):
        if not typed.strip():
            raise unusable(name, "blank")
        if len(typed) > most:
            raise unusable(name, "too-long", most=most)
    sight = enter_report(by, report)
    require(sight.of.desk.may_write, sight.of.desk)
    with ExitStack() as held:
        kept = {
            format: held.enter_context(taken(store, io.BytesIO(data))).sha256
            for format, data in files.items()
        }
        held.enter_context(one_change())
        row, sight = _held(by, report)
        said = said_in(row)
        if said.sha256 != seen:
            raise ReportMoved
        row.said = {
            "said": plain(said), "official": official.strip(), "office": office.strip(),
            "language": language, "sha256": seen,
        }  # fmt: skip
        row.files, row.published_at, row.published_by = kept, clock.now(), by
        keep_changed(row, ["said", "files", "published_at", "published_by"])
        row.figures.set(Figure.objects.filter(id__in=[each.id for each in said.figures]))
        record(
            "donor-report.published", by=by, about=sight.of.reference, report=row.id,
            sha256=kept.get("pdf", ""), official=official.strip(), office=office.strip(),
        )  # fmt: skip


def withdraw_draft(*, by: Person, report: str) -> None:
    """Take a draft away that was begun by mistake; raises as `write_report_section` does."""
    with one_change():
        row, sight = _held(by, report)
        record("donor-report.removed", by=by, about=sight.of.reference, report=row.id)
        row.delete()


def _section(name: str) -> ReportSection:
    try:
        return ReportSection(name)
    except ValueError as error:
        raise unusable("section") from error


def _held(by: Person, report: str) -> tuple[DonorReport, ReportSight]:
    """The row of a draft, held until the act is done; others wait."""
    row = (
        DonorReport.objects.select_for_update(no_key=True, of=("self",))
        .select_related("grant__donor")
        .filter(id=report[:36])
        .first()
    )
    if row is None:
        raise ReportNotFound
    sight = enter_report(by, report)
    require(sight.of.desk.may_write, sight.of.desk)
    if row.published_at is not None:
        raise ReportPublished
    return row, sight
