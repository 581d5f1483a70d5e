"""The printed report of a case: a signed PDF, for the prosecutor or for the defence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.acting import ActingOfficer
from kancil.custody.certificate import report_key
from kancil.custody.entry import Entry
from kancil.custody.kept import sign_and_keep
from kancil.custody.roll import Roll
from kancil.custody.withheld import read_withheld
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.kept_files import open_kept, report_path
from kancil.desk.cases.queries import Case
from kancil.evidence.tables.price_store import load_prices
from kancil.ground.clock import now
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId
from kancil.ground.offered import is_offered
from kancil.ground.phrase import Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import render as words
from kancil.reports.casework.prosecutor.drafts import unaccepted
from kancil.reports.casework.prosecutor.gather import KINDS, Order
from kancil.reports.casework.prosecutor.make import LANGUAGES, check_asked, issue_report
from kancil.reports.casework.prosecutor.reported import reported
from kancil.reports.casework.recorded import free_in_report, run_again
from kancil.reports.pdf.sign import PdfKey, open_pkcs12, own_key
from kancil.web.cells import Section, empty, form, identifier, link, note, show, table, when
from kancil.web.confirming import ask_who, factor_note, typed
from kancil.web.forms import WordsForm, say_own_key, secret
from kancil.web.limits import bound_to, leaving_note, ticked
from kancil.web.page import EVERYONE, page
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .leaving_out import (
    FIELD,
    leave_out_field,
    offer_answers,
    resting_answers,
    shown_without,
)
from .pages import basis_ended_note, crumbs
from .shown_views import NAME, offer_views, views_field, views_of
from .withholding import Row, WithholdField, offer, rows_of

MOST_CERTIFICATE_BYTES = 1_000_000


class ReportForm(WordsForm):
    """For whom, in which language, what is kept back, and by which keys it is signed."""

    report_kind = forms.ChoiceField(choices=())
    report_language = forms.ChoiceField(choices=())
    shown_views = views_field()
    leave_out = leave_out_field()
    withhold = WithholdField()
    certificate = forms.FileField(required=False, max_length=4096)
    certificate_passphrase = secret(required=False)
    passphrase = secret()

    def __init__(
        self, *args: Any, rows: list[Row], views: list[tuple[str, str]], answers: list[str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Offer kinds, languages (one nobody has signed off gives a preview), views and entries."""
        super().__init__(*args, **kwargs)
        say_own_key(self)
        offer_views(self, views)
        offer_answers(self, answers)
        offer(self, "withhold", rows)
        offered = {
            "report_kind": [(kind, words(f"web.report.{kind}")) for kind in KINDS],
            "report_language": [(each, _language(each)) for each in _offered()],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_certificate(self) -> bytes | None:
        """The certificate's bytes, which are used once and kept nowhere."""
        sent = self.cleaned_data["certificate"]
        if sent is None:
            return None
        if sent.size > MOST_CERTIFICATE_BYTES:
            raise forms.ValidationError(words("web.report.certificate-too-large"))
        return bytes(sent.read())


def _offered() -> list[str]:
    return [each for each in LANGUAGES if is_offered(each, "report")]


def _language(code: str) -> str:
    name = LANGUAGE_NAMES.get(code, code)
    return name if is_signed_off(code) else words("web.report.preview", name=name)


@page(
    "cases/<str:case>/report/", "report", may=EVERYONE, of="case", methods=("GET", "POST"),
    menu="case", order=45,
)  # fmt: skip
def report(request: HttpRequest, case: Case) -> HttpResponse:
    """The reports of the case, and making one."""
    person, desk = person_of(request), unit_desk()
    roll = desk.ledger.folded(Roll)
    bound = bound_to(CaseId(case.id))
    answers = resting_answers(bound)
    free = _free(desk, case, answers)
    asked = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial={"withhold": ticked(bound, free), **typed(request)},
        rows=rows_of(free, queries.officer_names(), fields=True),
        views=views_of(roll, roll.case(case.id)),
        answers=answers,
    )
    ask_who(request, asked)
    if request.method == "POST" and person.acts and asked.is_valid():
        with asked.telling():
            by = desk.own_key(request, asked.cleaned_data["passphrase"])
            sha256 = make_report(desk, case, asked.cleaned_data, by)
            messages.success(request, words("web.report.made", sha256=sha256))
            return redirect("report", case=case.number)
    made = list(desk.ledger.case_entries(CaseId(case.id), "report.made"))
    sections: list[Section] = [_made_so_far(desk, case, made)] if made else []
    if not (queries.traces(case) or queries.studies(case)):
        first = reverse("money", kwargs={"case": case.number}) if person.acts else ""
        sections.append(empty("web.report.empty", url=first))
    elif person.acts:
        sections.append(note("info", "web.report.own-certificate"))
        sections += [
            *basis_ended_note(case),
            *leaving_note(case.number, bound),
            *factor_note(request, asked),
        ]
        sections.append(
            form("web.report.make", asked, submit="web.report.make", text="web.report.text")
        )
    elif not made:
        sections.append(note("info", "web.report.none-made"))
    return show(request, Phrase("web.room.report"), sections, crumbs=crumbs(case))


def _made_so_far(desk: UnitDesk, case: Case, made: list[Entry]) -> Section:
    columns = ("when", "kind", "language", "sha256", "leaving-file")
    rows = [
        (
            when(entry.at),
            Phrase(f"web.report.{entry.body['kind']}"),
            entry.body["language"],
            identifier(entry.body["sha256"], short=True),
            link(
                reverse("report_file", kwargs={"case": case.number, "n": entry.n}),
                Phrase("web.bundle.download"),
            )
            if _kept(desk, case, entry.n).is_file()
            else Phrase("web.bundle.not-kept"),
        )
        for entry in made
    ]
    return table("web.report.made-so-far", columns, rows)


def _free(desk: UnitDesk, case: Case, left_out: list[str]) -> dict[int, Entry]:
    """What the reader may be kept from: all of the case but its traces and studies that leave."""
    roll = desk.ledger.folded(Roll)
    found = roll.case(case.id)
    return free_in_report(desk.ledger, found, shown_without(roll, found, left_out))


def _kept(desk: UnitDesk, case: Case, n: int) -> Path:
    return report_path(desk.workspace, case.number, n)


def make_report(desk: UnitDesk, case: Case, given: dict[str, Any], by: ActingOfficer) -> str:
    """Run every trace and study again, set and sign the report, keep it; gives its SHA-256.

    `given`: as the form of the report has it, the passphrase apart.
    """
    roll = desk.ledger.folded(Roll)
    workspace, at = desk.workspace, now()
    left_out = given.get(FIELD, ())
    shown = shown_without(roll, roll.case(case.id), left_out, given.get(NAME, ()))
    free = free_in_report(desk.ledger, roll.case(case.id), shown)
    withheld = read_withheld(
        given["withhold"].splitlines(), free, option=words("web.field.withhold"), fields=True
    )
    language = given["report_language"]
    check_asked(given["report_kind"], language, signs=given["certificate"] is not None)
    again = run_again(shown, workspace)
    key = _key(desk, given, at, by) if is_signed_off(language) else None
    checkpoint, _ = sign_and_keep(desk.ledger, workspace, desk.keys.unit_signer(), at)
    order = Order(
        case=CaseId(case.id),
        kind=given["report_kind"],
        language=language,
        at=at,
        checkpoint=checkpoint,
        officer=by.id,
        withheld=withheld,
        drafts=unaccepted(CaseId(case.id)),
        reported=reported(desk.ledger, workspace, desk.vault, CaseId(case.id)),
        prices=load_prices(workspace.prices_dir),
    )
    made, entry = issue_report(desk.ledger, desk.vault, again, order, key, by=by)
    path = _kept(desk, case, entry.n)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, made.pdf)
    return made.sha256


def _key(desk: UnitDesk, given: dict[str, Any], at: datetime, by: ActingOfficer) -> PdfKey:
    """The key to sign with: of the certificate that was sent, else the unit's own."""
    if given["certificate"] is None:
        return own_key(report_key(desk.ledger, desk.keys, at=at, by=by))
    passphrase = given["certificate_passphrase"] or None
    name = words("web.field.certificate")
    return open_pkcs12(given["certificate"], passphrase, at=at, name=name)


@page("cases/<str:case>/report/<int:n>.pdf", "report_file", may=EVERYONE, of="case")
def report_file(request: HttpRequest, case: Case, n: int) -> FileResponse:
    """Send a report that was made here."""
    desk = unit_desk()
    path = _kept(desk, case, n)
    if n not in desk.ledger.folded(Roll).case(case.id).reports:
        raise PageNotFound
    file = open_kept(desk.ledger, path, n, lambda: desk.server(request))
    return FileResponse(file, as_attachment=True, filename=path.name)
