"""The results framework as a reader sees it: statements, indicators, and the figures that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from kancil.desk.assessment.models import Country
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import GrantNotFound, ResultIndicatorNotFound, ResultNotFound
from kancil.desk.programme.models import (
    Activity,
    Grant,
    Indicator,
    IndicatorVersion,
    NodeVersion,
    ResultNode,
)
from kancil.desk.programme.results.figures import FigureRow, standing_figures
from kancil.ground.filled import filled
from kancil.programme.counting.count import feeds
from kancil.programme.counting.records import ActivityRow
from kancil.programme.counting.rule import Dimension, read_rule
from kancil.programme.counting.shown import progress
from kancil.programme.framework import Framework, IndicatorText, NodeText, Statement
from kancil.programme.vocabulary import ResultKind


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator in its newest version, with its newest figure and the one before."""

    id: str
    code: str
    n: int
    text: IndicatorText
    is_ended: bool
    figure: FigureRow | None = None
    before: FigureRow | None = None

    @property
    def progress(self) -> int | None:
        """Percent of the way from the baseline to the target; None: unknown or hidden.

        A target is the whole programme's: no figure of one country or grant is held against it.
        """
        if self.figure is None or self.figure.value is None or self.figure.is_part:
            return None
        return progress(self.text.baseline, self.text.target, self.figure.value)


@dataclass(frozen=True, slots=True)
class NodeRow:
    """An impact, outcome or output in its newest version."""

    id: str
    code: str
    kind: str
    parent: str
    """Code; empty: at the top."""
    depth: int
    n: int
    text: NodeText
    is_ended: bool
    indicators: tuple[IndicatorRow, ...]


def node_text(row: NodeVersion) -> NodeText:
    """What a version of an outcome or output says."""
    return filled(NodeText, row, sdg_targets=tuple(row.sdg_targets))


def indicator_text(row: IndicatorVersion) -> IndicatorText:
    """What a version of an indicator says."""
    return filled(IndicatorText, row, rule=read_rule(row.rule))


def framework(
    person: Person, *, country: str = "", grant: str = "", until: date | None = None,
    under: str = "",
) -> list[NodeRow]:  # fmt: skip
    """All of it in the order of a logframe, with figures for one scope, in five queries.

    `country`, `grant` (id): those whose figures are shown; empty: of the whole. `until`: figures of
    periods that had ended then. `under`: code of an impact or outcome: it and its outputs alone.
    Raises ActNotYours for whoever sees no results.
    """
    desk = desk_of(person)
    require(desk.sees_framework, desk)
    nodes = list(ResultNode.objects.all())
    lines, texts = Indicator.objects.all(), NodeVersion.objects.order_by("n")
    versions = IndicatorVersion.objects.order_by("n")
    if under:
        nodes = _with_outputs(nodes, under)
        ids = [each.id for each in nodes]
        lines, texts = lines.filter(node__in=ids), texts.filter(node__in=ids)
        versions = versions.filter(indicator__node__in=ids)
    newest = {row.indicator_id: row for row in versions}
    figures = standing_figures(
        desk, country=country, grant=grant, until=until, of=list(newest) if under else None
    )
    by_node: dict[str, list[IndicatorRow]] = defaultdict(list)
    for each in lines:
        if each.id in newest:
            row = newest[each.id]
            first, second = (*figures.get(each.id, ())[:2], None, None)[:2]
            by_node[each.node_id].append(
                IndicatorRow(each.id, each.code, row.n, indicator_text(row),
                             each.ended_at is not None, first, second)
            )  # fmt: skip
    return list(_ordered(nodes, {row.node_id: row for row in texts}, by_node))


@dataclass(frozen=True, slots=True)
class BlockRow:
    """An impact or outcome, and how many open indicators it has with its outputs."""

    code: str
    kind: str
    statement: str
    indicators: int


def blocks(person: Person) -> list[BlockRow]:
    """The impacts and outcomes that are open, in order; raises ActNotYours."""
    desk = desk_of(person)
    require(desk.sees_framework, desk)
    counted = Count("indicators", filter=Q(indicators__ended_at=None))
    nodes = list(ResultNode.objects.filter(ended_at=None).annotate(lines=counted))
    lines = {each.id: each.lines for each in nodes}
    texts = {row.node_id: row for row in NodeVersion.objects.order_by("n")}
    return [
        BlockRow(
            row.code, row.kind, row.text.statement,
            sum(lines[one.id] for one in _with_outputs(nodes, row.code)),
        )
        for row in _ordered(nodes, texts, {})
        if row.kind != ResultKind.OUTPUT
    ]  # fmt: skip


def _with_outputs(nodes: Sequence[ResultNode], code: str) -> list[ResultNode]:
    """The node of this code, and the outputs inside it, however deep."""
    found = [each for each in nodes if each.code == code]
    for above in found:  # grows while it is gone through
        found += [
            each for each in nodes if each.parent_id == above.id and each.kind == ResultKind.OUTPUT
        ]
    return found


def _ordered(
    nodes: Sequence[ResultNode],
    texts: Mapping[str, NodeVersion],
    indicators: Mapping[str, list[IndicatorRow]],
) -> Iterable[NodeRow]:
    children: dict[str | None, list[ResultNode]] = defaultdict(list)
    codes = {each.id: each.code for each in nodes}
    for each in nodes:
        children[each.parent_id if each.parent_id in codes else None].append(each)
    waiting = [(each, 0) for each in reversed(children[None])]
    while waiting:
        each, depth = waiting.pop()
        row = texts[each.id]
        yield NodeRow(
            each.id, each.code, each.kind, codes.get(each.parent_id or "", ""), depth, row.n,
            node_text(row), each.ended_at is not None, tuple(indicators.get(each.id, ())),
        )  # fmt: skip
        waiting += [(one, depth + 1) for one in reversed(children[each.id])]


def node_named(person: Person, id: str) -> NodeRow:
    """One outcome or output, by id; raises ResultNotFound."""
    found = next((each for each in framework(person) if each.id == id), None)
    if found is None:
        raise ResultNotFound
    return found


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an indicator, and why it was written."""

    n: int
    text: IndicatorText
    reason: str
    by: str
    on: date


def indicator_versions(person: Person, id: str) -> tuple[NodeRow, IndicatorRow, list[VersionRow]]:
    """An indicator, what it is of, and all its versions, the newest first.

    `id`: id or code. Raises ResultIndicatorNotFound.
    """
    desk = desk_of(person)
    require(desk.sees_framework, desk)
    rows = Indicator.objects.select_related("node__parent")
    row = rows.filter(id=id[:36]).first() or rows.filter(code=id[:20]).first()
    if row is None:
        raise ResultIndicatorNotFound
    versions = [
        VersionRow(each.n, indicator_text(each), each.reason, each.by.name, day_of(each.at))
        for each in row.versions.select_related("by").order_by("-n")
    ]
    newest = versions[0]
    own = IndicatorRow(row.id, row.code, newest.n, newest.text, row.ended_at is not None)
    node, text = row.node, row.node.versions.latest("n")
    above = node.parent.code if node.parent else ""
    ended = node.ended_at is not None
    shown = NodeRow(
        node.id, node.code, node.kind, above, 0, text.n, node_text(text), ended, (own,)
    )  # fmt: skip
    return shown, own, versions


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """Countries and grants whose figures a person may look at."""

    countries: Mapping[str, str]
    """Names by code."""
    grants: Mapping[str, str]
    """References and titles by id."""
    is_whole: bool
    """Whether they may see figures of all countries and payers together."""


def scopes(person: Person) -> ScopeRow:
    """Of what a person may see figures."""
    desk = desk_of(person)
    countries, grants = Country.objects.all(), Grant.objects.all()
    if not desk.sees_all:
        countries = countries.filter(code__in=() if desk.is_donor else desk.countries)
        grants = grants.filter(donor__in=desk.donors)
    return ScopeRow(
        {each.code: each.shown_name for each in countries},
        {each.id: f"{each.reference} · {each.title}" for each in grants},
        desk.sees_all,
    )


def fed_by(activity: str) -> list[IndicatorRow]:
    """The open indicators that records of an activity may count for; the caller entered it."""
    row = Activity.objects.select_related("output").get(id=activity)
    asked = ActivityRow(
        row.id, row.kind, row.state, row.ends_on,
        countries=frozenset(row.countries.values_list("code", flat=True)),
        output=row.output.code if row.output else "",
        grants=frozenset(row.funding.values_list("grant__reference", flat=True)),
    )  # fmt: skip
    newest = {each.indicator_id: each for each in IndicatorVersion.objects.order_by("n")}
    found = []
    for each in Indicator.objects.filter(ended_at=None).order_by("code"):
        text = indicator_text(newest[each.id])
        if feeds(text.rule, asked):
            found.append(IndicatorRow(each.id, each.code, newest[each.id].n, text, False))
    return found


def framework_file(person: Person, title: str) -> Framework:
    """What stands open of the framework, to be written as a file."""
    rows = [each for each in framework(person) if not each.is_ended]
    return Framework(
        title,
        tuple(
            Statement(
                each.kind, each.code, each.parent, each.text,
                {one.code: one.text for one in each.indicators if not one.is_ended},
            )
            for each in rows
        ),
    )  # fmt: skip


def grant_named(reference: str) -> str:
    """The id of a grant by its reference, or by its id; raises GrantNotFound."""
    found = Grant.objects.filter(Q(reference=reference[:60]) | Q(id=reference[:36])).first()
    if found is None:
        raise GrantNotFound
    return found.id


def offered_codes() -> dict[Dimension, dict[str, str]]:
    """Names of the countries, outputs and grants that a counting rule may choose, by code."""
    outputs = ResultNode.objects.filter(kind="output", ended_at=None)
    return {
        Dimension.COUNTRY: {each.code: each.shown_name for each in Country.objects.all()},
        Dimension.OUTPUT: {each.code: each.code for each in outputs},
        Dimension.GRANT: {
            each.reference: f"{each.reference} {each.title}" for each in Grant.objects.all()
        },
    }
