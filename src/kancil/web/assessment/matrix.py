"""The legal matrix of a round: each instrument by itself, article by article, a draft until signed.

Instruments are never added together. What is shown is what somebody answered and cited; whether
that is the law is for the lawyer who signs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.legal import InstrumentStatus, Row, RowStatus
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.legal import sign_matrix
from kancil.desk.assessment.kept_protocols import of_shape, protocol_in
from kancil.desk.assessment.queries.legal import LegalMatrix, legal_matrix, matrix_file
from kancil.desk.assessment.queries.rounds import require
from kancil.ground.errors import AnswerFirst, PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    identifier,
    link,
    note,
    number,
    show,
    table,
    when,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import text
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .acting import ActForm, day_of
from .given import address_of, said_given
from .law_picture import heat_sections
from .matrix_words import (
    article_name,
    legend,
    marks,
    relations,
    status_cell,
)
from .protocols import said
from .rounds import way
from .standing import consent_cell, status_facts

_ADDRESS = "rounds/<str:round>/<str:protocol>/law/"
_SAMPLE = {"protocol": "none-2026.1"}
_OPEN = (RowStatus.OPEN, RowStatus.NOT_KNOWN)
_CITED = (RowStatus.AGREED, RowStatus.ALONE)


@page("rounds/<str:round>/law/", "round_law", may=READING, of="round", menu="round", order=50)
def round_law(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """The legal matrices of a round; straight to it where there is one alone."""
    asked = of_shape(sight, Shape.PROVISIONS)
    if len(asked) == 1:
        return redirect("legal_matrix", round=sight.round, protocol=asked[0].name)
    sections: list[Section] = [empty("web.matrix.none")]
    if asked:
        rows: list[tuple[Cell, ...]] = [
            (
                link(reverse("legal_matrix", args=[sight.round, each.name]), said(each.title)),
                each.version,
            )
            for each in asked
        ]
        sections = [table("web.room.round-law", ("title", "version"), rows)]
    return show(request, Phrase("web.room.round-law"), sections, crumbs=way(sight))


def of_provisions(sight: Sight, name: str) -> Protocol:
    """Give a protocol of provisions of the round; raises PageNotFound for one of another shape."""
    asked = protocol_in(sight, name)
    if asked.shape is not Shape.PROVISIONS:
        raise PageNotFound
    return asked


def law_way(sight: Sight, protocol: Protocol) -> list[dict[str, Any]]:
    """Give the steps above a page of the matrix."""
    there = reverse("legal_matrix", args=[sight.round, protocol.name])
    return [*way(sight), {"url": there, "name": Phrase("web.room.round-law")}]


@page(
    _ADDRESS, "legal_matrix", may=READING, of="round", within="round_law", sample=_SAMPLE
)  # fmt: skip
def overview(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """Each instrument by itself, what the matrix rests on, and who signed it."""
    asked = of_provisions(sight, protocol)
    view = legal_matrix(sight, asked.name)
    given = {"round": sight.round, "protocol": asked.name}
    buttons = []
    if sight.may_run and not view.owed:
        buttons.append(button(reverse("matrix_sign", kwargs=given), "web.matrix.sign", main=True))
    if not view.owed:
        buttons.append(button(reverse("matrix_file", kwargs=given), "web.matrix.download"))
    country = reverse("country_law", kwargs={"country": sight.country})
    buttons.append(button(country, "web.matrix.to-country-law"))
    sections = [_standing_note(view)]
    if view.owed:
        sections.append(note("info", "web.matrix.owed-text", count=len(view.owed)))
    if view.matrix.missing:
        sections.append(note("danger", "web.matrix.missing", count=len(view.matrix.missing)))
    sections.append(_instruments(sight, asked, view))
    sections += heat_sections(sight, asked, view.rows)
    sections += _cited(sight, asked, view)
    sections += _signatures(view)
    title = Phrase("web.matrix.title")
    return show(request, title, sections, crumbs=way(sight), buttons=buttons)


def _standing_note(view: LegalMatrix) -> Section:
    signed = view.signature
    if signed is None:
        return note("warn", "web.matrix.draft")
    return note(
        "intact", "web.matrix.signed", lawyer=signed.lawyer, admitted=signed.admitted,
        day=day_of(signed.at).isoformat(),
    )  # fmt: skip


def _instruments(sight: Sight, asked: Protocol, view: LegalMatrix) -> Section:
    by_instrument: dict[str, list[Row]] = {}
    for row in view.rows:
        if row.article is not None:
            by_instrument.setdefault(row.article.instrument, []).append(row)
    stands = {each.instrument: each for each in view.matrix.instruments}
    rows: list[tuple[Cell, ...]] = []
    for id, each in asked.instruments.items():
        own = by_instrument.get(id, [])
        if not own:
            continue
        count = Counter(row.status for row in own)
        there = reverse("matrix_instrument", args=[sight.round, asked.name, id])
        rows.append(
            (
                link(there, said(each.short)),
                _consent(stands.get(id)),
                number(len(own)),
                number(sum(count[one] for one in _CITED)),
                number(count[RowStatus.UNCITED]),
                number(count[RowStatus.DISPUTED]),
                number(sum(count[one] for one in _OPEN)),
            )
        )
    columns = (
        "law-instrument", "law-consent", "matrix-provisions>", "matrix-cited>",
        "matrix-uncited>", "matrix-disputed>", "matrix-open>",
    )  # fmt: skip
    return {**table("web.matrix.instruments", columns, rows), "scroll": True}


def _consent(row: InstrumentStatus | None) -> Cell:
    return consent_cell(row.consent, row.consent_on) if row else None


def _cited(sight: Sight, asked: Protocol, view: LegalMatrix) -> list[Section]:
    """List the extracts that are cited, each with all provisions that it serves."""
    serves: dict[str, list[str]] = {}
    for row in view.rows:
        for id in row.extracts:
            serves.setdefault(id, []).append(article_name(asked, row.indicator))
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("extract", args=[sight.country, each.id]), each.article),
            each.law,
            each.citation,
            "; ".join(serves[each.id]),
        )
        for each in view.matrix.extracts.values()
        if each.id in serves
    ]
    if not rows:
        there = reverse("country_law", kwargs={"country": sight.country})
        return [empty("web.matrix.no-extracts", url=there)]
    columns = ("law-article", "law-law", "law-citation", "matrix-serves")
    return [table("web.matrix.extracts", columns, rows)]


def _signatures(view: LegalMatrix) -> list[Section]:
    if view.owed:  # the digest of the whole would let her try out what others gave
        return []
    told: list[tuple[str, Cell]] = [("matrix-sha256", identifier(view.sha256))]
    signed = view.signature
    if signed is not None:
        told += [
            ("matrix-lawyer", signed.lawyer),
            ("matrix-admitted", signed.admitted),
            ("matrix-recorded-by", signed.recorded_by or "–"),
            ("when", when(signed.at)),
        ]
    found = [facts("web.matrix.digest", told)]
    if view.earlier:
        rows: list[tuple[Cell, ...]] = [
            (
                each.lawyer, each.admitted, when(each.at), each.recorded_by,
                identifier(each.matrix_sha256, short=True),
            )
            for each in view.earlier
        ]  # fmt: skip
        columns = (
            "matrix-lawyer", "matrix-admitted", "when", "matrix-recorded-by", "matrix-sha256",
        )  # fmt: skip
        found.append(table("web.matrix.earlier", columns, rows))
    return found


@page(f"{_ADDRESS}matrix.json", "matrix_file", may=READING, of="round", sample=_SAMPLE)
def whole(_request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """Give the bytes that have the matrix's digest, for whoever is to read and sign it."""
    asked = of_provisions(sight, protocol)
    answer = HttpResponse(matrix_file(sight, asked.name), content_type="application/json")
    name = f"legal-matrix-{sight.country}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class SignForm(ActForm):
    """Who signed, where, since when and under which number she is admitted."""

    act = "sign"
    matrix_sha256 = text(64)
    matrix_lawyer = text(200)
    matrix_admitted = text(300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep the digest out of sight: it is that of the matrix which this page shows."""
        super().__init__(*args, **kwargs)
        field = self.fields["matrix_sha256"]
        field.widget = field.hidden_widget()


@page(
    f"{_ADDRESS}sign/", "matrix_sign", may=READING, of="round", methods=("GET", "POST"),
    within="round_law", sample=_SAMPLE,
)  # fmt: skip
def sign(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponseBase:
    """Record that a lawyer admitted in the country signed this very matrix."""
    require(sight.may_run, sight)
    asked = of_provisions(sight, protocol)
    view = legal_matrix(sight, asked.name)
    if view.owed:
        raise AnswerFirst(name=min(view.owed))
    initial: Mapping[str, Any] = {**typed(request), "matrix_sha256": view.sha256}
    filled = SignForm.asked(request, initial=initial)
    if filled.is_ready:
        if not is_confirmed(request):
            return confirm_first(request, filled)
        given = filled.cleaned_data
        with filled.telling():
            sign_matrix(
                by=person_of(request),
                round=sight.round,
                protocol=asked.name,
                lawyer=given["matrix_lawyer"],
                admitted=given["matrix_admitted"],
                matrix_sha256=given["matrix_sha256"],
            )
            messages.success(request, words("web.matrix.signed-now"))
            return redirect("legal_matrix", round=sight.round, protocol=asked.name)
    there = reverse("matrix_file", args=[sight.round, asked.name])
    told: list[tuple[str, Cell]] = [
        ("matrix-sha256", identifier(view.sha256)),
        ("matrix-file", link(there, Phrase("web.matrix.download"))),
        ("matrix-provisions", number(len(view.matrix.rows))),
        ("matrix-extracts", number(len(view.matrix.extracts))),
    ]
    sections = [
        _standing_note(view),
        *({**each, "text": Phrase("web.matrix.confirm")} for each in confirming_note(request)),
        facts("web.matrix.what-is-signed", told),
        filled.section("web.matrix.sign", text="web.matrix.sign-text"),
    ]
    title = Phrase("web.matrix.sign")
    return show(request, title, sections, crumbs=law_way(sight, asked))


@page(
    f"{_ADDRESS}<str:instrument>/", "matrix_instrument", may=READING, of="round",
    within="round_law",
    sample={**_SAMPLE, "instrument": "uncc"},
)  # fmt: skip
def one_instrument(
    request: HttpRequest, sight: Sight, protocol: str, instrument: str
) -> HttpResponse:
    """One instrument, article by article."""
    asked = of_provisions(sight, protocol)
    about = asked.instruments.get(instrument)
    if about is None:
        raise PageNotFound
    view = legal_matrix(sight, asked.name, is_digested=False)
    own = [row for row in view.rows if row.article and row.article.instrument == instrument]
    names = {id: each.article for id, each in view.matrix.extracts.items()}
    shown = {
        "title": Phrase("web.matrix.instrument-title", {"instrument": said(about.title)}),
        "crumbs": law_way(sight, asked),
        "sections": [_standing_note(view), _stands(sight, instrument, view)],
        "legend": legend(asked, own),
        "rows": [
            {
                "number": row.article.number if row.article else row.indicator,
                "name": said(row.article.title) if row.article else "",
                "url": address_of(sight, asked.name, row.indicator, "provision"),
                "status": status_cell(row.status, owed=row.indicator in view.owed),
                "given": said_given(
                    asked.scales.get(asked.indicators[row.indicator].scale or ""), row.given
                ),
                "marks": marks(asked, row),
                "extracts": [
                    {
                        "name": names[id],
                        "url": reverse("extract", args=[sight.country, id]),
                    }
                    for id in row.extracts
                    if id in names
                ],
                "relations": relations(sight, asked, row.bonds),
            }
            for row in own
        ],
    }
    return render(request, "kancil/law_matrix.html", shown)


def _stands(sight: Sight, instrument: str, view: LegalMatrix) -> Section:
    row = next((each for each in view.matrix.instruments if each.instrument == instrument), None)
    there = reverse("instrument", args=[sight.country, instrument])
    records: tuple[str, Cell] = ("law-records", link(there, Phrase("web.matrix.all-records")))
    if row is None:
        return facts("web.law.standing", [("law-consent", None), records])
    return facts("web.law.standing", [*status_facts(row, row.source), records])
