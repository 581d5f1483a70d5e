"""Activities as a person sees them: the list, one of them, the calendar, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kancil.desk.assessment.models import Country, DueDiligence, PlanItem
from kancil.desk.assessment.queries.releases import ReleaseRow, released_to
from kancil.desk.people.models import Person, Role
from kancil.desk.programme.access import ActivitySight, Desk
from kancil.desk.programme.activities.draft import REPORT, Meanwhile, filled_in, meanwhile, stands
from kancil.desk.programme.entering import enter_activity
from kancil.desk.programme.models import (
    Activity,
    ActivityDiligence,
    Delegation,
    Funding,
    Grant,
    ResultNode,
)
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase
from kancil.programme.activity import Facet, Standing, Weighed, obstacles
from kancil.programme.vocabulary import ActivityKind, ActivityState

SORTS = {"latest": ("-begins_on", "code"), "begins": ("begins_on", "code"),
         "code": ("code",), "title": ("title", "code")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payer:
    """A grant that pays for an activity, as far as the person may know it."""

    donor: str
    grant: str | None = None
    """Id; None: the person sees no grants, or not this one."""
    reference: str = ""
    share_bp: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity in a list."""

    id: str
    code: str
    kind: ActivityKind
    title: str
    countries: tuple[str, ...]
    """Names."""
    region: str
    place: str
    is_online: bool
    begins_on: date
    ends_on: date
    state: ActivityState
    payers: tuple[Payer, ...]
    officer: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which activities of a list are looked at; what is empty is not asked."""

    country: str = ""
    kind: str = ""
    state: str = ""
    grant: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "latest"


class Activities(Sequence[ActivityRow]):
    """The activities that a person sees of those wanted; only what is looked at is read."""

    def __init__(self, desk: Desk, wanted: Wanted = Wanted()) -> None:
        """Nothing is asked of the database yet."""
        self._desk = desk
        self._found = _wanted(seen_by(desk), desk, wanted)

    def __len__(self) -> int:
        """How many there are, by one count."""
        return self._found.count()

    def __getitem__(self, place: Any) -> Any:
        """Those of a slice, or one: their ids first, so that no whole rows are sorted."""
        if isinstance(place, slice):
            ids = list(self._found.values_list("pk", flat=True)[place])
            rows = {row.pk: row for part in _batches(ids)
                    for row in _with_all(Activity.objects.filter(pk__in=part))}  # fmt: skip
            return [_row(self._desk, rows[id]) for id in ids]
        return self[place : place + 1][0]


def _batches(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Ids in parts that every database takes as parameters of one question."""
    for first in range(0, len(ids), size):
        yield ids[first : first + size]


def seen_by(desk: Desk) -> QuerySet[Activity]:
    """The activities that a person sees: the same as `Desk.sees_activity` says of each."""
    if desk.sees_all:
        return Activity.objects.all()
    if desk.role is Role.ADMINISTRATOR:
        return Activity.objects.none()
    if desk.is_donor:
        paid = Funding.objects.filter(activity=OuterRef("pk"), grant__donor__in=desk.donors)
        return Activity.objects.filter(Exists(paid))
    invited = Delegation.objects.filter(activity=OuterRef("pk"), country__in=desk.countries)
    return Activity.objects.filter(_of_countries(desk.countries) | Exists(invited))


def _of_countries(codes: Iterable[str]) -> Exists:
    through = Activity.countries.through._default_manager
    return Exists(through.filter(activity=OuterRef("pk"), country__in=list(codes)))


def _wanted(found: QuerySet[Activity], desk: Desk, wanted: Wanted) -> QuerySet[Activity]:
    if wanted.country:
        found = found.filter(_of_countries([wanted.country]))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.grant and (desk.sees_money or desk.is_donor):
        grants = Funding.objects.filter(activity=OuterRef("pk"), grant=wanted.grant)
        if desk.is_donor:
            grants = grants.filter(grant__donor__in=desk.donors)
        found = found.filter(Exists(grants))
    if wanted.text:
        words = [Q(**{f"{name}__icontains": wanted.text}) for name in ("title", "code", "place")]
        found = found.filter(words[0] | words[1] | words[2])
    if wanted.since:
        found = found.filter(ends_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(begins_on__lte=wanted.until)
    return found.order_by(*SORTS.get(wanted.sort, SORTS["latest"]))


def _with_all(found: QuerySet[Activity]) -> QuerySet[Activity]:
    return found.select_related("officer").prefetch_related("countries", "funding__grant__donor")


def calendar(desk: Desk, first: date, last: date, *, with_off: bool = False) -> list[ActivityRow]:
    """Activities of some days, by day.

    `with_off`: also those postponed or cancelled, which a calendar that has them is to take out.
    """
    found = seen_by(desk).filter(begins_on__lte=last, ends_on__gte=first)
    if not with_off:
        off = [ActivityState.POSTPONED.value, ActivityState.CANCELLED.value]
        found = found.exclude(state__in=off)
    return [_row(desk, each) for each in _with_all(found)]


def _row(desk: Desk, row: Activity) -> ActivityRow:
    return filled(
        ActivityRow, row, kind=ActivityKind(row.kind), state=ActivityState(row.state),
        countries=tuple(each.shown_name for each in row.countries.all()),
        payers=payers_of(desk, row), officer=row.officer.name,
    )  # fmt: skip


def payers_of(desk: Desk, row: Activity) -> tuple[Payer, ...]:
    """Who pays: each grant to who keeps money; to a donor their own; else donors by name."""
    funding = sorted(row.funding.all(), key=lambda each: (-each.share_bp, each.pk))
    if desk.sees_money:
        return tuple(_payer(each) for each in funding)
    if desk.is_donor:
        return tuple(_payer(each) for each in funding if each.grant.donor_id in desk.donors)
    return tuple(Payer(name) for name in dict.fromkeys(each.grant.donor.name for each in funding))


def _payer(row: Funding) -> Payer:
    return Payer(row.grant.donor.name, row.grant_id, row.grant.reference, row.share_bp)


@dataclass(frozen=True, slots=True)
class Diligence:
    """A record of Human Rights Due Diligence, and what it is of."""

    item: str
    """Title of the plan's item; empty: the activity itself."""
    risk: str
    mitigation: str
    decision: str
    decided_by: str
    review_on: date
    at: datetime
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Need:
    """An item of a country's plan that an activity answers."""

    id: str
    round: str
    title: str
    country: str
    success: str
    may_open: bool
    """Whether the person sees the round whose plan it is of."""


@dataclass(frozen=True, slots=True)
class ActivityWhole:
    """All of an activity that stands in its own row, and what travels with it."""

    row: ActivityRow
    purpose: str
    counterpart: str
    state_reason: str
    to_security_forces: bool
    gender_marker: str
    sdg_targets: tuple[str, ...]
    output: str
    """Code and statement; empty: none."""
    report: str
    """Of this and the next a donor reader reads nothing before the activity is done."""
    outcome_statement: str
    version: int
    needs: tuple[Need, ...]
    diligence: tuple[Diligence, ...]
    """The newest first; from outside none, from a country's side none of another country's."""
    releases: tuple[ReleaseRow, ...]
    """What countries released of the rounds behind it, as far as the person may have it."""


def activity_whole(person: Person, sight: ActivitySight) -> ActivityWhole:
    """All of one activity."""
    desk = sight.desk
    row = _with_all(Activity.objects.filter(id=sight.activity)).select_related("output").get()
    items = _items_of(desk, row)
    rounds = {each.round_id for each in items}
    sees_behind = not (desk.is_donor or desk.role is Role.FINANCE)
    released = [each for each in released_to(person) if each.round in rounds] if rounds else []
    return filled(
        ActivityWhole, row, row=_row(desk, row), sdg_targets=tuple(row.sdg_targets),
        output=_statement(row.output) if row.output else "",
        **written_after(desk, row),
        needs=tuple(_need(desk, each) for each in items) if sees_behind else (),
        diligence=_diligence_seen(desk, row, items) if sees_behind else (),
        releases=tuple(released),
    )  # fmt: skip


def _items_of(desk: Desk, row: Activity) -> list[PlanItem]:
    """The items that an activity answers: of the reader's countries, or all for who plans.

    A shared activity shows no country the needs of another.
    """
    found = row.plan_items.select_related("round__country")
    return list(found if desk.sees_all else found.filter(round__country__in=desk.countries))


def _diligence_seen(desk: Desk, row: Activity, items: Sequence[PlanItem]) -> tuple[Diligence, ...]:
    """Due diligence of those items; the activity's own where all its countries are the reader's."""
    countries = {each.code for each in row.countries.all()}
    is_whole = desk.sees_all or countries <= desk.countries
    return tuple(_diligence(row, items, own=is_whole))


def written_after(desk: Desk, row: Activity) -> dict[str, str]:
    """What was written after an activity, as far as a person reads it."""
    reads = not desk.is_donor or row.state == ActivityState.DONE.value
    return {name: getattr(row, name) if reads else "" for name in REPORT}


def _need(desk: Desk, item: PlanItem) -> Need:
    here = item.round.country_id
    return filled(
        Need, item, round=item.round_id, country=item.round.country.shown_name,
        may_open=desk.may_write or here in desk.countries,
    )  # fmt: skip


def _statement(node: ResultNode) -> str:
    versions = list(node.versions.all())
    return f"{node.code} {versions[-1].statement}" if versions else node.code


def _diligence(row: Activity, items: Sequence[PlanItem], *, own: bool = True) -> list[Diligence]:
    titles = {each.id: each.title for each in items}
    its = ActivityDiligence.objects.filter(activity=row).order_by("-at", "-id")
    others = DueDiligence.objects.filter(item__in=items).order_by("-at", "-id")
    told: list[tuple[str, Any]] = [("", each) for each in its] if own else []
    told += [(titles[each.item_id], each) for each in others]
    seen: set[str] = set()
    found = []
    for item, each in told:
        found.append(filled(Diligence, each, item=item, is_newest=item not in seen))
        seen.add(item)
    return found


def obstacles_of(row: Activity, to: ActivityState, today: date) -> tuple[Phrase, ...]:
    """What is missing before an activity is in a state."""
    items = list(row.plan_items.all())
    weighed = [each for each in _diligence(row, items) if each.is_newest]
    counted: dict[Facet, Any] = {
        Facet.AGENDA: row.agenda, Facet.DELEGATIONS: row.delegations,
        Facet.PLACEMENTS: row.placements, Facet.HANDOVERS: row.handovers,
        Facet.HEAD_COUNTS: row.head_counts.filter(replaced_at=None),
    }  # fmt: skip
    present = {facet for facet, rows in counted.items() if rows.exists()}
    if row.outcome_statement:
        present.add(Facet.OUTCOME)
    standing = Standing(
        ActivityKind(row.kind), row.begins_on, row.ends_on, row.countries.count(),
        bool(row.region), bool(row.place) or row.is_online,
        tuple(row.funding.values_list("share_bp", flat=True)), row.to_security_forces,
        tuple(Weighed(each.decision, each.review_on) for each in weighed), bool(row.report),
        present,
    )  # fmt: skip
    return obstacles(standing, to, today)


def missing(sight: ActivitySight, today: date) -> dict[ActivityState, tuple[Phrase, ...]]:
    """What is missing before the next states, for whoever plans."""
    row = Activity.objects.get(id=sight.activity)
    if not sight.desk.sees_all:
        return {}
    state = ActivityState(row.state)
    if state is ActivityState.PLANNED:
        return {ActivityState.CONFIRMED: obstacles_of(row, ActivityState.CONFIRMED, today)}
    if state is ActivityState.CONFIRMED:
        return {ActivityState.DONE: obstacles_of(row, ActivityState.DONE, today)}
    return {}


@dataclass(frozen=True, slots=True)
class Options:
    """What the form of an activity offers: values and names."""

    countries: Mapping[str, str]
    officers: Mapping[str, str]
    outputs: Mapping[str, str]


def options(output: str = "") -> Options:
    """What may be chosen for an activity; for whoever plans. `output`: what it has already."""
    officers = Person.objects.filter(role=Role.PROGRAMME_OFFICER, is_active=True)
    nodes = ResultNode.objects.filter(Q(ended_at=None) | Q(id=output), kind="output")
    countries = {row.code: row.shown_name for row in Country.objects.all()}
    return Options(
        dict(sorted(countries.items(), key=lambda one: one[1])),
        {str(each.pk): each.name for each in officers},
        {each.id: _statement(each) for each in nodes.prefetch_related("versions")},
    )


def grants_for(desk: Desk) -> dict[str, str]:
    """Grants by id that a person may name: all, or those of their own donor."""
    found = Grant.objects.select_related("donor")
    if not desk.sees_money:
        found = found.filter(donor__in=desk.donors)
    return {each.id: f"{each.reference} · {each.donor.name}" for each in found}


def shares_of(sight: ActivitySight) -> dict[str, int]:
    """What each grant pays of an activity, in hundredths of a percent; for who keeps money."""
    if not sight.sees_money:
        return {}
    return dict(Funding.objects.filter(activity=sight.activity).values_list("grant", "share_bp"))


def from_item(desk: Desk, item: str) -> Mapping[str, Any]:
    """An activity as an item of a plan asks for it, by field; empty: no such item."""
    row = PlanItem.objects.filter(id=item[:36]).select_related("round__country").first()
    if row is None or not desk.may_write:
        return {}
    country = row.round.country
    return {
        "title": row.title, "purpose": row.outcome or row.success, "countries": [country.code],
        "region": country.region, "to_security_forces": row.to_security_forces,
        "counterpart": row.owner, "begins_on": row.begins_on, "plan_items": [row.id],
    }  # fmt: skip


def item_titles(ids: Iterable[str]) -> dict[str, str]:
    """Titles of items of plans, with their country."""
    found = PlanItem.objects.filter(id__in=list(ids)).select_related("round__country")
    return {each.id: f"{each.title} ({each.round.country.shown_name})" for each in found}


def written(sight: ActivitySight) -> Mapping[str, Any]:
    """An activity as its form has it, by field, as JSON writes it."""
    return stands(Activity.objects.get(id=sight.activity))


def compared(sight: ActivitySight, given: Mapping[str, Any], version: int) -> Meanwhile:
    """What somebody writes beside what stands, by field; see `draft.meanwhile`."""
    row = Activity.objects.get(id=sight.activity)
    return meanwhile(row, filled_in(row, given), version)


def activity_named(person: Person, named: str) -> ActivitySight:
    """What a person sees of an activity, by its code or id; raises ActivityNotFound."""
    found = Activity.objects.filter(code=named[:60]).values_list("id", flat=True).first()
    return enter_activity(person, found or named)
