"""What a pattern is: it finds where the chain has a form that laundering often has too.

A pattern is a stated form with stated parameters, and never a finding of guilt: **one indicator
alone proves nothing**, and each form has innocent makers, which are named beside it. No pattern
gives a score, and patterns are not added up. Members stand in `kancil.bitcoin.laundering.patterns`;
they look at a `Ground` (`kancil.bitcoin.laundering.ground`) and are asked by
`kancil.bitcoin.laundering.search`. What is known of their error comes from
`kancil.bitcoin.evaluation.patterns`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kancil.bitcoin.blocks.columns import Array
from kancil.ground.phrase import Phrase

from .ground import Ground, as_limits, limits_of, pick, pick_paths
from .terms import (
    PROVES_NOTHING,
    TYPOLOGIES,
    Chosen,
    Compared,
    Findings,
    Found,
    Indicator,
    Origin,
    Parameter,
    Step,
    Unit,
)

__all__ = [
    "PROVES_NOTHING",
    "TYPOLOGIES",
    "Chosen",
    "Compared",
    "Findings",
    "Found",
    "Indicator",
    "Origin",
    "Parameter",
    "Pattern",
    "Step",
    "Unit",
]


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A member of `kancil.bitcoin.laundering.patterns`.

    Words: `method.pattern-<name>.1` its definition, `.2` innocent explanations, `.3` what is known
    of its error and what it misses.
    """

    name: str
    """The word of the command line and of `method.pattern-<name>.<n>`."""
    version: str = "1"
    """Version of the definition; an older version stays runnable beside a newer one."""
    parameters: tuple[Parameter, ...]
    """All thresholds of the definition."""
    indicator: Indicator
    """The red flag it goes with."""
    typology: str
    """The step of laundering, or the scheme, that has this form; a code."""
    source: str
    """Papers and reports that describe the form."""
    needs: frozenset[str] = frozenset()
    """What it cannot do without: `labels`, `threshold`."""
    plants: tuple[str, ...]
    """Names of the generator's plants (patterns or CoinJoins) that act it out."""
    look: Look
    """Finds all places that have the form; asked by `find`."""

    def find(self, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
        """Find all places that have the form; tell the first `most` of them."""
        return self.look(self, ground, chosen, most)

    def found(
        self,
        rule: str,
        steps: tuple[Step, ...],
        outputs: tuple[int, ...],
        value_sat: int,
        why: Phrase,
        at: int,
        more: int = 0,
        facts: tuple[tuple[str, str | int], ...] = (),
    ) -> Found:
        """One place that has the form, as `Found` has it."""
        name, version = self.name, self.version
        return Found(name, version, rule, steps, outputs, value_sat, why, at, more, facts)

    def findings(
        self, chosen: Chosen, found: tuple[Found, ...], total: int, notes: tuple[Phrase, ...] = ()
    ) -> Findings:
        """What it found, as `Findings` has it."""
        return Findings(self.name, self.version, chosen, found, total, notes)


Look: TypeAlias = Callable[[Pattern, Ground, Chosen, int | None], Findings]
Tell: TypeAlias = Callable[[Pattern, Ground, int, Array], Found]
"""Tells of one place by its (first) transaction; gets the limits of the kernel too."""


def by_transaction(kernel: str, tell: Tell) -> Look:
    """Look with a kernel that picks single transactions; its limits are the parameters."""

    def look(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
        from . import kernels  # Numba is slow to import

        limits = as_limits(*limits_of(pattern.parameters, chosen))
        kept = pick(ground, getattr(kernels, kernel), limits, most)
        found = tuple(tell(pattern, ground, int(tx), limits) for tx in kept.rows())
        return pattern.findings(chosen, found, kept.total)

    return look


def by_path(kind: str, tell: Tell) -> Look:
    """Look for whole paths of a kind that `kernels` names; its limits are the parameters."""

    def look(pattern: Pattern, ground: Ground, chosen: Chosen, most: int | None) -> Findings:
        from . import kernels

        limits = as_limits(*limits_of(pattern.parameters, chosen))
        kept = pick_paths(ground, getattr(kernels, kind), limits, most)
        found = tuple(tell(pattern, ground, int(row[0]), limits) for row in kept.rows())
        return pattern.findings(chosen, found, kept.total)

    return look
