"""Texts of the report: what the team writes of the whole round and of each area, by version.

Two who write the same text at once both keep what they wrote: the second is shown the first one's,
with their own still in the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.narrative import OF_ITEM, Genre, TextPlace, area_of, item_of
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight, may_write_text
from kancil.desk.assessment.actions.narratives import write_text
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.comments import comments
from kancil.desk.assessment.queries.narratives import (
    TextRow,
    item_titles,
    own_areas,
    text_places,
    texts,
    versions,
)
from kancil.desk.assessment.queries.plans import plan_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase, spoken
from kancil.web.acting import ActForm, today
from kancil.web.assessment.rounds.comments import comments_panel
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.rounds.voice import voiding_notes
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, empty, folded, link, minute, note, show, table
from kancil.web.forms import choose, text
from kancil.web.paging import LANGUAGE_NAMES
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

_ADDRESS = "rounds/<str:round>/report-texts/"
_OF_ITEM = {
    "title": "title", "owner": "plan-owner", "output": "plan-output", "outcome": "plan-result",
    "impact": "plan-impact", "success": "plan-success",
}  # fmt: skip
_COLUMNS = ("text-of", "text-written", "text-comments", "text-may")


def _kind(kind: str) -> str:
    """The key of what a text is called: its genre, or its field of an item of the plan."""
    return f"web.column.{_OF_ITEM[kind]}" if kind in _OF_ITEM else f"web.narratives.kind-{kind}"


def section_name(section: str, protocols: Iterable[Protocol], items: Mapping[str, str] = {}) -> str:
    """What a section is called: its place in the brief, its area, or its item of the plan."""
    if item := item_of(section):
        return items.get(item) or words("web.narratives.plan")
    area = area_of(section)
    if area is None:
        return words(f"web.narratives.{section}")
    for each in protocols:
        if each.name == area[0] and area[1] in each.areas:
            return said(each.areas[area[1]].title)
    return area[1]


@page(_ADDRESS, "report_texts", may=READING, of="round", menu="round", order=86)
def report_texts(request: HttpRequest, sight: Sight) -> HttpResponse:
    """All texts of the report: which are written, by whom, and what the country says of them."""
    protocols, written, own = protocols_in(sight), texts(sight), own_areas(sight)
    places = text_places(sight)
    commented = [each.section for each in comments(sight)]
    groups: dict[str, dict[str, list[TextPlace]]] = {}
    for place in places:
        area = area_of(place.section)
        of_plan = _PLAN if item_of(place.section) else ""
        groups.setdefault(area[0] if area else of_plan, {}).setdefault(place.section, []).append(
            place
        )
    titles = {each.name: said(each.title) for each in protocols}
    titles[_PLAN], items = words("web.narratives.plan"), item_titles(sight)
    about = "web.narratives.about" if sight.is_open else "web.narratives.is-closed"
    sections: list[Section] = [note("info", about)]
    if not places:
        sections.append(empty("web.narratives.hidden"))
    for group, found in groups.items():
        rows = [
            (
                link(_at(sight, section), section_name(section, protocols, items)),
                _written(section, of, written),
                str(commented.count(section) or "–"),
                Phrase(
                    "web.narratives.yours"
                    if sight.is_open and may_write_text(sight, section, own)
                    else "web.narratives.no"
                ),
            )
            for section, of in found.items()
        ]
        columns = ("text-of", "text-written", "text-comments", "text-may")
        if not group:
            sections.append(table("web.narratives.brief", columns, rows))
            continue
        done = len(found.keys() & {section for section, _, _ in written})
        told = {"title": titles[group], "written": done, "count": len(found)}
        sections.append(folded("web.narratives.group", columns, rows, **told))
    there = reverse("round_reports", kwargs={"round": sight.round})
    buttons = [button(there, "web.room.round-reports")]
    title = Phrase("web.room.report-texts")
    return show(request, title, sections, crumbs=way(sight), buttons=buttons)


def _at(sight: Sight, section: str, language: str | None = None) -> str:
    there = reverse("report_text", kwargs={"round": sight.round, "section": section})
    return there if language is None else f"{there}?language={language or _UNSTATED}"


def language_phrase(code: str) -> Phrase:
    """A language of texts; that it is not stated, where it is empty."""
    return Phrase(f"name.language-{code}") if code else Phrase("web.narratives.unstated")


def _written(
    section: str, places: Iterable[TextPlace], written: dict[tuple[str, str, str], TextRow]
) -> Cell:
    """Which texts of a section stand, in which languages, and by whom."""
    genres = {each.genre.value for each in places}
    found = [
        words(
            "web.narratives.written-in" if language else "web.narratives.written",
            kind=words(_kind(kind)),
            language=render_phrase(language_phrase(language)),
            name=row.author,
        )
        for (of, kind, language), row in sorted(written.items())
        if of == section and kind in genres
    ]
    return " ".join(found) or Phrase("web.narratives.not-written")


class TextForm(ActForm):
    """One text of a section."""

    genre: Genre
    narrative_text = text(100_000, lines=7, required=False)
    narrative_language = forms.ChoiceField(choices=(), required=False)
    narrative_follows = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, place: TextPlace, row: TextRow | None, language: str, **kwargs: Any
    ) -> None:
        """Show what stands there, and how much room there is; `language`: of the tab."""
        initial = {"narrative_text": row.text, "narrative_follows": row.id} if row else {}
        initial["narrative_language"] = language or spoken()
        super().__init__(*args, initial=initial, **kwargs)
        codes = [language] if language else list(LANGUAGE_NAMES)
        choose(self, "narrative_language", [(code, LANGUAGE_NAMES[code]) for code in codes])
        key = "web.narratives.room-lines" if place.most_lines else "web.narratives.room"
        if place.most_lines == 1:
            self.fields["narrative_text"].widget.attrs["rows"] = 3
        self.fields["narrative_text"].help_text = words(
            key, most=place.most_signs, lines=place.most_lines
        )

    def go_on_after(self, row: TextRow | None) -> None:
        """Keep what was typed, to be saved over the version that stands now."""
        self.data = {**dict(self.data.items()), "narrative_follows": row.id if row else ""}


def _form_of(genre: Genre) -> type[TextForm]:
    """The form of one genre, whose button and fields are told from the others' by its name."""
    made = type(f"{genre.name.title()}Form", (TextForm,), {"act": genre, "genre": genre})
    return cast("type[TextForm]", made)


_FORMS = {genre: _form_of(genre) for genre in Genre}


@page(
    f"{_ADDRESS}<path:section>/", "report_text", may=READING, of="round",
    sample={"section": "headline"}, methods=("GET", "POST"), within="report_texts",
)  # fmt: skip
def report_text(request: HttpRequest, sight: Sight, section: str) -> HttpResponseBase:
    """The texts of one section, with the country's comments beside and all older versions."""
    protocols, places = protocols_in(sight), text_places(sight, section)
    may_write = sight.is_open and may_write_text(sight, section, own_areas(sight))
    written = texts(sight)
    languages = [language for of, _, language in written if of == section]
    language = _language(request, languages)
    standing = {kind: row for (of, kind, its), row in written.items()
                if (of, its) == (section, language)}  # fmt: skip
    older = versions(sight, section)
    latest = {each.kind: each for each in older if each.is_latest and each.language == language}
    sections: list[Section] = [_tabs(sight, section, language, languages)]
    sections += voiding_notes(sight) if may_write else []
    for place in places:
        kind = place.genre.value
        if not may_write:
            sections.append(_shown(kind, [standing[kind]] if kind in standing else []))
            continue
        asked = _FORMS[place.genre].asked(
            request, place=place, row=latest.get(kind), language=language
        )
        if asked.is_ready:
            saved = asked.cleaned_data["narrative_language"] or language or spoken()
            if _is_saved(request, sight, place, asked, saved):
                messages.success(request, words("web.narratives.saved"))
                return redirect(_at(sight, section, saved))
            if asked.cleaned_data["narrative_follows"] != (
                latest[kind].id if kind in latest else ""
            ):
                sections.append(_shown(kind, [latest[kind]] if kind in latest else []))
                asked.go_on_after(latest.get(kind))
        sections.append(asked.section(_kind(kind), submit="web.narratives.save"))
    if item := item_of(section):
        sections.insert(0, _own_text(sight, item))
    if panel := comments_panel(sight, section=section, back=request.path):
        sections.append(panel)
    if older:
        sections.append(
            folded(
                "web.narratives.versions",
                ("text-kind", "text-in-language", "text-body", "text-author", "text-at"),
                [(Phrase(_kind(each.kind)), language_phrase(each.language), each.text or "–",
                  each.author, minute(each.at)) for each in older],
                count=len(older),
            )
        )  # fmt: skip
    there = {"url": reverse("report_texts", kwargs={"round": sight.round}),
             "name": Phrase("web.room.report-texts")}  # fmt: skip
    title = Phrase(
        "web.narratives.title", {"name": section_name(section, protocols, item_titles(sight))}
    )
    return show(request, title, sections, crumbs=[*way(sight), there])


_UNSTATED, _PLAN = "unstated", "plan"


def _own_text(sight: Sight, item: str) -> Section:
    """What the item says in its own language, to translate from."""
    row = next(each for each in plan_of(sight, today()) if each.id == item)
    told = [(Phrase(_kind(each.value)), text) for each in OF_ITEM
            if (text := getattr(row, each.value))]  # fmt: skip
    made = table("web.narratives.own-text", ("text-kind", "text-body"), told)
    language = render_phrase(language_phrase(row.language))
    return {**made, "heading": words("web.narratives.own-text", language=language)}


def _language(request: HttpRequest, written: Iterable[str]) -> str:
    """The language whose texts are shown: the one asked for, else the spoken one.

    Texts of no stated language come first while none is written in the spoken one.
    """
    wanted = request.GET.get("language", "")
    if wanted in LANGUAGE_NAMES:
        return wanted
    there = set(written)
    is_unstated = "" in there and (wanted == _UNSTATED or spoken() not in there)
    return "" if is_unstated else spoken()


def _tabs(sight: Sight, section: str, language: str, written: list[str]) -> Section:
    """A tab for each language: those with texts, and the others that texts can be in."""
    codes = [*([""] if "" in written or not language else []), *LANGUAGE_NAMES]
    rows = [
        {"url": _at(sight, section, code), "name": language_phrase(code),
         "count": written.count(code), "current": code == language}
        for code in codes
    ]  # fmt: skip
    return {"kind": "tabs", "heading": Phrase("web.narratives.languages"), "rows": rows}


def _is_saved(
    request: HttpRequest, sight: Sight, place: TextPlace, asked: TextForm, language: str
) -> bool:
    given = asked.cleaned_data
    with asked.telling("narrative_text"):
        write_text(
            by=person_of(request), round=sight.round, section=place.section,
            kind=place.genre.value, text=given["narrative_text"],
            follows=given["narrative_follows"] or None, language=language,
        )  # fmt: skip
    return not asked.errors


def _shown(kind: str, rows: Iterable[TextRow]) -> Section:
    """A text as it stands, to be read; or that nobody wrote one."""
    told = [(each.text, each.author, minute(each.at)) for each in rows]
    if not told:
        return note("info", f"web.narratives.none-{'narrative' if kind in _OF_ITEM else kind}")
    return table(_kind(kind), ("text-body", "text-author", "text-at"), told)
