"""The records that a counting rule may count, read from the books in a few queries.

A condition that the database can ask is asked there, so that few rows come; `programme.counting`
asks all of them again of each row. Nobody's name is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from kancil.desk.assessment.models import Release
from kancil.desk.assessment.queries.releases import COMPARISON
from kancil.desk.programme.models import (
    Activity,
    EvaluationAnswer,
    Funding,
    Handover,
    HeadCount,
    Organisation,
    Participant,
    Participation,
    Placement,
    UseCheck,
)
from kancil.programme.counting.count import Scope
from kancil.programme.counting.records import (
    ActivityRow,
    HandoverRow,
    HeadCountRow,
    OrganisationRow,
    Records,
    ScoreRow,
    SheetRow,
    TakingPart,
)
from kancil.programme.counting.rule import OWN_DAY, Counts, Dimension, Rule, Span
from kancil.programme.counting.shown import number_of

_CHUNK = 5_000


def records_for(rule: Rule, scope: Scope) -> Records:
    """The records among which a rule counts within a scope."""
    if rule.is_entered:
        return Records()
    if rule.counts in (Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES):
        return Records(scores=tuple(_scores(rule)))
    wanted = _wanted(rule, scope)
    there = _activities(wanted)
    match rule.counts:
        case Counts.PEOPLE:
            return Records(there, taking_part=_taking_part(rule, wanted, scope))
        case Counts.ORGANISATIONS:
            return Records(there, organisations=_organisations(wanted))
        case Counts.HANDOVERS:
            return Records(there, handovers=_handovers(wanted))
        case Counts.HEAD_COUNTS:
            return Records(there, head_counts=_head_counts(wanted))
        case Counts.EVALUATION:
            return Records(there, sheets=_sheets(rule, wanted))
    return Records(there)


def _wanted(rule: Rule, scope: Scope) -> QuerySet[Activity]:
    """The activities that may count, with as much of the rule as the database can ask."""
    rows = Activity.objects.filter(state__in=list(rule.states)).order_by()
    if rule.counts not in OWN_DAY:
        rows = rows.filter(ends_on__lte=scope.until)
        if rule.span is Span.PERIOD:
            rows = rows.filter(ends_on__gte=scope.since)
    if kinds := rule.only.get(Dimension.KIND):
        rows = rows.filter(kind__in=kinds)
    if outputs := rule.only.get(Dimension.OUTPUT):
        rows = rows.filter(output__code__in=outputs)
    if scope.grant:
        paid = Funding.objects.filter(grant__reference=scope.grant)
        rows = rows.filter(id__in=paid.values("activity"))
    if scope.country and rule.counts is Counts.PEOPLE:
        came = Participation.objects.filter(_may_be_of(scope.country), attended=True)
        rows = rows.filter(id__in=came.values("activity"))
    return rows


def _may_be_of(country: str) -> Q:
    """Of a country, or a duplicate, whose person may be of it."""
    return Q(participant__country=country) | Q(participant__same_as__isnull=False)


def _activities(wanted: QuerySet[Activity]) -> dict[str, ActivityRow]:
    countries: dict[str, set[str]] = defaultdict(set)
    grants: dict[str, set[str]] = defaultdict(set)
    there = Activity.countries.through.objects.filter(activity__in=wanted.values("id"))
    for id, code in there.values_list("activity_id", "country_id"):
        countries[id].add(code)
    paid = Funding.objects.filter(activity__in=wanted.values("id"))
    for id, reference in paid.values_list("activity_id", "grant__reference"):
        grants[id].add(reference)
    columns = ("id", "kind", "state", "begins_on", "ends_on", "output__code")
    return {
        id: ActivityRow(
            id, kind, state, ends, (ends - begins).days + 1, frozenset(countries[id]),
            output or "", frozenset(grants[id]),
        )
        for id, kind, state, begins, ends, output in wanted.values_list(*columns)
    }  # fmt: skip


def _taking_part(rule: Rule, wanted: QuerySet[Activity], scope: Scope) -> tuple[TakingPart, ...]:
    rows = Participation.objects.filter(activity__in=wanted.values("id"), attended=True)
    if parts := rule.only.get(Dimension.PART):
        rows = rows.filter(part__in=parts)
    if scope.country:
        rows = rows.filter(_may_be_of(scope.country))
    joined = dict(
        Participant.objects.filter(same_as__isnull=False).values_list("id", "same_as_id")
    )  # fmt: skip
    stands = {id: standing_row(id, joined) for id in joined}
    said = _of_persons(set(stands.values()))
    own = ("sex", "role", "age_band", "country_id")
    columns = ("id", "activity_id", "participant_id", "part", "days_attended",
               *(f"participant__{each}" for each in own))  # fmt: skip
    found: list[TakingPart] = []
    one: dict[str, str] = {}
    same = one.setdefault  # each word once in memory, however many rows say it
    for id, activity, row, part, days, *mine in rows.values_list(*columns).iterator(_CHUNK):
        person = stands.get(row, row)
        words = said.get(person, mine) if person != row else mine
        sex, role, age, country = (same(each or "", each or "") for each in words)
        home = same(mine[3] or "", mine[3] or "")
        held = same(activity, activity)
        found.append(
            TakingPart(id, held, row, person, same(part, part), days, sex, role, age, country, home)
        )
    return tuple(found)


def standing_row(id: int, joined: Mapping[int, int]) -> int:
    """The row that stands for a person, over any number of joins; rows joined in a ring: its least.

    `joined`: the row that each duplicate names.
    """
    seen = [id]
    while (after := joined.get(seen[-1])) is not None:
        if after in seen:
            return min(seen[seen.index(after) :])
        seen.append(after)
    return seen[-1]


def _of_persons(ids: set[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    listed = sorted(ids)
    for start in range(0, len(listed), _CHUNK):
        some = Participant.objects.filter(id__in=listed[start : start + _CHUNK])
        for id, *rest in some.values_list("id", "sex", "role", "age_band", "country_id"):
            found[id] = rest
    return found


def _organisations(wanted: QuerySet[Activity]) -> tuple[OrganisationRow, ...]:
    ids = wanted.values("id")
    pairs: set[tuple[str, str]] = set()
    came = Participation.objects.filter(activity__in=ids, attended=True).exclude(
        participant__organisation=None
    )
    pairs.update(came.values_list("participant__organisation_id", "activity_id").distinct())
    for model in (Handover, Placement):
        rows = model._default_manager.filter(activity__in=ids).order_by()
        pairs.update(rows.values_list("organisation_id", "activity_id").distinct())
    said = {
        id: (country or "", kind)
        for id, country, kind in Organisation.objects.values_list("id", "country_id", "kind")
    }
    return tuple(
        OrganisationRow(id, activity, *said[id]) for id, activity in sorted(pairs) if id in said
    )


def _handovers(wanted: QuerySet[Activity]) -> tuple[HandoverRow, ...]:
    checks: dict[str, dict[int, int]] = defaultdict(dict)
    rows = UseCheck.objects.filter(handover__activity__in=wanted.values("id")).order_by("id")
    for id, months, in_use in rows.values_list("handover_id", "months", "in_use"):
        checks[id][months] = in_use
    columns = ("id", "activity_id", "quantity", "handed_on", "organisation__country_id",
               "organisation__kind")  # fmt: skip
    handed = Handover.objects.filter(activity__in=wanted.values("id"))
    return tuple(
        HandoverRow(id, activity, quantity, on, country or "", kind, checks[id])
        for id, activity, quantity, on, country, kind in handed.values_list(*columns)
    )


def _head_counts(wanted: QuerySet[Activity]) -> tuple[HeadCountRow, ...]:
    columns = ("id", "activity_id", "series", "count", "counted_on", "country_id", "who", "sex",
               "age_band")  # fmt: skip
    rows = HeadCount.objects.filter(activity__in=wanted.values("id"), replaced_at=None)
    return tuple(HeadCountRow(*each) for each in rows.values_list(*columns).iterator(_CHUNK))


def _sheets(rule: Rule, wanted: QuerySet[Activity]) -> tuple[SheetRow, ...]:
    rows = EvaluationAnswer.objects.filter(form__activity__in=wanted.values("id"))
    if rule.moment:
        rows = rows.filter(form__moment=rule.moment)
    columns = ("id", "form__activity_id", "form__moment", "given")
    return tuple(
        SheetRow(id, activity, moment, str(given.get(rule.question, "")))
        for id, activity, moment, given in rows.values_list(*columns).iterator(_CHUNK)
        if isinstance(given, dict)
    )


def _scores(rule: Rule) -> Iterator[ScoreRow]:
    """What countries released for comparison of the rule's area, and did not withdraw."""
    rows = Release.objects.filter(document=COMPARISON, withdrawn_at=None)
    columns = ("id", "round__country_id", "released_on", "figures")
    for id, country, on, figures in rows.values_list(*columns):
        for name in sorted(figures):
            if name != rule.protocol and name.rpartition("-")[0] != rule.protocol:
                continue
            fitting = [
                each
                for each in figures[name]["figures"]
                if each["id"] == rule.area and rule.scale in ("", each["scale"])
            ]
            percent = number_of(str(fitting[0]["percent"])) if fitting else None
            if percent is not None:
                yield ScoreRow(str(id), country, on, percent)
