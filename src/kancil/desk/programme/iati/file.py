"""What an IATI file of the programme is made of; no person's row is in it but to be kept out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import pycountry
from django.db.models import Count, Prefetch, QuerySet, Sum
from django.db.models.functions import TruncMonth

from kancil.desk.assessment.models import Act, Country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.stored import open_stored
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.models import (
    Activity,
    BudgetLine,
    Document,
    Funding,
    Grant,
    IatiFile,
    ImportBatch,
    Participant,
    ResultNode,
    SpendingLine,
)
from kancil.desk.programme.money.costs import STANDING
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled
from kancil.programme.counting.rule import read_rule
from kancil.programme.iati.facts import (
    ActivityFacts,
    Budgeted,
    FigureFacts,
    GrantFacts,
    IndicatorFacts,
    Paper,
    Payer,
    Received,
    Recipient,
    Reporter,
    ResultFacts,
    Spent,
)
from kancil.programme.iati.people import Register
from kancil.programme.money.amount import Money
from kancil.programme.vocabulary import ActivityKind, ActivityState, BudgetClass, DocumentKind

REPORTER = "iati.reporter-set"
"""The act that says who publishes; the newest one holds."""
AT_ONCE = 500

__all__ = ["ImportBatch"]  # rows, to be read


@dataclass(frozen=True, slots=True)
class Overview:
    """What a file would hold, counted by the database alone."""

    activities: int
    grants: int
    no_funding: int
    no_country: int
    invented: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that was made."""

    id: str
    sha256: str
    file_name: str
    activities: int
    left_out: list[dict[str, str]]
    by: str
    at: datetime


def reporter_of_site() -> Reporter | None:
    """Who publishes the programme's files; None: nobody said so yet."""
    found = Act.objects.filter(kind=REPORTER).order_by("-at", "-id").first()
    return None if found is None else Reporter(**found.details)


def overview(person: Person) -> Overview:
    """What a file would hold; raises ActNotYours."""
    _require_officer(person)
    rows = Activity.objects
    invented = rows.filter(countries__is_invented=True).order_by().values("id").distinct()
    return Overview(
        activities=rows.count(),
        grants=Grant.objects.count(),
        no_funding=rows.filter(funding=None).count(),
        no_country=rows.filter(countries=None, region="").count(),
        invented=invented.count(),
    )


def iati_files(person: Person, most: int = 50) -> list[FileRow]:
    """The files that were made, the newest first; raises ActNotYours."""
    _require_officer(person)
    return [_file_row(each) for each in IatiFile.objects.select_related("by")[:most]]


def iati_imports(person: Person, most: int = 50) -> list[ImportBatch]:
    """The imports of IATI files, the newest first; raises ActNotYours."""
    _require_officer(person)
    return list(ImportBatch.objects.filter(kind="iati").select_related("by")[:most])


def open_iati_file(person: Person, store: Vault, id: str) -> tuple[FileRow, BinaryIO]:
    """Open one, checked; raises ActNotYours, RecordNotFound, StoredFileMissing."""
    _require_officer(person)
    row = IatiFile.objects.select_related("by").filter(id=id[:36]).first()
    if row is None:
        raise no_such("iati-file")
    return _file_row(row), open_stored(store, row.sha256)


def _file_row(row: IatiFile) -> FileRow:
    return filled(FileRow, row, by=row.by.name)


def _require_officer(person: Person) -> None:
    desk = desk_of(person)
    require(desk.may_write, desk)


# --- facts ----------------------------------------------------------------------------------------


def register_of_people() -> Register:
    """The names that no file may hold."""
    found = Participant.objects.exclude(name="").values_list("name", flat=True)
    return Register(found.iterator(chunk_size=5000))


def activity_facts(begun_by: date) -> Iterator[ActivityFacts]:
    """All activities, by code, some hundreds at a time; spending up to `begun_by`."""
    ids = list(Activity.objects.order_by("code").values_list("id", flat=True))
    payers = {row.id: _payer(row) for row in Grant.objects.select_related("donor")}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        spent = _spent(SpendingLine.objects.filter(activity_id__in=some), "activity_id", begun_by)
        budgets = _budgets(BudgetLine.objects.filter(activity_id__in=some), "activity_id")
        for row in _activities(some):
            yield ActivityFacts(
                code=row.code,
                kind=ActivityKind(row.kind),
                title=row.title,
                purpose=row.purpose,
                recipients=_recipients(row.of_countries),
                region=row.region,
                begins=row.begins_on,
                ends=row.ends_on,
                state=ActivityState(row.state),
                gender_marker=row.gender_marker,
                sdg_targets=tuple(str(each) for each in row.sdg_targets),
                to_security_forces=row.to_security_forces,
                payers=tuple(payers[each.grant_id] for each in row.shares if each.share_bp),
                budgets=budgets.get(row.id, ()),
                spent=spent.get(row.id, ()),
                papers=tuple(
                    Paper(DocumentKind(each.kind), each.title, each.file_name, each.sha256,
                          day_of(each.at))
                    for each in row.papers
                ),
            )  # fmt: skip


def _activities(ids: list[str]) -> Iterable[Any]:
    """Activities with lists of what belongs to them: `of_countries`, `shares`, `papers`."""
    public = Document.objects.filter(is_public=True, withdrawn_at=None)
    return (
        Activity.objects.filter(id__in=ids)
        .order_by("code")
        .prefetch_related(
            Prefetch("countries", to_attr="of_countries"),
            Prefetch("funding", Funding.objects.order_by("id"), to_attr="shares"),
            Prefetch("documents", public.order_by("at"), to_attr="papers"),
        )
    )


def grant_facts(begun_by: date) -> list[GrantFacts]:
    """All grants, by reference, with what belongs to no activity of theirs."""
    lines = SpendingLine.objects.filter(activity=None).exclude(grant=None)
    spent = _spent(lines, "grant_id", begun_by)
    budgets = _budgets(BudgetLine.objects.filter(activity=None), "grant_id")
    rows = Grant.objects.select_related("donor").prefetch_related("countries", "receipts")
    return [
        GrantFacts(
            payer=_payer(row),
            title=row.title,
            earmark=row.earmark,
            money=Money(row.currency, row.amount_minor),
            begins=row.begins_on,
            ends=row.ends_on,
            recipients=_recipients(row.countries.all()),
            received=tuple(
                Received(each.received_on, Money(row.currency, each.amount_minor))
                for each in row.receipts.all()
            ),
            budgets=budgets.get(row.id, ()),
            spent=spent.get(row.id, ()),
        )
        for row in rows.order_by("reference")
    ]


def _payer(grant: Grant) -> Payer:
    donor = grant.donor
    return Payer(grant.reference, donor.name, donor.iati_ref, donor.iati_type)


def _recipients(countries: Iterable[Country]) -> tuple[Recipient, ...]:
    """A country that ISO 3166-1 does not have is an invented one, whatever its row says."""
    found = []
    for each in countries:
        known = pycountry.countries.get(alpha_3=each.code)
        code = "" if known is None or each.is_invented else known.alpha_2
        found.append(Recipient(code, each.region, is_invented=not code))
    return tuple(found)


def _spent(lines: QuerySet[SpendingLine], by: str, begun_by: date) -> dict[str, tuple[Spent, ...]]:
    counted = (
        lines.filter(STANDING, posted_on__lte=begun_by)
        .order_by()
        .annotate(month=TruncMonth("posted_on"))
        .values(by, "month", "budget_class", "file__currency")
        .annotate(minor=Sum("amount_minor"), lines=Count("id"))
        .order_by(by, "month", "budget_class", "file__currency")
    )
    found: dict[str, list[Spent]] = defaultdict(list)
    for each in counted:
        money = Money(each["file__currency"], each["minor"])
        found[each[by]].append(
            Spent(each["month"], BudgetClass(each["budget_class"]), money, each["lines"])
        )
    return {key: tuple(listed) for key, listed in found.items()}


def _budgets(lines: QuerySet[BudgetLine], by: str) -> dict[str, tuple[Budgeted, ...]]:
    """Sums of what stands, by period; revised where a line of that period was replaced."""
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    replaced: set[tuple[Any, ...]] = set()
    columns = (by, "period_from", "period_to", "currency")
    listed = lines.order_by(*columns, "id").values_list(*columns, "amount_minor", "replaced_at")
    for *key, minor, replaced_at in listed:
        if replaced_at is None:
            sums[tuple(key)] += minor
        else:
            replaced.add(tuple(key))
    found: dict[str, list[Budgeted]] = defaultdict(list)
    for (owner, begins, ends, currency), minor in sums.items():
        is_revised = (owner, begins, ends, currency) in replaced
        found[owner].append(Budgeted(begins, ends, Money(currency, minor), is_revised))
    return {key: tuple(listed) for key, listed in found.items()}


def result_facts() -> list[ResultFacts]:
    """The results framework with the figures of the whole programme that stand.

    Figures of one country or one grant are in no file: from the difference of two of them a small
    group could be computed.
    """
    nodes = ResultNode.objects.filter(ended_at=None).prefetch_related(
        "versions", "indicators__versions__figures__newer"
    )
    return [
        ResultFacts(
            kind=node.kind,
            code=node.code,
            statement=_newest(node.versions).statement,
            indicators=tuple(
                _indicator(each)
                for each in node.indicators.all()
                if each.ended_at is None and _newest(each.versions)
            ),
        )
        for node in nodes
        if _newest(node.versions)
    ]


def _newest(versions: Any) -> Any:
    return max(versions.all(), key=lambda each: each.n, default=None)


def _indicator(indicator: Any) -> IndicatorFacts:
    version = _newest(indicator.versions)
    figures = [
        figure
        for each in indicator.versions.all()
        for figure in each.figures.all()
        if figure.country_id is None and figure.grant_id is None and not figure.newer.all()
    ]
    return filled(
        IndicatorFacts,
        version,
        rule=read_rule(version.rule),
        figures=tuple(_figure(each) for each in figures),
    )


def _figure(figure: Any) -> FigureFacts:
    return FigureFacts(
        begins=figure.period_from,
        ends=figure.period_to,
        value=figure.value,
        parts=figure.split,
        of=figure.records.get("of"),
    )
