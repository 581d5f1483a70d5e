"""Donor reports: which are due and late, which are drafts, which were published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.reports.donor_reports import (
    DRAFT,
    DUE,
    LATE,
    PUBLISHED,
    ReportRow,
    report_rows,
)
from kancil.desk.programme.reports.writing import begin_report
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import today
from kancil.web.cells import Section, asking, button, empty, link, minute, note, show, table, tag
from kancil.web.csv_files import csv_answer
from kancil.web.drafts import DraftedForm
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell, Kind, Several
from kancil.web.programme_page import GIVING, page
from kancil.web.signed_in import person_of

_A_PAGE = 50
_CSV = ("grant", "donor", "title", "period_from", "period_to", "due_on", "status", "published_at",
        "published_by")  # fmt: skip
_LOOKS: dict[str, Kind] = {DUE: "plain", LATE: "warn", DRAFT: "now", PUBLISHED: "intact"}


class StatusForm(WordsForm):
    """Which reports are shown."""

    report_status = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what reports are."""
        super().__init__(*args, **kwargs)
        known = [(each, words(f"web.donor-report.{each}")) for each in _LOOKS]
        choose(self, "report_status", [("", words("web.donor-report.all")), *known])


class BeginForm(DraftedForm):
    """For which grant and period a report is begun."""

    act = "begin"
    report_due = forms.ChoiceField(choices=())
    report_title = text(300)

    def __init__(self, *args: Any, due: Sequence[ReportRow], **kwargs: Any) -> None:
        """Offer the periods that nobody began."""
        super().__init__(*args, **kwargs)
        self.due = {key_of(each): each for each in due}
        choose(self, "report_due", [
            (key, words("web.donor-report.of", reference=each.reference, donor=each.donor,
                        begins=each.period.begins_on.isoformat(),
                        ends=each.period.ends_on.isoformat()))
            for key, each in self.due.items()
        ])  # fmt: skip


def key_of(row: ReportRow) -> str:
    """By what a due report is chosen."""
    return f"{row.grant} {row.period.ends_on.isoformat()}"


@page("donor-reports/", "donor_reports", may=GIVING, methods=("GET", "POST"), menu="site", order=28)
def donor_reports(request: HttpRequest) -> HttpResponse:
    """What is late and due first, and a form to begin it."""
    person, on = person_of(request), today()
    desk = desk_of(person)
    rows = report_rows(person, on)
    due = [each for each in rows if not each.id]
    begin = BeginForm.asked(request, due=due)
    if begin.is_ready and desk.may_write:
        row = begin.due[begin.cleaned_data["report_due"]]
        with begin.telling():
            made = begin_report(
                by=person, grant=row.grant, period_from=row.period.begins_on,
                period_to=row.period.ends_on, due_on=row.period.due_on,
                title=begin.cleaned_data["report_title"],
            )  # fmt: skip
            messages.success(request, words("web.donor-report.begun"))
            return redirect("donor_report", report=made)
    asked = StatusForm(request.GET if "report_status" in request.GET else None)
    shown = _asked(rows, request)
    sections: list[Section] = []
    late = sum(1 for each in rows if each.is_late)
    if late:
        sections.append(note("warn", "web.donor-report.late-now", count=late))
    if not rows:
        sections.append(empty("web.donor-report.none", url=reverse("home")))
    else:
        if desk.sees_money:
            sections.append(
                asking("web.donor-report.filter", asked, submit="web.donor-report.show")
            )
        sections.append(_table(shown, request, on))
    if due and desk.may_write:
        sections.append(begin.section("web.donor-report.begin", text="web.donor-report.begin-text"))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    buttons = [button(reverse("donor_reports_csv") + query, "web.donor-report.csv")] if rows else []
    if desk.sees_money:
        buttons.append(button(reverse("annual_tables"), "web.room.annual-tables"))
    return show(request, Phrase("web.room.donor-reports"), sections, buttons=buttons,
                lead=Phrase("web.donor-report.lead"))  # fmt: skip


def _asked(rows: Sequence[ReportRow], request: HttpRequest) -> list[ReportRow]:
    """Those of the status that the address names."""
    wanted = request.GET.get("report_status", "")
    return [each for each in rows if wanted not in _LOOKS or each.status == wanted]


@page("donor-reports/reports.csv", "donor_reports_csv", may=GIVING)
def donor_reports_csv(request: HttpRequest) -> HttpResponse:
    """The list as a file: the rows of all its pages."""
    rows = [
        (each.reference, each.donor, each.title, each.period.begins_on.isoformat(),
         each.period.ends_on.isoformat(), each.period.due_on.isoformat(), each.status,
         each.published_at.isoformat() if each.published_at else "", each.published_by)
        for each in _asked(report_rows(person_of(request), today()), request)
    ]  # fmt: skip
    return csv_answer("donor-reports", _CSV, rows)


def _table(rows: Sequence[ReportRow], request: HttpRequest, on: date) -> Section:
    pages = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    columns = ("report", "report-grant", "report-donor", "report-period", "report-due",
               "report-status", "report-files")  # fmt: skip
    shown = [
        (
            link(reverse("donor_report", args=[each.id]), each.title) if each.id else "–",
            Several([link(reverse("grant", args=[each.grant]), each.reference), each.grant_title]),
            each.donor,
            span(each.period.begins_on, each.period.ends_on),
            each.period.due_on.isoformat(),
            _status(each),
            files_of(each.id, each.formats),
        )
        for each in pages
    ]
    return table("web.donor-report.list", columns, shown, pages=pages)


def _status(row: ReportRow) -> Cell:
    if row.published_at is not None:
        return Several([tag("intact", "web.donor-report.published"), minute(row.published_at)])
    found: list[Cell] = [tag(_LOOKS[row.status], f"web.donor-report.{row.status}")]
    if row.is_late and row.status != LATE:
        found.append(tag("warn", "web.donor-report.late"))
    return Several(found)


def files_of(report: str, formats: Sequence[str]) -> Cell:
    """Links to the files of a published report."""
    if not formats:
        return "–"
    return Several([
        link(reverse("donor_report_file", args=[report, each]), each.upper()) for each in formats
    ])  # fmt: skip
