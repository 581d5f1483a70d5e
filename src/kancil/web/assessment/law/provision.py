"""One provision of the legal matrix: what it asks, its elements, its relations, the law cited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.giving import indicator_of
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.evidence import use_extract
from kancil.desk.assessment.actions.texts import mark_compared
from kancil.desk.assessment.queries.answers import settled
from kancil.desk.assessment.queries.countries import ExtractRow, enter_country, extracts
from kancil.desk.assessment.queries.legal import LegalMatrix, legal_matrix
from kancil.desk.assessment.queries.rounds import names_in, require
from kancil.desk.assessment.queries.texts import ArticleBeside, compared_rows
from kancil.desk.people.queries import Person
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.assessment.rounds.beside import (
    CompareForm,
    beside_of,
    compared_tag,
    marks_of,
    may_compare,
    official,
)
from kancil.web.assessment.rounds.carried import said_change
from kancil.web.assessment.rounds.given import address_of, said_given
from kancil.web.assessment.site.protocols import said, sure
from kancil.web.cells import button
from kancil.web.forms import choose, text
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .matrix import law_way, of_provisions
from .matrix_words import (
    article_name,
    is_alone_too,
    marks,
    relations,
    said_closed,
    status_cell,
)


@page(
    "rounds/<str:round>/<str:protocol>/<str:indicator>/law/", "provision", may=READING,
    of="round", within="round_law", methods=("GET", "POST"),
    sample={"protocol": "none-2026.1", "indicator": "none"},
)  # fmt: skip
def provision(
    request: HttpRequest, sight: Sight, protocol: str, indicator: str
) -> HttpResponseBase:
    """One provision with all that bears on it."""
    asked = of_provisions(sight, protocol)
    each = indicator_of(asked, indicator)
    cites = sight.may_answer and sight.is_open
    shelf = _shelf(person_of(request), sight) if cites else []
    filled = CiteForm.asked(request, shelf=shelf, protocol=asked)
    beside = beside_of(each)
    compare = CompareForm.asked(request, beside=beside)
    if compare.is_ready:
        require(sight.may_compare_texts, sight)
        with compare.telling():
            _mark(person_of(request), sight, asked, each, compare)
            messages.success(request, words("web.texts.compared-done"))
            return redirect("provision", sight.round, asked.name, each.id)
    elif request.method == "POST" and not compare.is_bound:
        require(cites, sight)
        if filled.is_ready:
            with filled.telling():
                use_extract(by=person_of(request), round=sight.round, **filled.cited())
                messages.success(request, words("web.matrix.use-done"))
                return redirect("question", sight.round, asked.name, each.id)
    view = legal_matrix(sight, asked.name, is_digested=False)
    row = next(one for one in view.rows if one.indicator == each.id)
    shown: dict[str, Any] = {
        "title": article_name(asked, each.id),
        "question": said(each.question),
        "crumbs": _way(sight, asked, each),
        "buttons": [
            button(
                address_of(sight, asked.name, each.id),
                "web.matrix.to-question" if sight.may_answer else "web.matrix.to-answers",
                main=sight.may_answer,
            )
        ],
        "status": status_cell(row.status, owed=each.id in view.owed),
        "given": said_given(asked.scales.get(each.scale or ""), row.given),
        "is_owed": each.id in view.owed,
        "owed_text": Phrase("web.matrix.owed-one"),
        "comment": row.comment,
        "help": said(each.help),
        "official": official(request, asked, each, beside),
        **_compared(sight, asked, each, beside, compare),
        "sure": sure(each.confidence),
        "sure_note": said(each.confidence_note),
        "checked": each.checked,
        "marks": marks(asked, row, owed=each.id in view.owed),
        "is_alone": is_alone_too(row),
        "closed_by": said_closed(asked, view.matrix, row),
        "contradictions": [
            *(Phrase("note.paper-contradicts", {"what": one}) for one in row.contradictions),
            *([said_change(asked, view.changed[each.id])] if each.id in view.changed else []),
        ],
        "cited": _extracts(sight, view, row.extracts),
        "offered": _extracts(sight, view, row.offered),
        "relations": relations(sight, asked, row.bonds),
        "expected": [said(one) for one in each.evidence],
        "answers": [] if each.id in view.owed else _answers(sight, asked, each),
        "citing": filled.section("web.matrix.use", text="web.matrix.use-text") if shelf else None,
    }
    return render(request, "kancil/law_provision.html", shown)


def _mark(by: Person, sight: Sight, asked: Protocol, each: Indicator, form: CompareForm) -> None:
    given = form.cleaned_data
    mark_compared(
        by=by,
        round=sight.round,
        protocol=asked.name,
        indicator=each.id,
        text=given["compared_text"],
        lawyer=given["compared_lawyer"],
        compared_on=given["compared_on"],
        differs=given["compared_differs"],
    )


def _compared(
    sight: Sight, asked: Protocol, each: Indicator, beside: list[ArticleBeside], form: CompareForm
) -> dict[str, Any]:
    """Who compared the provision, what its authors changed, and the form where there is a text."""
    marked = compared_rows(asked.name, each.id).get(each.id, [])
    may = may_compare(sight, beside)
    return {
        "compared": compared_tag(marked),
        "compared_by": marks_of(marked),
        "changed": said(each.note),
        "comparing": form.section("web.texts.compare", text="web.texts.compare-text")
        if may
        else None,
    }


class CiteForm(ActForm):
    """Which extract becomes evidence of the round, and of which grade."""

    act = "cite"
    matrix_extract = forms.ChoiceField(choices=())
    matrix_grade = forms.ChoiceField(choices=())
    matrix_confirmed_by = text(160, required=False)

    def __init__(
        self, *args: Any, shelf: list[ExtractRow], protocol: Protocol, **kwargs: Any
    ) -> None:
        """Offer the country's extracts, and the grades that are no interview's."""
        super().__init__(*args, **kwargs)
        choose(self, "matrix_extract", [(row.id, _name(row)) for row in shelf])
        self._grades = {id: each for id, each in protocol.grades.items() if not each.interview}
        choose(self, "matrix_grade", [(id, said(each.label)) for id, each in self._grades.items()])
        if not any(each.by_lawyer for each in self._grades.values()):
            self.fields["matrix_confirmed_by"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Ask who confirmed it, where the grade says that a lawyer did; else take no name."""
        given = super().clean()
        grade = self._grades.get(given.get("matrix_grade", ""))
        if grade is None or not grade.by_lawyer:
            given["matrix_confirmed_by"] = ""
        elif not given.get("matrix_confirmed_by") and "matrix_confirmed_by" not in self.errors:
            self.add_error("matrix_confirmed_by", words("web.matrix.lawyer-needed"))
        return given

    def cited(self) -> dict[str, str]:
        """What was chosen."""
        given = self.cleaned_data
        return {
            "extract": given["matrix_extract"],
            "grade": given["matrix_grade"],
            "lawyer": given["matrix_confirmed_by"],
        }


def _name(row: ExtractRow) -> str:
    name = f"{row.law}, {row.article}"
    return f"{name} ({words('web.bill.not-law')})" if row.is_bill else name


def _shelf(person: Person, sight: Sight) -> list[ExtractRow]:
    return [row for row in extracts(enter_country(person, sight.country)) if not row.is_replaced]


def _answers(sight: Sight, asked: Protocol, each: Indicator) -> list[dict[str, Any]]:
    """What each assessor answered, once two have, to those who see answers."""
    stands = settled(sight, asked.name, [each.id]).get(each.id)
    if stands is None or len({one.by for one in stands.answers}) < 2:
        return []
    names, scale = names_in(sight), asked.scales.get(each.scale or "")
    counts = stands.answer.id if stands.answer else ""
    return [
        {
            "by": names.get(one.by, ""),
            "given": said_given(scale, one.given),
            "counts": one.id == counts,
            "confidence": Phrase(f"web.matrix-sure-{one.confidence.value}"),
            "comment": one.comment,
        }
        for one in stands.answers
    ]


def _way(sight: Sight, asked: Protocol, each: Indicator) -> list[dict[str, Any]]:
    found = law_way(sight, asked)
    if each.article is not None and each.article.instrument in asked.instruments:
        instrument = asked.instruments[each.article.instrument]
        there = reverse("matrix_instrument", args=[sight.round, asked.name, instrument.id])
        found.append({"url": there, "name": said(instrument.short)})
    return found


def _extracts(sight: Sight, view: LegalMatrix, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"row": row, "url": reverse("extract", args=[sight.country, id])}
        for id in ids
        if (row := view.matrix.extracts.get(id)) is not None
    ]
