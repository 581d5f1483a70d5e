"""The report and the bundle, made with the key that has just accepted a finding.

The page that signs says what they hold before the passphrase is typed. They are offered where
nothing has to be decided for them: exhibits whose use is limited, or a legal basis that has ended,
need the pages of the report and of the bundle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.custody.acting import ActingOfficer
from kancil.custody.roll import Roll
from kancil.desk.cases.queries import Case
from kancil.ground.errors import KancilError
from kancil.ground.ids import CaseId
from kancil.ground.offered import is_offered
from kancil.ground.reviewers import is_signed_off
from kancil.ground.words import render as words
from kancil.ground.words import spoken
from kancil.legal.handling import Use
from kancil.reports.casework.prosecutor.gather import PROSECUTOR
from kancil.reports.casework.prosecutor.make import LANGUAGES
from kancil.reports.casework.recorded import chosen
from kancil.web.cases.leaving import make_bundle
from kancil.web.cases.pages import basis_ended_note
from kancil.web.cases.report import make_report
from kancil.web.forms import WordsForm, text
from kancil.web.guard import shown_params
from kancil.web.limits import bound_to
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.studies.findings.choosing import ranges
from kancil.web.unit_desk import unit_desk

REPORT, BUNDLE = "report", "bundle"
_FIELDS = ("also_make", "purpose")
_NOT_MADE = {REPORT: "web.also.no-report", BUNDLE: "web.also.no-bundle"}


class AlsoMadeForm(WordsForm):
    """What is made besides with the same passphrase; `offer_also` offers it or takes it away."""

    also_make = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    purpose = text(500, required=False)

    def clean(self) -> dict[str, Any]:
        """A bundle says what it is for."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if BUNDLE in given.get("also_make", ()) and not given.get("purpose"):
            self.add_error("purpose", words("web.form.required"))
        return given


def offer_also(asked: AlsoMadeForm, case: Case, bases: Iterable[str]) -> None:
    """Offer report and bundle, and say what they would hold; where they cannot be, take them away.

    `bases`: what the findings rest on, by short number: a trace that only now becomes the case's.
    """
    roll = unit_desk().ledger.folded(Roll)
    found = roll.case(case.id)
    every = chosen(roll, found)
    is_bound = any(bound_to(CaseId(case.id), use) is not None for use in (Use.REPORT, Use.BUNDLE))
    if is_bound or basis_ended_note(case):
        for name in _FIELDS:
            del asked.fields[name]
        return
    field: Any = asked.fields["also_make"]
    language = LANGUAGE_NAMES.get(_language(), _language())
    field.choices = [
        (REPORT, words("web.also.report", language=language)),
        (BUNDLE, words("web.also.bundle")),
    ]
    traces = {one.number for one in every.traces}
    traces |= {int(each[1:]) for each in bases if each.startswith("T")}
    answers = [ranges(traces, "T"), ranges((one.number for one in every.studies), "S")]
    exhibits = ranges((roll.exhibits[each].number for each in found.exhibits), "E")
    key = "web.also.holds" if exhibits else "web.also.holds-no-exhibit"
    field.help_text = words(key, answers=", ".join(filter(None, answers)), exhibits=exhibits)
    asked.fields["purpose"].label = words("web.also.purpose")


def _language() -> str:
    """The reader's language where a report in it can be signed, else English."""
    wanted = spoken()
    is_made = wanted in LANGUAGES and is_offered(wanted, "report") and is_signed_off(wanted)
    return wanted if is_made else "en"


def make_also(
    request: HttpRequest, case: Case, asked: forms.Form, by: ActingOfficer
) -> HttpResponse | None:
    """Make what was ticked, signed by `by`; None where nothing was.

    What was accepted before stands also where the report or the bundle cannot be made: the page of
    that says why.
    """
    ticked = asked.cleaned_data.get("also_make", ())
    for name in (each for each in (REPORT, BUNDLE) if each in ticked):
        try:
            sha256 = _made(name, case, asked.cleaned_data, by)
        except KancilError as error:
            why = words(f"error.{error.code}.sentence", **shown_params(error))
            messages.error(request, words(_NOT_MADE[name], why=why))
            return redirect(name, case=case.number)
        messages.success(request, words(f"web.{name}.made", sha256=sha256))
    if BUNDLE in ticked:
        return redirect("case_check", case=case.number)
    return redirect("report", case=case.number) if ticked else None


def _made(name: str, case: Case, given: dict[str, Any], by: ActingOfficer) -> str:
    """Make the report or the bundle; gives its SHA-256."""
    desk = unit_desk()
    if name == BUNDLE:
        whole = {"purpose": given["purpose"], "withhold_whole": ""}
        return make_bundle(desk, case, whole, by).sha256
    order = {
        "report_kind": PROSECUTOR, "report_language": _language(), "withhold": "",
        "certificate": None, "certificate_passphrase": "",
    }  # fmt: skip
    return make_report(desk, case, order, by)
