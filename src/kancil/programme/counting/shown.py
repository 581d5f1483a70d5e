"""A figure as it may be shown: groups under five hidden, and how far from baseline to target.

Whatever leaves (donor report, country page, IATI file, public tables) and every page of a reader
who sees no names takes figures through `as_shown`. What several figures of one paper tell together,
such as a country's and the whole's in one period, is looked at in `together`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kancil.ground.phrase import Phrase
from kancil.ground.units import half_up
from kancil.records.small_groups import LEAST, alone, is_small, split

from .rule import Counts, Rule

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader gets of a figure."""

    value: str | None
    """None: under five, hidden."""
    split: Mapping[str, Mapping[str, int | None]]
    of: int | None = None
    """Of a share: of how many answers; of countries: of how many with figures."""
    without_days: int | None = 0
    """Who attended and is not counted, since their days are not recorded; None: one to four."""


def as_shown(
    rule: Rule,
    value: str,
    parts: Mapping[str, Mapping[str, int]],
    of: int | None,
    *,
    whole: bool,
    without_days: int = 0,
) -> Shown:
    """A figure for a reader; `whole`: to somebody who sees the persons themselves."""
    if whole or not rule.hides_small:
        return Shown(value, parts, of, without_days)
    if rule.counts is Counts.EVALUATION:
        small = of is not None and is_small(of)
        return Shown(None if small else value, {}, None if small else of)
    number = number_of(value)
    total = None if number is None or is_small(int(number)) else int(number)
    hidden = {name: split(cells, total=total) for name, cells in parts.items()}
    return Shown(None if total is None else value, hidden, of, alone(without_days))


def without_days_said(count: int | None) -> Phrase | None:
    """What stands beside a figure that leaves people out since their days are not recorded."""
    if count is None:
        return Phrase("programme.counting.without-days-few", {"least": LEAST})
    return Phrase("programme.counting.without-days", {"count": count}) if count else None


def number_of(text: str) -> Decimal | None:
    """A number as it is kept, `1200` or `62.5`; None for what is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def progress(baseline: str, target: str, value: str) -> int | None:
    """Percent of the way from the baseline to the target, which may lie below it; None: unknown.

    Less than nothing is 0; more than the target stays more than 100.
    """
    start, end, now = (number_of(each) for each in (baseline or "0", target, value))
    if start is None or end is None or now is None or start == end:
        return None
    share = (now - start) * 100 / (end - start)
    return max(0, int(half_up(share)))
