"""Figures with what stands behind them, as somebody may see it, and the rounds to compare with.

Two assessors answer on their own: from one who has still to give her own answer, what a colleague
gave is kept back, also where it stands behind a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod

from kancil.assessment import sensitivity
from kancil.assessment.answer import Outcome, Settled
from kancil.assessment.behind import Brought, brought_by_lines
from kancil.assessment.comparing import Comparison
from kancil.assessment.method import Figure, Line, Method, Profile
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.answers import (
    compare_rounds,
    everything,
    method_of,
    profile_in,
    settled,
)
from kancil.desk.assessment.queries.rounds import RoundRow, enter, rounds
from kancil.desk.people.models import Person
from kancil.ground.errors import ProtocolNotInRound

KEPT_BACK = ""
"""Stands for the indicators that are kept back among those for whose sake something is so."""
MOST_CHOICES = 32
"""So many times figures are made anew to try disputes before anybody asked for it."""


def is_kept_back(sight: Sight, now: Settled | None) -> bool:
    """Say whether what others answered is kept back until she has given her own answer.

    The lead, who settles, sees what two have answered; once a round is closed, all is open.
    """
    if now is None or not (sight.may_answer and sight.is_open):
        return False
    authors = {each.by for each in now.answers}
    if sight.is_lead and len(authors) > 1:
        return False
    return str(sight.person) not in authors


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a round on a protocol, with what somebody may see behind them."""

    protocol: Protocol
    method: Method
    profile: Profile
    """Its figures are the same for everybody; of lines only what she may see is here."""
    kept_back: frozenset[str]
    """Indicators that wait for her own answer."""
    bounds: tuple[sensitivity.Bounds, ...]
    """How far disputes could move figures; empty from the country's side, or if not tried."""
    choices: int
    """How many times figures are made to try all disputes; 0: there are none, or not for her."""

    def bounds_of(self, figure: Figure) -> sensitivity.Bounds | None:
        """Give the bounds of a figure, where they were tried."""
        key = (figure.of, figure.id, figure.scale)
        return next((one for one in self.bounds if (one.of, one.id, one.scale) == key), None)


def figures_of(sight: Sight, protocol: str, *, tries_all: bool = False) -> Figures:
    """Give all figures of a round; `tries_all`: the disputes, too, however many there are.

    In five queries, and one more the first time that a protocol is read.
    """
    asked, standing = everything(sight, protocol)
    now = standing.settled
    method = method_of(asked)
    profile = profile_in(sight, asked, now)
    choices = _choices(profile, now) if sight.sees_answers else 0
    bounds: tuple[sensitivity.Bounds, ...] = ()
    if choices and (tries_all or choices <= MOST_CHOICES):
        bounds = tuple(sensitivity.bounds(asked, now, method))
    held = frozenset(name for name, each in now.items() if is_kept_back(sight, each))
    return Figures(asked, method, _seen(profile, held), held, _told(bounds, held), choices)


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


def _seen(profile: Profile, held: frozenset[str]) -> Profile:
    """Take out of the lines what is kept back; the figures stay."""
    figures = tuple(
        replace(
            figure,
            lines=tuple(_kept_back(line, held) for line in figure.lines),
            capped_by=_named(figure.capped_by, held),
        )
        for figure in profile.figures
    )
    blocking = _named(profile.intrusive_blocked_by, held)
    return replace(profile, figures=figures, intrusive_blocked_by=blocking)


def _named(names: tuple[str, ...], held: frozenset[str]) -> tuple[str, ...]:
    """Leave out which indicators are so low where that is kept back, not that there are some."""
    shown = tuple(name for name in names if name not in held)
    return shown if len(shown) == len(names) else (*shown, KEPT_BACK)


def _kept_back(line: Line, held: frozenset[str]) -> Line:
    if line.indicator not in held:
        return line
    return replace(line, value=None, kind=None, grade=None, confirmed=False, confidence=None)


def _told(
    bounds: tuple[sensitivity.Bounds, ...], held: frozenset[str]
) -> tuple[sensitivity.Bounds, ...]:
    """Leave out whose answer moves a figure whereto, where that is kept back."""
    return tuple(
        replace(one, turns=tuple(turn for turn in one.turns if turn.indicator not in held))
        for one in bounds
    )


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
    now = standing.settled
    method = method_of(asked)
    profile = profile_in(sight, asked, now)
    held = frozenset(name for name, each in now.items() if is_kept_back(sight, each))
    bounds: tuple[sensitivity.Bounds, ...] = ()
    if sight.sees_answers:
        bounds = _told(tuple(sensitivity.bounds(asked, now, method, (of, id))), held)
    shown = Figures(asked, method, _seen(profile, held), held, bounds, 0)
    found = []
    for figure, seen in zip(profile.figures, shown.profile.figures, strict=True):
        if (figure.of, figure.id) != (of, id):
            continue
        brought = tuple(
            Brought(_kept_back(one.line, held), one.weight_percent, None, None)
            if one.line.indicator in held
            else one
            for one in brought_by_lines(figure, asked.scales[figure.scale])
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
    """Give where a round stands with its threats.

    Raises ProtocolNotInRound, also for a protocol that asks for no threats.
    """
    asked = protocol_in(sight, protocol)
    if asked.shape is not Shape.THREATS:
        raise ProtocolNotInRound(name=protocol[:80], known=", ".join(sorted(sight.protocols)))
    now = settled(sight, asked.name)
    held = frozenset(name for name, each in now.items() if is_kept_back(sight, each))
    shown = {
        name: replace(each, answer=None, answers=(), note="") if name in held else each
        for name, each in now.items()
    }
    return ThreatsSeen(asked, shown, held)


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
    """Indicators of the newer protocol that wait for her own answer in one of the rounds."""


def compared_with(person: Person, sight: Sight, protocol: str, older: str) -> Compared:
    """Compare a round with another one of the same country; raises RoundNotFound."""
    row = next((row for row in comparable_rounds(person, sight) if row.id == older), None)
    before = enter(person, older if row else "")
    found = compare_rounds(sight, before, protocol)
    if found is None:
        return Compared(before, None, frozenset())
    held = frozenset(
        moved.indicator
        for moved in found.indicators
        if moved.indicator
        and (is_kept_back(sight, moved.now) or is_kept_back(before, moved.before))
    )
    return Compared(before, found, held)
