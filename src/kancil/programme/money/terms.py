"""The terms of a grant: for which periods it is reported, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kancil.ground.days import months_after


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from the first to the last, both counted."""

    begins_on: date
    ends_on: date

    def meets(self, other: Period) -> bool:
        """Whether a day is in both."""
        return self.begins_on <= other.ends_on and other.begins_on <= self.ends_on


def report_periods(begins_on: date, ends_on: date, every_months: int) -> list[Period]:
    """The periods that a grant is reported for; the last one ends with the grant."""
    found: list[Period] = []
    begin = begins_on
    while begin <= ends_on and every_months > 0:
        following = months_after(begins_on, every_months * (len(found) + 1)) or date.max
        found.append(Period(begin, min(ends_on, following - timedelta(days=1))))
        begin = following
    return found


def uncovered(asked: Period, covered: list[Period]) -> list[Period]:
    """The days of a period that none of several others has."""
    found: list[Period] = []
    begin = asked.begins_on
    for each in sorted(covered):
        if each.ends_on < begin:
            continue
        if each.begins_on > asked.ends_on:
            break
        if each.begins_on > begin:
            found.append(Period(begin, each.begins_on - timedelta(days=1)))
        begin = each.ends_on + timedelta(days=1)
    if begin <= asked.ends_on:
        found.append(Period(begin, asked.ends_on))
    return found
