"""What is done to the cross-government board of a country: bodies, meetings, open matters."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Annotated

from pydantic import Field, field_validator

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Body, Matter
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import keep, keep_changed
from kancil.desk.people.models import Person
from kancil.records.described import Called, Input, Line, Lines, Past
from kancil.records.errors import NotSo

from .changing import changing_country

KEEPING = attrgetter("may_keep_board")
SECTORS = ("diplomacy", "policy", "law_enforcement", "prosecution_judiciary", "prevention")


class BodyInput(Input):
    """A body as somebody writes it."""

    name: Annotated[str, Line(200), Called("board_name")]
    """Its name."""
    sector: str
    responsible: Annotated[str, Line(200), Called("board_responsible")]
    """An office, not a person."""
    mandate: Annotated[str, Lines(500, rows=2)] = ""
    meets_every_months: Annotated[int | None, Field(ge=1, le=120), Called("board_months")] = None
    last_met_on: Annotated[date | None, Past(), Called("board_last_met")] = None

    @field_validator("sector")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in SECTORS:
            raise NotSo("not-usable")
        return value


def add_body(*, by: Person, country: str, given: BodyInput) -> str:
    """Add a body of the response; gives its id.

    Raises FieldNotUsable, CountryNotFound, ActNotYours.
    """
    with changing_country(by, country, KEEPING):
        row = Body(country_id=country, **given.model_dump())
        keep(row, "name", "responsible")
        record("body.added", by=by, country=country, about=row.name)
    return row.id


def change_body(*, by: Person, country: str, body: str, given: BodyInput) -> None:
    """Write a body anew. Raises RecordNotFound and as `add_body` does."""
    with changing_country(by, country, KEEPING):
        row = _body(country, body)
        for name, value in given:
            setattr(row, name, value)
        keep_changed(row, list(BodyInput.model_fields), "name", "responsible")
        record("body.changed", by=by, country=country, about=row.name)


def record_meeting(*, by: Person, country: str, body: str, met_on: date) -> None:
    """When a body met; an earlier day than the last one changes nothing. Raises as before."""
    with changing_country(by, country, KEEPING):
        row = _body(country, body)
        row.last_met_on = max(met_on, row.last_met_on or met_on)
        keep_changed(row, ["last_met_on"])
        record("body.met", by=by, country=country, about=row.name, met_on=str(met_on))


def end_body(*, by: Person, country: str, body: str, ended_on: date) -> None:
    """That a body is no more. Raises RecordNotFound, CountryNotFound, ActNotYours."""
    with changing_country(by, country, KEEPING):
        row = _body(country, body)
        row.ended_on = ended_on
        keep_changed(row, ["ended_on"])
        record("body.ended", by=by, country=country, about=row.name, ended_on=str(ended_on))


def _body(country: str, id: str) -> Body:
    found = Body.objects.filter(country_id=country, id=id[:36]).first()
    if found is None:
        raise no_such("body")
    return found


def add_matter(
    *, by: Person, country: str, body: str, title: str, owner: str, due_on: date | None = None
) -> str:
    """Bring a matter before a body; gives its id. Raises as `change_body` does."""
    with changing_country(by, country, KEEPING):
        row = Matter(
            body=_body(country, body), title=title.strip(), owner=owner.strip(), due_on=due_on
        )
        keep(row, "title", "owner")
        record("matter.added", by=by, country=country, about=row.title)
    return row.id


def close_matter(
    *, by: Person, country: str, matter: str, closed_on: date | None, outcome: str = ""
) -> None:
    """Close a matter with its outcome, or with None open it again. Raises as `change_body` does."""
    with changing_country(by, country, KEEPING):
        row = Matter.objects.filter(body__country_id=country, id=matter[:36]).first()
        if row is None:
            raise no_such("matter")
        row.closed_on, row.outcome = closed_on, outcome.strip()
        keep_changed(row, ["closed_on", "outcome"])
        kind = "matter.closed" if closed_on else "matter.reopened"
        record(kind, by=by, country=country, about=row.title, outcome=row.outcome)
