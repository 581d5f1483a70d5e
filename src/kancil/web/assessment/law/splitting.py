"""A statute split into its articles: sent or pasted, looked over and mended, kept all at once.

Nothing is kept before somebody has seen each piece. What they untick is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kancil.assessment.foreign import MOST_TEXT_BYTES, read_statute
from kancil.assessment.law.statutes import MOST_PIECES, Piece, Statute, split_statute
from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.actions.legal import Extract, add_extracts
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm
from kancil.web.cells import Section, note, show
from kancil.web.forms import day, text
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .standing import country_name, country_way, require_writing

_OF_LAW = (
    "law_name", "law_citation", "law_language", "law_in_force", "law_is_bill", "law_source",
)  # fmt: skip


class StatuteForm(ActForm):
    """The statute, and where its text is from."""

    act = "split"
    law_name = text(300)
    law_citation = text(300)
    law_language = text(12)
    law_in_force = day()
    law_is_bill = forms.BooleanField(required=False)
    law_source = text(500)
    statute_file = forms.FileField(required=False, max_length=200)
    statute_text = text(2_000_000, required=False, lines=16)

    def clean(self) -> dict[str, Any]:
        """Refuse a bill that is in force, and a form with no text or two."""
        given = super().clean()
        sent = [bool(given.get(each)) for each in ("statute_text", "statute_file")]
        if "statute_text" in self.fields and not self.errors and sent[0] == sent[1]:
            self.add_error("statute_file", words("web.split.one-text"))
        if given.get("law_is_bill") and given.get("law_in_force"):
            self.add_error("law_in_force", words("web.bill.in-force"))
        return given


class PiecesForm(StatuteForm):
    """Each article to be mended or left out; what is said of the law comes along unseen."""

    act = "pieces"
    pieces_count = forms.IntegerField(min_value=1, max_value=MOST_PIECES, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pieces: Sequence[Piece] = (), **kwargs: Any) -> None:
        """Show a tick, a heading and a text for each piece; as many as were sent, if it was."""
        super().__init__(*args, **kwargs)
        del self.fields["statute_text"], self.fields["statute_file"]
        for name in _OF_LAW:
            self.fields[name].widget = forms.HiddenInput()
        self.initial["pieces_count"] = len(pieces)
        self.count = len(pieces) if not self.is_bound else _whole(self.data.get("pieces_count"))
        for number in range(1, self.count + 1):
            piece = pieces[number - 1] if number <= len(pieces) else Piece("", "")
            self._add(number, piece)

    def _add(self, number: int, piece: Piece) -> None:
        take = forms.BooleanField(required=False, initial=bool(piece.article))
        take.label = words("web.split.take", number=number)
        article = text(60, required=False)
        article.label, article.initial = words("web.split.article"), piece.article
        body = text(100_000, required=False, lines=min(12, 2 + piece.text.count("\n")))
        body.label, body.initial = words("web.split.text"), piece.text
        self.fields[f"take_{number}"] = take
        self.fields[f"article_{number}"] = article
        self.fields[f"body_{number}"] = body

    def clean(self) -> dict[str, Any]:
        """Ask for heading and text of each piece that is kept."""
        given = super().clean()
        for number in range(1, self.count + 1):
            if not given.get(f"take_{number}"):
                continue
            for name in (f"article_{number}", f"body_{number}"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words("web.split.needed"))
        return given

    def extracts(self) -> list[Extract]:
        """The pieces that are ticked."""
        given = self.cleaned_data
        return [
            Extract(
                law=given["law_name"], citation=given["law_citation"],
                article=given[f"article_{number}"], text=given[f"body_{number}"],
                language=given["law_language"].strip(), source=given["law_source"],
                in_force_on=given["law_in_force"], is_bill=given["law_is_bill"],
            )
            for number in range(1, self.count + 1)
            if given[f"take_{number}"]
        ]  # fmt: skip


def _whole(sent: str | None) -> int:
    """How many pieces a form says that it has; none where it says nothing usable."""
    return min(int(sent), MOST_PIECES) if sent and sent.isascii() and sent.isdigit() else 0


def _statute(asked: StatuteForm) -> Statute:
    """The articles of what was sent: a file, read in a child, or a text."""
    sent = asked.cleaned_data["statute_file"]
    if sent is None:
        return Statute(tuple(split_statute(asked.cleaned_data["statute_text"])))
    return read_statute(sent.read(MOST_TEXT_BYTES + 1), plain_name(sent.name)[:200])


def _warnings(statute: Statute) -> list[Section]:
    """What is to be looked at before anything of a statute is saved."""
    found: list[Section] = []
    if len(statute.pieces) > MOST_PIECES:
        last = statute.pieces[MOST_PIECES - 1].article
        count = len(statute.pieces)
        found.append(note("warn", "web.split.more", count=count, most=MOST_PIECES, last=last))
    if statute.guessed:
        encoding = Phrase(f"name.encoding-{statute.guessed}")
        found.append(note("warn", "web.split.guessed", encoding=encoding))
    if statute.unread:
        found.append(note("danger", "web.split.unread", count=statute.unread))
    return found


@page(
    "countries/<str:country>/law-split/", "law_split", may=READING, of="country",
    methods=("GET", "POST"), body_bytes=FILE_FORM_BYTES,
)  # fmt: skip
def law_split(request: HttpRequest, sight: CountrySight) -> HttpResponseBase:
    """Split a statute into its articles, look them over, and keep all that are ticked."""
    require_writing(sight)
    kept = PiecesForm.asked(request)
    if kept.is_ready:
        found = kept.extracts()
        with kept.telling():
            add_extracts(by=person_of(request), country=sight.country, extracts=found)
            messages.success(request, words("web.split.kept", count=len(found)))
            return redirect("country_law", country=sight.country)
    asked = StatuteForm.asked(request)
    sections: list[Section] = []
    statute: Statute | None = None
    if asked.is_ready:
        with asked.telling("statute_file"):
            statute = _statute(asked)
    if statute is not None:
        sections += _warnings(statute)
        count, pieces = len(statute.pieces), statute.pieces[:MOST_PIECES]
        about = {name: asked.cleaned_data[name] for name in _OF_LAW}
        kept = PiecesForm(pieces=pieces, initial=about)
        sections.append(note("info", "web.split.found", count=count))
    if statute is not None or kept.is_bound:
        sections.append(kept.section("web.split.pieces", submit="web.split.keep"))
    else:
        sections.append(asked.section("web.split.do", text="web.split.text-hint"))
    way = country_way(country_name(request, sight), sight, "country_law")
    return show(request, Phrase("web.split.do"), sections, crumbs=way)
