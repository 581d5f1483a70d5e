"""A study as it may be published: of what countries released, and of nothing else.

Of each country the newest release that stands; one that is withdrawn is in no study from then on,
and what was published with it is not offered any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from kancil.assessment.study import Said, Values
from kancil.desk.assessment.models import Act, Narrative, Release
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.releases import answers_released
from kancil.desk.assessment.queries.study import (
    ALL,
    Choice,
    CountryIn,
    StudyFigures,
    codes_of,
    published_questions,
    questionnaire,
)
from kancil.desk.assessment.stored import PUBLISHED, open_stored
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled


def released_study(person: Person, protocol: str, choice: Choice = ALL) -> StudyFigures:
    """Count what was released of a questionnaire to somebody; raises ProtocolNotFound.

    Countries that released answers to other bytes of the protocol are named, and left out.
    """
    asked = questionnaire(protocol)
    codes = codes_of(choice)
    newest: dict[str, tuple[CountryIn, dict[str, Any]]] = {}
    for row, made in answers_released(person, asked.name):
        is_late = choice.until is not None and row.period_to > choice.until
        if is_late or (codes is not None and row.country not in codes):
            continue
        known = newest.get(row.country)
        if known is None or row.period_to > known[0].period_to:
            newest[row.country] = (
                filled(CountryIn, row, name=row.country_name, release=row.id), made
            )  # fmt: skip
    ordered = sorted(newest.values(), key=lambda each: (each[0].name, each[0].country))
    fitting = [each for each in ordered if each[1]["sha256"] == asked.sha256]
    return StudyFigures(
        asked,
        tuple(country for country, _ in fitting),
        published_questions(
            asked, [_answers(made) for _, made in fitting], hides_small=choice.hides_small
        ),
        is_published=True,
        other_version=tuple(
            country.name for country, made in ordered if made["sha256"] != asked.sha256
        ),
        hides_small=choice.hides_small,
    )


def _answers(made: Mapping[str, Any]) -> dict[tuple[str, str | None], tuple[Said, Values]]:
    return {
        (each["indicator"], each["part"]): (Said(each["said"]), tuple(each["values"]))
        for each in made["answers"]
    }


@dataclass(frozen=True, slots=True)
class StudyText:
    """A text of a study as somebody wrote it."""

    id: str
    section: str
    kind: str
    """As `narrative.Genre`: `finding`, `narrative`."""
    text: str
    author: str
    at: datetime
    on: date
    """The same where the workspace is."""


def study_texts(protocol: str) -> dict[tuple[str, str], StudyText]:
    """The texts of a study that stand, by section and kind; what was emptied again is none."""
    rows = Narrative.objects.filter(study=protocol, is_latest=True).select_related("author")
    return {(row.section, row.kind): _text(row) for row in rows if row.text.strip()}


def study_versions(protocol: str, section: str) -> list[StudyText]:
    """All that was ever written in a section of a study, the newest first."""
    rows = Narrative.objects.filter(study=protocol, section=section).select_related("author")
    return [_text(row) for row in rows.order_by("-at", "-id")]


def _text(row: Narrative) -> StudyText:
    return filled(StudyText, row, author=row.author.name, on=day_of(row.at))


@dataclass(frozen=True, slots=True)
class PublishedStudy:
    """A report of a study that somebody published."""

    id: int
    protocol: str
    by: str
    official: str
    office: str
    at: datetime
    language: str
    region: str
    until: date | None
    releases: tuple[str, ...]
    """What it was made of, one of each country."""
    files: Mapping[str, str]
    """SHA-256 of each file, by its format."""
    is_withdrawn: bool
    """Whether a country has withdrawn what is in it: then it is offered no more."""


def published_studies(protocol: str) -> list[PublishedStudy]:
    """What was published of a study, the newest first."""
    acts = Act.objects.filter(kind=PUBLISHED, about=protocol).select_related("person")
    rows = list(acts)
    wanted = {id for row in rows for id in row.details["releases"]}
    standing = Release.objects.filter(id__in=wanted, withdrawn_at=None)
    current = set(standing.values_list("id", flat=True))
    return [_published(row, current) for row in rows]


def _published(row: Act, current: set[str]) -> PublishedStudy:
    told = row.details
    return PublishedStudy(
        id=row.id,
        protocol=row.about,
        by=row.person.name if row.person else "",
        official=told["official"],
        office=told["office"],
        at=row.at,
        language=told["language"],
        region=told["region"],
        until=date.fromisoformat(told["until"]) if told["until"] else None,
        releases=tuple(told["releases"]),
        files=told["files"],
        is_withdrawn=not current.issuperset(told["releases"]),
    )


def open_published(store: Vault, protocol: str, id: int, format: str) -> BinaryIO:
    """Open a published report, checked. Raises RecordNotFound, also for one that was withdrawn."""
    found = next((each for each in published_studies(protocol) if each.id == id), None)
    if found is None or found.is_withdrawn or format not in found.files:
        raise no_such("published-study")
    return open_stored(store, found.files[format])
