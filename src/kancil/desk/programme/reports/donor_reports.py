"""Donor reports: what is due, what was published, and what a draft would say now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db.models import Q, QuerySet

from kancil.desk.assessment.stored import open_stored
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.access import GrantSight
from kancil.desk.programme.entering import desk_of, enter_grant
from kancil.desk.programme.errors import GrantNotFound, ReportNotFound
from kancil.desk.programme.models import Activity, DonorReport, Funding, Grant
from kancil.desk.programme.money.earmarks import outside_of
from kancil.desk.programme.reports.money import money_of
from kancil.desk.programme.reports.results import (
    Before,
    figures_of,
    people_in,
    pictures_of,
    took_part_by_activity,
)
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled, filled_from_plain
from kancil.programme.counting.count import Scope
from kancil.programme.donor_report import (
    ActivitySaid,
    GrantSaid,
    Period,
    ReportSection,
    Said,
    TextSaid,
    periods_of,
)
from kancil.programme.money.shares import WHOLE_BP
from kancil.programme.vocabulary import ActivityKind, ActivityState

DUE, LATE, DRAFT, PUBLISHED = "due", "late", "draft", "published"
SOON = 60
"""Days before a period's end from which its report is listed, and can be begun."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report of a grant: one there is, or one that is due."""

    id: str
    """Empty: nobody began it."""
    grant: str
    """Id."""
    reference: str
    grant_title: str
    donor: str
    title: str
    period: Period
    status: str
    """`due`, `late`, `draft`, `published`."""
    is_late: bool
    published_at: datetime | None
    published_by: str
    formats: tuple[str, ...]


def report_rows(person: Person, today: date) -> list[ReportRow]:
    """The reports that a person sees: late ones first, then by the day on which they are due.

    A donor reader has the published ones of their own donors; whoever keeps money has those too
    that are due, and drafts.
    """
    desk = desk_of(person)
    grants = Grant.objects.select_related("donor")
    if not desk.sees_money:
        grants = grants.filter(donor_id__in=desk.donors)
    reports = DonorReport.objects.filter(grant__in=grants)
    if not desk.sees_money:
        reports = reports.exclude(published_at=None)
    reports = reports.select_related("grant__donor", "published_by").defer("said", "narrative")
    rows = [_row(each, today) for each in reports]
    if desk.sees_money:
        begun = {(each.grant, each.period.ends_on) for each in rows}
        for grant in grants:
            rows += [each for each in _due(grant, today)
                     if (each.grant, each.period.ends_on) not in begun]  # fmt: skip
    return sorted(rows, key=_place)


def _place(row: ReportRow) -> tuple[bool, int, str]:
    """Open ones first, by the day on which they are due; of published ones the newest first."""
    due = row.period.due_on.toordinal()
    is_published = row.status == PUBLISHED
    return is_published, -due if is_published else due, row.reference


def _due(grant: Grant, today: date) -> Iterator[ReportRow]:
    for each in due_periods(grant):
        if (each.ends_on - today).days <= SOON:
            status = LATE if each.due_on < today else DUE
            yield ReportRow(
                "", grant.id, grant.reference, grant.title, grant.donor.name, "", each, status,
                status == LATE, None, "", (),
            )  # fmt: skip


def due_periods(grant: Grant) -> list[Period]:
    """The periods of a grant by its reporting terms."""
    return list(periods_of(
        grant.begins_on, grant.ends_on, grant.reports_every_months, grant.report_within_days
    ))  # fmt: skip


def _row(row: DonorReport, today: date) -> ReportRow:
    period = _period(row)
    is_published = row.published_at is not None
    return ReportRow(
        row.id, row.grant_id, row.grant.reference, row.grant.title, row.grant.donor.name, row.title,
        period, PUBLISHED if is_published else DRAFT,
        not is_published and period.due_on < today, row.published_at,
        row.published_by.name if row.published_by else "", tuple(sorted(row.files)),
    )  # fmt: skip


def _period(row: DonorReport) -> Period:
    return Period(row.period_from, row.period_to, row.due_on)


@dataclass(frozen=True, slots=True)
class ReportSight:
    """A report as a person sees it; only `enter_report` gives one."""

    of: GrantSight
    report: str
    title: str
    period: Period
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """Whether it left, and stands as it is."""
        return self.published_at is not None

    @property
    def may_write(self) -> bool:
        """Write it, and publish it."""
        return self.of.desk.may_write and not self.is_published


def enter_report(person: Person, report: str) -> ReportSight:
    """What a person sees of a report.

    Raises ReportNotFound, also for one of another donor's grant, and for a draft to a donor reader.
    """
    row = DonorReport.objects.filter(id=report[:36]).only(
        "id", "grant_id", "title", "period_from", "period_to", "due_on", "published_at"
    ).first()  # fmt: skip
    try:
        sight = enter_grant(person, row.grant_id if row else "")
    except GrantNotFound as error:
        raise ReportNotFound from error
    if row is None or not (row.published_at or sight.sees_lines):
        raise ReportNotFound
    return ReportSight(sight, row.id, row.title, _period(row), row.published_at)


@dataclass(frozen=True, slots=True)
class Published:
    """Who answers for a published report."""

    official: str = ""
    office: str = ""
    language: str = ""
    corrected_on: date | None = None
    """When a report was published that corrects this one."""


def published_of(sight: ReportSight) -> tuple[Said, Published]:
    """What a published report said, and who answers for it. Raises ReportNotFound for a draft."""
    row = DonorReport.objects.get(id=sight.report)
    if not row.said:
        raise ReportNotFound
    newer = _of_same_period(row).filter(published_at__gt=row.published_at).first()
    kept: dict[str, Any] = row.said
    said = filled_from_plain(Said, kept["said"], is_whole=False)  # older ones lack newer fields
    return said, Published(
        kept["official"], kept["office"], kept["language"],
        day_of(newer.published_at) if newer and newer.published_at else None,
    )  # fmt: skip


def _of_same_period(row: DonorReport) -> Any:
    found = DonorReport.objects.filter(
        grant_id=row.grant_id, period_from=row.period_from, period_to=row.period_to
    ).exclude(id=row.id)  # fmt: skip
    return found.exclude(published_at=None).order_by("-published_at")


def open_report_file(sight: ReportSight, store: Vault, format: str) -> BinaryIO:
    """Open a file of a published report, checked.

    Raises ReportNotFound, StoredFileMissing, StoredFileBroken.
    """
    sha256 = DonorReport.objects.values_list("files", flat=True).get(id=sight.report).get(format)
    if sha256 is None:
        raise ReportNotFound
    return open_stored(store, sha256)


@dataclass(frozen=True, slots=True)
class TextVersion:
    """A section of a draft as it stood from a moment on."""

    n: int
    text: str
    by: str
    at: datetime


def text_versions(sight: ReportSight, section: ReportSection) -> list[TextVersion]:
    """All versions of a section, the newest first."""
    narrative = DonorReport.objects.values_list("narrative", flat=True).get(id=sight.report)
    return versions_in(narrative, section)


def versions_in(narrative: dict[str, Any], section: ReportSection) -> list[TextVersion]:
    """The versions that a row keeps of a section, the newest first."""
    kept = narrative.get(section.value, [])
    return [
        TextVersion(n, each["text"], each["by"], datetime.fromisoformat(each["at"]))
        for n, each in reversed(list(enumerate(kept, 1)))
    ]


def said_of(sight: ReportSight) -> Said:
    """What a draft would say if it were published now."""
    row = DonorReport.objects.select_related("grant__donor").get(id=sight.report)
    return said_in(row)


def said_in(row: DonorReport) -> Said:
    """The same of a row that is held."""
    grant, period = row.grant, _period(row)
    money = money_of(grant, period)
    scope = Scope(period.begins_on, period.ends_on, grant=grant.reference)
    activities = _paid(grant, period, money.costs)
    outputs = {each.output_id for each in activities if each.output_id}
    outputs.update(grant.outputs.values_list("pk", flat=True))
    older = _of_same_period(row).first()
    people, cells = people_in(scope)
    figures, apart = figures_of(grant, outputs, period, _before(row), cells)
    return Said(
        title=row.title,
        period=period,
        grant=_grant(grant),
        texts=tuple(_texts(row.narrative)),
        finance=money.finance,
        activities=tuple(_activities(grant, scope, activities, money.costs)),
        figures=figures,
        figures_apart=apart,
        people=people,
        pictures=pictures_of(_of_period(grant, period).values("pk")),
        corrects=day_of(older.published_at) if older else None,
    )


def _grant(row: Grant) -> GrantSaid:
    return filled(
        GrantSaid, row, donor=row.donor.name,
        countries=tuple(sorted(each.shown_name for each in row.countries.all())),
        outputs=tuple(row.outputs.values_list("code", flat=True)), kinds=tuple(row.kinds),
    )  # fmt: skip


def _texts(narrative: dict[str, Any]) -> Iterator[TextSaid]:
    for section in ReportSection:
        newest = next(iter(versions_in(narrative, section)), None)
        if newest is not None and newest.text:
            yield TextSaid(section, newest.text, newest.by, day_of(newest.at))


def _before(row: DonorReport) -> list[Before]:
    """What the grant's last published report said of each figure."""
    earlier = DonorReport.objects.filter(grant_id=row.grant_id, period_to__lte=row.period_to)
    last = earlier.exclude(published_at=None).exclude(id=row.id).order_by(
        "-period_to", "-published_at"
    ).first()  # fmt: skip
    if last is None:
        return []
    said = filled_from_plain(Said, last.said["said"], is_whole=False)
    return [
        filled(Before, each, value=each.value or "", since=each.period_from, until=each.period_to)
        for each in said.figures
    ]


def _paid(grant: Grant, period: Period, costs: Collection[str]) -> list[Activity]:
    """Activities that a grant pays for and that touch a period, and others that cost it in it."""
    found = Activity.objects.filter(Q(id__in=_of_period(grant, period).values("pk"))
                                    | Q(id__in=list(costs)))  # fmt: skip
    return list(found.select_related("output").prefetch_related("countries"))


def _of_period(grant: Grant, period: Period) -> QuerySet[Activity]:
    """Activities that a grant pays for and that touch a period."""
    return Activity.objects.filter(
        funding__grant=grant, begins_on__lte=period.ends_on, ends_on__gte=period.begins_on
    )


def _activities(
    grant: Grant, scope: Scope, rows: list[Activity], costs: Mapping[str, int]
) -> Iterator[ActivitySaid]:
    took_part = took_part_by_activity(scope)
    beyond = outside_of(grant, [each.id for each in rows])
    shares: dict[str, int] = {}
    others: dict[str, set[str]] = {}
    for each in Funding.objects.filter(activity__in=rows).select_related("grant__donor"):
        if each.grant_id == grant.id:
            shares[each.activity_id] = each.share_bp
        elif each.grant.donor_id != grant.donor_id:
            others.setdefault(each.activity_id, set()).add(each.grant.donor.name)
    for row in rows:
        found = beyond.get(row.id)
        yield filled(
            ActivitySaid, row, outside=found.why if found else (),
            override=found.reason if found else "",
            override_by=found.by if found else "",
            kind=ActivityKind(row.kind), state=ActivityState(row.state),
            countries=tuple(sorted(each.shown_name for each in row.countries.all())),
            output=row.output.code if row.output else "", is_whole=shares.get(row.id) == WHOLE_BP,
            cost_minor=costs.get(row.id, 0), others=tuple(sorted(others.get(row.id, ()))),
            took_part=took_part.get(row.id, 0), sdg_targets=tuple(row.sdg_targets),
        )  # fmt: skip


def grant_periods(person: Person, reference: str) -> tuple[str, list[Period]]:
    """The id of a grant by its reference, and its periods; raises GrantNotFound."""
    row = Grant.objects.filter(reference=reference[:60]).first()
    sight = enter_grant(person, row.id if row else "")
    return sight.grant, due_periods(Grant.objects.get(id=sight.grant))
