"""Attendance of an activity: who was there by day, sheets typed in, files brought, devices."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.taking_part.attendance import (
    Attendance,
    Attendee,
    attendance_of,
    attendees,
    days_of,
    devices_of,
    marks_of,
    place_of,
    require_day,
)
from kancil.desk.programme.taking_part.marking import (
    HOURS,
    Prepared,
    Taken,
    import_marks,
    mark_present,
    prepare_device,
    withdraw_marks,
)
from kancil.ground import clock
from kancil.ground.days import span
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.attendance.marks import MOST_BYTES
from kancil.reports.document.qr import qr_svg
from kancil.reports.programme.event.papers import attendance_sheet, badge_sheet, code_of
from kancil.web.acting import ActForm, today
from kancil.web.cells import (
    Section,
    asking,
    button,
    choosing,
    empty,
    limits,
    link,
    note,
    number,
    show,
    table,
    tag,
    when,
)
from kancil.web.csv_files import csv_answer
from kancil.web.drafts import DraftedForm
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell, Done, Several, Tick
from kancil.web.programme.activities.words import way as activity_way
from kancil.web.programme_page import OFFICERS, page
from kancil.web.reach import leads_here_only
from kancil.web.signed_in import person_of

ADDRESS = "activities/<str:activity>/attendance/"
_A_PAGE = 200
_LIMITS = ("web.attendance.limit-1", "web.attendance.limit-2", "web.attendance.limit-3")


class DayForm(WordsForm):
    """Which day is looked at, and whom one looks for."""

    event_day = forms.ChoiceField(choices=(), required=False)
    event_find = text(100, required=False)

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        """Offer the days of the activity."""
        super().__init__(*args, **kwargs)
        choose(self, "event_day", [(each.isoformat(), each.isoformat()) for each in days])


class DeviceForm(DraftedForm):
    """A device to be prepared."""

    act = "prepare"
    device_name = text(100)


class MarksForm(ActForm):
    """A file of marks that a device wrote."""

    act = "bring"
    marks_file = forms.FileField(max_length=200)


class WithdrawForm(DraftedForm):
    """Why marks count no more."""

    act = "withdraw"
    withdraw_reason = text(300)


def way(sight: ActivitySight, *names: str) -> list[dict[str, object]]:
    """The steps above a page of the activity; `names`: of pages between."""
    between = [
        {"url": reverse(each, args=[sight.activity]), "name": Phrase(f"web.room.{each}")}
        for each in names
    ]
    return [*activity_way(sight), *between]


@page(
    ADDRESS, "attendance", may=OFFICERS, of="activity", methods=("GET", "POST"), menu="activity",
    order=50, body_bytes=MOST_BYTES + 100_000,
)  # fmt: skip
def attendance(request: HttpRequest, sight: ActivitySight) -> HttpResponseBase:
    """How many came by day, and all that is done about it."""
    days = days_of(sight.activity)
    day = _day(request.GET.get("event_day", ""), days)
    prepare, bring = DeviceForm.asked(request), MarksForm.asked(request)
    withdraw = WithdrawForm.asked(request)
    if request.method == "POST":
        done = _done(request, sight, day, prepare, bring, withdraw)
        if isinstance(done, Prepared):
            return _prepared(request, sight, done)
        if isinstance(done, Taken):
            return _brought(request, sight, done)
        if done:
            return redirect(f"{reverse('attendance', args=[sight.activity])}?event_day={day}")
    find = request.GET.get("event_find", "").strip()
    people = attendees(sight, find=find)
    counts = attendance_of(sight)
    sections: list[Section] = [counted(counts, days)]
    if not people and not find:
        sections.append(
            empty("web.attendance.nobody", url=reverse("registrations", args=[sight.activity]))
        )
    else:
        asked = DayForm({"event_day": day.isoformat(), "event_find": find}, days=days)
        sections.append(asking("web.attendance.look", asked, submit="web.attendance.look-do"))
        sections += _people(request, people, day, find, withdraw)
    sections += [
        *_devices(sight),
        prepare.section(
            "web.attendance.prepare", submit="web.attendance.prepare-do",
            text="web.attendance.prepare-text",
        ),
        bring.section(
            "web.attendance.bring", submit="web.attendance.bring-do",
            text="web.attendance.bring-text",
        ),
        limits([Phrase(each) for each in _LIMITS]),
    ]  # fmt: skip
    sheet = f"{reverse('attendance_sheet', args=[sight.activity])}?event_day={day}"
    buttons = [
        button(sheet, "web.attendance.sheet"),
        button(reverse("badges", args=[sight.activity]), "web.attendance.badges"),
        button(reverse("attendance_csv", args=[sight.activity]), "web.attendance.csv"),
    ]
    title = Phrase("web.attendance.title", {"title": sight.title})
    return show(request, title, sections, crumbs=way(sight), buttons=buttons)


def counted(counts: Attendance, days: list[date]) -> Section:
    """How many of those registered were there, by day; the same on the activity's own page."""
    by_day = {each.day: each.attended for each in counts.by_day}
    is_by_list = bool(counts.attended) and not by_day  # of a past activity: it names no day
    shown = [each for each in days if each in by_day] if len(days) > 14 or is_by_list else days
    rows: list[tuple[Cell, ...]] = [
        (each.isoformat(), _came(by_day.get(each, 0), counts.registered)) for each in shown
    ]
    rows.append((Phrase("web.attendance.any-day"), _came(counts.attended, counts.registered)))
    return table("web.attendance.by-day", ("attendance-day", "attendance-count"), rows)


def _came(count: int | None, registered: int | None) -> Cell:
    if count is None or registered is None:
        return tag("unknown", "web.attendance.hidden")
    return Done(count, registered)


def _day(asked: str, days: list[date]) -> date:
    """The day that is asked for, else today, else the nearest of the activity."""
    named = {each.isoformat(): each for each in days}
    return named.get(asked) or min(max(today(), days[0]), days[-1])


def _people(
    request: HttpRequest, people: list[Attendee], day: date, find: str, withdraw: WithdrawForm
) -> list[Section]:
    columns = ("attendance-tick", "attendance-name", "attendance-code")
    query = urlencode({"event_day": day.isoformat(), "event_find": find})
    told = {"day": day.isoformat()}
    found: list[Section] = []
    for name, submit, do, fields in (
        ("absent", "web.attendance.mark", "mark", None),
        ("there", "web.attendance.withdraw", withdraw.act, withdraw),
    ):
        wanted = [each for each in people if (day in each.days) == (name == "there")]
        if not wanted:
            continue
        part = Paginator(wanted, _A_PAGE).get_page(request.GET.get("page"))
        listed = choosing(
            f"web.attendance.{name}", columns, [_row(each, name) for each in part], submit=submit,
            do=do, fields=fields, text=Phrase(f"web.attendance.{name}-text", told),
        )  # fmt: skip
        found.append({**listed, "pages": part, "query": f"{query}&"})
    return found


def _row(each: Attendee, name: str) -> tuple[Cell, ...]:
    label = Phrase("web.attendance.tick", {"name": each.name})
    return (
        Tick(name, str(each.participation), label),
        Several((each.name, each.of)),
        code_of(each.badge),
    )


def _devices(sight: ActivitySight) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for each in devices_of(sight):
        is_over = each.expires_at <= clock.now()
        state = "revoked" if each.revoked_at else "over" if is_over else "open"
        kind = {"revoked": "danger", "over": "unknown", "open": "intact"}[state]
        there = reverse("event_device", args=[sight.activity, each.id])
        rows.append(
            (
                link(there, each.name), tag(kind, f"web.device.{state}"),  # type: ignore[arg-type]
                when(each.expires_at), number(each.marks),
            )
        )  # fmt: skip
    columns = ("device-name", "device-state", "device-until", "device-marks>")
    return [table("web.attendance.devices", columns, rows)] if rows else []


def _done(
    request: HttpRequest,
    sight: ActivitySight,
    day: date,
    prepare: DeviceForm,
    bring: MarksForm,
    withdraw: WithdrawForm,
) -> Prepared | Taken | bool:
    about: dict[str, Any] = {"by": person_of(request), "activity": sight.activity}
    if request.POST.get("do") == "mark":
        chosen = [
            int(one) for one in request.POST.getlist("absent") if one.isascii() and one.isdigit()
        ]
        count = mark_present(**about, day=day, participations=chosen)
        messages.success(request, words("web.attendance.marked", count=count, day=day.isoformat()))
        return True
    if prepare.is_ready:
        with prepare.telling("device_name"):
            return prepare_device(**about, name=prepare.cleaned_data["device_name"])
    if bring.is_ready:
        with bring.telling("marks_file"):
            return import_marks(**about, data=bring.cleaned_data["marks_file"].read(MOST_BYTES + 1))
    if withdraw.is_ready:
        people = set(request.POST.getlist("there"))
        with withdraw.telling("withdraw_reason"):
            marks = [
                each.id for each in marks_of(sight, day=day) if str(each.participation) in people
            ]
            why = withdraw.cleaned_data["withdraw_reason"]
            count = withdraw_marks(**about, marks=marks, reason=why)
            messages.success(request, words("web.attendance.withdrawn", count=count))
            return True
    return False


def _prepared(request: HttpRequest, sight: ActivitySight, done: Prepared) -> HttpResponse:
    """The PIN, once, and the address as a QR code that the device's camera opens."""
    url = request.build_absolute_uri(reverse("door", args=[done.id]))
    is_local = leads_here_only(request.get_host())
    shown = {
        "title": Phrase("web.door.prepared"),
        "crumbs": way(sight, "attendance"),
        "pin": done.pin,
        "url": url,
        "qr": qr_svg(url),
        "hours": HOURS,
        "is_local": is_local,
        "is_safe": url.startswith("https:") or is_local,
        "back": reverse("attendance", args=[sight.activity]),
    }
    return render(request, "kancil/door_prepared.html", shown)


def _brought(request: HttpRequest, sight: ActivitySight, done: Taken) -> HttpResponse:
    """What came of a file: how many marks, and each that was refused with its reason."""
    given: dict[str, Any] = {
        "taken": done.taken, "again": done.again, "sheets": done.sheets,
    }  # fmt: skip
    sections = [note("intact" if not done.refused else "warn", "web.attendance.brought", **given)]
    if done.refused:
        rows: list[tuple[Cell, ...]] = [(one.id, one.why.words) for one in done.refused]
        sections.append(table("web.attendance.refused", ("mark", "mark-refused"), rows))
    return show(
        request, Phrase("web.attendance.brought-title"), sections, crumbs=way(sight, "attendance")
    )


@page(f"{ADDRESS}sheet/", "attendance_sheet", may=OFFICERS, of="activity")
def sheet(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The sheet of a day as PDF."""
    days = days_of(sight.activity)
    day = _day(request.GET.get("event_day", ""), days)
    require_day(sight.activity, day)
    data = attendance_sheet(
        attendees(sight), title=sight.title, place=place_of(sight), day=day,
        author=person_of(request).name, at=clock.now(),
    )  # fmt: skip
    return _pdf(data, f"{sight.code}-{day.isoformat()}")


@page(f"{ADDRESS}table.csv", "attendance_csv", may=OFFICERS, of="activity")
def attendance_csv(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Who was there on which days, as a table to be kept."""
    days = days_of(sight.activity)
    rows = [
        (
            each.name,
            each.of,
            code_of(each.badge),
            *("1" if day in each.days else "" for day in days),
        )
        for each in attendees(sight)
    ]
    columns = ("name", "delegation", "badge", *(each.isoformat() for each in days))
    return csv_answer(f"{sight.code}-attendance", columns, rows)


@page(f"{ADDRESS}badges/", "badges", may=OFFICERS, of="activity")
def badges(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """Badges as PDF."""
    days = days_of(sight.activity)
    data = badge_sheet(
        attendees(sight), title=sight.title, subtitle=span(days[0], days[-1]),
        author=person_of(request).name, at=clock.now(),
    )  # fmt: skip
    return _pdf(data, f"{sight.code}-badges")


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{plain_name(name, 80)}.pdf"'
    return answer
