"""What if disputed answers counted: the bounds of a figure, and each answer's pull.

A disputed indicator has no settled answer and is left out of its figure. Here each of its
assessors' answers is put in its place: the lowest and the highest figure that any choice among
them gives, exactly, and for each dispute the figures with the one and with the other. The figure as
it is shown, without any of them, is one of those among which the bounds are found: so it lies
within them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from kancil.assessment.answer import Answer, Outcome, Settled
from kancil.assessment.method import Figure, Method
from kancil.assessment.protocol import Protocol

MOST_TRIED = 8
"""Disputes of one figure for which every choice is tried; beyond, each is turned by itself from
the best and the worst, again and again until nothing changes, which may miss the very last bound
and is said so."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A figure with one dispute decided for one assessor, all other disputes left out."""

    indicator: str
    by: str
    """The assessor whose answer is taken."""
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far the disputes of a figure can move it."""

    of: str
    id: str
    scale: str
    percent: Fraction | None
    """Without the disputed answers, as the profile shows it."""
    low: Fraction | None
    high: Fraction | None
    """The lowest and highest without the disputed answers, and with one of the answers to each of
    them. None where neither gives a figure."""
    exact: bool
    """Whether every choice was tried."""
    disputed: tuple[str, ...]
    turns: tuple[Turn, ...]


def bounds(
    protocol: Protocol,
    settled: Mapping[str, Settled],
    method: Method,
    only: tuple[str, str] | None = None,
) -> list[Bounds]:
    """The bounds of every figure with a disputed indicator in it, in the profile's order.

    `only`: what a figure is of, and its id; all others are left out.
    """
    now = method.profile(protocol, settled)
    found = []
    for figure in now.figures:
        if only not in (None, (figure.of, figure.id)):
            continue
        disputed = [line.indicator for line in figure.lines if line.outcome is Outcome.DISPUTED]
        if disputed:
            found.append(_bounds_of(protocol, settled, method, figure, disputed))
    return found


def _bounds_of(
    protocol: Protocol,
    settled: Mapping[str, Settled],
    method: Method,
    figure: Figure,
    disputed: Sequence[str],
) -> Bounds:
    narrowed = _only(protocol, figure)

    def with_answers(chosen: Mapping[str, Answer]) -> Fraction | None:
        return _figure_with(narrowed, settled, method, figure, chosen)

    turns = tuple(
        Turn(name, answer.by, with_answers({name: answer}))
        for name in disputed
        for answer in settled[name].answers
    )
    choices = {name: settled[name].answers for name in disputed}
    is_exact = len(disputed) <= MOST_TRIED
    tried = _all(choices) if is_exact else _climbs(choices, with_answers)
    seen = [each for each in (figure.percent, *map(with_answers, tried)) if each is not None]
    return Bounds(
        of=figure.of,
        id=figure.id,
        scale=figure.scale,
        percent=figure.percent,
        low=min(seen, default=None),
        high=max(seen, default=None),
        exact=is_exact,
        disputed=tuple(disputed),
        turns=turns,
    )


def _only(protocol: Protocol, figure: Figure) -> Protocol:
    """Leave of a protocol's indicators those of a figure, and those they are asked after."""
    wanted = {line.indicator for line in figure.lines}
    pending = list(wanted)
    while pending:
        condition = protocol.indicators[pending.pop()].asked_if
        if condition is not None and condition.indicator not in wanted:
            wanted.add(condition.indicator)
            pending.append(condition.indicator)
    kept = {name: each for name, each in protocol.indicators.items() if name in wanted}
    return replace(protocol, indicators=kept)


def _figure_with(
    protocol: Protocol,
    settled: Mapping[str, Settled],
    method: Method,
    figure: Figure,
    chosen: Mapping[str, Answer],
) -> Fraction | None:
    decided = {
        name: replace(settled[name], outcome=Outcome.AGREED, answer=answer)
        for name, answer in chosen.items()
    }
    found = method.profile(protocol, {**settled, **decided})
    same = [
        each
        for each in found.figures
        if (each.of, each.id, each.scale) == (figure.of, figure.id, figure.scale)
    ]
    return same[0].percent if same else None


Choices = Mapping[str, Sequence[Answer]]


def _all(choices: Choices) -> Iterable[dict[str, Answer]]:
    for picked in product(*choices.values()):
        yield dict(zip(choices, picked, strict=True))


def _climbs(
    choices: Choices, figure_with: Callable[[Mapping[str, Answer]], Fraction | None]
) -> Iterable[dict[str, Answer]]:
    """What is reached by turning one answer at a time, down and up, until none helps."""
    for sign in (-1, 1):
        picked = {name: answers[0] for name, answers in choices.items()}
        best = figure_with(picked)
        is_moving = True
        while is_moving:
            is_moving = False
            for name, answers in choices.items():
                for answer in answers:
                    tried = {**picked, name: answer}
                    value = figure_with(tried)
                    if value is not None and (best is None or sign * value > sign * best):
                        picked, best, is_moving = tried, value, True
        yield picked
