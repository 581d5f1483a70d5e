"""What a grant's activities led to, as a donor report says it: figures, people, pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from kancil.desk.assessment.models import Country
from kancil.desk.programme.models import (
    Document,
    Figure,
    Grant,
    HeadCount,
    IndicatorVersion,
    NodeVersion,
    Participation,
    ResultNode,
)
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase
from kancil.programme.donor_report import FigureSaid, People, Period, PictureSaid
from kancil.programme.vocabulary import Audience, DocumentKind
from kancil.records.small_groups import alone, split

MOST_PICTURES = 6


def figures_of(
    grant: Grant, outputs: Collection[str], period: Period, before: Mapping[tuple[str, str], str]
) -> tuple[FigureSaid, ...]:
    """The figures of a period for the grant's outputs, and the outcomes above them.

    `outputs`: ids of nodes; none: all. `before`: values in the last report, by indicator's code and
    country's name. One that another grant's share was counted for is never among them.
    """
    nodes = _with_above(outputs)
    found = Figure.objects.filter(
        Q(grant=None) | Q(grant=grant), newer=None,
        period_to__gte=period.begins_on, period_to__lte=period.ends_on,
    )  # fmt: skip
    if nodes:
        found = found.filter(version__indicator__node_id__in=nodes)
    return figures_from(found, before)


def figures_from(
    found: QuerySet[Figure], before: Mapping[tuple[str, str], str]
) -> tuple[FigureSaid, ...]:
    """Of some figures the newest of each indicator and country, one of a grant's own first."""
    found = found.select_related("version__indicator__node", "country", "older")
    chosen: dict[tuple[str, str], Figure] = {}
    for each in found.order_by("period_to", "at"):
        key = (each.version.indicator.code, each.country_id or "")
        stands = chosen.get(key)
        if stands is None or stands.grant_id is None or each.grant_id is not None:
            chosen[key] = each
    rows = sorted(chosen.values(), key=_place)
    statements = _statements({each.version.indicator.node_id for each in rows})
    return tuple(_figure(each, statements, before) for each in rows)


def _place(row: Figure) -> tuple[Any, ...]:
    of = row.version.indicator
    country = row.country.shown_name if row.country else ""
    return (of.node.code, of.position, of.code, country)


def _with_above(outputs: Collection[str]) -> set[str]:
    parents = dict(ResultNode.objects.values_list("id", "parent_id"))
    found: set[str] = set()
    for each in outputs:
        at: str | None = each
        while at and at not in found:
            found.add(at)
            at = parents.get(at)
    return found


def _statements(nodes: Collection[str]) -> dict[str, str]:
    versions = NodeVersion.objects.filter(node_id__in=nodes).order_by("n")
    return dict(versions.values_list("node_id", "statement"))


def _figure(
    row: Figure, statements: Mapping[str, str], before: Mapping[tuple[str, str], str]
) -> FigureSaid:
    of: IndicatorVersion = row.version
    country = row.country.shown_name if row.country else ""
    return filled(
        FigureSaid, row, id=row.id, indicator=of.indicator.code, title=of.title,
        node=of.indicator.node.code, statement=statements.get(of.indicator.node_id, ""),
        rule=rule_words(of.rule), measure=of.measure, country=country,
        is_whole=row.grant_id is None, baseline=of.baseline, target=of.target,
        before=before.get((of.indicator.code, country), ""),
        corrected=row.older.value if row.older else "",
    )  # fmt: skip


def rule_words(rule: Mapping[str, Any]) -> Phrase | str:
    """A counting rule as a sentence for readers."""
    return str(rule.get("sentence", ""))


def standing(name: str) -> Coalesce:
    """A field of the participant that stands, where two rows are of one person."""
    return Coalesce(f"participant__same_as__{name}", f"participant__{name}")


def took_part_in(which: Q) -> QuerySet[Participation]:
    """Who took part, each with the row of the person that stands as `who`."""
    found = Participation.objects.filter(which, attended=True)
    return found.annotate(who=Coalesce("participant__same_as_id", F("participant_id")))


def people_of(activities: QuerySet[Any, Any]) -> People:
    """Who took part in some activities, each counted once; groups under five are hidden."""
    counts = HeadCount.objects.filter(activity__in=activities)
    return _people(took_part_in(Q(activity__in=activities)), counts)


def people_from(country: str) -> People:
    """Who of a country took part in any activity, and who was reached in it; counted as above."""
    rows = took_part_in(Q(participant__country_id=country))
    return _people(rows, HeadCount.objects.filter(country_id=country))


def _people(rows: QuerySet[Participation], counts: QuerySet[HeadCount]) -> People:
    total = rows.aggregate(n=Count("who", distinct=True))["n"]

    def by(name: str) -> dict[str, int]:
        # Another name than the column's: an annotation may not hide a field of the model.
        of = rows.annotate(group=standing(name)).values_list("group")
        found = of.annotate(n=Count("who", distinct=True)).order_by()
        return {str(key or ""): count for key, count in found}

    def shown(cells: Mapping[str, int]) -> dict[str, int | None]:
        ordered = dict(sorted(cells.items(), key=lambda each: (-each[1], each[0])))
        return split(ordered, total=alone(total))

    names = {each.code: each.shown_name for each in Country.objects.all()}
    by_country = {names.get(code, ""): count for code, count in by("country_id").items()}
    reached, children = _reached(counts)
    return People(
        total=alone(total),
        by_sex=shown(by("sex")),
        by_profession=shown(by("role")),
        by_country=shown(by_country),
        reached=alone(reached),
        reached_children=alone(children),
    )


def _reached(counts: QuerySet[HeadCount]) -> tuple[int, int]:
    """How many were counted and not listed; of a series of sessions, each group once."""
    found = counts.filter(replaced_at=None)
    groups = found.values_list("activity_id", "series", "country_id", "who", "sex", "age_band")
    rows = list(groups.annotate(n=Max("count")).order_by())
    children = sum(each[-1] for each in rows if each[3] == Audience.CHILDREN.value)
    return sum(each[-1] for each in rows), children


def took_part_by_activity(activities: QuerySet[Any, Any]) -> dict[str, int | None]:
    """How many took part in each, by its id, with small ones and their complements hidden."""
    rows = took_part_in(Q(activity__in=activities)).values_list("activity_id")
    found = dict(rows.annotate(n=Count("who", distinct=True)).order_by())
    return split(found, total=sum(found.values()))


def pictures_of(activities: QuerySet[Any, Any]) -> tuple[PictureSaid, ...]:
    """The newest public pictures of some activities, a few."""
    found = Document.objects.filter(
        activity__in=activities, kind=DocumentKind.PICTURE.value, is_public=True,
        withdrawn_at=None,
    ).select_related("activity")  # fmt: skip
    return tuple(
        PictureSaid(each.sha256, each.title, each.activity.code) for each in found[:MOST_PICTURES]
    )
