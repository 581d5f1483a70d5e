"""The examination that a page is of, opened for whoever looks, and the way back to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.evidence.examination import Examination, read_examination
from kancil.evidence.images.entry import moment
from kancil.ground.ids import ExhibitId
from kancil.ground.phrase import Phrase
from kancil.web.cases.reading import exhibit_way
from kancil.web.parts import Cell, Minute, When
from kancil.web.unit_desk import unit_desk

SAMPLE = {"exhibit": 1}


def exhibit_of(case: Case, name: str) -> Exhibit:
    """An exhibit of the case; raises PageNotFound."""
    found = queries.find_exhibit(case, name)
    if found is None:
        raise PageNotFound
    return found


def examination_of(request: HttpRequest, found: Exhibit) -> Examination:
    """The examination of an exhibit, once the ledger says who looks; raises PageNotFound."""
    desk = unit_desk()
    return read_examination(
        desk.ledger, desk.vault, desk.workspace.triage_dir, ExhibitId(found.id),
        desk.reading(request),
    )  # fmt: skip


def given(case: Case, found: Exhibit, **more: Any) -> dict[str, Any]:
    """Values for the address of a page of an examination."""
    return {"case": case.number, "exhibit": found.number, **more}


def way(case: Case, found: Exhibit, *more: tuple[str, Phrase]) -> list[dict[str, Any]]:
    """The way back from a page of an examination."""
    disk = (reverse("disk", kwargs=given(case, found)), Phrase("web.room.disk"))
    return [*exhibit_way(case, found), *({"url": url, "name": name} for url, name in (disk, *more))]


def time_cell(nanoseconds: int | None, zone: str, *, is_short: bool = False) -> Cell:
    """A stored time; one without a zone stays as the clock on the wall stood."""
    if nanoseconds is None:
        return "–"
    at = moment(nanoseconds)
    if zone == "utc":
        return Minute(at) if is_short else When(at)
    form = "%Y-%m-%d %H:%M" if is_short else "%Y-%m-%d %H:%M:%S"
    return Phrase("web.disk.wall-clock", {"time": at.strftime(form)})
