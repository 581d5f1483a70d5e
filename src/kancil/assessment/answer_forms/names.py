"""What a form asks and how its questions are called: one plan for the form and its answers.

Made of a protocol alone, so that whoever reads the answers has the same names. A name is letters,
digits and `_`, begins with a letter, and no two differ only in capitals: so it is an XML name,
survives each tool's own renaming, and holds neither `/` nor `-`, with which Kobo and ODK Central
join the groups' names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kancil.assessment.protocol import (
    Area,
    Confidence,
    Indicator,
    Part,
    Protocol,
    Scale,
    ScaleKind,
    Text,
)

NOT_APPLICABLE, NOT_KNOWN = "na", "nk"
PROTOCOL_NAME, PROTOCOL_SHA256, ASSESSOR = "protocol_name", "protocol_sha256", "assessor"
WITH_CHOICES = (ScaleKind.ORDERED, ScaleKind.CHOICE, ScaleKind.MANY)
_TAKEN = (
    "meta", "instanceid", "instancename", "start", "end", "today", "about", "data", "key",
    "submissiondate", "formversion", PROTOCOL_NAME, PROTOCOL_SHA256, ASSESSOR,
)  # fmt: skip

Said = Mapping[str, str]
"""Words by language."""


class Asks(StrEnum):
    """What a question of the form asks; the words of most are `name.form-<value>`."""

    VALUE = "value"
    """The answer itself, of the indicator or of a part."""
    OPEN = "open"
    """Beside a number, text or date: not applicable, or not known."""
    WHY = "why"
    """Why not applicable."""
    CONFIDENCE = "confidence"
    COMMENT = "comment"
    EVIDENCE = "evidence"
    """Its title."""
    GRADE = "grade"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    name: str
    value: int | str
    said: Said


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form."""

    name: str
    asks: Asks
    indicator: str
    part: str | None
    said: Said
    scale: Scale | None = None
    """For VALUE and OPEN."""
    list: str | None = None
    """Its list of choices, for those that have one."""


@dataclass(frozen=True, slots=True)
class Block:
    """The questions of one indicator."""

    indicator: Indicator
    group: str
    questions: tuple[Question, ...]

    def of(self, asks: Asks) -> tuple[Question, ...]:
        """Its questions of one kind."""
        return tuple(each for each in self.questions if each.asks is asks)


@dataclass(frozen=True, slots=True)
class FormPlan:
    """All questions of a protocol's form, by area, and the lists of choices."""

    languages: tuple[str, ...]
    """The protocol's own first."""
    areas: Mapping[str, str]
    """Names of the areas' groups, by area."""
    blocks: Mapping[str, Block]
    """By indicator, in the protocol's order."""
    lists: Mapping[str, tuple[Option, ...]]
    questions: Mapping[str, Question] = field(default_factory=dict)
    """By name."""


def plan_form(protocol: Protocol, words: Mapping[str, Said]) -> FormPlan:
    """Plan the form of a whole protocol.

    `words`: by `Asks`, and for `na`, `nk` and the confidences, in each of `languages_of`.
    """
    return _Planner(protocol, words).plan()


def languages_of(protocol: Protocol) -> tuple[str, ...]:
    """List the languages in which a protocol says any of its questions, its own first."""
    texts: list[Text] = []
    for each in protocol.indicators.values():
        texts += [each.question, *each.stages.values(), *(part.question for part in each.parts)]
    for scale in protocol.scales.values():
        texts += [value.label for value in scale.values]
    found = {language for each in texts for language in each.said}
    return (protocol.language, *sorted(found - {protocol.language}))


class _Namer:
    """Gives each id a name of its own."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def name(self, *parts: str) -> str:
        wanted = "__".join(re.sub("[^A-Za-z0-9]+", "_", part) for part in parts)
        wanted = wanted if wanted[:1].isalpha() else "q_" + wanted
        name, times = wanted, 1
        while name.casefold() in self._taken:
            times += 1
            name = f"{wanted}_{times}"
        self._taken |= {name.casefold()}
        return name


class _Planner:
    def __init__(self, protocol: Protocol, words: Mapping[str, Said]) -> None:
        self.protocol = protocol
        self.words = words
        self.languages = languages_of(protocol)
        self.namer = _Namer(_TAKEN)
        self.list_namer = _Namer(("grades", "confidence", "open"))
        self.lists: dict[str, tuple[Option, ...]] = {
            "grades": self._options((each.id, each.label) for each in protocol.grades.values()),
            "confidence": tuple(Option(each, each, words[each]) for each in Confidence),
            "open": self._no_answers(),
        }
        self.scale_lists: dict[str, str] = {}

    def plan(self) -> FormPlan:
        areas = {name: self.namer.name("area", name) for name in self.protocol.areas}
        # The indicators first, so that `LF10` is called LF10 whatever the parts are called.
        own = {name: self.namer.name(name) for name in self.protocol.indicators}
        blocks = {
            name: self._block(self.protocol.indicators[name], own_name)
            for name, own_name in own.items()
        }
        questions = {each.name: each for block in blocks.values() for each in block.questions}
        return FormPlan(self.languages, areas, blocks, self.lists, questions)

    def _block(self, indicator: Indicator, name: str) -> Block:
        found: list[Question] = []
        if indicator.scale is not None:
            said = self._said(indicator.question, f"{indicator.id} · ")
            found += self._asked(indicator, None, name, indicator.scale, said)
        for number, part in enumerate(indicator.parts, 1):
            said = self._said(part.question, f"{indicator.id} ({number}) · ")
            part_name = self.namer.name(name, part.id)
            found += self._asked(indicator, part, part_name, part.scale, said)
        found += [
            Question(
                self.namer.name(name, asks),
                asks,
                indicator.id,
                None,
                {language: f"{indicator.id} · {text}" for language, text in self._own(asks)},
                list={Asks.CONFIDENCE: "confidence", Asks.GRADE: "grades"}.get(asks),
            )
            for asks in (
                Asks.WHY, Asks.CONFIDENCE, Asks.COMMENT, Asks.EVIDENCE, Asks.GRADE, Asks.REFERENCE,
            )
        ]  # fmt: skip
        return Block(indicator, self.namer.name("g", name), tuple(found))

    def _asked(
        self, indicator: Indicator, part: Part | None, name: str, scale_id: str, said: Said
    ) -> list[Question]:
        """The question itself, and beside one without choices that for no answer."""
        scale, part_id = self.protocol.scales[scale_id], part.id if part else None
        if scale.kind in WITH_CHOICES:
            named = self._stage_list(indicator, scale) if part is None else None
            named = named or self._scale_list(scale)
            return [Question(name, Asks.VALUE, indicator.id, part_id, said, scale, named)]
        open_said = {language: f"{said[language]} · {text}" for language, text in self._own("open")}
        open_name = self.namer.name(name, Asks.OPEN)
        return [
            Question(open_name, Asks.OPEN, indicator.id, part_id, open_said, scale, "open"),
            Question(name, Asks.VALUE, indicator.id, part_id, said, scale),
        ]

    def _stage_list(self, indicator: Indicator, scale: Scale) -> str | None:
        if not indicator.stages or scale.kind is not ScaleKind.ORDERED:
            return None
        pairs = ((int(each.value), indicator.stages[int(each.value)]) for each in scale.values)
        name = self.list_namer.name("stages", indicator.id)
        self.lists[name] = (*self._options(pairs), *self._no_answers())
        return name

    def _scale_list(self, scale: Scale) -> str:
        if scale.id not in self.scale_lists:
            name = self.list_namer.name("scale", scale.id)
            pairs = ((each.value, each.label) for each in scale.values)
            self.lists[name] = (*self._options(pairs), *self._no_answers())
            self.scale_lists[scale.id] = name
        return self.scale_lists[scale.id]

    def _options(self, pairs: Iterable[tuple[int | str, Text]]) -> tuple[Option, ...]:
        namer, found = _Namer((NOT_APPLICABLE, NOT_KNOWN)), []
        for value, label in pairs:
            is_stage = isinstance(value, int)
            name = str(value).replace("-", "minus_") if is_stage else namer.name(str(value))
            found.append(Option(name, value, self._said(label, f"{value} · " if is_stage else "")))
        return tuple(found)

    def _no_answers(self) -> tuple[Option, ...]:
        return tuple(Option(each, each, self.words[each]) for each in (NOT_APPLICABLE, NOT_KNOWN))

    def _said(self, text: Text, before: str = "") -> dict[str, str]:
        return {language: before + text.in_language(language) for language in self.languages}

    def _own(self, key: str) -> list[tuple[str, str]]:
        return [(language, self.words[key][language]) for language in self.languages]


def areas_within(protocol: Protocol, chosen: Iterable[str]) -> list[Area]:
    """Areas and all below them, in the protocol's order."""
    wanted = set(chosen)

    def is_wanted(area: Area) -> bool:
        return area.id in wanted or (
            area.parent is not None and is_wanted(protocol.areas[area.parent])
        )

    return [each for each in protocol.areas.values() if is_wanted(each)]
