"""Publishing a donor report: what would leave is shown, then a named official answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kancil import __version__
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import ReportMoved, ReportPublished
from kancil.desk.programme.reports.donor_reports import enter_report, open_report_file, said_of
from kancil.desk.programme.reports.writing import publish_report
from kancil.ground import clock
from kancil.ground.files import plain_name
from kancil.ground.offered import offered
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.programme.donor_report import Said
from kancil.reports.programme.make import MadeReport, ReportFormat, make_donor_report
from kancil.reports.programme.study.content import Publication
from kancil.web.acting import ActForm
from kancil.web.assessment.figures.papers import file_answer, language_name
from kancil.web.cells import Section, note, show, table
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import choose, text
from kancil.web.programme_page import GIVING, MONEY, page
from kancil.web.signed_in import person_of

from .donor_report import SAMPLE, crumbs, numbers, reconciled_note


class PublishForm(ActForm):
    """Who answers for the report, and that it is this one."""

    act = "publish"
    report_official = text(200)
    report_office = text(300)
    paper_language = forms.ChoiceField(choices=())
    report_publish_sure = forms.BooleanField()
    report_digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        """Offer the languages of donor reports."""
        super().__init__(*args, **kwargs)
        choose(self, "paper_language", [(code, language_name(code)) for code in languages])
        self.initial.setdefault("paper_language", spoken())


@page("donor-reports/<str:report>/publish/", "donor_report_publish", may=MONEY, sample=SAMPLE,
      methods=("GET", "POST"))  # fmt: skip
def donor_report_publish(request: HttpRequest, report: str) -> HttpResponseBase:
    """Show what would leave, and publish it."""
    person = person_of(request)
    sight = enter_report(person, report)
    if sight.is_published:
        raise ReportPublished
    require(sight.may_write, sight.of.desk)
    said = said_of(sight)
    given = {**{name: value for name, value in typed(request).items() if name != "do"},
             "report_digest": said.sha256}  # fmt: skip
    asked = PublishForm.asked(request, initial=given, languages=offered("paper.donor"))
    if asked.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, asked)
        with asked.telling():
            _publish(request, report, said, asked.cleaned_data)
            messages.success(request, words("web.donor-report.published-now"))
            return redirect("donor_report", report=report)
    sections: list[Section] = [*reconciled_note(said)]
    if said.missing:
        sections.append(note("warn", "web.donor-report.has-missing", count=len(said.missing)))
        rows = [(each,) for each in said.missing]
        sections.append(table("web.donor-report.missing", ("report-missing",), rows))
    sections += [*numbers(said), *confirming_note(request)]
    sections.append(asked.section("web.donor-report.publish", text="web.donor-report.publish-text"))
    title = Phrase("web.donor-report.publish-title", {"title": sight.title})
    return show(request, title, sections, crumbs=crumbs(sight),
                lead=Phrase("web.donor-report.publish-lead"))  # fmt: skip


def _publish(request: HttpRequest, report: str, said: Said, given: dict[str, Any]) -> None:
    if said.sha256 != given["report_digest"]:
        raise ReportMoved
    of = Publication(given["report_official"].strip(), given["report_office"].strip())
    files = {each.value: _made(said, of, each, given["paper_language"]).data
             for each in ReportFormat}  # fmt: skip
    publish_report(
        by=person_of(request), report=report, seen=said.sha256, official=of.official,
        office=of.office, language=given["paper_language"], files=files,
        store=store_of(current_workspace()),
    )  # fmt: skip


def _made(said: Said, of: Publication, format: ReportFormat, language: str) -> MadeReport:
    now = clock.now()
    return make_donor_report(
        said, of, store_of(current_workspace()), format, language, kancil=__version__, at=now,
        on=day_of(now),
    )  # fmt: skip


@page("donor-reports/<str:report>/files/<str:format>/", "donor_report_file", may=GIVING,
      sample={**SAMPLE, "format": "pdf"})  # fmt: skip
def donor_report_file(request: HttpRequest, report: str, format: str) -> HttpResponseBase:
    """The file that was published, checked; of a draft one that is made now and marked so."""
    sight = enter_report(person_of(request), report)
    if format not in set(ReportFormat):
        raise PageNotFound
    name = plain_name(f"{sight.of.reference}-{sight.period.ends_on.isoformat()}", 80)
    if sight.is_published:
        stream = open_report_file(sight, store_of(current_workspace()), format)
        return FileResponse(stream, as_attachment=True, filename=f"{name}.{format}",
                            content_type="application/octet-stream")  # fmt: skip
    language = spoken() if spoken() in offered("paper.donor") else "en"
    return file_answer(_made(said_of(sight), Publication(), ReportFormat(format), language),
                       f"{name}-draft")  # fmt: skip
