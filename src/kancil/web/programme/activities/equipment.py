"""Equipment: handed over to whom, of what worth, and whether it is in use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.equipment import add_check, add_handover
from kancil.desk.programme.activities.facets import (
    CheckRow,
    HandoverRow,
    asks,
    handovers_of,
    organisations_there,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.activity import CHECKED_AFTER_MONTHS, Facet
from kancil.programme.money.amount import Money
from kancil.web.acting import today
from kancil.web.cells import Section, empty, table, tag
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell, Link, Several
from kancil.web.programme_page import ACTIVE, page

from .panels import panel
from .parts import PartActForm, change, shown_part
from .words import day_text

_COLUMNS = (
    "equipment",
    "equipment-quantity>",
    "handed-to",
    "handed-on",
    "equipment-worth",
    "in-use",
)


class HandoverForm(PartActForm):
    """A handover; the worth is a number in its currency."""

    act = "handover"
    begins = "handover_"
    does = staticmethod(add_handover)
    handover_what = text(300)
    handover_quantity = forms.IntegerField(min_value=1, max_value=1_000_000, initial=1)
    handover_organisation = forms.ChoiceField(choices=())
    handover_received_by = text(200)
    handover_handed_on = day(required=True)
    handover_serials = text(5000, required=False, lines=2)
    handover_worth = text(30, required=False)
    handover_currency = text(3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the organisations."""
        super().__init__(*args, **kwargs)
        there = [("", words("web.form.choose")), *organisations_there().items()]
        choose(self, "handover_organisation", there)

    def more(self) -> dict[str, Any]:
        """The day by which it is not to come, and a currency in capitals."""
        return {"today": today(), "currency": self.cleaned_data["handover_currency"].upper()}


class CheckForm(PartActForm):
    """How many of what was handed over are in use."""

    act = "check"
    begins = "check_"
    does = staticmethod(add_check)
    check_months = forms.TypedChoiceField(
        choices=[(str(each), str(each)) for each in CHECKED_AFTER_MONTHS], coerce=int
    )
    check_checked_on = day(required=True)
    check_in_use = forms.IntegerField(min_value=0, max_value=1_000_000)
    check_note = text(500, required=False)

    def __init__(self, *args: Any, handover: HandoverRow, **kwargs: Any) -> None:
        """Of one handover."""
        super().__init__(*args, **kwargs)
        self._handover = handover

    @property
    def drafted_as(self) -> str:
        """One draft a handover."""
        return f"{self.act}-{self._handover.id}"

    def more(self) -> dict[str, Any]:
        """Of which handover."""
        return {"handover": self._handover.id, "today": today()}


def _rows(sight: ActivitySight, *, with_links: bool) -> list[tuple[Cell, ...]]:
    there = reverse("activity_equipment", kwargs={"activity": sight.activity})
    found: list[tuple[Cell, ...]] = []
    for each in handovers_of(sight):
        checks: list[Cell] = [_check(one, each.quantity) for one in each.checks]
        if with_links and sight.may_write:
            url = f"{there}?handover={each.id}#check"
            checks.append(Link(url, Phrase("web.activity.check")))
        worth = "–" if each.worth_minor is None else str(Money(each.currency, each.worth_minor))
        found.append(
            (
                each.what, str(each.quantity), f"{each.received_by}, {each.organisation}",
                each.handed_on.isoformat(), worth, Several(checks),
            )
        )  # fmt: skip
    return found


def _check(row: CheckRow, quantity: int) -> Cell:
    if row.checked_on is None:
        late = row.due_on is not None and row.due_on < today()
        key = "web.activity.check-late" if late else "web.activity.check-due"
        return tag("warn" if late else "unknown", key, months=row.months, day=day_text(row.due_on))
    told = {"months": row.months, "count": row.in_use, "of": quantity}
    return tag("intact" if row.in_use == quantity else "warn", "web.activity.in-use", **told)


@panel(order=22)
def handovers_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The equipment, where there is some or should be."""
    rows = _rows(sight, with_links=False)
    if not rows and not (sight.may_write and asks(sight, Facet.HANDOVERS)):
        return []
    one = table("web.room.activity-equipment", _COLUMNS, rows)
    return [change(sight, one, "activity_equipment", may=sight.may_write)]


@page(
    "activities/<str:activity>/equipment/", "activity_equipment", may=ACTIVE, of="activity",
    methods=("GET", "POST"), within="activity",
)  # fmt: skip
def activity_equipment(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """What was handed over, and forms for a check of use and a new handover."""
    asked: list[PartActForm] = []
    if sight.may_write:
        wanted = request.GET.get("handover", "")
        handover = next((one for one in handovers_of(sight) if one.id == wanted), None)
        if handover is not None:
            asked.append(CheckForm.asked(request, handover=handover))
        asked.append(HandoverForm.asked(request))
    rows = _rows(sight, with_links=True)
    told = [table("web.room.activity-equipment", _COLUMNS, rows) if rows
            else empty("web.activity.no-handovers")]  # fmt: skip
    return shown_part(request, sight, "activity_equipment", lambda: told, asked)
