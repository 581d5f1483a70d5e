"""Short forms in which a lab says its story, its questions and its key.

The words of a lab stand beside it, `labs/<lab>.po`, under `lab.<lab>-…`:

    story-1, story-2 …      paragraphs of the story
    basis                   the legal authority
    file-<name>             title of a file; from-<name>: who handed it over
    ask-<question>          a question; hint-<question>-1 …; why-<question>
    choice-<code>           a statement or reason that a question offers
    point-<code>            a line of a rubric
    did-<code>              a line of the timeline
    innocent-<code>         who is wronged by an accusation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kancil.ground.phrase import Param, Phrase
from kancil.training.key import Criterion, Expected, Happening
from kancil.training.lab import Evidence
from kancil.training.question import Choice, Hint, Kind, Question, Value

from .tables import utc_text


@dataclass(slots=True)
class Telling:
    """Collects what a lab says, in its order."""

    words: str
    """How the keys of its words begin: `lab.ransom-payment-`."""
    questions: list[Question] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    timeline: list[Happening] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def say(self, name: str, **params: Param) -> Phrase:
        """Words of this lab."""
        return Phrase(self.words + name, params)

    def story(self, paragraphs: int, **params: Param) -> tuple[Phrase, ...]:
        """The story; each paragraph gets all parameters."""
        return tuple(self.say(f"story-{n}", **params) for n in range(1, paragraphs + 1))

    def file(self, name: str, kind: str, word: str, **params: Param) -> None:
        """A file of the case folder."""
        title, source = self.say(f"file-{word}"), self.say(f"from-{word}", **params)
        self.evidence.append(Evidence(name, kind, title, source))

    def ask(
        self,
        id: str,
        kind: Kind,
        points: int,
        value: Value,
        *,
        unit: str = "",
        tolerance: str = "",
        hints: Sequence[int] = (),
        choices: Sequence[tuple[str, Mapping[str, Param]]] = (),
        accusations: Mapping[str, Phrase] | None = None,
        also: Sequence[Value] = (),
        rubric: Sequence[tuple[str, int]] = (),
        words: Mapping[str, Param] | None = None,
        why: Mapping[str, Param] | None = None,
    ) -> None:
        """A question and what is right for it; `hints`: what each hint costs."""
        self.questions.append(
            Question(
                id, kind, points, self.say(f"ask-{id}", **(words or {})), unit=unit,
                choices=tuple(
                    Choice(code, self.say(f"choice-{code.rstrip('0123456789-')}", **params))
                    for code, params in choices
                ),
                hints=tuple(
                    Hint(self.say(f"hint-{id}-{n}"), cost) for n, cost in enumerate(hints, start=1)
                ),
            )
        )  # fmt: skip
        self.expected.append(
            Expected(
                id, value, self.say(f"why-{id}", **(why or {})), tolerance, accusations or {},
                tuple(also),
                tuple(Criterion(code, n, self.say(f"point-{code}")) for code, n in rubric),
            )
        )  # fmt: skip

    def did(
        self,
        at: int,
        actor: str,
        code: str,
        *evidence: str,
        params: Mapping[str, Param] | None = None,
    ) -> None:
        """A line of the timeline; `at`: Unix time."""
        words = self.say(f"did-{code}", **(params or {}))
        self.timeline.append(Happening(utc_text(at), actor, words, evidence))

    def in_time(self) -> tuple[Happening, ...]:
        """The timeline by time."""
        return tuple(sorted(self.timeline, key=lambda each: (each.at, each.words.key, each.actor)))
