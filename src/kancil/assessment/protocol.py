"""A protocol: what is asked, on which scales, and how answers become figures. It is data.

The form of the file is docs/formats/protocol.md. `reading` makes these objects of a file and says
what is wrong with it; members are the files in `protocols/`, each its own registration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SCHEMA = "kancil-protocol/1"


class Shape(StrEnum):
    """What a protocol's pages and reports look like."""

    INDICATORS = "indicators"
    PROVISIONS = "provisions"
    RESPONSE = "response"
    THREATS = "threats"
    QUESTIONNAIRE = "questionnaire"


class Standing(StrEnum):
    """How far a protocol is agreed."""

    PROPOSAL = "proposal"
    REVIEWED = "reviewed"


class ScaleKind(StrEnum):
    """What an answer on a scale is."""

    ORDERED = "ordered"
    """A whole number of a list, low to high."""
    CHOICE = "choice"
    MANY = "many"
    COUNT = "count"
    SHARE = "share"
    """0 to 100."""
    TEXT = "text"
    DATE = "date"


class Confidence(StrEnum):
    """How sure somebody is; never a number."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Duty(StrEnum):
    """Whether an instrument demands what is asked."""

    TREATY = "treaty"
    GOOD_PRACTICE = "good-practice"
    """It does not: the authors of the protocol hold it to be good practice."""


class Relation(StrEnum):
    """How one provision stands to another."""

    SAME = "same"
    BROADER = "broader"
    """This one reaches further than the other."""
    NARROWER = "narrower"
    RELATED = "related"

    @property
    def turned(self) -> Relation:
        """The relation as seen from the other provision."""
        turns = {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}
        return turns.get(self, self)


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one or more languages."""

    said: Mapping[str, str]
    own: str
    """The protocol's own language, which is always there."""

    def in_language(self, language: str) -> str:
        """The words in a language, else in the protocol's own."""
        return self.said.get(language) or self.said[self.own]

    def __str__(self) -> str:
        """The words in the protocol's own language."""
        return self.said[self.own]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a question comes from."""

    id: str
    title: Text
    ref: str
    url: str | None = None
    as_of: date | None = None
    confidence: Confidence | None = None
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One value of a scale that has a list of them."""

    value: int | str
    label: Text
    meaning: Text | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """On what a question is answered."""

    id: str
    title: Text
    kind: ScaleKind
    values: tuple[ScaleValue, ...] = ()
    help: Text | None = None
    note: Text | None = None

    @property
    def lowest(self) -> int:
        """Lowest value of an ordered scale."""
        return min(int(each.value) for each in self.values)

    @property
    def highest(self) -> int:
        """Highest value of an ordered scale."""
        return max(int(each.value) for each in self.values)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of evidence; a protocol lists them best first."""

    id: str
    label: Text
    meaning: Text
    confirmed: bool
    """Whether an answer that rests on it counts as confirmed."""
    interview: bool = False
    """Whether it is an interview, with access of its own."""
    help: Text | None = None
    note: Text | None = None
    by_lawyer: bool = False
    """Whether it says that a lawyer confirmed it, who is then to be named."""


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of government and society."""

    id: str
    title: Text
    includes: Text | None = None
    forces: bool = False
    """Whether it is that of police or other security forces, support to whom is looked at first."""
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Assistance:
    """A kind of help that may be recommended."""

    id: str
    title: Text
    intrusive: bool = False
    """Whether it brings powers or tools that intrude on rights."""
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """What several indicators speak of."""

    id: str
    title: Text
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class NotAsked:
    """An article of an instrument that the protocol asks nothing of."""

    number: str
    title: Text | None = None
    """Missing where its text gives it none."""
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, protocol, declaration, resolution or standard."""

    id: str
    short: Text
    title: Text
    ref: str
    year: int
    body: str
    binding: bool
    confidence: Confidence
    source: Text
    confidence_note: Text | None = None
    adopted_on: date | None = None
    in_force_on: date | None = None
    entry_into_force: Text | None = None
    help: Text | None = None
    note: Text | None = None
    by_consent: bool = True
    """Whether a State is bound only once it consents; a resolution binds without."""
    url: str | None = None
    """Page of its depositary or publisher."""
    not_asked: tuple[NotAsked, ...] = ()

    @property
    def takes_consent(self) -> bool:
        """Whether there is anything to consent to: it binds, and only by consent."""
        return self.binding and self.by_consent


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a protocol that gets a figure of its own."""

    id: str
    title: Text
    weight: float
    parent: str | None = None
    instrument: str | None = None
    sector: str | None = None
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A question within a question, such as an element of an offence."""

    id: str
    question: Text
    scale: str
    kind: str = "other"
    duty: Duty = Duty.TREATY
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """Where a provision stands."""

    instrument: str
    number: str
    title: Text
    category: str


@dataclass(frozen=True, slots=True)
class Checked:
    """That somebody compared an indicator with an official text."""

    on: date
    against: str


@dataclass(frozen=True, slots=True)
class Related:
    """How an indicator stands to another one."""

    to: str
    relation: Relation
    difference: Text | None = None
    """In words; missing only where the two are the same."""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class AskedIf:
    """After which answers an indicator is asked at all."""

    indicator: str
    values: tuple[int | str, ...]
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is asked."""

    id: str
    area: str
    sector: str
    weight: float
    question: Text
    scale: str | None
    """Missing where all is asked in `parts`."""
    stages: Mapping[int, Text] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    critical: bool = False
    evidence: tuple[Text, ...] = ()
    sources: tuple[str, ...] = ()
    confidence: Confidence | None = None
    confidence_note: Text | None = None
    checked: Checked | None = None
    article: Article | None = None
    assistance: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    asked_if: AskedIf | None = None
    help: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A name for figures from `min` percent up."""

    id: str
    title: Text
    min: float


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """What a low answer to a critical indicator does."""

    at_most: int
    cap_percent: float
    blocks_intrusive: bool
    until: str | None
    """Concept that an accepted item of the plan must answer first."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """How answers become figures."""

    method: str
    by: str
    """`area` or `instrument`. There is never one figure over all."""
    minimum_coverage: float
    """Percent of weight answered, below which no figure is shown."""
    bands: tuple[Band, ...] = ()
    critical: CriticalRule | None = None


@dataclass(frozen=True, slots=True)
class MapsFrom:
    """What became of the indicators of an older version."""

    version: str
    indicators: Mapping[str, tuple[str, ...]]
    """An empty tuple: no longer asked."""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """That a named expert agreed to a protocol."""

    by: Text
    on: date


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol as it was read, with every reference resolved."""

    id: str
    version: str
    shape: Shape
    language: str
    title: Text
    purpose: Text
    standing: Standing
    standing_note: Text
    licence: str
    sources: Mapping[str, Source]
    scales: Mapping[str, Scale]
    grades: Mapping[str, Grade]
    """Best first."""
    sectors: Mapping[str, Sector]
    assistance: Mapping[str, Assistance]
    concepts: Mapping[str, Concept]
    instruments: Mapping[str, Instrument]
    areas: Mapping[str, Area]
    indicators: Mapping[str, Indicator]
    scoring: Scoring | None
    maps_from: tuple[MapsFrom, ...]
    sha256: str
    """Of the file's bytes, so that a result can name what it was made with."""
    reviewed: Review | None = None
    """Who made it `reviewed`."""

    @property
    def name(self) -> str:
        """The name by which people and files call it: `capability-2026.2`."""
        return f"{self.id}-{self.version}"
