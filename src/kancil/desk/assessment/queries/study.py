"""A study over countries: what each answered to a questionnaire, and who did not answer.

Only rounds that the person sees are in it, of each country the newest on that very protocol.
Nothing is scored, and countries stand in the order of their names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kancil.assessment.answer import Given, Kind, Outcome, Settled
from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Indicator, Protocol, Shape
from kancil.desk.assessment.queries.rounds import RoundRow, rounds, sights
from kancil.desk.assessment.queries.site import kept_protocol, kept_protocols
from kancil.desk.assessment.rows import hidden_in, settled_in
from kancil.desk.people.models import Person


class Said(StrEnum):
    """What one country said to one question."""

    VALUE = "value"
    NOT_APPLICABLE = "not-applicable"
    NOT_KNOWN = "not-known"
    NOT_ASKED = "not-asked"
    """It is asked only after an answer that was not given."""
    NOT_ANSWERED = "not-answered"
    DISPUTED = "disputed"
    """The assessors differ, and nothing counts yet."""
    KEPT_BACK = "kept-back"
    """It, or a question that it hangs on, waits for the reader's own answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one country said."""

    round: RoundRow
    said: Said
    given: Given | None
    """Only where it is a value, or does not apply."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, or one part of one."""

    indicator: Indicator
    part: str | None
    scale: str
    replies: tuple[Reply, ...]
    """One for each country, by its name."""

    def count(self, said: Said) -> int:
        """Count the countries that said so."""
        return sum(1 for each in self.replies if each.said is said)


@dataclass(frozen=True, slots=True)
class Study:
    """A questionnaire with the answers of all countries that somebody sees."""

    protocol: Protocol
    rounds: tuple[RoundRow, ...]
    """One of each country, by its name."""
    questions: tuple[Asked, ...]
    """In the protocol's order."""

    def of_area(self, area: str) -> list[Asked]:
        """The questions of one area."""
        return [each for each in self.questions if each.indicator.area == area]


def questionnaires() -> list[Protocol]:
    """List the questionnaires that this site keeps; protocols are everyone's to read."""
    found = (each.protocol for each in kept_protocols())
    return [each for each in found if each.shape is Shape.QUESTIONNAIRE]


def study_of(person: Person, protocol: str) -> Study:
    """Gather the answers to a questionnaire; raises ProtocolNotFound.

    In a number of queries that does not depend on how many rounds there are.
    """
    asked = kept_protocol(protocol).protocol
    if asked.shape is not Shape.QUESTIONNAIRE:
        known = ", ".join(each.name for each in questionnaires())
        raise ProtocolNotFound(name=protocol[:80], known=known)
    newest = _newest(rounds(person), asked.name)
    seen = sights(person, [row.id for row in newest])
    newest = [row for row in newest if row.id in seen]
    known_ones = settled_in([row.id for row in newest], protocol=asked.name)
    standing = {row.id: known_ones.get((row.id, asked.name), {}) for row in newest}
    hidden = {row.id: hidden_in(standing[row.id], seen[row.id], asked.name) for row in newest}
    questions = [
        Asked(
            indicator,
            part,
            scale,
            tuple(_reply(row, asked, indicator, part, standing[row.id], hidden[row.id])
                  for row in newest),
        )
        for indicator in asked.indicators.values()
        for part, scale in _places(indicator)
    ]  # fmt: skip
    return Study(asked, tuple(newest), tuple(questions))


def _newest(seen: list[RoundRow], protocol: str) -> list[RoundRow]:
    """Of each country its newest round on a protocol, by the country's name."""
    found: dict[str, RoundRow] = {}
    for row in seen:
        if protocol not in row.protocols:
            continue
        other = found.get(row.country)
        if other is None or (row.period_to, row.opened_at) > (other.period_to, other.opened_at):
            found[row.country] = row
    return sorted(found.values(), key=lambda row: (row.country_name, row.country))


def _places(indicator: Indicator) -> list[tuple[str | None, str]]:
    own: list[tuple[str | None, str]] = [(None, indicator.scale)] if indicator.scale else []
    return [*own, *((part.id, part.scale) for part in indicator.parts)]


def _hangs_on(asked: Protocol, indicator: Indicator, hidden: Collection[str]) -> bool:
    """Whether one of these decides if a question is asked."""
    condition = indicator.asked_if
    if condition is None:
        return False
    before = asked.indicators[condition.indicator]
    return before.id in hidden or _hangs_on(asked, before, hidden)


def _reply(
    row: RoundRow,
    asked: Protocol,
    indicator: Indicator,
    part: str | None,
    standing: Mapping[str, Settled],
    hidden: Collection[str],
) -> Reply:
    now = standing.get(indicator.id)
    if indicator.id in hidden or (now is None and _hangs_on(asked, indicator, hidden)):
        return Reply(row, Said.KEPT_BACK, None)
    if now is None:
        is_open = is_asked(asked, indicator, standing)
        return Reply(row, Said.NOT_ANSWERED if is_open else Said.NOT_ASKED, None)
    if now.outcome is Outcome.DISPUTED or now.answer is None:
        return Reply(row, Said.DISPUTED, None)
    given = now.answer.parts.get(part) if part else now.answer.given
    if given is None:
        return Reply(row, Said.NOT_ANSWERED, None)
    if given.kind is Kind.NOT_KNOWN:
        return Reply(row, Said.NOT_KNOWN, None)
    said = Said.VALUE if given.kind is Kind.VALUE else Said.NOT_APPLICABLE
    return Reply(row, said, given)
