"""One device at the door: what it sent, its revocation, and what becomes of its marks then."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.attendance import DeviceRow, device_of, is_decided, marks_of
from kancil.desk.programme.taking_part.marking import decide_marks, revoke_device
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, facts, note, number, show, table, tag, when
from kancil.web.drafts import DraftedForm
from kancil.web.forms import text
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

from .attendance import ADDRESS, way


class RevokeForm(DraftedForm):
    """Why a device may mark no more."""

    act = "revoke"
    revoke_reason = text(300)


class KeepForm(DraftedForm):
    """Why the marks of a revoked device count."""

    act = "keep"
    keep_reason = text(300)


class DropForm(DraftedForm):
    """Why they do not."""

    act = "drop"
    drop_reason = text(300)


@page(
    f"{ADDRESS}devices/<str:device>/", "event_device", may=OFFICERS, of="activity",
    methods=("GET", "POST"), within="attendance", sample={"device": "none"},
)  # fmt: skip
def event_device(request: HttpRequest, sight: ActivitySight, device: str) -> HttpResponseBase:
    """What a device sent, and what can be done about it."""
    row = device_of(sight, device)
    revoke = RevokeForm.asked(request)
    keep, drop = KeepForm.asked(request), DropForm.asked(request)
    if request.method == "POST" and _is_done(request, sight, row, revoke, keep, drop):
        messages.success(request, words("web.device.done"))
        return redirect("event_device", activity=sight.activity, device=row.id)
    sections: list[Section] = [facts("web.device.about", _told(row))]
    if row.revoked_at is None:
        sections.append(revoke.section("web.device.revoke", text="web.device.revoke-text"))
    elif row.marks and not is_decided(row.id):
        sections += [
            note("warn", "web.device.decide", count=row.marks),
            keep.section("web.device.keep", text="web.device.keep-text"),
            drop.section("web.device.drop", text="web.device.drop-text"),
        ]
    rows: list[tuple[Cell, ...]] = [
        (
            each.name, each.day.isoformat(), when(each.marked_at), Phrase(f"web.mark.{each.how}"),
            each.withdrawn_reason or ("" if each.withdrawn_at is None else words("web.yes")),
        )
        for each in marks_of(sight, device=row.id)
    ]  # fmt: skip
    columns = ("mark-of", "attendance-day", "mark-at", "mark-how", "mark-withdrawn")
    sections.append(table("web.device.marks", columns, rows))
    title = Phrase("web.device.title", {"name": row.name})
    return show(request, title, sections, crumbs=way(sight, "attendance"))


def _told(row: DeviceRow) -> list[tuple[str, Cell]]:
    told: list[tuple[str, Cell]] = [
        ("device-prepared", when(row.prepared_at)),
        ("device-by", row.prepared_by),
        ("device-until", when(row.expires_at)),
        ("device-opened", tag("intact" if row.is_fetched else "unknown",
                              "web.device.opened" if row.is_fetched else "web.device.not-opened")),
        ("device-marks", number(row.marks)),
    ]  # fmt: skip
    if row.revoked_at is not None:
        told += [("device-revoked", when(row.revoked_at)), ("device-reason", row.revoked_reason)]
    return told


def _is_done(
    request: HttpRequest, sight: ActivitySight, row: DeviceRow, revoke: RevokeForm, keep: KeepForm,
    drop: DropForm,
) -> bool:  # fmt: skip
    by = person_of(request)
    if revoke.is_ready:
        with revoke.telling("revoke_reason"):
            why = revoke.cleaned_data["revoke_reason"]
            revoke_device(by=by, activity=sight.activity, device=row.id, reason=why)
            return True
    for form, name, withdraw in ((keep, "keep_reason", False), (drop, "drop_reason", True)):
        if form.is_ready and row.revoked_at is not None:
            with form.telling(name):
                decide_marks(
                    by=by, activity=sight.activity, device=row.id, withdraw=withdraw,
                    reason=form.cleaned_data[name],
                )  # fmt: skip
                return True
    return False
