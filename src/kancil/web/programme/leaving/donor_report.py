"""One donor report: what it says now, what is missing, and each section of its narrative."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import ReportPublished
from kancil.desk.programme.reports.donor_reports import (
    ReportSight,
    TextVersion,
    enter_report,
    published_of,
    said_of,
    text_versions,
)
from kancil.desk.programme.reports.writing import (
    begin_report,
    withdraw_draft,
    write_report_section,
)
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.counting.shown import without_days_said
from kancil.programme.donor_report import FigureSaid, ReportSection, Said
from kancil.programme.money.amount import Money
from kancil.reports.programme.make import ReportFormat
from kancil.web.acting import ActForm
from kancil.web.cells import (
    Section,
    button,
    facts,
    folded,
    joined,
    limits,
    link,
    minute,
    note,
    show,
    table,
    tag,
)
from kancil.web.drafts import DraftedForm
from kancil.web.forms import text
from kancil.web.parts import Cell, Several
from kancil.web.programme_page import GIVING, MONEY, page
from kancil.web.signed_in import person_of

from .donor_reports import files_of

SAMPLE = {"report": "none"}
MOST_REASONS = 3


class CorrectForm(ActForm):
    """That a correction is begun."""

    act = "correct"


class RemoveForm(ActForm):
    """That a draft is taken away."""

    act = "remove"
    report_sure = forms.BooleanField()


class SectionForm(DraftedForm):
    """The text of one section."""

    act = "write"
    report_text = text(20_000, lines=12, required=False)
    report_seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, of: ReportSection, row: TextVersion | None, **more: Any) -> None:
        """Show what stands there, and how much room there is."""
        initial = {"report_text": row.text if row else "", "report_seen": row.n if row else 0}
        super().__init__(*args, initial=initial, **more)
        self.fields["report_text"].help_text = words("web.donor-report.room", most=of.most)


def crumbs(sight: ReportSight | None = None) -> list[dict[str, object]]:
    """The way back."""
    found: list[dict[str, object]] = [
        {"url": reverse("donor_reports"), "name": Phrase("web.room.donor-reports")}
    ]
    if sight is not None:
        found.append({"url": reverse("donor_report", args=[sight.report]), "name": sight.title})
    return found


@page("donor-reports/<str:report>/", "donor_report", may=GIVING, sample=SAMPLE,
      methods=("GET", "POST"))  # fmt: skip
def donor_report(request: HttpRequest, report: str) -> HttpResponseBase:
    """What the report says, as it was published or as it would be now."""
    person = person_of(request)
    sight = enter_report(person, report)
    return _published(request, sight) if sight.is_published else _draft(request, sight)


def _draft(request: HttpRequest, sight: ReportSight) -> HttpResponseBase:
    said = said_of(sight)
    remove = RemoveForm.asked(request)
    if remove.is_ready:
        with remove.telling():
            withdraw_draft(by=person_of(request), report=sight.report)
            messages.success(request, words("web.donor-report.removed"))
            return redirect("donor_reports")
    sections = [note("info", "web.donor-report.is-draft", due=sight.period.due_on.isoformat())]
    sections += reconciled_note(said)
    if said.corrects:
        sections.append(note("info", "web.donor-report.corrects", on=said.corrects.isoformat()))
    sections.append(_sections_table(sight, said))
    sections += numbers(said, opens=True)
    sections += missing_note(said)
    buttons = [
        button(reverse("donor_report_file", args=[sight.report, each.value]),
               f"web.donor-report.draft-{each.value}")
        for each in ReportFormat
    ]  # fmt: skip
    if sight.may_write:
        there = reverse("donor_report_publish", args=[sight.report])
        buttons.insert(0, button(there, "web.donor-report.publish", main=True))
        sections.append(remove.section("web.donor-report.remove"))
    return show(request, Phrase("web.donor-report.title", {"title": sight.title}), sections,
                crumbs=crumbs(), buttons=buttons, lead=_lead(said))  # fmt: skip


def _published(request: HttpRequest, sight: ReportSight) -> HttpResponseBase:
    said, of = published_of(sight)
    person = person_of(request)
    correct = CorrectForm.asked(request)
    if correct.is_ready:
        with correct.telling():
            made = begin_report(
                by=person, grant=sight.of.grant, period_from=sight.period.begins_on,
                period_to=sight.period.ends_on, due_on=sight.period.due_on, title=sight.title,
            )  # fmt: skip
            return redirect("donor_report", report=made)
    sections: list[Section] = []
    if of.corrected_on:
        told = of.corrected_on.isoformat()
        sections.append(note("warn", "web.donor-report.corrected-on", on=told))
    sections += reconciled_note(said)
    formats = [each.value for each in ReportFormat]
    sections.append(facts("web.donor-report.publication", [
        ("report-published", minute(sight.published_at)),
        ("report-official", Several([of.official, of.office])),
        ("report-files", files_of(sight.report, formats)),
        *([("report-corrects", said.corrects.isoformat())] if said.corrects else []),
    ]))  # fmt: skip
    for each in said.texts:
        sections.append({"kind": "words", "heading": each.section.heading, "text": each.text})
    sections += numbers(said, opens=sight.of.sees_lines)
    sections.append(limits([Phrase("note.donor-share"), Phrase("note.donor-whole-people"),
                            Phrase("note.donor-contribution")]))  # fmt: skip
    if sight.of.desk.may_write and not of.corrected_on:
        sections.append(correct.section("web.donor-report.correct",
                                        text="web.donor-report.correct-text"))  # fmt: skip
    return show(request, Phrase("web.donor-report.title", {"title": sight.title}), sections,
                crumbs=crumbs(), lead=_lead(said))  # fmt: skip


def _lead(said: Said) -> Phrase:
    finance = said.finance
    return Phrase("web.donor-report.answer", {
        "reference": said.grant.reference, "donor": said.grant.donor,
        "begins": said.period.begins_on.isoformat(), "ends": said.period.ends_on.isoformat(),
        "spent": str(Money(finance.currency, finance.spent_minor)),
    })  # fmt: skip


def reconciled_note(said: Said) -> list[Section]:
    """Above all else where the money does not reconcile: that, and the first reasons."""
    if said.finance.is_reconciled:
        return [note("intact", "web.donor-report.reconciled")]
    reasons = joined(said.finance.reasons[:MOST_REASONS], "web.says.then")
    return [note("warn", "web.donor-report.unreconciled", reasons=reasons)]


def missing_note(said: Said) -> list[Section]:
    """What is missing beside sections, which the table of the narrative shows."""
    rows = [(each,) for each in said.missing if not each.params.get("name")]
    return [table("web.donor-report.missing", ("report-missing",), rows)] if rows else []


def _sections_table(sight: ReportSight, said: Said) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for each in ReportSection:
        written = said.text(each)
        there = reverse("donor_report_section", args=[sight.report, each.value])
        rows.append((
            link(there, each.heading) if sight.may_write else each.heading,
            _beginning(written.text) if written else tag("warn", "web.donor-report.unwritten"),
            f"{written.by}, {written.on.isoformat()}" if written else "–",
        ))  # fmt: skip
    columns = ("report-section", "report-text", "report-by")
    return table("web.donor-report.sections", columns, rows)


def _beginning(written: str) -> str:
    most = 160
    return written if len(written) <= most else written[:most].rsplit(" ", 1)[0] + " …"


def _value(each: FigureSaid, opens: bool) -> Cell:
    value = Phrase("note.donor-hidden") if each.value is None else each.value
    shown = link(reverse("figure_behind", args=[each.id]), value) if opens else value
    beside = without_days_said(each.without_days)
    return shown if beside is None else Several([shown, beside])


def _days(each: FigureSaid, apart: bool) -> Cell:
    """The days that a figure counts; of another period, with a mark."""
    if each.period_to is None:
        return "–"
    days = (
        Phrase("note.donor-until", {"day": each.period_to.isoformat()})
        if each.period_from is None
        else span(each.period_from, each.period_to)
    )
    return Several([days, tag("warn", "web.donor-report.other-period")]) if apart else days


def numbers(said: Said, *, opens: bool = False) -> list[Section]:
    """The figures, the money and the activities, as the report says them.

    `opens`: a figure leads to the records behind it.
    """
    currency = said.finance.currency

    def amount(minor: int) -> str:
        return str(Money(currency, minor))

    figures = [
        (
            Several([each.title, each.indicator]),
            _days(each, each in said.figures_apart),
            each.country or Phrase("note.donor-all-countries"),
            each.before or "–",
            _value(each, opens),
            each.target or "–",
            Phrase("web.donor-report.was", {"value": each.corrected, "reason": each.reason})
            if each.corrected else "–",
        )
        for each in (*said.figures, *said.figures_apart)
    ]  # fmt: skip
    money = [
        (Phrase(f"programme.budget-class.{each.budget_class.value}"), amount(each.budget_minor),
         amount(each.spent_minor), amount(each.left_minor))
        for each in said.finance.lines
    ]  # fmt: skip
    activities: list[tuple[Cell, ...]] = [
        (
            each.code,
            Several([each.title, ", ".join(each.countries)]),
            each.begins_on.isoformat(),
            Phrase("note.donor-hidden") if each.took_part is None else str(each.took_part),
            Phrase("note.donor-whole" if each.is_whole else "note.donor-part"),
            amount(each.cost_minor),
            ", ".join(each.others) or "–",
        )
        for each in said.activities
    ]
    if said.no_activity_minor:
        apart = amount(said.no_activity_minor)
        activities.append(("", Phrase("note.donor-no-activity"), "", "", "", apart, ""))
    found = [
        table("web.donor-report.figures", ("report-indicator", "report-days", "report-country",
              "report-before>", "report-value>", "report-target>", "report-correction"), figures),
        table("web.donor-report.money", ("report-class", "report-budget>", "report-spent>",
              "report-left>"), money),
        table("web.donor-report.activities", ("report-code", "report-activity", "report-begins",
              "report-people>", "report-share", "report-cost>", "report-others"), activities),
    ]  # fmt: skip
    return [each for each in found if each["rows"]]


@page("donor-reports/<str:report>/sections/<str:section>/", "donor_report_section", may=MONEY,
      sample={**SAMPLE, "section": "done"}, methods=("GET", "POST"))  # fmt: skip
def donor_report_section(request: HttpRequest, report: str, section: str) -> HttpResponseBase:
    """One section of a draft, to be written by whoever may, with its older versions."""
    person = person_of(request)
    sight = enter_report(person, report)
    if section not in set(ReportSection):
        raise PageNotFound
    if sight.is_published:
        raise ReportPublished
    require(sight.may_write, sight.of.desk)
    of = ReportSection(section)
    versions = text_versions(sight, of)
    newest = versions[0] if versions else None
    filled = SectionForm.asked(request, of=of, row=newest)
    sections: list[Section] = []
    if filled.is_ready:
        if _is_saved(request, sight, of, filled):
            messages.success(request, words("web.donor-report.saved"))
            return redirect("donor_report", report=sight.report)
        sections += _moved(request, filled, newest)
    heading = f"web.donor-report.write-{of.value}"
    sections += [filled.section(heading, submit="web.donor-report.save")]
    if versions:
        rows = [(each.text or "–", each.by, minute(each.at)) for each in versions]
        columns = ("report-text", "report-by", "report-at")
        sections.append({**folded("web.donor-report.versions", columns, rows, count=len(rows)),
                         "scroll": True})  # fmt: skip
    return show(request, of.heading, sections, crumbs=crumbs(sight))


def _is_saved(
    request: HttpRequest, sight: ReportSight, of: ReportSection, filled: SectionForm
) -> bool:
    given = filled.cleaned_data
    with filled.telling("report_text"):
        write_report_section(
            by=person_of(request), report=sight.report, section=of.value,
            text=given["report_text"], seen=given["report_seen"],
        )  # fmt: skip
    return not filled.errors


def _moved(request: HttpRequest, filled: SectionForm, newest: TextVersion | None) -> list[Section]:
    """What somebody else wrote meanwhile, above the form that still has one's own."""
    if newest is None or filled.cleaned_data.get("report_seen") == newest.n:
        return []
    data = request.POST.copy()
    data["report_seen"] = str(newest.n)
    filled.data = data
    heading = Phrase("web.study.stands", {"name": newest.by})
    return [{"kind": "words", "heading": heading, "text": newest.text or "–"}]
