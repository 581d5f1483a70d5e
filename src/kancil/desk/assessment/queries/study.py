"""A study over countries: what each answered to a questionnaire, and who did not answer.

Only rounds that the person sees are in it, of each country the newest on that very protocol.
Nothing is scored, and countries stand in the order of their names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kancil.assessment.answer import Given, Kind, Outcome, Settled
from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Indicator, Protocol, ScaleKind, Shape
from kancil.assessment.study import Said, Tally, Values, place_of, tally
from kancil.desk.assessment.models import Country
from kancil.desk.assessment.queries.rounds import RoundRow, rounds, sights
from kancil.desk.assessment.queries.site import kept_protocol, kept_protocols
from kancil.desk.assessment.rows import hidden_in, settled_in
from kancil.desk.people.models import Person
from kancil.records.small_groups import LEAST


@dataclass(frozen=True, slots=True)
class Reply:
    """What one country said."""

    round: RoundRow
    said: Said
    given: Given | None
    """Only where it is a value, or does not apply."""

    @property
    def values(self) -> Values:
        """What was answered; empty where it is no value."""
        return values_of(self.said, self.given)


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rounds a study is of: of each country the newest that fits."""

    region: str = ""
    """Empty: all of them."""
    until: date | None = None
    """The last day on which a round's period may end."""
    all_groups_because: str = ""
    """Why a publication hides no small group: governments released their answers as their own.
    Empty: groups under five are hidden, and answers in words with them."""

    @property
    def hides_small(self) -> bool:
        """Whether small groups are hidden in a publication."""
        return not self.all_groups_because


ALL = Choice()


@dataclass(frozen=True, slots=True)
class CountryIn:
    """A country's round that is in a study."""

    country: str
    name: str
    round: str
    title: str
    period_from: date
    period_to: date
    is_invented: bool = False
    release: str = ""
    """By which it may be published; empty: it is not a published one."""
    official: str = ""
    office: str = ""
    released_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How countries answered a question, or a part of one."""

    indicator: Indicator
    part: str | None
    scale: str
    tally: Tally
    texts: tuple[str, ...] = ()
    """Released answers in words, in the order of the alphabet; nobody is named beside them."""
    texts_hidden: int = 0
    """Answers in words that are not shown: each is one country's, a group under five."""

    @property
    def place(self) -> str:
        """Its name in addresses and in sections of texts."""
        return place_of(self.indicator.id, self.part)


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """A study in counts."""

    protocol: Protocol
    countries: tuple[CountryIn, ...]
    """By name."""
    questions: tuple[Counted, ...]
    """In the protocol's order."""
    is_published: bool
    """Of released answers alone, with small groups hidden; else of all that somebody sees."""
    other_version: tuple[str, ...] = ()
    """Countries whose released answers are to other bytes of the protocol; they are left out."""
    hides_small: bool = True
    """Whether small groups are hidden where it is published."""

    @property
    def is_too_small(self) -> bool:
        """Whether so few countries are in it that each group is small: no question is counted."""
        return self.is_published and self.hides_small and len(self.countries) < LEAST

    def of_area(self, area: str) -> list[Counted]:
        """The questions of one area."""
        return [each for each in self.questions if each.indicator.area == area]


def questionnaires() -> list[Protocol]:
    """List the questionnaires that this site keeps; protocols are everyone's to read."""
    found = (each.protocol for each in kept_protocols())
    return [each for each in found if each.shape is Shape.QUESTIONNAIRE]


def questionnaire(protocol: str) -> Protocol:
    """One questionnaire of this site; raises ProtocolNotFound."""
    asked = kept_protocol(protocol).protocol
    if asked.shape is not Shape.QUESTIONNAIRE:
        known = ", ".join(each.name for each in questionnaires())
        raise ProtocolNotFound(name=protocol[:80], known=known)
    return asked


def study_of(person: Person, protocol: str, choice: Choice = ALL, area: str = "") -> Study:
    """Gather the answers to a questionnaire; raises ProtocolNotFound.

    `area`: to its questions alone, if it is named. In a number of queries that does not depend on
    how many rounds there are.
    """
    asked = questionnaire(protocol)
    newest = _newest(rounds(person), asked.name, choice)
    seen = sights(person, [row.id for row in newest])
    newest = [row for row in newest if row.id in seen]
    wanted = [each for each in asked.indicators.values() if area in ("", each.area)]
    needed = _decided_by(asked, wanted) if area else None
    known_ones = settled_in([row.id for row in newest], needed, protocol=asked.name)
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
        for indicator in wanted
        for part, scale in places(indicator)
    ]  # fmt: skip
    return Study(asked, tuple(newest), tuple(questions))


def figures_of(study: Study) -> StudyFigures:
    """Count a study for those who see its answers one by one: nothing is hidden, no text shown."""
    countries = tuple(
        CountryIn(row.country, row.country_name, row.id, row.title, row.period_from, row.period_to)
        for row in study.rounds
    )
    scales = study.protocol.scales
    questions = tuple(
        Counted(
            each.indicator, each.part, each.scale,
            tally(scales[each.scale], [(one.said, one.values) for one in each.replies],
                  is_published=False),
        )
        for each in study.questions
    )  # fmt: skip
    return StudyFigures(study.protocol, countries, questions, is_published=False)


def published_questions(
    asked: Protocol,
    answers: Sequence[Mapping[tuple[str, str | None], tuple[Said, Values]]],
    *,
    hides_small: bool = True,
) -> tuple[Counted, ...]:
    """Count released answers; `answers`: of each country, by place.

    `hides_small`: groups under five are hidden, and by the same rule an answer in words that fewer
    than five gave in the same words. Without it all are listed.
    """
    found = []
    for indicator in asked.indicators.values():
        for part, scale in places(indicator):
            place = (indicator.id, part)
            replies = [each.get(place, (Said.NOT_ANSWERED, ())) for each in answers]
            made = tally(asked.scales[scale], replies, is_published=hides_small)
            texts: list[str] = []
            if asked.scales[scale].kind is ScaleKind.TEXT and not made.is_hidden:
                texts = sorted(str(one) for _, values in replies for one in values)
            shown = _texts_shown(texts) if hides_small else texts
            left = len(texts) - len(shown)
            found.append(Counted(indicator, part, scale, made, tuple(shown), left))
    return tuple(found)


def _texts_shown(texts: Sequence[str]) -> list[str]:
    """Those that at least five gave in the same words."""
    counted = Counter(texts)
    return [each for each in texts if counted[each] >= LEAST]


def codes_of(choice: Choice) -> set[str] | None:
    """The countries of the region that is looked at; None: all of them."""
    if not choice.region:
        return None
    return set(Country.objects.filter(region=choice.region).values_list("code", flat=True))


def _newest(seen: list[RoundRow], protocol: str, choice: Choice) -> list[RoundRow]:
    """Of each country its newest round on a protocol, by the country's name."""
    found: dict[str, RoundRow] = {}
    codes = codes_of(choice)
    for row in seen:
        if protocol not in row.protocols or (codes is not None and row.country not in codes):
            continue
        if choice.until is not None and row.period_to > choice.until:
            continue
        other = found.get(row.country)
        if other is None or (row.period_to, row.opened_at) > (other.period_to, other.opened_at):
            found[row.country] = row
    return sorted(found.values(), key=lambda row: (row.country_name, row.country))


def values_of(said: Said, given: Given | None) -> Values:
    """What was answered; empty where it is no value."""
    if said is not Said.VALUE or given is None or given.value is None:
        return ()
    return given.value if isinstance(given.value, tuple) else (given.value,)


def places(indicator: Indicator) -> list[tuple[str | None, str]]:
    """What is answered in a question, each with its scale: the question itself, then its parts."""
    own: list[tuple[str | None, str]] = [(None, indicator.scale)] if indicator.scale else []
    return [*own, *((part.id, part.scale) for part in indicator.parts)]


def _decided_by(asked: Protocol, indicators: Sequence[Indicator]) -> set[str]:
    """The questions, and those that decide whether they are asked."""
    found: set[str] = set()
    left = list(indicators)
    while left:
        each = left.pop()
        found.add(each.id)
        if each.asked_if is not None and each.asked_if.indicator not in found:
            left.append(asked.indicators[each.asked_if.indicator])
    return found


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
    if indicator.id in hidden or (
        indicator.id not in standing and _hangs_on(asked, indicator, hidden)
    ):
        return Reply(row, Said.KEPT_BACK, None)
    return Reply(row, *said_in(asked, indicator, part, standing))


def said_in(
    asked: Protocol, indicator: Indicator, part: str | None, standing: Mapping[str, Settled]
) -> tuple[Said, Given | None]:
    """What a country said to a question, by what counts in its round."""
    now = standing.get(indicator.id)
    if now is None:
        is_open = is_asked(asked, indicator, standing)
        return (Said.NOT_ANSWERED if is_open else Said.NOT_ASKED), None
    if now.outcome is Outcome.DISPUTED or now.answer is None:
        return Said.DISPUTED, None
    given = now.answer.parts.get(part) if part else now.answer.given
    if given is None:
        return Said.NOT_ANSWERED, None
    if given.kind is Kind.NOT_KNOWN:
        return Said.NOT_KNOWN, None
    return (Said.VALUE if given.kind is Kind.VALUE else Said.NOT_APPLICABLE), given
