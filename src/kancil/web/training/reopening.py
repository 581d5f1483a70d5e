"""A trainer lets a trainee go on with a lab that was over, with the reason."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.training import access
from kancil.desk.training.actions.classes import reopen_attempt
from kancil.desk.training.moments import moment_now
from kancil.desk.training.queries.names import names_in
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.web.cells import show
from kancil.web.forms import text
from kancil.web.page import page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINERS, Acting, lab_title
from .classes import way


class ReopenAttemptForm(Acting):
    """Why a trainee may go on, and for how long."""

    act = "reopen-attempt"
    reopen_minutes = forms.IntegerField(min_value=1, max_value=7 * 24 * 60, initial=60)
    reopen_because = text(1000, lines=2)


@page(
    "training/attempts/<str:attempt>/reopen/", "attempt_reopen", may=TRAINERS,
    methods=("GET", "POST"), sample={"attempt": "none"},
)  # fmt: skip
def attempt_reopen(request: HttpRequest, attempt: str) -> HttpResponse:
    """Let a trainee go on with a lab that was handed in, or whose time is over."""
    person = person_of(request)
    found = access.find_attempt(person, attempt)
    run = found.variant.run
    asked = ReopenAttemptForm.asked(request)
    if asked.is_ready:
        with asked.telling("reopen_because"):
            reopen_attempt(
                by=person, attempt=found, because=asked.cleaned_data["reopen_because"],
                minutes=asked.cleaned_data["reopen_minutes"],
                now=moment_now(unit_desk().ledger).at,
            )  # fmt: skip
            messages.success(request, words("web.training.reopened"))
            return redirect("run", run=run.id)
    name = names_in(run.training_class)[found.person_id]
    told: dict[str, Param] = {"name": name, "lab": lab_title(run.lab)}
    return show(
        request, Phrase("web.training.reopen-of", told),
        [asked.section(text="web.training.reopen-attempt-text")], crumbs=way(run.training_class),
    )  # fmt: skip
