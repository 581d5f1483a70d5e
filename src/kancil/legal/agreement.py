"""What a unit states of its own law of co-operation: agreements, powers, and a treaty's entry.

Each stands in the unit's file of law (docs/formats/law.md), with its source and the day on which
an officer looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """What a legal basis is."""

    TREATY = "treaty"
    BILATERAL = "bilateral"
    RECIPROCITY = "reciprocity"
    """An assurance that the like will be done in return."""
    DOMESTIC = "domestic"
    """A power or permission in the law of one country."""
    KEEPER_POLICY = "keeper-policy"
    """What a keeper answers by its own rules; binds nobody."""


@dataclass(frozen=True, slots=True)
class Clause:
    """An article of an agreement or a law."""

    number: str
    text: str
    kinds: tuple[str, ...]
    """Kinds of request that it carries."""

    @property
    def gives(self) -> str:
        """What it gives, as a treaty's article has it."""
        return self.text


@dataclass(frozen=True, slots=True)
class Agreement:
    """A bilateral treaty, an assurance of reciprocity, a power in national law, or a policy."""

    id: str
    form: Form
    country: str
    """Two letters; of a policy, the keeper's."""
    title: str
    clauses: tuple[Clause, ...]
    source: str
    verified_on: date
    other: str | None = None
    """The other country, of a bilateral treaty or reciprocity."""
    in_force_on: date | None = None
    ended_on: date | None = None
    note: str | None = None

    @property
    def is_between_two(self) -> bool:
        """Whether it is between two countries."""
        return self.form in (Form.BILATERAL, Form.RECIPROCITY)

    def serves(self, requesting: str, requested: str) -> bool:
        """Whether it may carry a request; a law or policy is that of who is asked."""
        if self.is_between_two:
            return {self.country, self.other} == {requesting, requested}
        return self.country == requested

    def carrying(self, kind: str) -> tuple[Clause, ...]:
        """Its articles for a kind of request."""
        return tuple(each for each in self.clauses if kind in each.kinds)
