"""What is done to the cross-government board of a country: bodies, meetings, open matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Body, Matter
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import fill, keep, keep_changed, unusable
from kancil.desk.people.models import Person

from .changing import changing_country

KEEPING = attrgetter("may_keep_board")


@dataclass(frozen=True, slots=True)
class BodyDraft:
    """A body as somebody writes it."""

    name: str
    sector: str
    responsible: str
    """An office, not a person."""
    mandate: str = ""
    meets_every_months: int | None = None
    last_met_on: date | None = None


def add_body(*, by: Person, country: str, draft: BodyDraft) -> str:
    """Add a body of the response; gives its id.

    Raises FieldNotUsable, CountryNotFound, ActNotYours.
    """
    with changing_country(by, country, KEEPING):
        row = Body(country_id=country)
        _fill(row, draft)
        keep(row, "name", "sector", "responsible")
        record("body.added", by=by, country=country, about=row.name)
    return row.id


def change_body(*, by: Person, country: str, body: str, draft: BodyDraft) -> None:
    """Write a body anew. Raises RecordNotFound and as `add_body` does."""
    with changing_country(by, country, KEEPING):
        row = _body(country, body)
        keep_changed(row, _fill(row, draft), "name", "sector", "responsible")
        record("body.changed", by=by, country=country, about=row.name)


def _fill(row: Body, draft: BodyDraft) -> list[str]:
    if draft.meets_every_months is not None and draft.meets_every_months < 1:
        raise unusable("meets_every_months")
    return fill(row, draft)


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
