"""The times of a case's disks on one line: a picture that opens by stretches, and its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.queries import Case
from kancil.desk.evidence.timeline import WHAT, Bar, Happened, Line, Timeline, lines_of
from kancil.evidence.images.entry import time_text
from kancil.evidence.tables.moment import zone_named
from kancil.ground.clock import from_person
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.units import grouped
from kancil.ground.words import harmless
from kancil.ground.words import render as words
from kancil.web.cases.pages import crumbs
from kancil.web.cells import (
    Section,
    beginning,
    chart,
    empty,
    facts,
    folded_form,
    limits,
    link,
    number,
    show,
    table,
    when,
)
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.studies.result_page import PAGE_ROWS, paged, said
from kancil.web.unit_desk import unit_desk

_WIDTH, _HEIGHT, _AXIS = 960, 120, 18
_PATH_CHARACTERS = 120
_MOST_SECONDS = 10**9
_FORMS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


class TimelineForm(WordsForm):
    """Which times stand on the line, and how they are placed on it."""

    on_disk = forms.ChoiceField(choices=(), required=False)
    times = forms.ChoiceField(choices=(), required=False)
    since = text(40, required=False)
    until = text(40, required=False)
    assumed_zone = text(60, required=False)
    fast_seconds = forms.IntegerField(
        required=False, min_value=-_MOST_SECONDS, max_value=_MOST_SECONDS
    )

    def __init__(self, lines: list[Line], *args: Any, **kwargs: Any) -> None:
        """Offer the disks of the case."""
        super().__init__(*args, **kwargs)
        every = ("", words("web.disk.all"))
        disks = [
            (each.exhibit.label, f"{each.exhibit.label} {each.exhibit.title}") for each in lines
        ]
        choose(self, "on_disk", [every, *disks])
        choose(self, "times", [every, *((one, words(f"web.time-{one}")) for one in WHAT)])

    def asked(self, name: str) -> Any:
        """What a field holds; None where nothing, or nothing that can be read."""
        self.full_clean()
        return self.cleaned_data.get(name) or None


@page("cases/<str:case>/timeline/", "timeline", may=EVERYONE, of="case")
def timeline(request: HttpRequest, case: Case) -> HttpResponse:
    """When the files of the case's disks were made, changed and opened."""
    desk = unit_desk()
    zone = desk.workspace.zone
    lines = lines_of(
        desk.ledger, desk.vault, desk.workspace.triage_dir, case.id, desk.reading(request)
    )
    title = Phrase("web.room.timeline")
    if not lines:
        url = reverse("exhibits", kwargs={"case": case.number})
        return show(request, title, [empty("web.timeline.empty", url=url)], crumbs=crumbs(case))
    asked = TimelineForm(lines, request.GET)
    assumed = zone_named(asked.asked("assumed_zone") or zone.key) or zone
    fast, disk, kind = (asked.asked(each) for each in ("fast_seconds", "on_disk", "times"))
    if disk:
        lines = [replace(each, fast_seconds=fast or 0) for each in lines
                 if each.exhibit.label == disk]  # fmt: skip
    line = Timeline(lines, assumed, zone, (kind,) if kind else WHAT)
    span = _moment(asked.asked("since"), zone), _moment(asked.asked("until"), zone)
    keep = {name: request.GET[name] for name in asked.fields
            if request.GET.get(name) and name not in ("since", "until")}  # fmt: skip
    form = folded_form("web.timeline.find", asked, submit="web.disk.find-do")
    sections = [*_picture(line, span, keep), form, *_rows(request, case, line, span)]
    if len(lines) == 1 and fast:
        skew = Phrase("web.timeline.skew", {"disk": lines[0].exhibit.label, "seconds": fast})
    else:
        skew = Phrase("web.timeline.skew-not-known")
    sections.append(_zones(line, str(assumed), zone.key, skew))
    sections.append(limits([Phrase(f"web.timeline-limit-{each}") for each in ("claim", "last")]))
    return show(request, title, sections, crumbs=crumbs(case))


def _moment(typed: str | None, zone: Any) -> datetime | None:
    """What was typed or lies behind a bar; None where it is no time."""
    try:
        return from_person(typed, zone) if typed else None
    except TimeNotReadable:
        return None


def _picture(
    line: Timeline, span: tuple[datetime | None, datetime | None], keep: dict[str, str]
) -> list[Section]:
    """The answer in a sentence, and its bars, each leading into its stretch."""
    step, bars = line.bars(*span)
    count, _ = line.between(*span, 0, 0)
    told: dict[str, Any] = {"count": grouped(count), "of": grouped(line.count)}
    if span == (None, None):
        answer = Phrase("web.timeline.answer", told)
    else:
        told |= {"since": _day(span[0], line.shown), "until": _day(span[1], line.shown)}
        answer = Phrase("web.timeline.answer-span", told)
    drawn = _svg(bars, step, line.shown, keep)
    if not drawn:
        return [said([answer])]
    shown = chart("web.timeline.picture", drawn, text=Phrase(f"web.timeline-step-{step}"))
    most = [each for each in sorted(bars, key=lambda one: -one.count) if each.count][:10]
    rows = [
        (link(_into(each, keep), _named(each, step, line.shown)), number(each.count))
        for each in sorted(most, key=lambda one: one.since)
    ]
    return [said([answer]), shown, table("web.timeline.most", ("stretch", "times>"), rows)]


def _day(at: datetime | None, zone: tzinfo) -> Any:
    return Phrase("web.timeline.open") if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _into(bar: Bar, keep: dict[str, str]) -> str:
    span = {"since": bar.since.isoformat(), "until": bar.until.isoformat()}
    return "?" + urlencode({**keep, **span})


def _named(bar: Bar, step: str, zone: tzinfo) -> str:
    return bar.since.astimezone(zone).strftime(_FORMS.get(step, "%Y-%m-%d %H:%M"))


def _svg(bars: list[Bar], step: str, zone: tzinfo, keep: dict[str, str]) -> str:
    """The bars, without style of their own; empty where none is to be drawn."""
    largest = max((each.count for each in bars), default=0)
    if not largest:
        return ""
    wide = _WIDTH / len(bars)
    told = words("web.timeline.picture-title", largest=grouped(largest))
    parts = [
        f'<svg class="activity" viewBox="0 0 {_WIDTH} {_HEIGHT + _AXIS}" role="img">',
        f"<title>{escape(told)}</title>",
    ]
    for place, each in enumerate(bars):
        if each.count:
            tall = max(2, round(each.count * _HEIGHT / largest))
            name = words("web.timeline.bar", when=_named(each, step, zone),
                         count=grouped(each.count))  # fmt: skip
            parts.append(
                f'<a href="{escape(_into(each, keep))}"><title>{escape(name)}</title>'
                f'<rect class="in" x="{place * wide:.1f}" y="{_HEIGHT - tall}" '
                f'width="{max(wide - 1, 1):.1f}" height="{tall}"/></a>'
            )
    y = _HEIGHT + _AXIS - 4
    parts.append(f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_HEIGHT}" y2="{_HEIGHT}"/>')
    parts.append(f'<text x="0" y="{y}">{_named(bars[0], step, zone)}</text>')
    parts.append(f'<text class="end" x="{_WIDTH}" y="{y}">{_named(bars[-1], step, zone)}</text>')
    return "".join([*parts, "</svg>"])


def _rows(
    request: HttpRequest, case: Case, line: Timeline, span: tuple[datetime | None, datetime | None]
) -> list[Section]:
    count, _ = line.between(*span, 0, 0)
    part = Paginator(range(count), PAGE_ROWS).get_page(request.GET.get("page"))
    _, rows = line.between(*span, max(part.start_index() - 1, 0), PAGE_ROWS)
    columns = ("time", "time-stored", "time-of", "exhibit", "file")
    shown = table("web.timeline.rows", columns, [_row(case, each) for each in rows])
    asked = request.GET.copy()
    asked.pop("page", None)
    return [paged(shown, part, "", f"{asked.urlencode()}&" if asked else "")]


def _row(case: Case, each: Happened) -> tuple[Cell, ...]:
    disk = {"case": case.number, "exhibit": each.exhibit.number}
    return (
        when(each.at),
        time_text(each.stored_ns, each.zone),
        Phrase(f"web.time-{each.what}"),
        link(reverse("disk", kwargs=disk), each.exhibit.label),
        beginning(harmless(each.path), _PATH_CHARACTERS),
    )


def _zones(line: Timeline, assumed: str, shown: str, skew: Phrase) -> Section:
    """Stored, assumed and shown zone, and the machine's clock."""
    without = line.without_zone
    stored = Phrase("web.timeline.stored", {"count": grouped(without)})
    taken = Phrase("web.timeline.assumed", {"zone": assumed}) if without else Phrase(
        "web.timeline.assumed-none")  # fmt: skip
    return facts(
        "web.timeline.zones",
        [("zone-stored", stored), ("zone-assumed", taken), ("zone-shown", shown),
         ("clock-skew", skew)],
    )  # fmt: skip
