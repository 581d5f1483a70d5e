"""The law that a unit keeps itself: texts of law, agreements, and how countries stand to treaties.

A later file's entry stands in the place of an earlier one of the same id; nothing is removed: a
law is repealed, an agreement ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .agreement import Agreement
from .bases import PossibleBasis, bases_for
from .instruments.instrument import Entry
from .instruments.status import Statuses, TreatyStatus, every_status
from .offences import OffenceText


@dataclass(frozen=True, slots=True)
class Library:
    """What a unit's files of law say together."""

    offences: Mapping[str, OffenceText] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    own_statuses: Statuses = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """Entry into force, by instrument."""

    def with_later(self, later: Library) -> Library:
        """This library, and what a later file says in place of it."""
        return Library(
            {**self.offences, **later.offences},
            {**self.agreements, **later.agreements},
            {**self.own_statuses, **later.own_statuses},
            {**self.entries, **later.entries},
        )

    @property
    def size(self) -> int:
        """How many entries it has."""
        return sum(
            len(each) for each in (self.offences, self.agreements, self.own_statuses, self.entries)
        )

    @property
    def countries(self) -> tuple[str, ...]:
        """Whose law it has, by two letters."""
        found = {each.country for each in self.offences.values()}
        for each in self.agreements.values():
            found |= {each.country, *([each.other] if each.other else [])}
        return tuple(sorted(found | {country for country, _ in self.own_statuses}))

    @property
    def statuses(self) -> Statuses:
        """How countries stand to treaties: the unit's own rows before those that come packaged.

        Those of general knowledge are among them, and say so (`verify`).
        """
        return {**every_status(), **self.own_statuses}

    def status(self, country: str, instrument: str) -> TreatyStatus:
        """How a country stands to an instrument; without a row, unknown."""
        key = country, instrument
        return self.own_statuses.get(key) or every_status().get(key) or TreatyStatus(*key)

    def bases(
        self, kind: str, requesting: str, requested: str, on: date
    ) -> tuple[PossibleBasis, ...]:
        """The laws that may carry a kind of request, the best first; see `bases_for`."""
        return bases_for(
            kind, requesting, requested, self.statuses, on,
            agreements=self.agreements.values(), entries=self.entries,
        )  # fmt: skip
