"""The site's own record: who did what, the newest first. No page changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.rounds import ActRow
from kancil.desk.assessment.queries.site import RecordRow, kept_protocols, record_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import has
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import code_of
from kancil.web.cells import Section, beginning, empty, link, show, table
from kancil.web.parts import Cell, Minute
from kancil.web.programme_page import KEEPERS, page
from kancil.web.signed_in import person_of

_ROWS = 25
_MOST = 300
"""Characters of what an act says of itself; a longer text stands where it was done."""


@page("record/", "record", may=KEEPERS, menu="site", order=90)
def site_record(request: HttpRequest) -> HttpResponse:
    """Who did what on this site, the newest first."""
    person = person_of(request)
    found = record_of(person, before=page_before(request), most=_ROWS + 1)
    shown = found[:_ROWS]
    sections: list[Section] = [_table(shown)] if shown else [empty("web.record.none")]
    if len(found) > _ROWS:
        sections[0]["more"] = older_than(shown[-1].act)
    lead = Phrase(f"web.record-lead.{person.role}")
    return show(request, Phrase("web.room.record"), sections, lead=lead)


def _table(rows: Iterable[RecordRow]) -> Section:
    shown: list[tuple[Cell, ...]] = []
    kept = _kept()
    for row in rows:
        where: Cell = row.country or "–"
        if row.round_title:
            title = {"country": row.country, "title": row.round_title}
            there = reverse("round", kwargs={"round": row.round})
            where = link(there, Phrase("web.round.in-country", title))
        shown.append((*_cells(row.act, kept), where))
    return table("web.record.acts", ("when", "who", "what-done", "about", "says", "where"), shown)


def act_table(key: str, rows: Iterable[ActRow]) -> Section:
    """Show acts in a table: when, who, what, on what, and what they said of it."""
    kept = _kept()
    shown = [_cells(row, kept) for row in rows]
    return table(key, ("when", "who", "what-done", "about", "says"), shown)


def _kept() -> dict[str, Protocol]:
    return {each.protocol.name: each.protocol for each in kept_protocols()}


def _cells(row: ActRow, kept: Mapping[str, Protocol]) -> tuple[Cell, ...]:
    asked = kept.get(str(row.details.get("protocol")))
    return (
        Minute(row.at),
        row.by or Phrase("web.acted.by-machine"),
        act_name(row.kind),
        (code_of(asked, row.about) if asked else row.about) or "–",
        told_of(row.details) or "–",
    )


def act_name(kind: str) -> Cell:
    """Name a kind of act; one that has no words yet by its own name."""
    key = f"web.acted.{kind.replace('.', '-')}"
    return Phrase(key) if has(key, "en") else kind


_TOLD = (
    "reason", "exception", "protocol", "role", "roles", "countries", "members", "protocols",
    "as_of", "decision", "target", "choice", "before", "answer_of", "sha256",
)  # fmt: skip


def told_of(details: Mapping[str, Any]) -> str:
    """Write what an act says of itself: its reason first, then how it was done."""
    said = [_one(name, details[name]) for name in _TOLD if details.get(name)]
    return beginning(" · ".join(one for one in said if one), _MOST)


def _one(name: str, value: Any) -> str:
    if name == "role" and has(f"web.role.{value}", "en"):
        return words(f"web.role.{value}")
    if name == "choice":
        return words(f"web.gap-choice-{value}") if has(f"web.gap-choice-{value}", "en") else value
    if name == "decision":
        return words(f"web.hrdd.{value}") if has(f"web.hrdd.{value}", "en") else _plain(value)
    if name == "roles":
        return ", ".join(words(f"web.role.{role}") for role in value)
    if name == "answer_of":
        return words("web.acted.answer-of", name=_plain(value))
    if name == "sha256":
        return f"SHA-256 {str(value)[:16]}…"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return str(value)


def older_than(row: ActRow) -> dict[str, object]:
    """The way to the acts before one."""
    return {"url": f"?before={row.id}", "text": Phrase("web.record.older")}


def page_before(request: HttpRequest) -> int | None:
    """Read from which act on older ones are asked for; what is no number is the newest."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
