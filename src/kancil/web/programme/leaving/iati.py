"""IATI files: what would stand in one, publishing it once it was checked, and those published."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, last_task_of_all
from kancil.desk.programme.iati.file import (
    FileRow,
    Overview,
    iati_files,
    open_iati_file,
    overview,
    reporter_of_site,
)
from kancil.desk.programme.iati.publishing import publish_iati, set_reporter
from kancil.desk.programme.jobs import iati as jobs
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.iati.facts import Reporter
from kancil.web.acting import ActForm
from kancil.web.cells import (
    Section,
    button,
    facts,
    folded,
    identifier,
    limits,
    link,
    note,
    number,
    rows_left,
    show,
    table,
    when,
)
from kancil.web.drafts import DraftedForm
from kancil.web.forms import text
from kancil.web.parts import Cell
from kancil.web.programme.jobs.pages import progress
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import how_authenticated, person_of

_MOST_SHOWN = 200
_LIMITS = ("register", "codes", "equal", "figures", "hierarchy")


class ReporterForm(DraftedForm):
    """Who publishes, and what the programme is."""

    act = "reporter"
    iati_ref = text(80)
    iati_name = text(200)
    iati_type = forms.ChoiceField(choices=())
    iati_title = text(300)
    iati_description = text(4000, lines=4)
    iati_language = text(2)
    iati_documents_at = text(300, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the types of organisation that run programmes."""
        super().__init__(*args, **kwargs)
        field = self.fields["iati_type"]
        if isinstance(field, forms.ChoiceField):
            codes = ("40", "10", "15", "21", "22", "23")
            field.choices = [(each, words(f"web.iati-type-{each}")) for each in codes]

    def reporter(self) -> Reporter:
        """What was entered."""
        given = {name.removeprefix("iati_"): each for name, each in self.cleaned_data.items()}
        given.pop("do", None)
        return Reporter(**given)


class PublishForm(ActForm):
    """Whether invented countries go along."""

    act = "publish"
    iati_practice = forms.BooleanField(required=False)


@page("iati/", "iati", may=OFFICERS, menu="site", order=29, methods=("GET", "POST"))
def iati(request: HttpRequest) -> HttpResponse:
    """What a file would hold, and making one."""
    person, reporter = person_of(request), reporter_of_site()
    publish, held = PublishForm.asked(request), overview(person)
    if publish.is_ready:
        with publish.telling():
            return _published(request, held, is_practice=publish.cleaned_data["iati_practice"])
    files = iati_files(person)
    there = reverse("iati_reporter")
    running = _running(request)
    sections: list[Section] = [*running, _what_stands(held, reporter)]
    if reporter is None:
        missing = note("warn", "web.iati.no-reporter", url=there, do="web.iati.reporter-go")
        sections.insert(0, missing)
    elif not running:
        sections.append(_publish_form(publish))
    if files:
        sections.append(_files(files))
    sections.append(limits([Phrase(f"web.iati-limit-{each}") for each in _LIMITS]))
    buttons = [button(reverse("iati_import"), "web.iati.import")]
    if reporter is not None:
        buttons.append(button(there, "web.iati.reporter"))
    lead = Phrase("web.iati.lead")
    return show(request, Phrase("web.iati.title"), sections, lead=lead, buttons=buttons)


def _published(request: HttpRequest, held: Overview, *, is_practice: bool) -> HttpResponse:
    """Make a file of a small programme at once; of a large one a background job does."""
    person, workspace = person_of(request), current_workspace()
    if held.activities > jobs.AT_ONCE:
        asked = Asked(person, how_authenticated(request), is_one=True)
        made = jobs.publish_file.by(asked).enqueue(is_practice=is_practice)
        return redirect("task", task=made.id)
    done = publish_iati(by=person, store=store_of(workspace), folder=workspace.uploads_dir,
                        is_practice=is_practice)  # fmt: skip
    said = words("web.iati.published", count=done.activities, left=len(done.left_out))
    messages.success(request, said)
    return redirect("iati_file", file=done.id)


def _running(request: HttpRequest) -> list[Section]:
    """How far a file is that is being made, whoever asked for it."""
    newest = last_task_of_all(jobs.publish_file.name)
    return [progress(request, newest)] if newest and newest.state in OPEN else []


@page("iati/reporter/", "iati_reporter", may=OFFICERS, methods=("GET", "POST"))
def iati_reporter(request: HttpRequest) -> HttpResponse:
    """Which organisation publishes, and what the programme is."""
    reporter = reporter_of_site()
    known = {f"iati_{name}": each for name, each in asdict(reporter).items()} if reporter else {}
    asked = ReporterForm.asked(request, initial=known or {"iati_language": "en"})
    if asked.is_ready:
        with asked.telling():
            set_reporter(by=person_of(request), reporter=asked.reporter())
            messages.success(request, words("web.iati.reporter-set"))
            return redirect("iati")
    form = asked.section(
        "web.iati.reporter", submit="web.iati.reporter-do", text="web.iati.reporter-text"
    )
    return show(request, Phrase("web.iati.reporter-title"), [form], crumbs=_way())


def _way() -> list[dict[str, object]]:
    return [{"url": reverse("iati"), "name": Phrase("web.iati.title")}]


def _publish_form(asked: PublishForm) -> Section:
    return asked.section(
        "web.iati.publish", submit="web.iati.publish-do", text="web.iati.publish-text"
    )


def _what_stands(found: Overview, reporter: Reporter | None) -> Section:
    rows: list[tuple[str, Cell]] = [
        ("iati-publisher", f"{reporter.name} ({reporter.ref})" if reporter else None),
        ("iati-activities", number(found.activities)),
        ("iati-grants", number(found.grants)),
    ]
    for name in ("no_funding", "no_country", "invented"):
        if count := getattr(found, name):
            rows.append((f"iati-{name.replace('_', '-')}", number(count)))
    return facts("web.iati.would-hold", rows)


def _files(files: list[FileRow]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("iati_file", args=[each.id]), each.file_name),
            when(each.at),
            number(each.activities),
            number(len(each.left_out)),
            each.by,
        )
        for each in files
    ]
    columns = ("iati-file", "iati-day", "iati-elements>", "iati-left-out>", "iati-by")
    return table("web.iati.files", columns, rows)


@page("iati/files/<str:file>/", "iati_file", may=OFFICERS, sample={"file": "none"})
def iati_file(request: HttpRequest, file: str) -> HttpResponse:
    """One file: that it was checked, its digest, and what is not in it."""
    row, stream = open_iati_file(person_of(request), store_of(current_workspace()), file)
    stream.close()
    sections: list[Section] = [
        note("intact", "web.iati.checked"),
        facts(
            "web.iati.one",
            [
                ("iati-day", when(row.at)),
                ("iati-by", row.by),
                ("iati-elements", number(row.activities)),
                ("iati-sha256", identifier(row.sha256)),
            ],
        ),
        *_left_out(row),
    ]
    buttons = [button(reverse("iati_download", args=[row.id]), "web.iati.download", main=True)]
    return show(request, Phrase("web.iati.file-title", {"name": row.file_name}), sections,
                crumbs=_way(), buttons=buttons)  # fmt: skip


def _left_out(row: FileRow) -> list[Section]:
    if not row.left_out:
        return []
    reasons = Counter(each["reason"] for each in row.left_out)
    counted = [(Phrase(f"why.iati-{key}"), number(count)) for key, count in reasons.most_common()]
    shown = row.left_out[:_MOST_SHOWN]
    listed = [
        (
            Phrase(f"web.iati-what-{each['what']}"),
            _place(each),
            each["title"],
            Phrase(f"why.iati-{each['reason']}"),
        )
        for each in shown
    ]
    columns = ("iati-what", "iati-code", "iati-named", "iati-reason")
    return [
        table("web.iati.left-out", ("iati-reason", "iati-count>"), counted),
        folded("web.iati.left-out-each", columns, listed, count=len(row.left_out)),
        *rows_left(len(shown), len(row.left_out)),
    ]


def _place(entry: dict[str, str]) -> Cell:
    """The code of what was left out; of an activity, the way to it."""
    code = entry["code"]
    if entry["what"] != "activity":
        return code
    return link(f"{reverse('activities')}?{urlencode({'sought_text': code})}", code)


@page("iati/files/<str:file>/download/", "iati_download", may=OFFICERS, sample={"file": "none"})
def iati_download(request: HttpRequest, file: str) -> HttpResponseBase:
    """A file, to the byte."""
    row, stream = open_iati_file(person_of(request), store_of(current_workspace()), file)
    return FileResponse(stream, as_attachment=True, filename=row.file_name,
                        content_type="application/xml")  # fmt: skip
