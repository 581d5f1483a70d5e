"""Who is registered for an activity: counts for all who see it, names for those who may.

Two rows of one person count once. The programme officer counts everybody; a country's side counts
its own people, and nobody else's, since what they know of their own would tell of the others; for
everyone else groups under five are hidden, and those from which they could be computed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from kancil.desk.assessment.models import Country
from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.entering import require
from kancil.desk.programme.models import (
    Activity,
    Delegation,
    HeadCount,
    ImportBatch,
    Organisation,
    Participation,
)
from kancil.desk.programme.people.participants import COMING, fold
from kancil.ground.filled import filled
from kancil.programme.registration.form import FormOf
from kancil.programme.vocabulary import Part, RegistrationState
from kancil.records import small_groups

Key = TypeVar("Key", bound=Hashable)
KIND = "registrations"
"""Of an import of registrations."""
_LAST_NAMES = ("participant__name", "id")
SORTS: Mapping[str, tuple[str | OrderBy, ...]] = {
    "name": _LAST_NAMES,
    "country": (F("participant__country_id").asc(nulls_last=True), *_LAST_NAMES),
    "organisation": (F("participant__organisation__name").asc(nulls_last=True), *_LAST_NAMES),
    "state": (
        Case(*(When(state=each, then=n) for n, each in enumerate(RegistrationState))).asc(),
        *_LAST_NAMES,
    ),
    "day": ("at", "id"),
    "newest": ("-at", "-id"),
}
"""How registrations are sorted; by state: in the order of the vocabulary."""
PLACED = (Part.PARTICIPANT.value, Part.DELEGATE.value, Part.OBSERVER.value)
"""Parts that need a place of a delegation; who speaks or teaches needs none."""


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration of somebody whom the reader sees by name."""

    id: int
    participant: int
    name: str
    country: str
    """Code."""
    country_name: str
    organisation: str
    office: str
    role: str
    has_consent: bool
    part: str
    state: str
    registered_how: str
    attended: bool
    delegation: int | None
    at: datetime


def _of(sight: ActivitySight) -> QuerySet[Participation]:
    return Participation.objects.filter(activity_id=sight.activity)


def seen_registrations(sight: ActivitySight) -> QuerySet[Participation]:
    """Those whose people the reader sees by name; nobody who asked to be forgotten."""
    found = _of(sight).filter(participant__restricted_at=None, participant__forgotten_at=None)
    if sight.desk.sees_all_people:
        return found
    if sight.desk.sees_own_people:
        return found.filter(participant__country_id__in=sight.desk.countries)
    return found.none()


def _wanted(sight: ActivitySight, state: str, text: str) -> QuerySet[Participation]:
    require(sight.sees_people, sight.desk)
    found = seen_registrations(sight)
    found = found.filter(state=state) if state else found
    if text.strip():
        part = fold(text.strip())
        by_name = Q(participant__name_folded__contains=part)
        found = found.filter(by_name | Q(participant__email__contains=part))
    return found.select_related("participant__organisation")


def count_registrations(sight: ActivitySight, state: str = "", text: str = "") -> int:
    """How many registrations the reader sees by name."""
    return _wanted(sight, state, text).count()


def registrations(
    sight: ActivitySight, state: str = "", text: str = "", first: int = 0, most: int | None = None,
    sort: str = "",
) -> list[RegistrationRow]:  # fmt: skip
    """Registrations from the `first` (from 0) on; `sort`: one of `SORTS`.

    Without it by name of the person, and the waiting list in the order in which it was entered.
    Raises ActNotYours for who sees no names.
    """
    usual = "day" if state == RegistrationState.WAITING else "name"
    found = _wanted(sight, state, text).order_by(*SORTS[sort or usual])
    names = {each.code: each.shown_name for each in Country.objects.all()}
    return [
        filled(RegistrationRow, each, participant=person.pk, name=person.name,
               country=person.country_id or "", office=person.office, role=person.role,
               country_name=names.get(person.country_id or "", ""),
               organisation=person.organisation.name if person.organisation else "",
               has_consent=person.consent_on is not None, delegation=each.delegation_id)
        for each in found[first : None if most is None else first + most]
        for person in [each.participant]
    ]  # fmt: skip


def leaving_registrations(
    sight: ActivitySight, state: str = "", text: str = "", sort: str = ""
) -> list[RegistrationRow]:
    """Registrations for a list that leaves: without consent nothing that names somebody."""
    return [
        each if each.has_consent else replace(each, name="", organisation="", office="")
        for each in registrations(sight, state, text, sort=sort)
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a delegation and how they are taken."""

    id: int
    country: str
    country_name: str
    organisation: str
    places: int
    coming: int
    waiting: int
    answer_by: date | None

    @property
    def free(self) -> int:
        """How many more may come."""
        return max(self.places - self.coming, 0)


def places(sight: ActivitySight) -> list[Places]:
    """The delegations of an activity; a country's side sees its own."""
    found = Delegation.objects.filter(activity_id=sight.activity)
    if sight.desk.of_country:
        found = found.filter(country_id__in=sight.desk.countries)
    placed = Q(members__part__in=PLACED)
    found = found.annotate(
        coming=Count("members", filter=placed & Q(members__state__in=COMING)),
        waiting=Count("members", filter=placed & Q(members__state=RegistrationState.WAITING)),
    )
    return [
        filled(Places, each, country=each.country_id or "",
               country_name=each.country.shown_name if each.country else "",
               organisation=each.organisation.name if each.organisation else "")
        for each in found.select_related("country", "organisation")
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Who takes part in an activity, in numbers; None: hidden, since fewer than five."""

    total: int | None
    attended: int | None
    by_part: Mapping[str, int | None]
    by_sex: Mapping[str, int | None]
    by_country: Mapping[str, int | None]
    """By code; empty: no country."""
    country_names: Mapping[str, str]
    """By code."""
    by_state: Mapping[str, int]
    """Registrations, not people; empty for who sees no names."""


def counted(found: QuerySet[Participation]) -> QuerySet[Participation]:
    """Participations with `person`, `sex` and `country_code` of the row that stands for each.

    Count `person` distinct: two rows of one person are one.
    """
    standing, own = "participant__same_as__", "participant__"
    return found.annotate(
        person=Coalesce(F(f"{own}same_as_id"), F(f"{own}id")),
        sex=Coalesce(F(f"{standing}sex"), F(f"{own}sex")),
        country_code=Coalesce(F(f"{standing}country_id"), F(f"{own}country_id")),
    )


def taking_part(sight: ActivitySight) -> TakingPart:
    """Those who are registered, confirmed, or attended, in numbers; of a country's side its own."""
    people = people_of(sight)
    total = persons(people)
    whole = _is_whole(sight)
    states = seen_registrations(sight).order_by().values_list("state")
    return TakingPart(
        total=shown_total(sight, total),
        attended=shown_of(sight, persons(people.filter(attended=True)), total),
        by_part=_split(people, "part", total, whole=whole),
        by_sex=_split(people, "sex", total, whole=whole),
        by_country=_split(people, "country_code", total, whole=whole),
        country_names={each.code: each.shown_name for each in Country.objects.all()},
        by_state=dict(states.annotate(n=Count("id"))) if sight.sees_people else {},
    )


def people_of(sight: ActivitySight) -> QuerySet[Participation]:
    """Who is coming or came, as `counted` gives them; to a country's side its own people alone."""
    people = counted(_of(sight).filter(Q(state__in=COMING) | Q(attended=True)))
    if sight.desk.of_country:
        people = people.annotate(own=F("country_code")).filter(own__in=sight.desk.countries)
    return people


def persons(people: QuerySet[Participation]) -> int:
    """How many persons there are, each once."""
    return int(people.aggregate(n=Count("person", distinct=True))["n"])


def shown_of(sight: ActivitySight, part: int, total: int) -> int | None:
    """How many of all came, as every figure of attendance shows it; None: hidden.

    From outside neither those who came nor those who did not may be a group under five.
    """
    if _is_whole(sight):
        return part
    return _hidden({True: part, False: total - part}, total)[True]


def shown_total(sight: ActivitySight, total: int) -> int | None:
    """How many are coming, as a person sees it; None: a group under five."""
    return total if _is_whole(sight) else small_groups.alone(total)


def _is_whole(sight: ActivitySight) -> bool:
    """Whether no group that this person counts is hidden from them."""
    return sight.desk.sees_all_people or sight.desk.of_country


def _split(
    people: QuerySet[Participation], by: str, total: int, *, whole: bool
) -> dict[str, int | None]:
    rows = people.order_by().values_list(by).annotate(n=Count("person", distinct=True))
    cells = {key or "": count for key, count in rows}
    # Somebody with two parts stands in two cells: then the total is less than their sum.
    return dict(cells) if whole else _hidden(cells, max(total, sum(cells.values())))


def _hidden(cells: Mapping[Key, int], total: int) -> dict[Key, int | None]:
    return small_groups.split(cells, total=small_groups.alone(total))


@dataclass(frozen=True, slots=True)
class HeadCountRow:
    """People who were counted, not listed."""

    id: str
    series: str
    country: str
    who: str
    sex: str
    age_band: str
    count: int | None
    """None: fewer than five, or hidden for the sake of one that is."""
    counted_on: date
    how: str
    replaced_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The head counts of an activity."""

    total: int | None
    """None: fewer than five."""
    rows: tuple[HeadCountRow, ...]
    replaced: tuple[HeadCountRow, ...]
    """Counts that were corrected since. Only for whoever sees groups whole: a difference tells of
    a group too."""


def head_counts(sight: ActivitySight) -> Counted:
    """Head counts that stand, by day, and corrected ones; a country's side has its own alone."""
    found = HeadCount.objects.filter(activity_id=sight.activity).select_related("by")
    if sight.desk.of_country:
        found = found.filter(country_id__in=sight.desk.countries)
    rows = [row for row in found if row.replaced_at is None]
    total, whole = sum(row.count for row in rows), _is_whole(sight)
    shown: dict[str, int | None] = {row.id: row.count for row in found}
    if not whole:
        shown = _hidden({row.id: row.count for row in rows}, total)
    made = [
        (row.replaced_at, filled(HeadCountRow, row, country=row.country_id, by=row.by.name,
                                 count=shown[row.id]))
        for row in found
        if row.id in shown
    ]  # fmt: skip
    standing = tuple(each for replaced_at, each in made if replaced_at is None)
    replaced = tuple(each for replaced_at, each in made if replaced_at is not None)
    return Counted(total if whole else small_groups.alone(total), standing, replaced)


def import_batches(sight: ActivitySight) -> list[ImportBatch]:
    """Files of registrations that were imported for an activity, the newest first."""
    require(sight.may_write, sight.desk)
    found = ImportBatch.objects.filter(activity=sight.activity, kind=KIND).select_related("by")
    return list(found[:50])


def form_of(sight: ActivitySight) -> FormOf:
    """What the registration form of an activity says and offers."""
    require(sight.may_write, sight.desk)
    row = Activity.objects.get(id=sight.activity)
    own = row.countries.all()
    invited = Country.objects.filter(code__in=row.delegations.values("country")) if own else own
    there = [*own, *invited.exclude(code__in=[each.code for each in own])]
    there = there or list(Country.objects.all())
    named = Organisation.objects.filter(ended_on=None)
    named = named.filter(Q(country=None) | Q(country__in=there))
    days = {row.begins_on.isoformat(), row.ends_on.isoformat()}
    return FormOf(
        row.code, row.title, " – ".join(sorted(days)), row.place,
        sorted(((each.code, each.shown_name) for each in there), key=lambda one: one[1]),
        sorted(set(named.values_list("name", flat=True))),
    )  # fmt: skip
