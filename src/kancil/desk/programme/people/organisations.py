"""Organisations: agencies that are helped, and partners."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from kancil.desk.assessment.errors import RecordNotFound
from kancil.desk.base.action import Action
from kancil.desk.base.register import Register, Shown
from kancil.desk.programme.access import Desk
from kancil.desk.programme.books import BOOKS, OFFICERS
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import OrganisationKnown
from kancil.desk.programme.models import Organisation
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.programme.people import OrganisationEnd, OrganisationInput, OrganisationSearch
from kancil.records.table import Column, Holds


def seen_organisations(desk: Desk) -> QuerySet[Organisation]:
    """Those that a person sees: a country's own side sees its own, and international ones."""
    require(desk.sees_all_people or desk.sees_own_people, desk)
    found = Organisation.objects.select_related("country")
    if desk.sees_all_people:
        return found
    return found.filter(Q(country=None) | Q(country_id__in=desk.countries))


def country_name(row: Organisation) -> str | Phrase:
    """The name of its country, or that it is regional or international."""
    return row.country.shown_name if row.country else Phrase("field.country.none")


ORGANISATIONS = Register(
    name="organisation",
    seen=seen_organisations,
    asked=OrganisationSearch,
    missing=lambda _id: RecordNotFound(thing=Phrase("thing.record-organisation")),
    named=lambda row: row.name,
    grouped=lambda row: row.country.shown_name if row.country else "",
    in_use={"ended_on": None},
    columns=[
        Shown(Column("organisation", Holds.ID), lambda row: row.id),
        Shown(Column("name"), lambda row: row.name, lists=True),
        Shown(Column("country"), lambda row: row.country_id, lists=True),
        Shown(
            Column("kind", Holds.CODE, "programme.organisation-kind."),
            lambda row: row.kind,
            lists=True,
        ),
        Shown(Column("beneficiary"), lambda row: row.is_beneficiary, lists=True),
        Shown(Column("partner"), lambda row: row.is_partner),
        Shown(Column("ended_on", Holds.DAY), lambda row: row.ended_on, lists=True),
    ],
    sorts={
        "name": ("name", "id"),
        "country": (F("country_id").asc(nulls_last=True), "name", "id"),
        "kind": ("kind", "name", "id"),
        "state": (F("ended_on").desc(nulls_first=True), "name", "id"),
        "newest": ("-at", "-id"),
    },
)


def _write(_desk: Desk, row: Organisation, _given: OrganisationInput) -> None:
    others = Organisation.objects.filter(country=row.country).exclude(pk=row.pk)
    if folded(row.name) in map(folded, others.values_list("name", flat=True)):
        raise OrganisationKnown(name=row.name)


add_organisation = Action(
    name="organisation.added", books=BOOKS, on=ORGANISATIONS, makes=Organisation, may=OFFICERS,
    given=OrganisationInput, do=_write,
)  # fmt: skip
change_organisation = Action(
    name="organisation.changed", books=BOOKS, on=ORGANISATIONS, may=OFFICERS,
    given=OrganisationInput, do=_write,
)  # fmt: skip
end_organisation: Action[Organisation, OrganisationEnd] = Action(
    name="organisation.ended", books=BOOKS, on=ORGANISATIONS, may=OFFICERS, given=OrganisationEnd,
)  # fmt: skip
