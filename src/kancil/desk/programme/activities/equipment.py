"""Equipment: handed over to whom, and whether it is in use 6 and 12 months after."""

from __future__ import annotations

from datetime import date

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import keep, unusable
from kancil.desk.people.models import Person
from kancil.desk.programme.activities.planning import writing
from kancil.desk.programme.models import Handover, Organisation, UseCheck
from kancil.ground import clock
from kancil.programme.activity import CHECKED_AFTER_MONTHS
from kancil.programme.money.amount import read_minor


def add_handover(
    *,
    by: Person,
    activity: str,
    organisation: str,
    what: str,
    quantity: int,
    handed_on: date,
    received_by: str,
    today: date,
    serials: str = "",
    worth: str = "",
    currency: str = "",
) -> str:
    """Write down a handover; gives its id. `worth`: a decimal number in `currency`, or empty.

    Raises FieldNotUsable, AmountNotUsable, CurrencyUnknown, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        if not Organisation.objects.filter(id=organisation[:36]).exists():
            raise unusable("organisation", "unknown", value=organisation[:40])
        if quantity < 1:
            raise unusable("quantity")
        if handed_on > today:
            raise unusable("handed_on", "future")
        handover = Handover(
            activity=row, organisation_id=organisation, what=what.strip(), quantity=quantity,
            serials=serials.strip(), worth_minor=read_minor(worth, currency) if worth else None,
            currency=currency if worth else "", handed_on=handed_on,
            received_by=received_by.strip(), by=by, at=clock.now(),
        )  # fmt: skip
        keep(handover, "what", "received_by")
        record("equipment.handed-over", by=by, about=row.code, activity=row.id)
    return handover.id


def add_check(
    *,
    by: Person,
    activity: str,
    handover: str,
    months: int,
    checked_on: date,
    in_use: int,
    today: date,
    note: str = "",
) -> int:
    """Write down a check of use; gives its number. A later check of the same month stands after.

    Raises FieldNotUsable, RecordNotFound, ActivityNotFound, ActNotYours.
    """
    with writing(by, activity) as row:
        found = Handover.objects.filter(activity=row, id=handover[:36]).first()
        if found is None:
            raise no_such("handover")
        if months not in CHECKED_AFTER_MONTHS:
            raise unusable("months")
        if not 0 <= in_use <= found.quantity:
            raise unusable("in_use", "more-than-handed", quantity=found.quantity)
        if checked_on > today:
            raise unusable("checked_on", "future")
        if checked_on < found.handed_on:
            raise unusable("checked_on", "order")
        check = UseCheck(handover=found, months=months, checked_on=checked_on, in_use=in_use,
                         note=note.strip(), by=by, at=clock.now())  # fmt: skip
        keep(check)
        record("equipment.checked", by=by, about=row.code, activity=row.id)
    return check.pk
