"""How a round ends: the term for comments, the country's sign-off, and its closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.comments import set_term, sign_off
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.rounds import close_round
from kancil.desk.assessment.queries.answers import progress_of_all
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.sign_offs import Voice, open_sign_off, stood_of, voice_of
from kancil.desk.people.queries import Role
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, today
from kancil.web.cells import Section, form, note, show, table
from kancil.web.forms import WordsForm, day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.parts import Cell
from kancil.web.programme_page import ANSWERING, READING, page
from kancil.web.signed_in import person_of

from .evidence import site_store
from .rounds import way
from .voice import digest_notes, voice_notes


class TermForm(WordsForm):
    """By when the country is asked to comment."""

    term_day = day(required=True)
    term_note = text(2000, required=False, lines=3)


@page(
    "rounds/<str:round>/comment-term/", "comment_term", may=ANSWERING, of="round",
    methods=("GET", "POST"),
)  # fmt: skip
def comment_term(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Ask the country to comment by a day, as the round's lead."""
    require(sight.is_lead, sight)
    asked = TermForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            set_term(
                by=person_of(request), round=sight.round, due_on=given["term_day"],
                note=given["term_note"],
            )  # fmt: skip
            messages.success(request, words("web.term.is-set"))
            return redirect("comments", round=sight.round)
    sections = [
        *voice_notes(sight, voice_of(sight)),
        form("web.term.set", asked, submit="web.term.set", text="web.term.text"),
    ]
    return show(request, Phrase("web.term.set"), sections, crumbs=way(sight))


class SignOffForm(WordsForm):
    """Who of the country signed the round off."""

    signing_official = text(200)
    signing_office = text(300)
    signing_day = day(required=True)
    signing_file = forms.FileField(required=False, max_length=1000)
    stood = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


@page(
    "rounds/<str:round>/sign-off/", "sign_off", may=frozenset({Role.FOCAL_POINT}), of="round",
    methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def sign_off_page(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Record that an official of the country signed the round off as it stands."""
    voice, stood = voice_of(sight), stood_of(sight.round)
    asked = SignOffForm(request.POST or None, request.FILES or None, initial={"stood": stood})
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        sent = given["signing_file"]
        with asked.telling():
            sign_off(
                by=person_of(request), round=sight.round, official=given["signing_official"],
                office=given["signing_office"], signed_on=given["signing_day"],
                seen=given["stood"], file=File(site_store(), sent, sent.name) if sent else None,
            )  # fmt: skip
            messages.success(request, words("web.sign-off.done"))
            return redirect("comments", round=sight.round)
    sections: list[Section] = voice_notes(sight, voice)
    if sight.is_open and not voice.is_signed and not voice.unanswered:
        sections += digest_notes(sight, voice, stood)
        sections.append(
            form("web.sign-off.do", asked, submit="web.sign-off.do", text="web.sign-off.covers")
        )
    return show(request, Phrase("web.sign-off.do"), sections, crumbs=way(sight))


@page("rounds/<str:round>/sign-off/file/", "sign_off_file", may=READING, of="round")
def sign_off_file(_request: HttpRequest, sight: Sight) -> FileResponse:
    """Send the signed paper of the newest sign-off, checked; never shown in the browser."""
    name, stream = open_sign_off(sight, site_store())
    return FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


class SignedClosing(ActForm):
    """Close what the country signed off."""

    act = "signed"


class SilentClosing(ActForm):
    """Close without a sign-off, once more ticked."""

    act = "silent"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the tick."""
        super().__init__(*args, **kwargs)
        self.ask_to_be_sure()


@page(
    "rounds/<str:round>/close/", "round_close", may=ANSWERING, of="round",
    methods=("GET", "POST"),
)  # fmt: skip
def round_close(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Close a round, as its lead, once they have read what is still open."""
    require(sight.is_lead, sight)
    there = reverse("round", kwargs={"round": sight.round})
    title = Phrase("web.round.close")
    if not sight.is_open and request.method == "GET":
        sections: list[Section] = [note("info", "web.round.is-closed", url=there, do="web.back")]
        return show(request, title, sections, crumbs=way(sight))
    signed, silent = SignedClosing.asked(request), SilentClosing.asked(request)
    for asked in (signed, silent):
        if asked.is_ready:
            close_round(by=person_of(request), round=sight.round, unsigned=asked is silent)
            messages.success(request, words("web.round.closed-now"))
            return redirect(there)
    voice = voice_of(sight)
    sections = [*voice_notes(sight, voice), _left(sight), *_closing(sight, voice, signed, silent)]
    return show(request, title, sections, crumbs=way(sight))


def _closing(
    sight: Sight, voice: Voice, signed: SignedClosing, silent: SilentClosing
) -> list[Section]:
    """The form by which it can be closed now, or what has to be there first."""
    if not voice.unanswered and voice.is_signed:
        return [signed.section("web.round.close-now", text="web.round.close-locks")]
    end = None if voice.unanswered else voice.ends_as(today())
    if end is not None:
        return [silent.section(f"web.round.close-{end}", text=f"web.round.close-{end}-text")]
    there = reverse("comments", kwargs={"round": sight.round})
    return [note("info", "web.round.close-later", url=there, do="web.room.comments")]


def _left(sight: Sight) -> Section:
    far = [each for _, each in progress_of_all(sight)]
    counts = [
        sum(area.asked - area.answered for each in far for area in each.areas),
        sum(area.alone for each in far for area in each.areas),
        sum(area.disputed for each in far for area in each.areas),
    ]
    rows: list[tuple[Cell, ...]] = [
        (Phrase(f"web.round.left-{name}"), str(count))
        for name, count in zip(("unanswered", "alone", "disputed"), counts, strict=True)
    ]
    return table("web.round.left-open", ("what", "questions>"), rows)
