"""A question of a study as a chart and its table: the same on the page and in the report."""

from __future__ import annotations

from kancil.assessment.protocol import Indicator, Protocol, ScaleKind
from kancil.assessment.study import SHARES, Group
from kancil.desk.assessment.queries.study import Counted
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.reports.programme.charts import Count
from kancil.reports.programme.country.saying import plain


def question_words(indicator: Indicator, part: str | None) -> str:
    """Put a question, or a part with its question, into words."""
    own = plain(indicator.question)
    found = next((one for one in indicator.parts if one.id == part), None)
    return own if found is None else f"{own} — {plain(found.question)}"


def counts_of(protocol: Protocol, counted: Counted) -> list[Count]:
    """The bars of a question: each answer, and after them each way of not answering."""
    return [
        Count(group_words(protocol, counted, each), each.count, each.is_response)
        for each in counted.tally.groups
    ]


def group_words(protocol: Protocol, counted: Counted, group: Group) -> str:
    """What those of a group said."""
    if not group.is_response:
        return render(f"name.country-study-{group.key}")
    scale = protocol.scales[counted.scale]
    for value in scale.values:
        if str(value.value) == group.key:
            return plain(value.label)
    if scale.kind is ScaleKind.COUNT:
        low, _, high = group.key.partition("-")
        return f"{grouped(int(low))}–{grouped(int(high))}" if high else low
    if group.key in SHARES:
        return f"{group.key.replace('-', '–')} %"
    return render("name.country-study-in-words")


def count_words(count: int | None, of: int) -> str:
    """How many of how many; that it is hidden, where it is."""
    if count is None:
        return render("chart.study-hidden")
    return render("chart.count-of", count=str(count), of=str(of))
