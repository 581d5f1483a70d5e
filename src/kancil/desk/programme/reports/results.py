"""What a grant's activities led to, as a donor report says it: figures, people, pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kancil.desk.assessment.models import Country
from kancil.desk.programme.models import (
    Document,
    Figure,
    Grant,
    IndicatorVersion,
    NodeVersion,
    ResultNode,
)
from kancil.desk.programme.results.counting import records_for
from kancil.desk.programme.results.figures import as_it_leaves
from kancil.ground.filled import filled
from kancil.programme.counting.count import Scope, count
from kancil.programme.counting.rule import (
    Counts,
    Dimension,
    Rule,
    Span,
    read_rule,
    rule_sentence,
)
from kancil.programme.counting.shown import as_shown
from kancil.programme.counting.together import Cell, cell, hidden_together
from kancil.programme.donor_report import FigureSaid, People, Period, PictureSaid
from kancil.programme.vocabulary import ActivityState, Audience, DocumentKind
from kancil.records.small_groups import alone, split

MOST_PICTURES = 6
PEOPLE = Rule(Counts.PEOPLE, split=(Dimension.SEX, Dimension.PROFESSION, Dimension.COUNTRY))
"""Who took part."""
REACHED = Rule(Counts.HEAD_COUNTS, split=(Dimension.AUDIENCE,))
"""Who was counted and not listed."""


def figures_of(
    grant: Grant,
    outputs: Collection[str],
    period: Period,
    before: Sequence[Before],
    beside: Sequence[Cell] = (),
) -> tuple[tuple[FigureSaid, ...], tuple[FigureSaid, ...]]:
    """The figures of a period for the grant's outputs, and the outcomes above them.

    Apart from them, those that count days outside it too, of indicators that have none within it.

    `outputs`: ids of nodes; none: all. One that another grant's share was counted for is never
    among them. `before`: what the last report has. `beside`: numbers of persons that the same
    report prints; a figure that would tell a small group beside them, or beside another figure, is
    hidden.
    """
    nodes = _with_above(outputs)
    found = Figure.objects.filter(
        Q(grant=None) | Q(grant=grant), newer=None,
        period_to__gte=period.begins_on, period_from__lte=period.ends_on,
    )  # fmt: skip
    if nodes:
        found = found.filter(version__indicator__node_id__in=nodes)
    rows = _read(found)
    within = [each for each in rows if _is_within(each, period)]
    own = _chosen(within, period)
    rest = _chosen([each for each in rows if each not in within])
    apart = [row for key, row in rest.items() if key not in own]
    together = _Together([*own.values(), *apart], before, beside)
    return together.said(own.values()), together.said(apart)


def _is_within(row: Figure, period: Period) -> bool:
    """Whether a figure counts days of the period alone; one to date stands for its last day."""
    is_to_date = read_rule(row.version.rule).span is Span.TO_DATE
    begins = is_to_date or row.period_from >= period.begins_on
    return begins and period.begins_on <= row.period_to <= period.ends_on


def figures_from(found: QuerySet[Figure], beside: Sequence[Cell] = ()) -> tuple[FigureSaid, ...]:
    """Of some figures the newest of each indicator and country, one of a grant's own first."""
    rows = _chosen(_read(found)).values()
    return _Together(rows, (), beside).said(rows)


def _read(found: QuerySet[Figure]) -> list[Figure]:
    found = found.select_related("version__indicator__node", "country", "grant", "older__version")
    return list(found.order_by("period_to", "at"))


def _chosen(found: Iterable[Figure], period: Period | None = None) -> dict[Any, Figure]:
    """The newest of each indicator and country; `period`: one of exactly these days goes before."""
    whole = (period.begins_on, period.ends_on) if period else None
    chosen: dict[tuple[str, str], Figure] = {}
    for each in sorted(found, key=lambda row: (row.period_from, row.period_to) == whole):
        key = (each.version.indicator.code, each.country_id or "")
        stands = chosen.get(key)
        if stands is None or stands.grant_id is None or each.grant_id is not None:
            chosen[key] = each
    return chosen


@dataclass(frozen=True, slots=True)
class Before:
    """A figure in the grant's last published report."""

    indicator: str
    """Code."""
    country: str
    """Name; empty: all."""
    value: str
    """Empty: hidden."""
    is_whole: bool
    since: date | None
    """First day of what it counts; None: the programme's beginning."""
    until: date | None
    """None: the report was published before days were printed."""


class _Together:
    """Figures of one paper, each as it may be shown beside the others."""

    def __init__(
        self, rows: Collection[Figure], before: Sequence[Before], beside: Sequence[Cell]
    ) -> None:
        self._before = {(each.indicator, each.country): each for each in before}
        self._statements = _statements({each.version.indicator.node_id for each in rows})
        cells = [*beside, *(one for each in rows for one in self._cells(each))]
        self._hidden = hidden_together(cells)

    def said(self, rows: Iterable[Figure]) -> tuple[FigureSaid, ...]:
        """The figures in the order of the framework."""
        return tuple(self._said(each) for each in sorted(rows, key=_place))

    def _said(self, row: Figure) -> FigureSaid:
        found = _figure(row, self._statements, self._was(row))
        if row.id in self._hidden:
            return replace(found, value=None, corrected="")
        return replace(found, corrected="") if _older(row) in self._hidden else found

    def _was(self, row: Figure) -> Before | None:
        country = row.country.shown_name if row.country else ""
        return self._before.get((row.version.indicator.code, country))

    def _cells(self, row: Figure) -> Iterator[Cell]:
        rule = read_rule(row.version.rule)
        grant = row.grant.reference if row.grant else ""
        own = Scope(row.period_from, row.period_to, row.country_id or "", grant)
        found = [cell(row.id, rule, own, row.value, is_shown=as_it_leaves(row).value is not None)]
        if row.older:
            then = read_rule(row.older.version.rule)
            is_shown = as_it_leaves(row.older).value is not None
            found.append(
                cell(_older(row), then, own, row.older.value, is_shown=is_shown, version=1)
            )
        was = self._was(row)
        if was is not None and was.value and was.until and was.is_whole == (row.grant_id is None):
            days = replace(own, since=was.since or date.min, until=was.until)
            found.append(
                cell(f"before {row.id}", rule, days, was.value, is_shown=True, is_fixed=True)
            )
        yield from (each for each in found if each is not None)


def _older(row: Figure) -> str:
    """Id of the cell of what a figure corrects."""
    return f"older {row.id}"


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


def _figure(row: Figure, statements: Mapping[str, str], before: Before | None) -> FigureSaid:
    of: IndicatorVersion = row.version
    country = row.country.shown_name if row.country else ""
    shown = as_it_leaves(row)
    rule = read_rule(of.rule)
    return filled(
        FigureSaid, row, id=row.id, indicator=of.indicator.code, title=of.title,
        node=of.indicator.node.code, statement=statements.get(of.indicator.node_id, ""),
        rule=rule_sentence(rule),
        period_from=None if rule.span is Span.TO_DATE else row.period_from,
        measure=of.measure, country=country,
        is_whole=row.grant_id is None, baseline=of.baseline, target=of.target,
        before=before.value if before else "",
        value=shown.value, without_days=shown.without_days,
        corrected=(as_it_leaves(row.older).value or "") if row.older else "",
    )  # fmt: skip


def people_in(scope: Scope, span: Span = Span.PERIOD) -> tuple[People, tuple[Cell, ...]]:
    """Who took part, each counted once, and who was reached; groups under five are hidden.

    Both are counted by rules, as figures are; activities count once they are done. The same numbers
    as cells, for the figures that stand beside them.
    """
    own = replace(PEOPLE, span=span)
    counted = count(own, records_for(own, scope), scope)
    shown = as_shown(own, str(counted.value), counted.split, None, whole=False)
    names = {each.code: each.shown_name for each in Country.objects.all()}
    by_country = shown.split.get(Dimension.COUNTRY, {})
    reached = counted_heads(scope, span)
    heads = sum(reached.values())
    children = reached.get(Audience.CHILDREN.value, 0)
    who = split({"children": children, "others": heads - children}, total=alone(heads))
    people = People(
        total=None if shown.value is None else int(shown.value),
        by_sex=_largest_first(shown.split.get(Dimension.SEX, {})),
        by_profession=_largest_first(shown.split.get(Dimension.PROFESSION, {})),
        by_country=_largest_first({names.get(each, ""): n for each, n in by_country.items()}),
        reached=alone(heads),
        reached_children=who["children"],
    )
    heads_rule = replace(REACHED, span=span)
    cells = [
        cell("people", own, scope, str(counted.value), is_shown=shown.value is not None,
             is_fixed=True),
        cell("reached", heads_rule, scope, str(heads), is_shown=people.reached is not None,
             is_fixed=True),
        cell("reached children", heads_rule, scope, str(children),
             is_shown=people.reached_children is not None, is_fixed=True,
             more={"audience": Audience.CHILDREN.value}),
    ]  # fmt: skip
    for dimension, parts in shown.split.items():
        if dimension == Dimension.COUNTRY and scope.country:
            continue
        cells += [
            cell(f"people {dimension} {value}", own, scope, str(counted.split[dimension][value]),
                 is_shown=count is not None, is_fixed=True, more={str(dimension): value})
            for value, count in parts.items()
        ]  # fmt: skip
    return people, tuple(each for each in cells if each is not None)


def counted_heads(scope: Scope, span: Span = Span.PERIOD) -> Mapping[str, int]:
    """How many were counted and not listed, by who they are; of a series each once."""
    own = replace(REACHED, span=span)
    return count(own, records_for(own, scope), scope).split.get(Dimension.AUDIENCE, {})


def _largest_first(cells: Mapping[str, int | None]) -> dict[str, int | None]:
    return dict(sorted(cells.items(), key=lambda each: (-(each[1] or 0), each[0])))


def took_part_by_activity(scope: Scope) -> dict[str, int | None]:
    """How many took part in each activity, by its id; small ones and complements are hidden."""
    own = replace(PEOPLE, states=tuple(ActivityState))
    came = {(each.activity, each.person) for each in records_for(own, scope).taking_part}
    found = Counter(activity for activity, _ in came)
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
