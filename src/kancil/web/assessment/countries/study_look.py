"""How a study over countries is looked at: of which rounds, and whether as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.countries import CountryRow
from kancil.desk.assessment.queries.study import Choice, StudyFigures
from kancil.ground.phrase import Phrase
from kancil.records.small_groups import LEAST
from kancil.web.assessment.places import asked_region, offer_regions
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, note
from kancil.web.forms import day

from .region import RegionForm


def study_way(asked: Protocol | None = None, query: str = "") -> list[dict[str, object]]:
    """The way back: to all studies, and to one where a page of it is shown."""
    found: list[dict[str, object]] = [
        {"url": reverse("country_studies"), "name": Phrase("web.room.country-studies")}
    ]
    if asked is not None:
        there = reverse("study", kwargs={"protocol": asked.name})
        found.append({"url": there + query, "name": said(asked.title)})
    return found


class ChoiceForm(RegionForm):
    """Which rounds are looked at."""

    study_until = day()


@dataclass(frozen=True, slots=True)
class Look:
    """How a study is looked at: of which rounds, and whether as it would be published."""

    choice: Choice
    is_published: bool = False

    def query(self, *, is_published: bool | None = None) -> str:
        """The same for an address; `is_published`: the other way."""
        published = self.is_published if is_published is None else is_published
        until = self.choice.until
        asked = {
            "in_region": self.choice.region,
            "study_until": until.isoformat() if until else "",
            "as": "published" if published else "",
        }
        found = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(found)}" if found else ""


def look_of(request: HttpRequest, seen: Sequence[CountryRow]) -> tuple[Look, ChoiceForm]:
    """How the reader looks, by the address; and the form in which that is chosen."""
    wanted = any(name in request.GET for name in ("in_region", "study_until"))
    asked = ChoiceForm(request.GET if wanted else None)
    offer_regions(asked, seen)
    until = asked.cleaned_data["study_until"] if wanted and asked.is_valid() else None
    choice = Choice(asked_region(request, seen), until)
    return Look(choice, request.GET.get("as") == "published"), asked


def too_small(found: StudyFigures) -> list[Section]:
    """That a published study has too few countries; nothing where it has enough."""
    if found.is_too_small:
        return [
            note("warn", "note.country-study-too-small", least=LEAST, count=len(found.countries))
        ]
    return []
