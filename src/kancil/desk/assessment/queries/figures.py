"""Figures with what stands behind them, as somebody may see it, and the rounds to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod

from kancil.assessment import sensitivity
from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.behind import Brought, brought_by_lines
from kancil.assessment.comparing import Comparison
from kancil.assessment.method import Figure, Method, Profile
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import ProtocolNotInRound
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.answers import (
    bounds_in,
    compare_rounds,
    counted_in,
    everything,
    method_of,
    profile_in,
    profile_seen,
)
from kancil.desk.assessment.queries.rounds import RoundRow, enter, rounds
from kancil.desk.people.models import Person

MOST_CHOICES = 32
"""So many times figures are made anew to try disputes before anybody asked for it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a round on a protocol, with what somebody may see behind them."""

    protocol: Protocol
    method: Method
    profile: Profile
    """The same for everybody, but for figures that wait for the person's own answers."""
    kept_back: frozenset[str]
    """Indicators that wait for the person's own answer."""
    bounds: tuple[sensitivity.Bounds, ...]
    """How far disputes could move figures; empty from the country's side, or if not tried."""
    choices: int
    """How many times figures are made to try all disputes; 0: none are, or not for this person."""
    ruled: Mapping[str, str] = field(default_factory=dict)
    """By indicator the part of whoever settled it over an author who said otherwise."""

    def bounds_of(self, figure: Figure) -> sensitivity.Bounds | None:
        """The bounds of a figure, where they were tried."""
        key = (figure.of, figure.id, figure.scale)
        return next((one for one in self.bounds if (one.of, one.id, one.scale) == key), None)


def figures_of(sight: Sight, protocol: str, *, tries_all: bool = False) -> Figures:
    """All figures of a round; `tries_all`: the disputes, too, however many there are.

    In five queries, and one more the first time that a protocol is read.
    """
    asked, standing = everything(sight, protocol)
    profile = profile_in(sight, asked, standing)
    choices = _choices(profile, standing.settled) if sight.sees_answers else 0
    bounds: tuple[sensitivity.Bounds, ...] = ()
    if choices and (tries_all or choices <= MOST_CHOICES):
        bounds = tuple(bounds_in(sight, asked, standing))
    hidden = standing.hidden_from(sight)
    return Figures(asked, method_of(asked), profile, hidden, bounds, choices)


def _choices(profile: Profile, now: Mapping[str, Settled]) -> int:
    """Count how many figures are made to try the disputes of all figures."""
    found = 0
    for figure in profile.figures:
        disputed = [one.indicator for one in figure.lines if one.outcome is Outcome.DISPUTED]
        sizes = [len(now[name].answers) for name in disputed]
        if disputed:
            is_exact = len(disputed) <= sensitivity.MOST_TRIED
            found += sum(sizes) + (prod(sizes) if is_exact else 4 * sum(sizes))
    return found


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """One figure, open to the answers behind it."""

    figure: Figure
    brought: tuple[Brought, ...]
    """What each line brings; nothing is said of a line that is kept back."""
    bounds: sensitivity.Bounds | None


def open_figures(sight: Sight, protocol: str, of: str, id: str) -> tuple[Figures, list[OpenFigure]]:
    """Open the figures of an area, instrument or sector, one for each scale; none: there is none.

    `of`: what they are of. Disputes are tried for them alone.
    """
    asked, standing = everything(sight, protocol)
    method, hidden = method_of(asked), standing.hidden_from(sight)
    whole = method.profile(asked, counted_in(sight, asked, standing))
    profile = profile_seen(sight, standing, whole)
    bounds: tuple[sensitivity.Bounds, ...] = ()
    if sight.sees_answers:
        bounds = tuple(bounds_in(sight, asked, standing, (of, id)))
    ruled = {name: now.ruled.part for name, now in standing.settled.items() if now.ruled}
    shown = Figures(asked, method, profile, hidden, bounds, 0, ruled)
    found = []
    for figure, seen in zip(whole.figures, profile.figures, strict=True):
        if (figure.of, figure.id) == (of, id):
            lines = brought_by_lines(figure, asked.scales[figure.scale])
            brought = tuple(
                Brought(line, None, None, None)
                if line.indicator in hidden
                else replace(one, line=line)
                for one, line in zip(lines, seen.lines, strict=True)
            )
            found.append(OpenFigure(seen, brought, shown.bounds_of(figure)))
    return shown, found


@dataclass(frozen=True, slots=True)
class ThreatsSeen:
    """Where a round stands with a protocol of threats, as somebody may see it."""

    protocol: Protocol
    settled: Mapping[str, Settled]
    kept_back: frozenset[str]


def threats_seen(sight: Sight, protocol: str) -> ThreatsSeen:
    """Where a round stands with its threats.

    Raises ProtocolNotInRound, also for a protocol that asks for no threats.
    """
    asked = protocol_in(sight, protocol)
    if asked.shape is not Shape.THREATS:
        raise ProtocolNotInRound(name=protocol[:80], known=", ".join(sorted(sight.protocols)))
    _, standing = everything(sight, asked.name)
    return ThreatsSeen(asked, standing.seen_by(sight), standing.hidden_from(sight))


def comparable_rounds(person: Person, sight: Sight) -> list[RoundRow]:
    """List the other rounds of the same country that a person sees, the newest first."""
    return [row for row in rounds(person, sight.country) if row.id != sight.round]


@dataclass(frozen=True, slots=True)
class Compared:
    """A round beside an older one of the same country."""

    older: Sight
    comparison: Comparison | None
    """None where nothing can be compared."""
    kept_back: frozenset[str]
    """Indicators of the newer protocol that wait for the person's own answer in one of the rounds,
    and are not compared."""


def compared_with(person: Person, sight: Sight, protocol: str, older: str) -> Compared:
    """Compare a round with another one of the same country; raises RoundNotFound."""
    row = next((row for row in comparable_rounds(person, sight) if row.id == older), None)
    before = enter(person, older if row else "")
    found = compare_rounds(sight, before, protocol)
    if found is None:
        return Compared(before, None, frozenset())
    compared = {each.indicator for each in found.indicators}
    waiting = frozenset(protocol_in(sight, protocol).indicators) - compared
    return Compared(before, found, waiting)
