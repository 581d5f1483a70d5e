"""When items of a plan end, and which begin before what they depend on is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kancil.ground.days import months_after


@dataclass(frozen=True, slots=True)
class Timed:
    """An item in time."""

    id: str
    begins_on: date | None
    """None: no day is set."""
    months: int | None
    depends_on: tuple[str, ...]

    @property
    def ends_on(self) -> date | None:
        """The day on which it is over; None: not known."""
        if self.begins_on is None or self.months is None:
            return None
        return months_after(self.begins_on, self.months)


def too_early(items: Iterable[Timed]) -> dict[str, tuple[str, ...]]:
    """Name by item what it depends on and does not wait for: begun before that is over."""
    all_of_them = {each.id: each for each in items}
    found = {}
    for each in all_of_them.values():
        ends = [(id, all_of_them[id].ends_on) for id in each.depends_on if id in all_of_them]
        early = tuple(
            id for id, end in ends if end and each.begins_on is not None and each.begins_on < end
        )
        if early:
            found[each.id] = early
    return found
