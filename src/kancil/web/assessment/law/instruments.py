"""Where a country stands with one instrument: what is recorded, what was, and recording it anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kancil.assessment.law.consent import CONSENTS
from kancil.assessment.law.matrix import InstrumentStatus as Status
from kancil.assessment.protocol import Instrument
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.actions.legal import set_status
from kancil.desk.assessment.kept_protocols import kept_instruments
from kancil.desk.assessment.queries.countries import StatusRow, statuses
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.legal.instruments import status as law
from kancil.web.acting import ActForm
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, facts, note, show, table
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .standing import (
    Snapshot,
    consent_cell,
    country_name,
    country_way,
    iso,
    named,
    require_writing,
    snapshots,
    source_cell,
    status_facts,
)

_SAMPLE = {"instrument": "uncc"}


class StatusForm(ActForm):
    """Where a country stands with an instrument, as of a day and by a source."""

    act = "status"
    past = ("law_as_of", "law_signed", "law_consent_on")
    law_signed = day()
    law_consent = forms.ChoiceField(choices=(), required=False)
    law_consent_on = day()
    law_in_force = day()
    law_reservations = text(100_000, required=False, lines=3)
    law_declarations = text(100_000, required=False, lines=3)
    law_authorities = text(100_000, required=False, lines=3)
    law_as_of = day(required=True)
    law_source = text(500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the ways of consent, and that it is not known."""
        super().__init__(*args, **kwargs)
        ways = [(each, words(f"web.consent.{each or 'unknown'}")) for each in CONSENTS]
        choose(self, "law_consent", ways)

    def clean(self) -> dict[str, Any]:
        """Refuse a day of consent where there is none."""
        given = super().clean()
        if given.get("law_consent_on") and given.get("law_consent") in ("", "none"):
            self.add_error("law_consent_on", words("web.law.consent-without"))
        return given

    def status(self, instrument: str) -> Status:
        """What was typed."""
        given = self.cleaned_data
        return Status(
            instrument=instrument,
            as_of=given["law_as_of"],
            source=given["law_source"],
            signed_on=given["law_signed"],
            consent=given["law_consent"],
            consent_on=given["law_consent_on"],
            in_force_on=given["law_in_force"],
            reservations=given["law_reservations"],
            declarations=given["law_declarations"],
            authorities=given["law_authorities"],
        )


@page(
    "countries/<str:country>/law/instruments/<str:instrument>/", "instrument", may=READING,
    of="country", methods=("GET", "POST"), sample=_SAMPLE,
)  # fmt: skip
def one_instrument(request: HttpRequest, sight: CountrySight, instrument: str) -> HttpResponseBase:
    """Where a country stands with an instrument, and every record of it, the newest first."""
    known = kept_instruments()
    own = [row for row in statuses(sight, with_older=True) if row.instrument == instrument]
    snapshot = snapshots(sight.country).get(instrument)
    if instrument not in known and not own and snapshot is None:
        raise PageNotFound
    newest = own[0] if own else None
    asked = StatusForm.asked(request, initial=_as_typed(newest))
    if request.method == "POST":
        require_writing(sight)
    if asked.is_ready:
        with asked.telling():
            status = asked.status(instrument)
            set_status(by=person_of(request), country=sight.country, status=status)
            messages.success(request, words("web.law.status-set"))
            return redirect("instrument", country=sight.country, instrument=instrument)
    sections: list[Section] = [note("info", "web.law.as-of")]
    if newest is not None:
        sections.append(facts("web.law.standing", _told(newest, known.get(instrument))))
    elif snapshot is not None:
        sections += _packaged(instrument, snapshot)
    else:
        takes = instrument not in known or known[instrument].takes_consent
        sections.append(
            note("warn", "web.law.unrecorded-text") if takes
            else note("info", "web.law.no-consent-text")
        )  # fmt: skip
    if instrument in known:
        sections.append(_about(known[instrument]))
    if own[1:]:
        sections.append(_older(own[1:]))
    if sight.may_write:
        sections.append(asked.section("web.law.record-status", text="web.law.record-status-text"))
    name = country_name(request, sight)
    title = Phrase(
        "web.law.instrument-title", {"country": name, "instrument": named(instrument, known)}
    )
    return show(request, title, sections, crumbs=country_way(name, sight, "country_law"))


def _told(row: StatusRow, about: Instrument | None) -> list[tuple[str, Cell]]:
    publisher: list[tuple[str, Cell]] = [("law-publisher", row.source)] if row.is_packaged else []
    return [*status_facts(row, source_cell(row), about), *publisher]


def _packaged(instrument: str, row: Snapshot) -> list[Section]:
    told: list[tuple[str, Cell]] = [
        ("law-consent", row.status),
        ("law-signed", row.signed_on),
        ("law-consent-on", row.consent_on),
        ("law-in-force", row.in_force_on),
        ("law-as-of", row.as_of),
        ("law-source", row.source or None),
    ]
    if row.note:
        told.append(("law-note", row.note))
    treaty = law.treaties().get(instrument)
    if treaty is not None:
        told.append(("law-check-at", treaty.check_at))
    compiled = law.treaties_compiled_on().isoformat()
    return [note("warn", "web.law.packaged-text", day=compiled), facts("web.law.snapshot", told)]


def _about(row: Instrument) -> Section:
    told: list[tuple[str, Cell]] = [
        ("law-name", said(row.title)),
        ("law-reference", row.ref),
        ("law-body", f"{row.body}, {row.year}"),
        ("law-binding", Phrase("web.law.binding" if row.binding else "web.law.not-binding")),
        ("law-in-force-at-all", iso(row.in_force_on)),
    ]
    if row.note is not None:
        told.append(("law-note", said(row.note)))
    return facts("web.law.about-instrument", told)


def _older(rows: list[StatusRow]) -> Section:
    columns = (
        "law-as-of", "law-signed", "law-consent", "law-in-force", "law-reservations", "law-source",
    )  # fmt: skip
    told: list[tuple[Cell, ...]] = [
        (
            row.as_of.isoformat(),
            iso(row.signed_on),
            consent_cell(row),
            iso(row.in_force_on),
            row.reservations or None,
            source_cell(row),
        )
        for row in rows
    ]
    return table("web.law.older", columns, told)


def _as_typed(row: StatusRow | None) -> dict[str, Any]:
    """Begin from the newest record, but for its day and source, which a new one has of its own."""
    if row is None:
        return {}
    return {
        "law_signed": row.signed_on,
        "law_consent": row.consent,
        "law_consent_on": row.consent_on,
        "law_in_force": row.in_force_on,
        "law_reservations": row.reservations,
        "law_declarations": row.declarations,
        "law_authorities": row.authorities,
    }
