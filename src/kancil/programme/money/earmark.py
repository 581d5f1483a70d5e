"""What a grant is given for, and what of an activity lies outside it.

Countries, outputs and kinds are compared; what a grant excludes in words only a person can compare,
so that it is always asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kancil.ground.phrase import Phrase
from kancil.programme.vocabulary import ActivityKind
from kancil.records.described import named


@dataclass(frozen=True, slots=True)
class Earmark:
    """For what a grant is given; what names nothing is not earmarked."""

    countries: frozenset[str] = frozenset()
    """Codes."""
    outputs: frozenset[str] = frozenset()
    """Codes."""
    kinds: frozenset[str] = frozenset()
    """Of activities."""
    excluded: str = ""
    """What is not paid, in the agreement's words."""


@dataclass(frozen=True, slots=True)
class Paid:
    """An activity, as far as an earmark asks."""

    countries: Mapping[str, str]
    """Names by code."""
    output: str
    """Code; empty: none."""
    kind: str


def outside(earmark: Earmark, paid: Paid) -> tuple[Phrase, ...]:
    """Why an activity is not, or may not be, what a grant is given for; none: it fits."""
    found: list[Phrase] = []
    others = [name for code, name in paid.countries.items() if code not in earmark.countries]
    if earmark.countries and (others or not paid.countries):
        names = ", ".join(sorted(others)) or "–"
        found.append(Phrase("programme.earmark.countries", {"names": names}))
    if earmark.outputs and paid.output not in earmark.outputs:
        found.append(Phrase("programme.earmark.output", {"code": paid.output or "–"}))
    if earmark.kinds and paid.kind not in earmark.kinds:
        kind = named(ActivityKind(paid.kind))
        found.append(Phrase("programme.earmark.kind", {"kind": kind}))
    if earmark.excluded:
        found.append(Phrase("programme.earmark.excluded", {"words": earmark.excluded}))
    return tuple(found)
