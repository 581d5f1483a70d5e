"""What leaves of a class: its counts, made by one trainer and reviewed by another, as a package."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.desk.training import access
from kancil.desk.training.actions.evaluation import state_tally
from kancil.desk.training.actions.packages import (
    class_tables,
    make_class_package,
    review_class_package,
)
from kancil.desk.training.queries.classes import ClassState, TrainingClass
from kancil.desk.training.queries.evaluation import ClassPackage, packages_of, tally_of
from kancil.ground.phrase import Phrase
from kancil.ground.signing import fingerprint
from kancil.ground.words import render as words
from kancil.records.package import Period
from kancil.records.package_schemas import training_results as schema
from kancil.web.cells import Section, facts, identifier, link, note, show, table
from kancil.web.figure_tables import figure_sections, package_response
from kancil.web.forms import text
from kancil.web.page import page
from kancil.web.parts import Cell, Minute
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINERS, Acting
from .classes import way

_PAIR = re.compile(r"([A-Za-z]{2})\s*:?\s*([0-9]{1,4})")
_ASKED = (
    ("sex", schema.SEXES, "programme.sex."),
    ("role", schema.ROLES, "programme.profession."),
    ("agency", schema.AGENCIES, "programme.organisation-kind."),
)
"""Splits that are counted by code, and the words of their codes."""


class TallyForm(Acting):
    """How many of which sex, profession, agency and country; no name is asked."""

    act = "state-tally"
    tally_countries = text(500, required=False)

    def __init__(self, *args: Any, counts: dict[str, dict[str, int]], **kwargs: Any) -> None:
        """Ask one number for each code, as they were counted before."""
        super().__init__(*args, **kwargs)
        self.options = tuple(f"{what}_{code}" for what, codes, _ in _ASKED[1:] for code in codes)
        self.options_key = "web.training.tally-roles"
        countries = self.fields.pop("tally_countries")
        self.initial["tally_countries"] = ", ".join(
            f"{code} {count}" for code, count in sorted(counts.get("country", {}).items())
        )
        for what, codes, label in _ASKED:
            for code in codes:
                name = f"{what}_{code}"
                made = forms.IntegerField(min_value=0, max_value=9_999, required=False)
                made.label = words(f"{label}{code}")
                self.fields[name] = made
                self.initial[name] = counts.get(what, {}).get(code)
        self.fields["tally_countries"] = countries

    def clean_tally_countries(self) -> str:
        """Two letters and a number for each country."""
        typed: str = self.cleaned_data["tally_countries"]
        for part in filter(None, re.split(r"[,;\n]", typed)):
            if _PAIR.fullmatch(part.strip()) is None:
                raise forms.ValidationError(words("web.training.country-pairs"))
        return typed

    def counts(self) -> dict[str, dict[str, int]]:
        """Numbers by code, of each split."""
        given = self.cleaned_data
        found = {
            what: {code: given.get(f"{what}_{code}") or 0 for code in codes}
            for what, codes, _ in _ASKED
        }
        pairs = _PAIR.findall(given["tally_countries"])
        return {**found, "country": {code.upper(): int(count) for code, count in pairs}}


class MakeForm(Acting):
    """For whom a package is made."""

    act = "make-package"
    package_to = text(200)


class ReviewForm(Acting):
    """The review of a draft."""

    act = "review-package"


@page(
    "training/classes/<str:training_class>/results/", "class_results", may=TRAINERS,
    methods=("GET", "POST"), sample={"training_class": "none"},
)  # fmt: skip
def class_results(request: HttpRequest, training_class: str) -> HttpResponse:
    """The counts of a class to the letter as they would leave, and the packages that left."""
    person, desk = person_of(request), unit_desk()
    found = access.find_class(person, training_class)
    tally = TallyForm.asked(request, counts=tally_of(found))
    making, review = MakeForm.asked(request), ReviewForm.asked(request)
    here = redirect("class_results", training_class=found.id)
    if tally.is_ready:
        with tally.telling():
            state_tally(found, counts=tally.counts(), by=person.name)
            return here
    if making.is_ready:
        with making.telling():
            to = making.cleaned_data["package_to"]
            make_class_package(desk.ledger, training_class=found, to=to, by=person.name)
            return here
    rows = packages_of(found)
    draft = next((each for each in rows if not each.data), None)
    if review.is_ready and draft is not None:
        with review.telling():
            signer = desk.keys.unit_signer()
            review_class_package(desk.ledger, package=draft.id, signer=signer, by=person.name)
            messages.success(request, words("web.training.package-signed"))
            return here
    sections = figure_sections(class_tables(found), Period(found.begins_on, found.ends_on))
    if draft is not None:
        mine = draft.made_by == person.name
        key = "web.training.draft-mine" if mine else "web.training.review-package-text"
        sections.append(note("info", key) if mine else review.section(text=key))
    sections += _left(found, [each for each in rows if each.data])
    sections.append(tally.section(text="web.training.state-tally-text"))
    if found.state == ClassState.ENDED:
        sections.append(making.section(text="web.training.make-package-text"))
    else:
        sections.append(note("info", "web.training.package-later"))
    return show(request, Phrase("web.training.results"), sections, crumbs=way(found))


def _left(found: TrainingClass, rows: list[ClassPackage]) -> list[Section]:
    if not rows:
        return []
    cells: list[tuple[Cell, ...]] = [
        (
            link(reverse("class_package", kwargs={"training_class": found.id, "package": each.id}),
                 Phrase("web.figures.download")),
            each.to, each.made_by, each.reviewed_by, Minute(each.made_at),
        )
        for each in rows
    ]  # fmt: skip
    key = fingerprint(unit_desk().keys.unit_signer().public_raw)
    columns = ("leaving-file", "made-for", "made-by", "reviewed-by", "made-at")
    return [
        table("web.training.packages", columns, cells),
        facts("web.training.for-verifiers", [("key", identifier(key))]),
    ]


@page(
    "training/classes/<str:training_class>/results/<str:package>/", "class_package",
    may=TRAINERS, sample={"training_class": "none", "package": "none"},
)  # fmt: skip
def class_package(request: HttpRequest, training_class: str, package: str) -> HttpResponseBase:
    """Send the signed file of a package."""
    found = access.find_class(person_of(request), training_class)
    row = next((each for each in packages_of(found) if each.id == package and each.data), None)
    if row is None:
        raise PageNotFound
    return package_response(row.data.encode(), Period(found.begins_on, found.ends_on))
