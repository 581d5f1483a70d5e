"""What stands behind a figure: how much each of its answers brings to it, exactly.

The points of all lines together are the figure before caps, by the arithmetic of the area profile
(`methods/area_profile_1.py`): weighted share of the scale over what is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kancil.assessment.answer import Kind
from kancil.assessment.method import Figure, Line
from kancil.assessment.protocol import Scale


@dataclass(frozen=True, slots=True)
class Brought:
    """What one line brings to its figure."""

    line: Line
    weight_percent: Fraction | None
    """Of the weight that applies; None where the line does not apply."""
    points: Fraction | None
    """Of the hundred of the figure before caps; None: there is no value, and it brings nothing."""
    most_points: Fraction | None
    """What it would bring at the top of its scale."""


def brought_by_lines(figure: Figure, scale: Scale) -> tuple[Brought, ...]:
    """What each line brings to a figure, in the figure's order."""
    applying = [line for line in figure.lines if line.kind is not Kind.NOT_APPLICABLE]
    weight = sum((line.weight for line in applying), Fraction(0))
    answered = sum((line.weight for line in applying if line.value is not None), Fraction(0))
    return tuple(_brought(line, scale, weight, answered) for line in figure.lines)


def _brought(line: Line, scale: Scale, weight: Fraction, answered: Fraction) -> Brought:
    if line.kind is Kind.NOT_APPLICABLE:
        return Brought(line, None, None, None)
    share = line.weight / weight * 100 if weight else None
    if line.value is None:
        return Brought(line, share, None, None)
    most = line.weight / answered * 100
    reached = Fraction(line.value - scale.lowest, scale.highest - scale.lowest)
    return Brought(line, share, most * reached, most)
