"""All that a round asks of a protocol, as a table: where each question stands, and what is mine.

Read in the four queries of `settled`, however many questions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kancil.assessment.answer import Answer, Outcome, Settled
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Area, Indicator, Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.queries.answers import settled
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import code_in_area, said
from kancil.web.cells import Section, asking, beginning, button, empty, link, note, tag
from kancil.web.cells import folded as folded_table
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

from .given import address_of, said_answer, stands_tag
from .rounds import way

_MOST_OPEN = 25
"""Questions of all areas that are shown without a click; of more, each area is folded."""
_MOST_SAID = 120
"""Characters of an answer in a row."""


@dataclass(frozen=True)
class _Row:
    """One question and where it stands."""

    asked: Indicator
    stands: Settled | None
    own: list[Answer]

    @property
    def is_open(self) -> bool:
        return self.stands is None or self.stands.outcome is not Outcome.AGREED

    @property
    def is_disputed(self) -> bool:
        is_so = self.stands is not None and self.stands.outcome is Outcome.DISPUTED
        return is_so or len(self.own) > 1


_ONLY: Mapping[str, Callable[[_Row], bool]] = {
    "open": lambda row: row.is_open,
    "missing": lambda row: row.stands is None,
    "not-mine": lambda row: not row.own,
    "disputed": lambda row: row.is_disputed,
    "critical": lambda row: row.asked.critical,
}


def _any(_: _Row) -> bool:
    return True


class FilterForm(WordsForm):
    """Which questions are shown."""

    only = forms.ChoiceField(choices=(), required=False)
    area = forms.ChoiceField(choices=(), required=False)
    look_for = text(100, required=False)

    def __init__(self, *args: Any, sight: Sight, areas: Mapping[str, Area], **kwargs: Any) -> None:
        """Offer what the reader can ask for."""
        super().__init__(*args, **kwargs)
        names = [name for name in _ONLY if name != "not-mine" or sight.may_answer]
        only = [(name, words(f"web.asked-only.{name}")) for name in names]
        choose(self, "only", [("", words("web.asked-only.all")), *only])
        there = [(name, said(one.title)) for name, one in areas.items()]
        choose(self, "area", [("", words("web.question.all-areas")), *there])


@page("rounds/<str:round>/<str:protocol>/", "questions", may=READING, of="round", within="round")
def questions(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """All that a round asks of a protocol, area by area, and where each question stands."""
    asked = protocol_in(sight, protocol)
    now = settled(sight, asked.name)
    by_area: dict[str, list[_Row]] = {}
    for each in asked.indicators.values():
        if is_asked(asked, each, now):
            by_area.setdefault(each.area, []).append(_row(sight, each, now.get(each.id)))
    areas = {name: one for name, one in asked.areas.items() if name in by_area}
    form = FilterForm(request.GET or None, sight=sight, areas=areas)
    chosen = form.cleaned_data if form.is_valid() else {}
    keep = _ONLY.get(chosen.get("only", ""), _any)
    parts = folded(chosen.get("look_for", "")).split()
    sections: list[Section] = [asking("web.question.which", form, submit="web.question.show")]
    shown_rows = {
        name: [row for row in by_area[name] if keep(row) and _holds(row.asked, area, parts)]
        for name, area in areas.items()
        if chosen.get("area") in (None, "", name)
    }
    count = sum(len(rows) for rows in shown_rows.values())
    for name, rows in shown_rows.items():
        if rows:
            one = _table(sight, asked, name, areas[name], rows)
            sections.append({**one, "is_open": count <= _MOST_OPEN})
    whole = sum(len(rows) for rows in by_area.values())
    if count < whole:
        here = request.path
        sections.insert(1, note("info", "web.question.shown", url=here, do="web.question.show-all",
                                shown=count, count=whole))  # fmt: skip
    if not whole:
        sections.append(empty("web.question.none"))
    elif not count:
        sections.append(empty("web.question.none-fitting", url=request.path, icon="search"))
    shown = {
        "title": Phrase("web.protocol.title", {"title": said(asked.title)}),
        "sections": sections,
        "shape": "questions",
        "crumbs": way(sight),
        "buttons": _buttons(sight, asked, by_area),
    }
    return render(request, "kancil/round.html", shown)


def _holds(asked: Indicator, area: Area, parts: list[str]) -> bool:
    """Whether a question, its area or its article has every one of these folded words."""
    if not parts:
        return True
    article = (asked.article.number, said(asked.article.title)) if asked.article else ()
    inner = [said(each.question) for each in asked.parts]
    words_ = (asked.id, said(asked.question), said(asked.help), said(area.title), *article, *inner)
    whole = folded(" ".join(words_))
    return all(part in whole for part in parts)


def _row(sight: Sight, each: Indicator, stands: Settled | None) -> _Row:
    answers = stands.answers if stands else ()
    return _Row(each, stands, [one for one in answers if one.by == str(sight.person)])


def _buttons(
    sight: Sight, asked: Protocol, by_area: Mapping[str, list[_Row]]
) -> list[dict[str, Any]]:
    found = []
    if sight.may_answer and sight.is_open:
        owed = [row for rows in by_area.values() for row in rows if not row.own]
        if owed:
            there = address_of(sight, asked.name, owed[0].asked.id)
            found.append(button(there, "web.question.answer-next", main=True))
    if sight.sees_answers:
        there = reverse("disputes", kwargs={"round": sight.round})
        found.append(button(there, "web.room.disputes"))
    return found


def _table(sight: Sight, asked: Protocol, name: str, area: Area, rows: list[_Row]) -> Section:
    mine = "answer-own" if sight.may_answer else "answer"
    told: list[tuple[Cell, ...]] = [
        (
            link(address_of(sight, asked.name, row.asked.id), code_in_area(asked, row.asked)),
            said(row.asked.question),
            tag("danger", "web.indicator.critical") if row.asked.critical else "–",
            stands_tag(row.stands),
            _own(asked, row) if sight.may_answer else _counts(asked, row),
        )
        for row in rows
    ]
    one = folded_table(
        "web.question.area-of", ("number", "question", "weighs", "state", mine), told,
        title=said(area.title), count=len(rows), open=sum(row.is_open for row in rows),
    )  # fmt: skip
    return {**one, "anchor": name}


def _own(asked: Protocol, row: _Row) -> Cell:
    if len(row.own) > 1:
        return tag("warn", "web.answer.twice")
    if row.own:
        return beginning(said_answer(asked, row.asked, row.own[0]), _MOST_SAID)
    return tag("unknown", "web.outcome.not-mine")


def _counts(asked: Protocol, row: _Row) -> Cell:
    if row.stands is None or row.stands.answer is None:
        return "–"
    return beginning(said_answer(asked, row.asked, row.stands.answer), _MOST_SAID)
