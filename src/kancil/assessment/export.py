"""A whole round as JSON that a stranger can work with, and tables that a spreadsheet can open.

The form is docs/formats/assessment-export.md; from the lines of each figure, a script of a few
lines makes the figure again. Fractions leave as text: percentages as shown, weights exactly.
Interviews and what rests on them never leave; what is withheld is said to be withheld.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from kancil.assessment.answer import Answer, Evidence, Outcome, Settled
from kancil.assessment.answer_json import answer_json
from kancil.assessment.comparing import Comparison, Moved
from kancil.assessment.exchange import is_interview
from kancil.assessment.law.matrix import Matrix, matrix_json, matrix_sha256
from kancil.assessment.law.road import Road, Step
from kancil.assessment.method import Figure, Line, Profile, asked_of, percent_text
from kancil.assessment.planning.costs import CostLine
from kancil.assessment.planning.plan import Gap, Item, unanswered
from kancil.assessment.protocol import Indicator, Protocol
from kancil.assessment.sensitivity import Bounds
from kancil.assessment.voice import ClosedAs, CommentSaid, SignOffSaid
from kancil.ground import canonical, clock
from kancil.ground.cells import Cell, plain_cell, write_table
from kancil.ground.phrase import Phrase
from kancil.ground.plain import FLAT, Writers, or_none, plain, written

from .methods.area_profile_1 import exact

FORMAT = "kancil-assessment-export/1"
# Where a table is opened with another separator, a cell may begin in the middle of one of ours.
_AFTER_SEPARATOR = re.compile('([;|]["\\s]*)(?=[=+@\\-\uff1d\uff0b\uff0d\uff20])')
_WIDE_FORMULA = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class RoundSaid:
    """What a round is."""

    id: str
    country: str
    title: str
    period_from: date
    period_to: date
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """An item of the plan with all that people wrote of it."""

    item: Item = field(metadata=FLAT)
    title: str
    owner: str
    partner: str = ""
    donor: str = ""
    begins_on: date | None = None
    months: int | None = None
    cost_minor: int | None = None
    """In hundredths of the currency; None: not costed."""
    currency: str = field(default="", metadata=written(by=or_none))
    cost_basis: str = ""
    success: str = ""
    obstacles: tuple[Phrase, ...] = ()
    state_reason: str = ""
    """Why it was rejected, or what came of it."""
    position_reason: str = ""
    """Why it was moved in the order."""
    decided_by: str = field(default="", metadata=written(by=or_none))
    """Who approved, rejected or finished it; empty: nobody, or nobody who is named."""
    decided_for_country: bool = False
    """Whether that was the country's own focal point."""
    decided_at: datetime | None = None
    too_early_for: tuple[str, ...] = ()
    """Ids of what it depends on that is not over when it begins."""
    lines: tuple[CostLine, ...] = field(default=(), metadata=written("cost_lines"))
    """What makes up the cost; none: it is one sum."""
    output: str = ""
    """What the item itself delivers."""
    outcome: str = ""
    """What the owner does otherwise because of it."""
    impact: str = ""
    """What changes for people, to which it contributes."""


@dataclass(frozen=True, slots=True)
class OneProtocol:
    """What a round has of one protocol."""

    protocol: Protocol
    settled: Mapping[str, Settled]
    profile: Profile | None = None
    bounds: Sequence[Bounds] = ()
    gaps: Sequence[Gap] = ()
    comparison: Comparison | None = None
    matrix: Matrix | None = None
    signed: SignatureSaid | None = None
    """Of the matrix as it is; None: it is a draft."""

    @property
    def asked(self) -> tuple[Indicator, ...]:
        """The indicators that this round asks, after what was answered, in the protocol's order."""
        return asked_of(self.protocol, self.settled)

    @property
    def unanswered(self) -> list[str]:
        """Those that could have a gap, and nobody answered."""
        return unanswered(self.protocol, self.settled)

    @property
    def disputed(self) -> tuple[Indicator, ...]:
        """Those of them on which the assessors differ."""
        outcomes = {name: each.outcome for name, each in self.settled.items()}
        return tuple(each for each in self.asked if outcomes.get(each.id) is Outcome.DISPUTED)


@dataclass(frozen=True, slots=True)
class MemberSaid:
    """Somebody of the team."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class RespondentSaid:
    """An institution that answered."""

    organisation: str
    sector: str
    office: str


@dataclass(frozen=True, slots=True)
class MatterSaid:
    """What is before a body of the response."""

    title: str
    owner: str
    due_on: date | None
    closed_on: date | None
    outcome: str
    is_late: bool = field(metadata=written("late"))
    """Whether it is open and was due before the day of the export."""


@dataclass(frozen=True, slots=True)
class BodySaid:
    """A body of the country's response to cybercrime."""

    name: str
    sector: str
    responsible: str
    mandate: str
    meets_every_months: int | None
    last_met_on: date | None
    ended_on: date | None
    next_due_on: date | None
    """By when it should meet again, by its own rhythm; None: not known."""
    is_late: bool = field(metadata=written("late"))
    matters: tuple[MatterSaid, ...]


@dataclass(frozen=True, slots=True)
class SignatureSaid:
    """That somebody recorded that a lawyer signed a legal matrix."""

    lawyer: str
    admitted: str
    at: datetime
    """When it was recorded."""
    signed_on: date | None = None
    recorded_by: str = field(default="", metadata=written(by=or_none))
    """Empty where nobody of the team is named."""
    sha256: str = field(default="", metadata=written(by=or_none))
    """Of the file of the signed paper; empty: none is kept."""


@dataclass(frozen=True, slots=True)
class ReleaseSaid:
    """A document that a named official released."""

    document: str
    official: str
    office: str
    released_on: date
    sha256: str
    withdrawn: str = field(metadata=written(by=or_none))
    """Why it was withdrawn again; empty: it was not."""


@dataclass(frozen=True, slots=True)
class WholeRound:
    """All of a round."""

    round: RoundSaid
    made_at: datetime
    kancil: str
    """Version of the program."""
    protocols: Sequence[OneProtocol]
    plan: Sequence[Planned] = ()
    roads: Sequence[Road] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Why an evidence item is withheld, by its id; no interview's is in it."""
    team: Sequence[MemberSaid] = ()
    respondents: Sequence[RespondentSaid] = ()
    board: Sequence[BodySaid] = ()
    releases: Sequence[ReleaseSaid] = ()
    comments: Sequence[CommentSaid] = ()
    term: date | None = None
    """Last day for comments; None: none was named."""
    sign_off: SignOffSaid | None = None
    """The newest one, whether it still counts or not."""
    closed_as: ClosedAs | None = None
    """None: it is open, or was closed before this was kept."""
    withheld_before: Collection[str] = ()
    """Ids in `withheld` that are the older round's alone."""


def write_round(whole: WholeRound) -> bytes:
    """The export as canonical JSON (RFC 8785) with a line end."""
    return canonical.dumps(round_json(whole)) + b"\n"


def round_json(whole: WholeRound) -> dict[str, Any]:
    """The export as a mapping; see docs/formats/assessment-export.md."""
    shelf = _Shelf(whole.withheld)
    protocols = [_protocol_json(each, shelf) for each in whole.protocols]
    return {
        "format": FORMAT,
        "kancil": whole.kancil,
        "made_at": clock.to_text(whole.made_at),
        "round": plain(whole.round),
        "team": plain(whole.team),
        "respondents": plain(whole.respondents),
        "protocols": protocols,
        "plan": [
            {**plain(each), "not_forces_reason": each.item.not_forces_reason or None}
            for each in whole.plan
        ],
        "roads": [_road_json(each) for each in whole.roads],
        "board": plain(whole.board),
        "releases": plain(whole.releases),
        "comments": plain(whole.comments),
        "comment_term": plain(whole.term),
        "sign_off": plain(whole.sign_off),
        "closed_as": plain(whole.closed_as),
        "left_out": {
            "interviews": len(shelf.interviews),
            "withheld": len(set(whole.withheld) - set(whole.withheld_before)),
        },
    }


class _Shelf:
    """Lets evidence through, and counts the interviews that stay behind."""

    def __init__(self, withheld: Mapping[str, str]) -> None:
        self.reasons = withheld
        self.interviews: set[str] = set()

    def evidence(self, items: Iterable[Evidence], protocol: Protocol) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for each in items:
            is_bare = not each.grade and each.id in self.reasons  # as the country sees it
            if is_interview(each, protocol) and not is_bare:
                self.interviews |= {each.id}
            elif each.id in self.reasons:
                found.append({"id": each.id, "withheld": self.reasons[each.id]})
            else:
                found.append(plain(each))
        return found

    def grade(self, items: Iterable[Evidence], protocol: Protocol) -> str | None:
        """The best grade of what is shown here; None: nothing is."""
        shown = {
            each.grade
            for each in items
            if each.id not in self.reasons and not is_interview(each, protocol)
        }
        return next((name for name in protocol.grades if name in shown), None)

    def answer(self, answer: Answer, protocol: Protocol) -> dict[str, Any]:
        evidence = self.evidence(answer.evidence, protocol)
        return {**answer_json(answer), "by": answer.by, "evidence": evidence}


def _protocol_json(one: OneProtocol, shelf: _Shelf) -> dict[str, Any]:
    protocol, scoring = one.protocol, one.protocol.scoring
    rule = scoring.critical if scoring else None
    profile = one.profile
    return {
        "name": protocol.name,
        "sha256": protocol.sha256,
        "standing": protocol.standing.value,
        "method": profile.method if profile else None,
        "minimum_coverage": exact_text(exact(scoring.minimum_coverage)) if scoring else None,
        "bands": [{"id": each.id, "min": exact_text(exact(each.min))} for each in scoring.bands]
        if scoring
        else [],
        "critical": {"at_most": rule.at_most, "cap_percent": exact_text(exact(rule.cap_percent))}
        if rule
        else None,
        "indicators": [
            _settled_json(one, name, shelf) for name in protocol.indicators if name in one.settled
        ],
        "figures": [_figure_json(each, protocol) for each in profile.figures] if profile else [],
        "intrusive_blocked_by": list(profile.intrusive_blocked_by) if profile else [],
        "bounds": plain(one.bounds, _PERCENT),
        "gaps": [_gap_json(each) for each in one.gaps],
        "comparison": _comparison_json(one.comparison, protocol, shelf) if one.comparison else None,
        "legal": _legal_json(one.matrix, one.signed) if one.matrix else None,
    }


def _legal_json(matrix: Matrix, signed: SignatureSaid | None) -> dict[str, Any]:
    return {
        "matrix": matrix_json(matrix),
        "sha256": matrix_sha256(matrix),
        "signed": plain(signed),
    }


def _settled_json(one: OneProtocol, name: str, shelf: _Shelf) -> dict[str, Any]:
    settled = one.settled[name]
    return {
        "indicator": name,
        "outcome": settled.outcome.value,
        "settled": _counts_json(settled.answer, one.protocol, shelf) if settled.answer else None,
        "counts": next((each.id for each in settled.answers if each == settled.answer), None),
        "settled_by": (settled.ruled.part or "other") if settled.ruled else None,
        "note": settled.note,
        "answers": [shelf.answer(each, one.protocol) for each in settled.answers],
    }


def _counts_json(answer: Answer, protocol: Protocol, shelf: _Shelf) -> dict[str, Any]:
    """What counts, without whose it is: the same for every reader."""
    return {
        "given": plain(answer.given),
        "parts": plain(answer.parts),
        "confidence": answer.confidence.value,
        "grade": shelf.grade(answer.evidence, protocol),
    }


def exact_text(number: Fraction) -> str:
    """Write a fraction exactly: `1.2` where decimals end, else `1/3`."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


_PERCENT: Writers = {Fraction: percent_text}
_EXACT: Writers = {Fraction: exact_text}


def _figure_json(figure: Figure, protocol: Protocol) -> dict[str, Any]:
    scale = protocol.scales[figure.scale]
    return {
        **plain(replace(figure, lines=()), _PERCENT),
        "scale": {"id": scale.id, "lowest": scale.lowest, "highest": scale.highest},
        "lines": [_line_json(each, protocol) for each in figure.lines],
    }


def _line_json(line: Line, protocol: Protocol) -> dict[str, Any]:
    return {
        **plain(line, _EXACT),
        "critical": protocol.indicators[line.indicator].critical,
    }


def _gap_json(gap: Gap) -> dict[str, Any]:
    told = plain(gap, _EXACT)
    wish, is_critical = told.pop("wish"), told.pop("is_critical")
    return {
        **told,
        "critical": is_critical,
        "choice": wish["choice"],
        "choice_reason": wish["reason"],
        "feasibility": wish["feasibility"],
    }


def _comparison_json(comparison: Comparison, protocol: Protocol, shelf: _Shelf) -> dict[str, Any]:
    return {
        "older": comparison.older,
        "newer": comparison.newer,
        "indicators": [_moved_json(each, protocol, shelf) for each in comparison.indicators],
        "figures": plain(comparison.figures, _PERCENT),
    }


def _moved_json(moved: Moved, protocol: Protocol, shelf: _Shelf) -> dict[str, Any]:
    added = shelf.evidence(moved.evidence_added, protocol)
    return {
        "move": moved.move.value,
        "indicator": moved.indicator,
        "was": moved.was,
        "without_evidence": moved.has_moved and not added,
        "evidence_added": added,
        "evidence_gone": shelf.evidence(moved.evidence_gone, protocol),
    }


def _road_json(road: Road) -> dict[str, Any]:
    return {
        "subject": road.subject,
        "next": road.next.id if road.next else None,
        "overdue": _ids(road.overdue),
        "out_of_turn": _ids(road.out_of_turn),
        "steps": [
            {
                "id": each.id,
                "stage": each.stage.value,
                "owner": each.owner,
                "instrument": each.instrument,
                "due_on": plain(each.due_on),
                "done_on": plain(each.done_on),
                "note": each.note,
            }
            for each in road.steps
        ],
    }


def _ids(steps: Collection[Step]) -> list[str]:
    return [each.id for each in steps]


# --- tables ---------------------------------------------------------------------------------------


def safe_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV table in which no cell runs as a formula, whatever separator it is opened with."""
    return write_table(
        [safe_cell(each) for each in columns],
        ([safe_cell(each) if isinstance(each, str) else each for each in row] for row in rows),
    )


def safe_cell(text: str) -> str:
    """Make other people's text safe for a table that any spreadsheet opens.

    As `plain_cell`; and a sign that begins a formula gets its mark also behind what another
    program may take for the end of a cell, and where it is a wide form of the sign.
    """
    plain = plain_cell(text)
    plain = "'" + plain if plain.startswith(_WIDE_FORMULA) else plain
    return _AFTER_SEPARATOR.sub(r"\1'", plain)
