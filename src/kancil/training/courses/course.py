"""A course as data, as its folder has it: outline, sources, texts by language, pictures.

    course.yaml             the outline, and the fields of a course package
    sources.yaml            what the statements rest on
    en/lessons/01-name.md   a lesson; `[^s4]` behind a statement names its source
    en/trainer.md           for each lesson: minutes, what to show, questions, common mistakes
    en/trainee.md           what a trainee keeps
    en/slides.md            slides, parted by `---`; without it they are made of the lessons
    en/pre.gift, post.gift  the two parallel tests
    pictures/name.svg       pictures, which all languages share
    lo/…                    a translation: the same file names

The fields of a course package follow ECTEG's rules for packages as the programme states them
(course description, target audience, prerequisites, learning objectives, schedule, assessment,
trainer profile, equipment, version history); not compared with a text of ECTEG: *verify*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kancil.training.item_bank.bank import Bank
from kancil.training.lab import Audience

FORMAT = "kancil-course/1"
SOURCES_FORMAT = "kancil-course-sources/1"
OUTLINE, SOURCES, PICTURES, LESSONS = "course.yaml", "sources.yaml", "pictures", "lessons"
TRAINER, TRAINEE, SLIDES, PRE, POST = (
    "trainer.md", "trainee.md", "slides.md", "pre.gift", "post.gift",
)  # fmt: skip


class Standing(StrEnum):
    """How far a source was looked at; the words are `name.source-<value>`."""

    READ = "read"
    """The text itself was read for what is said here."""
    SECONDARY = "secondary"
    """Known from another text that cites it."""
    GENERAL = "general-knowledge"
    """Known in the field and not compared with a text: to be verified."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement rests on."""

    id: str
    title: str
    standing: Standing
    author: str = ""
    year: str = ""
    publisher: str = ""
    url: str = ""
    doi: str = ""
    reference: str = ""
    """Where there is no address: number of a standard, article of a law."""
    note: str = ""
    """Which part was read."""

    @property
    def in_one_line(self) -> str:
        """Who wrote it, its title, where and when; without its address on the web."""
        doi = f"doi:{self.doi}" if self.doi else ""
        parts = (self.author, self.title, self.publisher, self.year, self.reference, doi, self.note)
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Sources:
    """`sources.yaml`."""

    format: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Objective:
    """What a trainee can do afterwards."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson, as the outline names it."""

    file: str
    """`01-what-a-block-records.md`, under `en/lessons`."""
    title: str
    minutes: int
    teaches: tuple[str, ...]
    """Ids of objectives."""


@dataclass(frozen=True, slots=True)
class Practical:
    """A lab of the course."""

    lab: str
    """Its name in `kancil.training.labs`."""
    minutes: int
    after: str = ""
    """File of the lesson that it follows; empty: the last one."""
    practises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkPart:
    """A part of the marking scheme."""

    part: str
    percent: int


@dataclass(frozen=True, slots=True)
class Session:
    """A line of the schedule."""

    session: str
    minutes: int
    holds: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the version history."""

    version: str
    on: str
    """2026-11-30."""
    change: str


@dataclass(frozen=True, slots=True)
class Outline:
    """`course.yaml`."""

    format: str
    id: str
    version: str
    title: str
    language: str
    """In which it was written; the others are translations."""
    audience: Audience
    description: str
    target_audience: str
    hours: int
    prerequisites: tuple[str, ...]
    objectives: tuple[Objective, ...]
    lessons: tuple[Lesson, ...]
    labs: tuple[Practical, ...]
    test_minutes: int
    """Time for each of the two tests; 0: no limit."""
    marking: tuple[MarkPart, ...]
    pass_percent: int
    schedule: tuple[Session, ...]
    assessment: str
    trainer_profile: str
    equipment: tuple[str, ...]
    history: tuple[Change, ...]
    licence: str
    authors: tuple[str, ...]
    """Roles, no names of persons."""
    translations: tuple[str, ...] = ()
    """Languages beside its own."""

    @property
    def name(self) -> str:
        """By which commands and pages call it."""
        return self.id


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of a course in one language; empty where a file is missing."""

    lessons: Mapping[str, str]
    """Markdown by file name."""
    translates: Mapping[str, str] = field(default_factory=dict)
    """Of a translated lesson, by file name, the version that it translates."""
    trainer: str = ""
    trainee: str = ""
    slides: str = ""
    pre: Bank | None = None
    post: Bank | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course."""

    outline: Outline
    sources: tuple[Source, ...]
    written: Mapping[str, Written]
    """By language."""
    pictures: Mapping[str, str]
    """SVG by file name."""

    @property
    def own(self) -> Written:
        """Its texts as they were first written."""
        return self.written[self.outline.language]

    def in_language(self, language: str) -> Written:
        """Its texts in a language, or in its own where it has no such translation."""
        return self.written.get(language, self.own)

    def objective(self, id: str) -> Objective:
        """One of its objectives."""
        return next(each for each in self.outline.objectives if each.id == id)
