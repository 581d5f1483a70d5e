"""What a pattern must do: find where the chain has a form that laundering often has too.

A pattern is a stated form with stated parameters, and never a finding of guilt: **one indicator
alone proves nothing**, and each form has innocent makers, which are named beside it. No pattern
gives a score, and patterns are not added up. Members stand in `kancil.bitcoin.laundering.patterns`;
they look at a `Ground` (`kancil.bitcoin.laundering.ground`) and are asked by
`kancil.bitcoin.laundering.search`. What is known of their error comes from
`kancil.bitcoin.evaluation.patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .ground import Ground
from .terms import (
    PROVES_NOTHING,
    TYPOLOGIES,
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


class Pattern(Protocol):
    """The promise of a member of `kancil.bitcoin.laundering.patterns`.

    Words: `method.pattern-<name>.1` its definition, `.2` innocent explanations, `.3` what is known
    of its error and what it misses.
    """

    @property
    def name(self) -> str:
        """The word of the command line and of `method.pattern-<name>.<n>`."""
        ...

    @property
    def version(self) -> str:
        """Version of the definition; an older version stays runnable beside a newer one."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All thresholds of the definition."""
        ...

    @property
    def indicator(self) -> Indicator:
        """The red flag it goes with."""
        ...

    @property
    def typology(self) -> str:
        """The step of laundering, or the scheme, that has this form; a code."""
        ...

    @property
    def source(self) -> str:
        """Papers and reports that describe the form."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """What it cannot do without: `labels`, `threshold`."""
        ...

    @property
    def plants(self) -> tuple[str, ...]:
        """Names of the generator's plants (patterns or CoinJoins) that act it out."""
        ...

    def find(self, ground: Ground, chosen: Mapping[str, int], most: int | None) -> Findings:
        """Find all places that have the form; tell the first `most` of them."""
        ...
