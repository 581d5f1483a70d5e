"""Delegations: who is invited, with how many places, and what they answered."""

from __future__ import annotations

from datetime import date

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import keep, keep_changed, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.changing import changing_activity
from kancil.desk.programme.entering import require
from kancil.desk.programme.models import Delegation, Organisation
from kancil.ground import clock
from kancil.programme.vocabulary import InvitationAnswer


def add_delegation(
    *,
    by: Person,
    activity: str,
    country: str = "",
    organisation: str = "",
    places: int = 1,
    head: str = "",
    invited_on: date | None = None,
    answer_by: date | None = None,
) -> int:
    """Invite a country's or an organisation's delegation; gives its number.

    Raises FieldNotUsable, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        if bool(country) == bool(organisation):
            raise unusable("delegation")
        if country and not Country.objects.filter(code=country).exists():
            raise unusable("delegation", "unknown", value=country[:40])
        if organisation and not Organisation.objects.filter(id=organisation).exists():
            raise unusable("organisation", "unknown", value=organisation[:40])
        if places < 1:
            raise unusable("places")
        if answer_by and invited_on and answer_by < invited_on:
            raise unusable("answer_by", "order")
        delegation = Delegation(
            activity=row, country_id=country or None, organisation_id=organisation or None,
            places=places, head=head.strip(), invited_on=invited_on, answer_by=answer_by,
            by=by, at=clock.now(),
        )  # fmt: skip
        keep(delegation)
        record("delegation.invited", by=by, about=row.code, activity=row.id, country=country)
    return delegation.pk


def answer_delegation(
    *, by: Person, activity: str, delegation: int, answer: str, head: str = ""
) -> None:
    """Write down what a delegation answered: the desk for any, a focal point for their country.

    Raises FieldNotUsable, RecordNotFound, ActivityNotFound, ActNotYours.
    """
    if answer not in set(InvitationAnswer):
        raise unusable("delegation_answer")
    with changing_activity(by, activity) as sight:
        row = Delegation.objects.filter(activity=sight.activity, pk=delegation).first()
        own = sight.desk.sees_all or (row is not None and row.country_id in sight.desk.countries)
        if row is None or not own:
            raise no_such("delegation")
        require(sight.may_register, sight.desk)
        row.answer, row.head = answer, head.strip() or row.head
        keep_changed(row, ["answer", "head"])
        record("delegation.answered", by=by, about=sight.code, activity=sight.activity,
               country=row.country_id or "", choice=answer)  # fmt: skip
