"""Reports of a round and of the region, made when somebody asks for one and kept nowhere.

Who sees a round may have its report: it holds only what may leave. A release is another thing, and
a named official's.
"""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil import __version__
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.papers import RoundPapers, round_papers
from kancil.desk.assessment.queries.releases import regional
from kancil.desk.assessment.queries.rounds import round_of
from kancil.desk.assessment.queries.site import kept_protocols
from kancil.desk.base.opening import day_of
from kancil.ground import clock
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import render as words
from kancil.ground.words import speaking, spoken
from kancil.reports.programme.country.texts import mixed_names
from kancil.reports.programme.languages import region_languages, report_languages
from kancil.reports.programme.make import (
    MadeReport,
    ReportFormat,
    ReportKind,
    make_comparison,
    make_report,
)
from kancil.web.assessment.rounds.rounds import way
from kancil.web.cells import Section, empty, form, note, show, table
from kancil.web.forms import WordsForm, choose
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.programme_page import READERS, READING, page
from kancil.web.signed_in import person_of


class _PaperForm(WordsForm):
    """As which file, and in which language."""

    paper_format = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    paper_language = forms.ChoiceField(choices=())

    def __init__(self, data: object, languages: Sequence[str]) -> None:
        """Offer the files and the languages in which the document is offered."""
        super().__init__(data, initial={"paper_format": "pdf", "paper_language": spoken()})
        formats = [(each.value, words(f"web.papers.{each.value}")) for each in ReportFormat]
        choose(self, "paper_format", formats)
        choose(self, "paper_language", [(code, language_name(code)) for code in languages])


class _RoundPaperForm(_PaperForm):
    """Which document, too."""

    paper_kind = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    paper_mixed = forms.BooleanField(required=False)
    field_order = ("paper_kind", "paper_format", "paper_language", "paper_mixed")

    def __init__(self, data: object, languages: Sequence[str]) -> None:
        """Offer the files and the languages in which the document is offered."""
        super().__init__(data, languages)
        kinds = [(each.value, words(f"web.papers.{each.value}")) for each in ReportKind]
        choose(self, "paper_kind", kinds)
        self.initial["paper_kind"] = ReportKind.REPORT.value


def _mixed(papers: RoundPapers, language: str) -> str:
    """Name the team's texts that a paper in a language would print in another one."""
    with speaking(language):
        rows = papers.in_other_languages()
    return mixed_names(rows, [each.protocol for each in papers.whole.protocols])


def language_name(code: str) -> str:
    """A language of documents; that nobody has reviewed its words, where nobody has."""
    name = LANGUAGE_NAMES.get(code, code)
    return name if is_signed_off(code) else words("web.papers.unreviewed", name=name)


@page(
    "rounds/<str:round>/reports/", "round_reports", may=READING, of="round",
    methods=("GET", "POST"), menu="round", order=88,
)  # fmt: skip
def round_reports(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Choose a document of the round, and get it as a file."""
    asked = _RoundPaperForm(request.POST or None, report_languages(protocols_in(sight)))
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        now = clock.now()
        with asked.telling():
            papers = round_papers(
                person_of(request), sight.round, today=day_of(now), made_at=now, kancil=__version__
            )
            kind = ReportKind(given["paper_kind"])
            mixed = _mixed(papers, given["paper_language"])
            if not mixed or given["paper_mixed"]:
                made = make_report(
                    papers, kind, ReportFormat(given["paper_format"]), given["paper_language"]
                )
                named = f"{sight.country}-{kind.value}-{papers.today.isoformat()}"
                return file_answer(made, named)
            asked.add_error("paper_mixed", words("web.papers.is-mixed", texts=mixed))
    sections: list[Section] = []
    if round_of(sight).row.closed_at is None:
        sections.append(note("info", "web.papers.draft"))
    sections.append(form("web.papers.make", asked, submit="web.papers.get", text="web.papers.text"))
    sections.append(
        table(
            "web.papers.what",
            ("paper-document", "paper-holds"),
            [
                (Phrase(f"web.papers.{each.value}"), Phrase(f"web.papers.{each.value}-holds"))
                for each in ReportKind
            ],
        )
    )
    return show(request, Phrase("web.room.round-reports"), sections, crumbs=way(sight))


@page("region/report/", "region_report", may=READERS, methods=("GET", "POST"))
def region_report(request: HttpRequest) -> HttpResponse:
    """What countries released, beside each other, as a file."""
    rows = regional(person_of(request))
    protocols = {each.protocol.name: each.protocol for each in kept_protocols()}
    asked = _PaperForm(request.POST or None, region_languages(rows, protocols))
    if request.method == "POST" and rows and asked.is_valid():
        given = asked.cleaned_data
        now = clock.now()
        with asked.telling():
            made = make_comparison(
                rows,
                protocols,
                ReportFormat(given["paper_format"]),
                given["paper_language"],
                kancil=__version__,
                at=now,
                on=day_of(now),
            )
            return file_answer(made, f"region-{day_of(now).isoformat()}")
    if rows:
        sections = [
            form("web.papers.region", asked, submit="web.papers.get", text="web.papers.region-text")
        ]
    else:
        sections = [empty("web.papers.none", url=reverse("region"))]
    crumbs = [{"url": reverse("region"), "name": Phrase("web.room.region")}]
    return show(request, Phrase("web.papers.region"), sections, crumbs=crumbs)


def file_answer(made: MadeReport, name: str) -> HttpResponse:
    """Answer with a file that is kept and not opened here: a page of it could pose as the site."""
    answer = HttpResponse(made.data, content_type=made.format.media_type)
    name = f"{plain_name(name, 80)}.{made.format.value}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-SHA256"] = made.sha256
    return answer
