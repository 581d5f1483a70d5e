"""What the programme did in a country; of its rounds only what it released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from kancil.assessment.planning.plan import ItemState
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.models import Country, PlanItem, Release
from kancil.desk.assessment.queries.releases import COMPARISON
from kancil.desk.assessment.queries.rounds import rounds
from kancil.desk.assessment.queries.site import kept_protocols
from kancil.desk.people.models import Person
from kancil.desk.programme.models import Activity, Figure, Handover
from kancil.desk.programme.reports.results import figures_from, people_in
from kancil.ground.filled import filled
from kancil.ground.words import spoken
from kancil.programme.counting.count import Scope
from kancil.programme.counting.rule import Span
from kancil.programme.delivered import Change, CountryProgramme, Done, HandedOver, Need
from kancil.programme.vocabulary import ActivityKind, ActivityState

_FIRST_DAY = date(1, 1, 1)


def country_programme(person: Person, sight: CountrySight, today: date) -> CountryProgramme:
    """What was done in a country until today, for whom, and what changed.

    Needs are those of rounds that the person sees.
    """
    row = Country.objects.get(code=sight.country)
    activities = Activity.objects.filter(countries=row).order_by("-begins_on", "code")
    figures = Figure.objects.filter(country=row, newer=None, grant=None)
    people, cells = people_in(Scope(_FIRST_DAY, today, country=row.code), Span.TO_DATE)
    return CountryProgramme(
        code=row.code,
        name=row.shown_name,
        is_invented=row.is_invented,
        activities=tuple(map(_done, activities)),
        people=people,
        handovers=tuple(_handovers(row.code)),
        figures=figures_from(figures, cells),
        needs=tuple(_needs(row.code, [each.id for each in rounds(person, row.code)])),
    )


def _done(row: Activity) -> Done:
    return filled(Done, row, kind=ActivityKind(row.kind), state=ActivityState(row.state))


def _handovers(country: str) -> Iterator[HandedOver]:
    found = Handover.objects.filter(organisation__country_id=country)
    for each in found.select_related("organisation").prefetch_related("checks"):
        last = max(each.checks.all(), key=lambda check: (check.checked_on, check.pk), default=None)
        yield filled(
            HandedOver, each, organisation=each.organisation.name,
            in_use=last.in_use if last else None, checked_on=last.checked_on if last else None,
        )  # fmt: skip


def _needs(country: str, seen: Sequence[str]) -> Iterator[Need]:
    """Items of plans that were not rejected: those that activities answer first."""
    activities = Activity.objects.order_by("begins_on")
    found = (
        PlanItem.objects.filter(round__in=seen)
        .exclude(state=ItemState.REJECTED.value)
        .select_related("round")
        .prefetch_related(Prefetch("activities", queryset=activities))
        .order_by("-round__period_to", "position")
    )
    protocols = {each.protocol.name: each.protocol for each in kept_protocols()}
    released = _released(country)
    needs = [
        Need(
            each.title, each.round.title, ", ".join(each.indicators),
            tuple(map(_done, each.activities.all())),
            tuple(_changes(each, protocols.get(each.protocol), released)),
        )
        for each in found
    ]  # fmt: skip
    yield from sorted(needs, key=lambda each: not each.activities)


def _released(country: str) -> Sequence[Release]:
    """What the country released for comparison, of each round the newest, by round."""
    found = Release.objects.filter(
        round__country_id=country, document=COMPARISON, withdrawn_at=None
    ).select_related("round")  # fmt: skip
    newest: dict[str, Release] = {}
    for each in found.order_by("released_on", "id"):
        newest[each.round_id] = each
    return sorted(newest.values(), key=lambda each: each.round.period_to)


def _changes(
    item: PlanItem, protocol: Protocol | None, released: Sequence[Release]
) -> Iterator[Change]:
    """The score of each area that the item is about, in its own round and the next released."""
    if protocol is None:
        return
    ends = item.round.period_to
    own = [each for each in released if each.round.period_to <= ends]
    later = [each for each in released if each.round.period_to > ends]
    known = [protocol.indicators[each].area for each in item.indicators
             if each in protocol.indicators]  # fmt: skip
    for area in dict.fromkeys(known):
        first = _score(own[-1], protocol.name, area) if own else ""
        following = next((each for each in later if _score(each, protocol.name, area)), None)
        if first or following:
            yield Change(
                protocol.areas[area].title.in_language(spoken()),
                first, own[-1].round.title if own else "",
                _score(following, protocol.name, area) if following else "",
                following.round.title if following else "",
            )  # fmt: skip


def _score(release: Release, protocol: str, area: str) -> str:
    figures: Sequence[Mapping[str, Any]] = release.figures.get(protocol, {}).get("figures", ())
    found = (each for each in figures if each["of"] == "area" and each["id"] == area)
    return next((str(each["percent"]) for each in found if each.get("percent") is not None), "")
