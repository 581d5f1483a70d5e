"""Figures of a results framework as results of IATI.

Numbers of people stand there only where no group under five can be read or computed from them: a
small total is withheld, of two periods that overlap one stands, and a split by sex hides what it
must (`records/small_groups.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from kancil.records.small_groups import is_small, split

from .activity import Baseline, Dimension, Indicator, Number, Period, Result
from .binding import clean
from .codes import MEASURES, RESULT_TYPES
from .facts import FigureFacts, IndicatorFacts, Reporter, ResultFacts
from .mapping import told

QUALITATIVE = "qualitative"
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def results_of(facts: Sequence[ResultFacts], reporter: Reporter) -> tuple[Result, ...]:
    """Each outcome or output that has an indicator."""
    return tuple(
        Result(
            type=RESULT_TYPES[each.kind],
            aggregation="true",
            title=told(reporter, f"{each.code} {each.statement}"),
            indicators=tuple(_indicator(one, reporter) for one in _named(each)),
        )
        for each in facts
        if _named(each)
    )


def _named(facts: ResultFacts) -> list[IndicatorFacts]:
    return [each for each in facts.indicators if clean(each.title)]


def publishable(figures: Iterable[FigureFacts]) -> list[FigureFacts]:
    """Those that may be shown: no small number of people, no two periods that overlap."""
    found: list[FigureFacts] = []
    end = date.min
    for each in sorted(figures, key=lambda one: (one.begins, -one.ends.toordinal())):
        number = _number(each.value)
        hidden = each.is_of_people and (number is None or is_small(int(number)))
        if each.begins > end and each.begins <= each.ends and not hidden:
            found.append(each)
            end = each.ends
    return found


def _indicator(facts: IndicatorFacts, reporter: Reporter) -> Indicator:
    periods = [
        Period(each.begins, each.ends, actuals=_actuals(facts, each, reporter))
        for each in publishable(facts.figures)
    ]
    baseline_on = facts.baseline_on
    goal = _of(facts, facts.target, reporter)
    if goal and facts.target_on and (baseline_on or facts.target_on) <= facts.target_on:
        periods.append(Period(baseline_on or facts.target_on, facts.target_on, targets=(goal,)))
    began = _of(facts, facts.baseline, reporter)
    return Indicator(
        measure=MEASURES[facts.measure],
        ascending="true",
        aggregation="true" if facts.measure == "unit" else "false",
        title=told(reporter, facts.title),
        description=told(reporter, facts.description),
        baselines=()
        if began is None or baseline_on is None
        else (Baseline(baseline_on, str(baseline_on.year), began.value, comment=began.comment),),
        periods=tuple(periods),
    )


def _of(facts: IndicatorFacts, text: str, reporter: Reporter) -> Number | None:
    """A target or baseline as it is written; None: there is none, or it is no number."""
    if not (words := told(reporter, text)):
        return None
    if facts.measure == QUALITATIVE:
        return Number(comment=words)
    return None if _number(text) is None else Number(text.strip())


def _actuals(facts: IndicatorFacts, figure: FigureFacts, reporter: Reporter) -> tuple[Number, ...]:
    whole = _of(facts, figure.value, reporter)
    if whole is None:
        return ()
    cells, total = dict(figure.by_sex), _number(figure.value)
    if facts.measure != "unit" or total is None or sum(cells.values()) != total:
        return (whole,)
    shown = split(cells, total=int(total))
    return (
        whole,
        *(
            Number(str(count), (Dimension("sex", sex),))
            for sex, count in sorted(shown.items())
            if count is not None
        ),
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None
