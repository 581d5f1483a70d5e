"""From an answer on a page to a recorded study: a case is chosen, and a background job runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.cases import require_basis
from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.custody.store import folds_held
from kancil.desk.jobs.job import Asked
from kancil.desk.people.queries import case_ids_of
from kancil.desk.studies.jobs.studies import run_study
from kancil.desk.studies.material import material_of
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.study import Parameters, Study
from kancil.web.cells import Section, empty, form, show
from kancil.web.forms import WordsForm, choose
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import UnitDesk, unit_desk


class RecordForm(WordsForm):
    """In which case a study is recorded."""

    record_case = forms.ChoiceField(choices=())

    def __init__(self, mine: Sequence[Case], *args: Any, **kwargs: Any) -> None:
        """Offer the cases of whoever asks."""
        super().__init__(*args, **kwargs)
        named = [(each.id, f"C{each.number} {each.title}") for each in mine]
        choose(self, "record_case", [("", words("web.form.choose")), *named])


def start_study(desk: UnitDesk, who: Asked, study: Study, parameters: Parameters) -> str:
    """Have a study run and recorded as a background job; gives the job's id.

    `parameters`: as `Study.ask` gives them. Raises LegalBasisExpired.
    """
    with folds_held():
        roll = desk.ledger.folded(Roll)
        require_basis(roll, roll.case(who.case or ""))
    return str(run_study.by(who).enqueue(study=study.name, parameters=parameters).id)


def record_in_case(
    request: HttpRequest, study: Study, given: Mapping[str, Any], way: list[dict[str, Any]]
) -> HttpResponse:
    """Let a case be chosen, and have the study run for it; `given`: what `Study.ask` takes."""
    desk, person = unit_desk(), person_of(request)
    parameters = study.ask(material_of(desk.workspace), given)
    mine = queries.cases(case_ids_of(person))
    asked = RecordForm(mine, request.POST or None)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            case = CaseId(asked.cleaned_data["record_case"])
            who = Asked(person, how_authenticated(request), case)
            return redirect("task", task=start_study(desk, who, study, parameters))
    sections: list[Section] = [
        form("web.record.title", asked, submit="web.record.run", text="web.record.text")
    ]
    if not mine:
        sections = [empty("web.record.empty", url=reverse("cases"))]
    return show(request, Phrase("web.record.title"), sections, crumbs=way,
                lead=study.question(parameters))  # fmt: skip
