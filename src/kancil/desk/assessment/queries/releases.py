"""What countries released, and the regional comparison, which is made of that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db.models import QuerySet

from kancil.assessment.answer import Settled
from kancil.assessment.method import percent_text
from kancil.assessment.protocol import Protocol, Shape
from kancil.assessment.study import STUDY_RULE
from kancil.desk.assessment.access import Sight, sees_released
from kancil.desk.assessment.models import FocalCountry, Release, Round
from kancil.desk.assessment.queries.answers import counted_in, everything, profile_of
from kancil.desk.assessment.queries.countries import own_countries
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.stood import Stood, stood_in
from kancil.desk.assessment.queries.study import places, said_in, values_of
from kancil.desk.assessment.stored import open_stored
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person, Role
from kancil.evidence.vault import Vault
from kancil.ground.filled import filled

COMPARISON = "comparison"
"""Document whose release lets a country into the regional comparison."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A document that a named official released."""

    id: str
    round: str
    country: str
    country_name: str
    title: str
    """Of the round."""
    period_from: date
    period_to: date
    document: str
    official: str
    office: str
    released_on: date
    sha256: str
    file_name: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    consent: str
    """The paper by which the country consented; empty: an older release, which names none."""
    consent_sha256: str
    is_invented: bool = False
    """Whether the country is invented, for practice."""
    stood: Stood | None = None
    """How the round stood when it was recorded; None: an older release, which did not keep it."""


def released_to(person: Person, country: str | None = None) -> list[ReleaseRow]:
    """List the released documents that a person sees, the newest first; none that was withdrawn."""
    return [_row(each) for each in _released(person, country, with_figures=False)]


def answers_released(person: Person, protocol: str) -> list[tuple[ReleaseRow, dict[str, Any]]]:
    """What countries released of a questionnaire, the newest first; none that was withdrawn."""
    return [
        (_row(row), row.figures[protocol])
        for row in _released(person)
        if row.document == COMPARISON and "answers" in row.figures.get(protocol, {})
    ]


def _released(
    person: Person, country: str | None = None, *, with_figures: bool = True
) -> list[Release]:
    own = own_countries(person)
    found: QuerySet[Release] = Release.objects.filter(withdrawn_at=None)
    if country is not None:
        found = found.filter(round__country_id=country[:3])
    if not with_figures:
        found = found.defer("figures")
    return [
        row
        for row in found.select_related("round__country")
        if sees_released(person, row.round.country_id, own)
    ]


def releases_of(sight: Sight) -> list[ReleaseRow]:
    """List all releases of a round, those that were withdrawn too."""
    found = Release.objects.filter(round_id=sight.round).select_related("round__country")
    return [_row(row) for row in found]


def open_released(person: Person, store: Vault, id: str) -> tuple[ReleaseRow, BinaryIO]:
    """Open a released document, checked.

    Raises RecordNotFound, StoredFileMissing, StoredFileBroken.
    """
    found = next((each for each in _released(person) if each.id == id), None)
    if found is None:
        raise no_such("release")
    return _row(found), open_stored(store, found.sha256)


def open_consent(sight: Sight, store: Vault, id: str) -> tuple[str, BinaryIO]:
    """Name and checked bytes of the consent's paper, for whoever records releases of the round.

    Raises RecordNotFound, ActNotYours, StoredFileMissing, StoredFileBroken.
    """
    require(sight.may_release, sight)
    rows = Release.objects.filter(round_id=sight.round, id=id[:36]).exclude(consent_sha256="")
    row = rows.first()
    if row is None:
        raise no_such("release")
    return row.consent_name or f"{row.consent_sha256[:16]}.bin", open_stored(
        store, row.consent_sha256
    )


def _row(row: Release) -> ReleaseRow:
    return filled(
        ReleaseRow,
        row,
        round=row.round_id,
        country=row.round.country_id,
        country_name=row.round.country.shown_name,
        title=row.round.title,
        period_from=row.round.period_from,
        period_to=row.round.period_to,
        is_invented=row.round.country.is_invented,
        stood=stood_in(row.stood),
    )


@dataclass(frozen=True, slots=True)
class RegionalRow:
    """What one country lets be shown beside others; never ranked, and never added up."""

    release: ReleaseRow
    figures: Mapping[str, Any]
    """By protocol: `{"sha256", "method", "figures", "stood"}`, as they were on the day of the
    release; an older release has no `stood`."""


def regional(person: Person, protocol: str | None = None) -> list[RegionalRow]:
    """What countries released for comparison, by name; of each its newest such release.

    `protocol`: only what was made with it. Reads no answer.
    """
    newest: dict[str, Release] = {}
    for row in _released(person):
        shown = _with_figures(row)
        if row.document == COMPARISON and (protocol in shown if protocol else shown):
            newest.setdefault(row.round.country_id, row)
    found = [
        RegionalRow(
            _row(row),
            {name: each for name, each in _with_figures(row).items() if protocol in (None, name)},
        )
        for row in newest.values()
    ]
    return sorted(found, key=lambda each: each.release.country_name)


def _with_figures(row: Release) -> dict[str, Any]:
    """What a release has by protocol, where there is any figure to show."""
    return {name: each for name, each in row.figures.items() if each["figures"]}


def first_day(sight: Sight) -> date:
    """The first day on which something of a round can have been released.

    A round may be entered here after its period began, and a release with it: the earlier counts.
    """
    row = Round.objects.get(id=sight.round)
    return min(row.period_from, day_of(row.opened_at))


def readers_given(sight: Sight) -> int:
    """Count the donor readers who were given the round's country: they will have what is released.

    Raises ActNotYours for whoever may not release.
    """
    require(sight.may_release, sight)
    found = FocalCountry.objects.filter(country_id=sight.country, person__is_active=True)
    return found.filter(person__role=Role.DONOR_READER).count()


def figures_to_release(sight: Sight, protocols: list[str]) -> dict[str, Any]:
    """What a release for comparison would show: figures, and no answer.

    A questionnaire has no figure: of it the answers, without reasons, evidence and authors.
    """
    found: dict[str, Any] = {}
    for name in protocols:
        asked, standing = everything(sight, name)
        if asked.shape is Shape.QUESTIONNAIRE:
            counts = counted_in(sight, asked, standing)
            found[name] = {
                "answers": _answers(asked, counts), "figures": [], "method": STUDY_RULE,
                "sha256": asked.sha256,
            }  # fmt: skip
            continue
        profile = profile_of(sight, name)
        found[name] = {
            "figures": [
                {
                    "band": each.band,
                    "confirmed": percent_text(each.confirmed),
                    "coverage": percent_text(each.coverage),
                    "id": each.id,
                    "of": each.of,
                    "percent": percent_text(each.percent),
                    "scale": each.scale,
                }
                for each in profile.figures
            ],
            "method": profile.method,
            "sha256": profile.protocol_sha256,
        }
    return found


def _answers(asked: Protocol, counts: Mapping[str, Settled]) -> list[dict[str, Any]]:
    """What a country said to each question, as a study reads it again."""
    found = []
    for indicator in asked.indicators.values():
        for part, _ in places(indicator):
            said, given = said_in(asked, indicator, part, counts)
            values = list(values_of(said, given))
            found.append(
                {"indicator": indicator.id, "part": part, "said": said.value, "values": values}
            )
    return found
