"""The legal matrix of a round: each instrument by itself, article by article, a draft until signed.

Instruments are never added together. What is shown is what somebody answered and cited; whether
that is the law is for the lawyer who signs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment.law.matrix import Row, RowStatus
from kancil.assessment.protocol import Instrument, Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.legal import sign_matrix
from kancil.desk.assessment.errors import AnswerFirst
from kancil.desk.assessment.kept_protocols import of_shape, protocol_in
from kancil.desk.assessment.queries.countries import enter_country, packaged_in
from kancil.desk.assessment.queries.legal import (
    LegalMatrix,
    SignatureRow,
    legal_matrix,
    matrix_file,
    open_signature,
)
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.texts import compared_counts, compared_rows, official_texts
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import current_workspace, day_of
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.country.law_paper import matrix_file_name
from kancil.reports.programme.make import make_law_paper
from kancil.web.acting import ActForm
from kancil.web.assessment.rounds.beside import compared_cell, compared_tag
from kancil.web.assessment.rounds.carried import said_change
from kancil.web.assessment.rounds.given import address_of, said_given
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    button,
    empty,
    facts,
    folded,
    identifier,
    link,
    minute,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.forms import day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell, Several
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .matrix_words import (
    article_name,
    is_alone_too,
    legend,
    marks,
    relations,
    said_closed,
    status_cell,
)
from .picture import heat_sections
from .standing import consent_of, country_name, status_facts

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
    """A protocol of provisions of the round; raises PageNotFound for one of another shape."""
    asked = protocol_in(sight, name)
    if asked.shape is not Shape.PROVISIONS:
        raise PageNotFound
    return asked


def law_way(sight: Sight, protocol: Protocol) -> list[dict[str, Any]]:
    """The steps above a page of the matrix."""
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
        buttons.append(button(reverse("matrix_paper", kwargs=given), "web.matrix.download-paper"))
        buttons.append(button(reverse("matrix_file", kwargs=given), "web.matrix.download"))
    if sight.may_answer and sight.is_open:
        buttons.append(button(reverse("carry_over", kwargs=given), "web.carry.to-list"))
    country = reverse("country_law", kwargs={"country": sight.country})
    buttons.append(button(country, "web.matrix.to-country-law"))
    sections = _standing_notes(view)
    if view.owed:
        sections.append(note("info", "web.matrix.owed-text", count=len(view.owed)))
    if view.matrix.missing:
        sections.append(note("danger", "web.matrix.missing", count=len(view.matrix.missing)))
    sections.append(note("info", "note.law-covers"))
    counts = compared_counts(asked)
    sections.append(facts("web.texts.official", [("text-compared", compared_cell(counts))]))
    sections.append(_instruments(sight, asked, view))
    sections.append(note("info", "web.matrix.instruments-text"))
    sections += heat_sections(sight, asked, view.rows)
    sections += _cited(sight, asked, view)
    sections += _signatures(sight, asked, view)
    title = Phrase("web.matrix.title")
    return show(request, title, sections, crumbs=way(sight), buttons=buttons)


def _standing_notes(view: LegalMatrix) -> list[Section]:
    """Who recorded that who signed it, and that nobody else has checked that; or a draft."""
    signed = view.signature
    if signed is None:
        return [note("warn", "web.matrix.draft")]
    told = note(
        "info", "web.matrix.signed", lawyer=signed.lawyer, admitted=signed.admitted,
        day=day_of(signed.at).isoformat(), by=signed.recorded_by or Phrase("web.matrix.by-team"),
        signed_on=_signed_on(signed),
    )  # fmt: skip
    return [told, note("warn", "web.matrix.not-verified")]


def _signed_on(signed: SignatureRow) -> str | Phrase:
    return signed.signed_on.isoformat() if signed.signed_on else Phrase("web.matrix.no-day")


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
        asked_here = [row for row in own if row.status is not RowStatus.NOT_ASKED]
        there = reverse("matrix_instrument", args=[sight.round, asked.name, id])
        rows.append(
            (
                link(there, said(each.short)),
                consent_of(each, stands.get(id)),
                number(len(asked_here)),
                number(sum(count[one] for one in _CITED)),
                number(count[RowStatus.UNCITED]),
                number(count[RowStatus.DISPUTED]),
                number(sum(count[one] for one in _OPEN)),
                number(count[RowStatus.NOT_APPLICABLE]),
                number(sum(row.is_alone for row in asked_here)),
                number(sum(bool(row.contradictions) for row in asked_here)),
            )
        )
    columns = (
        "law-instrument", "law-consent", "matrix-provisions>", "matrix-cited>",
        "matrix-uncited>", "matrix-disputed>", "matrix-open>", "matrix-na>", "matrix-alone>",
        "matrix-contradicts>",
    )  # fmt: skip
    made = table("web.matrix.instruments", columns, rows)
    return {**made, "scroll": True}


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
            Several([each.citation, tag("warn", "web.bill.not-law")])
            if each.is_bill
            else each.citation,
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


def _signatures(sight: Sight, asked: Protocol, view: LegalMatrix) -> list[Section]:
    if view.owed:  # the digest of the whole would let one try out what others gave
        return []
    told: list[tuple[str, Cell]] = [("matrix-sha256", identifier(view.sha256))]
    signed = view.signature
    if signed is not None:
        told += [
            ("matrix-lawyer", signed.lawyer),
            ("matrix-admitted", signed.admitted),
            ("matrix-signed-on", _signed_on(signed)),
            ("matrix-recorded-by", signed.recorded_by or Phrase("web.matrix.by-team")),
            ("matrix-recorded-at", minute(signed.at)),
        ]
        if signed.sha256:
            told.append(("matrix-paper-sha256", identifier(signed.sha256)))
            if sight.sees_answers:
                there = reverse("matrix_signature", args=[sight.round, asked.name, signed.id])
                told.append(("matrix-paper", link(there, Phrase("web.matrix.download-signed"))))
    found = [facts("web.matrix.digest", told)]
    if view.earlier:
        rows: list[tuple[Cell, ...]] = [
            (
                each.lawyer, each.admitted, _signed_on(each), minute(each.at), each.recorded_by,
                identifier(each.matrix_sha256, short=True),
            )
            for each in view.earlier
        ]  # fmt: skip
        columns = (
            "matrix-lawyer", "matrix-admitted", "matrix-signed-on", "matrix-recorded-at",
            "matrix-recorded-by", "matrix-sha256",
        )  # fmt: skip
        found.append(table("web.matrix.earlier", columns, rows))
    return found


@page(f"{_ADDRESS}matrix.json", "matrix_file", may=READING, of="round", sample=_SAMPLE)
def whole(_request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """The bytes that have the matrix's digest, for whoever is to read and sign it."""
    asked = of_provisions(sight, protocol)
    answer = HttpResponse(matrix_file(sight, asked.name), content_type="application/json")
    name = matrix_file_name(sight.country)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page(f"{_ADDRESS}matrix.html", "matrix_paper", may=READING, of="round", sample=_SAMPLE)
def paper(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """The matrix as a paper to read and print, with its questions, as a file."""
    asked = of_provisions(sight, protocol)
    view = legal_matrix(sight, asked.name)
    require(not view.owed, sight)
    country = enter_country(person_of(request), sight.country)
    name = country_name(request, country)
    counts = compared_counts(asked)
    made = make_law_paper(asked, view.matrix, name, packaged_in(country), counts)
    answer = HttpResponse(made.data, content_type=made.format.media_type)
    file = f"legal-matrix-{sight.country}.html"  # kept, not opened here: it could pose as the site
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


@page(
    f"{_ADDRESS}signature/<str:signature>/", "matrix_signature", may=READING, of="round",
    sample={**_SAMPLE, "signature": "none"},
)  # fmt: skip
def signed_paper(
    _request: HttpRequest, sight: Sight, protocol: str, signature: str
) -> HttpResponseBase:
    """The file that was kept of a signed paper."""
    of_provisions(sight, protocol)
    row, stream = open_signature(sight, store_of(current_workspace()), signature)
    return FileResponse(
        stream,
        as_attachment=True,
        filename=row.file_name or f"{row.sha256[:16]}.bin",
        content_type="application/octet-stream",
    )


class SignForm(ActForm):
    """Who signed, where, since when and under which number they are admitted."""

    act = "sign"
    past = ("matrix_signed_on",)
    matrix_sha256 = text(64)
    matrix_lawyer = text(200)
    matrix_admitted = text(300)
    matrix_signed_on = day(required=True)
    matrix_paper = forms.FileField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep the digest out of sight: it is that of the matrix which this page shows."""
        super().__init__(*args, **kwargs)
        field = self.fields["matrix_sha256"]
        field.widget = field.hidden_widget()


@page(
    f"{_ADDRESS}sign/", "matrix_sign", may=READING, of="round", methods=("GET", "POST"),
    within="round_law", sample=_SAMPLE, body_bytes=FILE_FORM_BYTES,
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
        sent = given["matrix_paper"]
        with filled.telling("matrix_paper" if sent else None):
            sign_matrix(
                by=person_of(request),
                round=sight.round,
                protocol=asked.name,
                lawyer=given["matrix_lawyer"],
                admitted=given["matrix_admitted"],
                matrix_sha256=given["matrix_sha256"],
                signed_on=given["matrix_signed_on"],
                file=File(store_of(current_workspace()), sent, sent.name) if sent else None,
            )
            messages.success(request, words("web.matrix.signed-now"))
            return redirect("legal_matrix", round=sight.round, protocol=asked.name)
    there = reverse("matrix_file", args=[sight.round, asked.name])
    paper_url = reverse("matrix_paper", args=[sight.round, asked.name])
    told: list[tuple[str, Cell]] = [
        ("matrix-sha256", identifier(view.sha256)),
        ("matrix-file", link(there, Phrase("web.matrix.download"))),
        ("matrix-to-read", link(paper_url, Phrase("web.matrix.download-paper"))),
        ("matrix-extracts", number(len(view.matrix.extracts))),
        *_before(view),
    ]
    sections = [
        *_standing_notes(view),
        *({**each, "text": Phrase("web.matrix.confirm")} for each in confirming_note(request)),
        facts("web.matrix.what-is-signed", told),
        note("info", "note.law-covers"),
        filled.section("web.matrix.sign", text="web.matrix.sign-text"),
    ]
    title = Phrase("web.matrix.sign")
    return show(request, title, sections, crumbs=law_way(sight, asked))


def _before(view: LegalMatrix) -> list[tuple[str, Cell]]:
    """Count what whoever has it signed should know: what is open, and what does not fit."""
    rows = [row for row in view.rows if row.status is not RowStatus.NOT_ASKED]
    count = Counter(row.status for row in rows)
    return [
        ("matrix-provisions", number(len(rows))),
        ("matrix-uncited", number(count[RowStatus.UNCITED])),
        ("matrix-disputed", number(count[RowStatus.DISPUTED])),
        ("matrix-open", number(sum(count[one] for one in _OPEN))),
        ("matrix-alone", number(sum(row.is_alone for row in rows))),
        ("matrix-contradicts", number(sum(bool(row.contradictions) for row in rows))),
    ]


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
    marked = compared_rows(asked.name)
    shown = {
        "title": Phrase("web.matrix.instrument-title", {"instrument": said(about.title)}),
        "crumbs": law_way(sight, asked),
        "sections": [*_standing_notes(view), _stands(sight, asked, about, view)],
        "after": _not_asked(about),
        "legend": legend(asked, own),
        "rows": [
            {
                "number": row.article.number if row.article else row.indicator,
                "name": said(row.article.title) if row.article else "",
                "url": address_of(sight, asked.name, row.indicator, "provision"),
                "compared": compared_tag(marked[row.indicator]) if row.indicator in marked else "",
                "status": status_cell(row.status, owed=row.indicator in view.owed),
                "is_alone": is_alone_too(row),
                "contradictions": row.contradictions,
                "changed": said_change(asked, view.changed[row.indicator])
                if row.indicator in view.changed
                else None,
                "given": said_given(
                    asked.scales.get(asked.indicators[row.indicator].scale or ""), row.given
                ),
                "marks": marks(asked, row, owed=row.indicator in view.owed),
                "extracts": [
                    {
                        "name": each.article,
                        "is_bill": each.is_bill,
                        "url": reverse("extract", args=[sight.country, id]),
                    }
                    for id in row.extracts
                    if (each := view.matrix.extracts.get(id)) is not None
                ],
                "closed_by": said_closed(asked, view.matrix, row),
                "relations": relations(sight, asked, row.bonds),
            }
            for row in own
        ],
    }
    return render(request, "kancil/law_matrix.html", shown)


def _stands(sight: Sight, asked: Protocol, about: Instrument, view: LegalMatrix) -> Section:
    row = next((each for each in view.matrix.instruments if each.instrument == about.id), None)
    there = reverse("instrument", args=[sight.country, about.id])
    own = [each.indicator for each in view.matrix.of_instrument(about.id)]
    told: list[tuple[str, Cell]] = [
        ("law-records", link(there, Phrase("web.matrix.all-records"))),
        ("text-compared", compared_cell(compared_counts(asked, own))),
        *((
            "text-official",
            link(reverse("official_text", args=[each.id]), f"{each.language}, {each.source}"),
        ) for each in official_texts() if each.instrument == about.id),
    ]  # fmt: skip
    if about.url:
        told.append(("text-depositary", link(about.url, about.url)))
    if row is None:
        return facts("web.law.standing", [("law-consent", consent_of(about, None)), *told])
    return facts("web.law.standing", [*status_facts(row, row.source, about), *told])


def _not_asked(about: Instrument) -> list[Section]:
    """The instrument's articles of which the protocol asks nothing, and why."""
    rows = [
        (each.number, said(each.title) or None, said(each.why) or None) for each in about.not_asked
    ]
    columns = ("text-article", "text-title", "text-why")
    return [folded("web.texts.not-asked", columns, rows, count=len(rows))] if rows else []
