"""Figures of a results framework as results of IATI.

Numbers of persons stand there only where no group under five can be read or computed from them:
each goes through `counting.shown` and `counting.together`, and `publishable` says which periods may
stand beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from kancil.ground.words import render_phrase, spoken
from kancil.programme.counting.count import Scope
from kancil.programme.counting.rule import Dimension, Span, rule_sentence
from kancil.programme.counting.shown import as_shown
from kancil.programme.counting.together import cell, hidden_together

from . import activity as iati
from .activity import Baseline, Indicator, Narrative, Number, Period, Result
from .binding import clean
from .codes import MEASURES, RESULT_TYPES
from .facts import FigureFacts, IndicatorFacts, Reporter, ResultFacts
from .wording import told

QUALITATIVE = "qualitative"
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def results_of(facts: Sequence[ResultFacts], reporter: Reporter) -> tuple[Result, ...]:
    """Each outcome or output that has an indicator."""
    hidden = _hidden_in(facts)
    return tuple(
        Result(
            type=RESULT_TYPES[each.kind],
            aggregation="true",
            title=told(reporter, f"{each.code} {each.statement}"),
            indicators=tuple(_indicator(one, reporter, hidden) for one in _named(each)),
        )
        for each in facts
        if _named(each)
    )


def _hidden_in(facts: Sequence[ResultFacts]) -> frozenset[str]:
    """The numbers of persons of a file from which, beside others of it, a small group follows."""
    found = []
    for node in facts:
        for one in _named(node):
            for each in publishable(one):
                scope = Scope(each.begins, each.ends)
                shown = as_shown(one.rule, each.value, each.parts, each.of, whole=False)
                is_shown = shown.value is not None
                found.append(cell(_id(one, each), one.rule, scope, each.value, is_shown=is_shown))
                found += [
                    cell(_id(one, each, sex), one.rule, scope, str(each.parts[Dimension.SEX][sex]),
                         is_shown=count is not None, more={"sex": sex})
                    for sex, count in shown.split.get(Dimension.SEX, {}).items()
                ]  # fmt: skip
    return hidden_together([each for each in found if each is not None])


def _id(facts: IndicatorFacts, figure: FigureFacts, sex: str = "") -> str:
    return "\x1f".join((facts.title, str(facts.rule), str(figure.begins), str(figure.ends), sex))


def _named(facts: ResultFacts) -> list[IndicatorFacts]:
    return [each for each in facts.indicators if clean(each.title)]


def publishable(facts: IndicatorFacts) -> list[FigureFacts]:
    """Those from which, taken together, no small group can be computed.

    Of two periods that overlap the first stands, and of numbers of persons that are counted to date
    the newest alone: their differences are numbers of persons too.
    """
    figures = [each for each in facts.figures if each.begins <= each.ends]
    if facts.rule.hides_small and facts.rule.span is Span.TO_DATE:
        return sorted(figures, key=lambda each: each.ends)[-1:]
    found: list[FigureFacts] = []
    end = date.min
    for each in sorted(figures, key=lambda one: (one.begins, -one.ends.toordinal())):
        if each.begins > end:
            found.append(each)
            end = each.ends
    return found


def _indicator(facts: IndicatorFacts, reporter: Reporter, hidden: Collection[str]) -> Indicator:
    periods = [
        Period(each.begins, each.ends, actuals=actuals)
        for each in publishable(facts)
        if (actuals := _actuals(facts, each, reporter, hidden))
    ]
    baseline_on = facts.baseline_on
    goal = _of(facts, facts.target, reporter)
    if goal and facts.target_on and (baseline_on or facts.target_on) <= facts.target_on:
        periods.append(Period(baseline_on or facts.target_on, facts.target_on, targets=(goal,)))
    began = _of(facts, facts.baseline, reporter)
    rule = Narrative(spoken(), render_phrase(rule_sentence(facts.rule)))
    return Indicator(
        measure=MEASURES[facts.measure],
        ascending="true",
        aggregation="true" if facts.measure == "unit" else "false",
        title=told(reporter, facts.title),
        description=(rule,),
        baselines=()
        if began is None or baseline_on is None
        else (Baseline(baseline_on, str(baseline_on.year), began.value, comment=began.comment),),
        periods=tuple(periods),
    )


def _actuals(
    facts: IndicatorFacts, figure: FigureFacts, reporter: Reporter, hidden: Collection[str]
) -> tuple[Number, ...]:
    shown = as_shown(facts.rule, figure.value, figure.parts, figure.of, whole=False)
    whole = None if shown.value is None else _of(facts, shown.value, reporter)
    if whole is None or _id(facts, figure) in hidden:
        return ()
    by_sex = shown.split.get(Dimension.SEX, {}) if facts.measure == "unit" else {}
    return (
        whole,
        *(
            Number(str(count), (iati.Dimension("sex", sex),))
            for sex, count in sorted(by_sex.items())
            if count is not None and _id(facts, figure, sex) not in hidden
        ),
    )


def _of(facts: IndicatorFacts, text: str, reporter: Reporter) -> Number | None:
    """A target or baseline as it is written; None: there is none, or it is no number."""
    if not (words := told(reporter, text)):
        return None
    if facts.measure == QUALITATIVE:
        return Number(comment=words)
    return None if _number(text) is None else Number(text.strip())


def _number(text: str) -> Decimal | None:
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None
