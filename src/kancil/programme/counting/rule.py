"""A counting rule: what is counted, once or each time, of which records, and split by what.

The sentence that a person reads is made from the very rule that is enforced. A rule in JSON names
its schema; a key that the schema has not, or a condition that its kind of record cannot meet, is
refused: a rule that is read in half counts something else than its author meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any

from kancil.ground.errors import NotCanonical
from kancil.ground.filled import filled_from_plain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.programme.errors import RuleNotUsable
from kancil.programme.vocabulary import (
    ActivityKind,
    ActivityState,
    AgeBand,
    Audience,
    AudienceAge,
    Moment,
    OrganisationKind,
    Part,
    Profession,
    Sex,
)
from kancil.records.described import named

SCHEMA = "counting-rule/1"
MOST_VALUES = 200
"""Values of one condition."""


class Counts(StrEnum):
    """What is counted; the words are `counting.<value>-once` and `-each-time`."""

    PEOPLE = "people"
    """Who attended; each time: participations."""
    ACTIVITIES = "activities"
    ORGANISATIONS = "organisations"
    """Whose people attended, to which equipment was handed, or beside which a mentor worked."""
    HANDOVERS = "handovers"
    """Pieces of equipment; with `months`, those in use so long after."""
    HEAD_COUNTS = "head-counts"
    """People who were counted and not listed, such as children. Once: of the sessions of a series,
    the one with the most."""
    EVALUATION = "evaluation"
    """The share of answers to a question that are among `answers`, in percent."""
    ROUND_SCORE = "round-score"
    """A country's score in the newest figures that it released, in percent."""
    ROUND_COUNTRIES = "round-countries"
    """Countries whose score rose between the first and the newest figures that they released."""
    ENTERED = "entered"
    """By hand, with a source: what is not recorded here, such as cases that a unit opened."""


class Times(StrEnum):
    """How often the same person, organisation or audience counts."""

    ONCE = "once"
    EACH_TIME = "each-time"


class Span(StrEnum):
    """From when on it is counted."""

    PERIOD = "period"
    TO_DATE = "to-date"
    """From the programme's beginning to the end of the period: what has a target."""


class Dimension(StrEnum):
    """By what records are chosen and split; the words are `counting.dimension-<value>`."""

    SEX = "sex"
    PROFESSION = "profession"
    AGE = "age-band"
    COUNTRY = "country"
    PART = "part"
    KIND = "activity-kind"
    OUTPUT = "output"
    GRANT = "grant"
    AUDIENCE = "audience"
    ORGANISATION = "organisation-kind"


_D = Dimension
_OF_ACTIVITY = frozenset({_D.KIND, _D.OUTPUT, _D.GRANT, _D.COUNTRY})
DIMENSIONS: Mapping[Counts, frozenset[Dimension]] = {
    Counts.PEOPLE: _OF_ACTIVITY | {_D.SEX, _D.PROFESSION, _D.AGE, _D.PART},
    Counts.ACTIVITIES: _OF_ACTIVITY,
    Counts.ORGANISATIONS: _OF_ACTIVITY | {_D.ORGANISATION},
    Counts.HANDOVERS: _OF_ACTIVITY | {_D.ORGANISATION},
    Counts.HEAD_COUNTS: _OF_ACTIVITY | {_D.SEX, _D.AGE, _D.AUDIENCE},
    Counts.EVALUATION: _OF_ACTIVITY,
    Counts.ROUND_SCORE: frozenset({_D.COUNTRY}),
    Counts.ROUND_COUNTRIES: frozenset({_D.COUNTRY}),
    Counts.ENTERED: frozenset(),
}
"""What a record of each kind says."""
WHOLE: Mapping[Counts, frozenset[Dimension]] = {
    Counts.PEOPLE: frozenset({_D.SEX, _D.PROFESSION, _D.AGE, _D.COUNTRY}),
    Counts.ORGANISATIONS: frozenset({_D.ORGANISATION, _D.COUNTRY}),
    Counts.HANDOVERS: frozenset({_D.ORGANISATION, _D.COUNTRY, _D.KIND, _D.OUTPUT}),
    Counts.HEAD_COUNTS: frozenset({_D.SEX, _D.AGE, _D.AUDIENCE, _D.COUNTRY}),
    Counts.ACTIVITIES: frozenset({_D.KIND, _D.OUTPUT}),
}
"""Splits whose parts make the whole, since each that is counted once has one value of them."""
OF_PERSONS = frozenset({Counts.PEOPLE, Counts.HEAD_COUNTS, Counts.EVALUATION})
"""Counts whose small groups are hidden in what leaves."""
OWN_DAY = frozenset({Counts.HANDOVERS, Counts.HEAD_COUNTS})
"""Counts whose records bear a day of their own, whenever their activity ended."""
SHARES = frozenset({Counts.EVALUATION, Counts.ROUND_SCORE})
"""Not whole numbers but percent: never added up."""
_OWN: Mapping[str, frozenset[Counts]] = {
    "least_attendance": frozenset({Counts.PEOPLE}),
    "months": frozenset({Counts.HANDOVERS}),
    "question": frozenset({Counts.EVALUATION}),
    "answers": frozenset({Counts.EVALUATION}),
    "moment": frozenset({Counts.EVALUATION}),
    "protocol": frozenset({Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES}),
    "area": frozenset({Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES}),
    "scale": frozenset({Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES}),
    "rise": frozenset({Counts.ROUND_COUNTRIES}),
}
_NEEDED: Mapping[Counts, tuple[str, ...]] = {
    Counts.EVALUATION: ("question", "answers"),
    Counts.ROUND_SCORE: ("protocol", "area"),
    Counts.ROUND_COUNTRIES: ("protocol", "area"),
}
_VALUES: Mapping[Dimension, tuple[type[StrEnum], ...]] = {
    _D.SEX: (Sex,), _D.PROFESSION: (Profession,), _D.AGE: (AgeBand, AudienceAge), _D.PART: (Part,),
    _D.KIND: (ActivityKind,), _D.AUDIENCE: (Audience,), _D.ORGANISATION: (OrganisationKind,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A counting rule."""

    counts: Counts
    times: Times = Times.ONCE
    span: Span = Span.PERIOD
    only: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    """Conditions, all of which a record meets: one of these values of each. Countries are
    three-letter codes, outputs their codes, grants their references."""
    split: tuple[Dimension, ...] = ()
    states: tuple[ActivityState, ...] = (ActivityState.DONE,)
    """Of the activities that count."""
    least_attendance: int = 0
    """Percent of an activity's days on which somebody was there."""
    months: int = 0
    """After so many months in use; 0: handed over."""
    question: str = ""
    """Id in the evaluation's form."""
    answers: tuple[str, ...] = ()
    """To the question, those that count."""
    moment: str = ""
    """Of the evaluation; empty: any."""
    protocol: str = ""
    """Id of the protocol of assessment, whatever its version."""
    area: str = ""
    scale: str = ""
    """Empty: the first that was released."""
    rise: int = 1
    """Points by which a score rose at least."""
    schema: str = SCHEMA

    @property
    def is_entered(self) -> bool:
        """Whether its figures are entered by hand."""
        return self.counts is Counts.ENTERED

    @property
    def hides_small(self) -> bool:
        """Whether it counts persons, so that groups under five are hidden in what leaves."""
        return self.counts in OF_PERSONS


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as the books keep it: what says nothing is left out."""
    usual = plain(Rule(rule.counts))
    written: dict[str, Any] = plain(rule)
    return {
        key: value
        for key, value in written.items()
        if key in ("counts", "schema") or value != usual[key]
    }


def read_rule(value: Any) -> Rule:
    """Read what `rule_json` or a person wrote; raises RuleNotUsable."""
    if not isinstance(value, dict):
        raise RuleNotUsable(why=Phrase("why.rule-none"))
    for key in sorted(set(map(str, value)) - {each.name for each in fields(Rule)}):
        raise RuleNotUsable(why=Phrase("why.rule-unknown", {"key": str(key)[:40]}))
    try:
        return _read(json.dumps(value, sort_keys=True))
    except TypeError as error:
        raise RuleNotUsable(why=Phrase("why.rule-none")) from error


@lru_cache(maxsize=4_000)
def _read(text: str) -> Rule:
    """Read a rule once a process: a framework of hundreds is shown again and again."""
    value = json.loads(text)
    try:
        rule = filled_from_plain(Rule, value, is_whole=False)
    except NotCanonical as error:
        raise RuleNotUsable(why=error.params["why"]) from error
    for why, params in _faults(rule):
        raise RuleNotUsable(why=Phrase(f"why.rule-{why}", params))
    return rule


_Fault = tuple[str, dict[str, str | Phrase]]


def _faults(rule: Rule) -> Iterable[_Fault]:
    if rule.schema != SCHEMA:
        yield "schema", {"schema": rule.schema[:40]}
    usual = Rule(rule.counts)
    what: dict[str, str | Phrase] = {"counts": Phrase(f"programme.counting.{rule.counts}")}
    for name, kinds in _OWN.items():
        if rule.counts not in kinds and getattr(rule, name) != getattr(usual, name):
            yield "key", {**what, "key": name}
    for name in _NEEDED.get(rule.counts, ()):
        if not getattr(rule, name):
            yield "needed", {**what, "key": name}
    for each in (*rule.only, *rule.split):
        if each not in DIMENSIONS[rule.counts]:
            yield "dimension", {**what, "dimension": dimension_name(each)}
    if rule.split and rule.counts in SHARES | {Counts.ROUND_COUNTRIES}:
        yield "split", what
    if not (0 <= rule.least_attendance <= 100 and 0 <= rule.months <= 60 and 0 < rule.rise <= 100):
        yield "number", {}
    yield from _value_faults(rule)


def _value_faults(rule: Rule) -> Iterable[_Fault]:
    for each, values in rule.only.items():
        known = {one.value for kind in _VALUES.get(each, ()) for one in kind}
        for value in values:
            if known and value not in known:
                yield "value", {"value": value[:40], "dimension": dimension_name(each)}
        if not values or len(values) > MOST_VALUES:
            yield "values", {"dimension": dimension_name(each)}
    if rule.moment and rule.moment not in set(Moment):
        yield "value", {"value": rule.moment[:40], "dimension": Phrase("programme.counting.moment")}


def dimension_name(dimension: Dimension) -> Phrase:
    """The name of what is split by."""
    return Phrase(f"programme.counting.dimension-{dimension}")


def value_name(dimension: Dimension, value: str) -> Phrase | str:
    """The name of a value: a word of the vocabulary, or a code as it is."""
    for kind in _VALUES.get(dimension, ()):
        if value in {each.value for each in kind}:
            return named(kind(value))
    return value if value else Phrase("programme.counting.none")


def rule_sentence(rule: Rule) -> Phrase:
    """The rule for a reader, as one paragraph: what counts, of which records, when, split how."""
    said = [_what(rule)]
    if rule.counts not in (Counts.ENTERED, Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES):
        states = listed([named(each) for each in rule.states], "or")
        own = f"-{rule.counts}" if rule.counts in OWN_DAY else ""
        said.append(Phrase(f"programme.counting.when-{rule.span}{own}", {"states": states}))
    said += [
        Phrase(
            "programme.counting.only",
            {
                "dimension": dimension_name(each),
                "values": listed([value_name(each, one) for one in values], "or"),
            },
        )
        for each, values in rule.only.items()
    ]
    if rule.split:
        names = listed([dimension_name(each) for each in rule.split], "and")
        said.append(Phrase("programme.counting.split", {"dimensions": names}))
    if rule.hides_small:
        said.append(Phrase("programme.counting.small"))
    whole, *more = said
    for each in more:
        whole = Phrase("programme.counting.sentences", {"first": whole, "more": each})
    return whole


def _what(rule: Rule) -> Phrase:
    params: dict[str, str | int | Phrase] = {}
    key = f"programme.counting.what-{rule.counts}"
    if rule.counts in (Counts.PEOPLE, Counts.ORGANISATIONS, Counts.HEAD_COUNTS):
        key = f"{key}-{rule.times}"
    if rule.least_attendance:
        key, params = f"{key}-days", {"percent": rule.least_attendance}
    if rule.counts is Counts.HANDOVERS and rule.months:
        key, params = f"{key}-in-use", {"months": rule.months}
    if rule.counts is Counts.EVALUATION:
        params = {
            "answers": listed(list(rule.answers), "or"),
            "question": rule.question,
            "moment": named(Moment(rule.moment))
            if rule.moment
            else Phrase("programme.counting.any-moment"),
        }
    if rule.counts in (Counts.ROUND_SCORE, Counts.ROUND_COUNTRIES):
        params = {"area": rule.area, "protocol": rule.protocol, "rise": rule.rise}
    return Phrase(key, params)


def listed(names: list[Phrase | str] | list[Phrase] | list[str], word: str) -> Phrase | str:
    """Names one after the other, with `and` or `or` before the last."""
    if not names:
        return ""
    found: Phrase | str = names[0]
    for place, each in enumerate(names[1:], start=2):
        key = f"programme.counting.{word}" if place == len(names) else "programme.counting.comma"
        found = Phrase(key, {"first": found, "more": each})
    return found
