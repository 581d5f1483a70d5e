"""The regional comparison: only what each country released, side by side by name, never ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.errors import ProtocolNotFound
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.queries.countries import CountryRow, countries
from kancil.desk.assessment.queries.releases import RegionalRow, regional
from kancil.desk.assessment.queries.site import kept_protocols
from kancil.desk.assessment.queries.stood import DRAFT
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import Bar, area_bars
from kancil.reports.programme.stood import of_protocol
from kancil.web.assessment.figures.figures import GROUPS, abouts, figure_name
from kancil.web.assessment.places import asked_region, offer_regions
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    asking,
    button,
    chart,
    empty,
    identifier,
    note,
    show,
    table,
    tag,
)
from kancil.web.csv_files import csv_answer
from kancil.web.forms import WordsForm, choose
from kancil.web.parts import Cell, Column
from kancil.web.programme_page import READERS, page
from kancil.web.signed_in import person_of

_SAMPLE = {"protocol": "none-2026.1"}


@page("region/", "region", may=READERS, menu="site", order=50)
def region(request: HttpRequest) -> HttpResponse:
    """Which countries let figures be shown beside others, and on which protocols."""
    person = person_of(request)
    every, seen = regional(person), countries(person)
    looked_at = asked_region(request, seen)
    here = {each.code for each in seen if looked_at in ("", each.region)}
    rows = [row for row in every if row.release.country in here]
    titles = _titles()
    names = sorted({name for row in rows for name in row.figures})
    sections: list[Section] = []
    if not every:
        sections.append(empty("web.region.none", url=reverse("countries")))
    elif not rows:
        sections.append(empty("web.region.none-there", url=reverse("region"), icon="search"))
    else:
        acts = [
            {
                "url": _with_region(
                    reverse("region_protocol", kwargs={"protocol": name}), looked_at
                ),
                "name": titles.get(name, name),
                "text": Phrase(
                    "web.region.released-by",
                    {"count": sum(1 for row in rows if name in row.figures)},
                ),
            }
            for name in names
        ]
        sections.append({"kind": "acts", "heading": Phrase("web.region.protocols"), "rows": acts})
        sections.append(_releases(rows, titles))
        sections = [*_practice(rows), *sections]
    asked = RegionForm(request.GET or None)
    offer_regions(asked, seen)
    if asked.fields and every:
        sections.insert(0, asking("web.region.which", asked, submit="web.round.look"))
    buttons = [button(reverse("region_report"), "web.papers.region")] if rows else []
    return show(
        request,
        Phrase("web.room.region"),
        sections,
        lead=Phrase("web.region.lead"),
        buttons=buttons,
    )


def _with_region(url: str, name: str) -> str:
    return f"{url}?{urlencode({'in_region': name})}" if name else url


def _practice(rows: Sequence[RegionalRow | None]) -> list[Section]:
    """That figures of invented countries are for practice, where there are any."""
    if not any(row.release.is_invented for row in rows if row is not None):
        return []
    return [note("warn", "web.region.practice")]


def _name(row: RegionalRow) -> Cell:
    """Name a country; of an invented one that is said."""
    if row.release.is_invented:
        return Phrase("web.region.invented", {"country": row.release.country_name})
    return row.release.country_name


def _titles() -> dict[str, str]:
    return {each.protocol.name: said(each.protocol.title) for each in kept_protocols()}


def _releases(rows: Sequence[RegionalRow], titles: Mapping[str, str]) -> Section:
    told: list[tuple[Cell, ...]] = [
        (
            _name(row),
            row.release.title,
            span(row.release.period_from, row.release.period_to),
            "; ".join(titles.get(name, name) for name in sorted(row.figures)),
            row.release.official,
            row.release.office,
            row.release.released_on.isoformat(),
        )
        for row in rows
    ]
    columns = (
        "figures-country", "figures-round", "figures-period", "figures-protocol",
        "figures-official", "figures-office", "figures-released-on",
    )  # fmt: skip
    return {**table("web.region.releases", columns, told), "scroll": True}


@dataclass(frozen=True, slots=True)
class Shown:
    """One country in the comparison; `row` is None where it released nothing of this protocol."""

    country: CountryRow
    row: RegionalRow | None
    protocol: str

    @property
    def figures(self) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        """Figures by what they are of, id and scale; empty where nothing was released."""
        made = self.row.figures[self.protocol]["figures"] if self.row else ()
        return {(each["of"], each["id"], each["scale"]): each for each in made}


def _gathered(request: HttpRequest, protocol: str) -> tuple[Protocol, list[Shown]]:
    """The countries of the region that is looked at, by name, with what each released.

    Raises ProtocolNotFound.
    """
    person = person_of(request)
    kept = {each.protocol.name: each.protocol for each in kept_protocols()}
    if protocol not in kept:
        raise ProtocolNotFound(name=protocol[:80], known=", ".join(sorted(kept)))
    released = {row.release.country: row for row in regional(person, protocol)}
    seen = countries(person)
    name = asked_region(request, seen)
    here = [each for each in seen if name in ("", each.region)]
    return kept[protocol], [Shown(each, released.get(each.code), protocol) for each in here]


class RegionForm(WordsForm):
    """Which countries are looked at."""

    in_region = forms.ChoiceField(choices=(), required=False)


class FigureForm(RegionForm):
    """Which figure is to be drawn, of which countries."""

    shown_figure = forms.ChoiceField(choices=())


@page("region/<str:protocol>/", "region_protocol", may=READERS, sample=_SAMPLE)
def region_protocol(request: HttpRequest, protocol: str) -> HttpResponse:
    """Show side by side what countries released of one protocol."""
    asked, shown = _gathered(request, protocol)
    there = [each for each in shown if each.row is not None]
    seen = countries(person_of(request))
    looked_at = asked_region(request, seen)
    back = _with_region(reverse("region"), looked_at)
    crumbs = [{"url": back, "name": Phrase("web.room.region")}]
    title = Phrase("web.region.title", {"title": said(asked.title)})
    if not there:
        sections: list[Section] = [empty("web.region.none", url=reverse("region"))]
        if looked_at:
            there_url = reverse("region_protocol", kwargs={"protocol": asked.name})
            sections = [empty("web.region.none-there", url=there_url, icon="search")]
        return show(request, title, sections, crumbs=crumbs, lead=Phrase("web.region.lead"))
    keys = _keys(asked, there)
    chosen = FigureForm(request.GET if "shown_figure" in request.GET else None)
    offer_regions(chosen, seen)
    choose(chosen, "shown_figure", [(":".join(key), _named(asked, key, keys)) for key in keys])
    picked = keys[0] if keys else None
    if chosen.is_bound:
        picked = None
        if chosen.is_valid():
            picked = next(
                key for key in keys if ":".join(key) == chosen.cleaned_data["shown_figure"]
            )
    elif picked is not None:
        chosen.fields["shown_figure"].initial = ":".join(picked)
        if "in_region" in chosen.fields:
            chosen.fields["in_region"].initial = looked_at
    sections = [
        *_practice([each.row for each in there]),
        *_stood(asked, there),
        *_versions(asked, there),
        asking("web.region.choose", chosen, submit="web.region.draw"),
    ]
    if picked is not None:
        sections.append(_drawn(asked, shown, picked, keys))
    sections += [_beside(asked, shown, keys, of) for of in GROUPS if any(k[0] == of for k in keys)]
    sections.append(_made_by(asked, shown))
    as_table = reverse("region_table", kwargs={"protocol": asked.name})
    buttons = [button(_with_region(as_table, looked_at), "web.region.csv")]
    return show(request, title, sections, crumbs=crumbs, lead=Phrase("web.region.lead"),
                buttons=buttons)  # fmt: skip


Key = tuple[str, str, str]
"""What a figure is of, its id, and its scale."""


def _keys(asked: Protocol, there: Sequence[Shown]) -> list[Key]:
    """List the figures that anybody released, in the protocol's own order."""
    found = {key for each in there for key in each.figures}
    order = {
        **{("area", name): place for place, name in enumerate(asked.areas)},
        **{("instrument", name): place for place, name in enumerate(asked.instruments)},
        **{("sector", name): place for place, name in enumerate(asked.sectors)},
    }
    return sorted(
        found,
        key=lambda key: (GROUPS.index(key[0]) if key[0] in GROUPS else 9,
                         order.get(key[:2], len(order)), key),
    )  # fmt: skip


def _named(asked: Protocol, key: Key, keys: Sequence[Key]) -> str:
    name = figure_name(asked, key[0], key[1])
    if sum(1 for one in keys if one[:2] == key[:2]) > 1 and key[2] in asked.scales:
        return f"{name} · {said(asked.scales[key[2]].title)}"
    return name


def _versions(asked: Protocol, there: Sequence[Shown]) -> list[Section]:
    """Where a country's figures were made with other bytes of the protocol than these."""
    other = [
        each.country.name
        for each in there
        if each.row is not None and each.row.figures[asked.name]["sha256"] != asked.sha256
    ]
    if not other:
        return []
    return [note("warn", "web.region.other-version", countries=", ".join(other))]


def _drawn(asked: Protocol, shown: Sequence[Shown], key: Key, keys: Sequence[Key]) -> Section:
    """Draw one figure of all countries, by name."""
    name = _named(asked, key, keys)
    bars = [_bar(each, key) for each in shown]
    wide, small = abouts("region", name, words("web.region.desc"), 640)
    drawn = chart("web.region.drawn", area_bars(bars, wide), area_bars(bars, small))
    return {**drawn, "heading": name, "text": Phrase("web.region.by-name")}


def _bar(each: Shown, key: Key) -> Bar:
    figure = each.figures.get(key)
    if figure is None:
        reason = "web.region.not-released" if each.row is None else "web.region.not-in-release"
        return Bar(each.country.name, None, None, reason=words(reason))
    percent = figure["percent"]
    return Bar(
        each.country.name,
        None if percent is None else Fraction(percent),
        Fraction(figure["coverage"]),
        Fraction(figure["confirmed"]),
        reason=words("web.figures.no-figure"),
    )


def _beside(asked: Protocol, shown: Sequence[Shown], keys: Sequence[Key], of: str) -> Section:
    """Put countries side by side: a row for each, in the order of their names."""
    mine = [key for key in keys if key[0] == of]
    rows: list[tuple[Cell, ...]] = []
    for each in shown:
        figures = each.figures
        if each.row is None:
            none = tag("unknown", "web.region.not-released")
            rows.append((each.country.name, *[none for _ in mine]))
            continue
        rows.append((_name(each.row), *[_cell(figures.get(key)) for key in mine]))
    one = table(f"web.region-beside.{of}", ("figures-country",), rows)
    heads = [Column(_named(asked, key, keys), right=True) for key in mine]
    return {**one, "columns": [*one["columns"], *heads], "scroll": True}


def _stood(asked: Protocol, there: Sequence[Shown]) -> list[Section]:
    """Say before all figures of which countries something was not settled at the release."""
    names: dict[str, list[str]] = {}
    for each in there:
        stood = each.row.release.stood if each.row else None
        one = stood.protocols.get(asked.name) if stood else None
        found = {
            "unrecorded": stood is None,
            "open": stood is not None and stood.is_open,
            "proposal": one is not None and one.is_proposal,
            "draft": one is not None and one.matrix == DRAFT,
        }
        for name, is_so in found.items():
            if is_so:
                names.setdefault(name, []).append(each.country.name)
    return [
        note("warn", f"web.region-stood.{name}", countries=", ".join(names[name]))
        for name in ("open", "proposal", "draft", "unrecorded")
        if name in names
    ]


def _cell(figure: Mapping[str, Any] | None) -> Cell:
    if figure is None:
        return tag("unknown", "web.region.not-in-release")
    if figure["percent"] is None:
        return tag("unknown", "web.figures.no-figure")
    return Phrase(
        "web.region.cell",
        {name: figure[name] for name in ("percent", "coverage", "confirmed")},
    )


def _made_by(asked: Protocol, shown: Sequence[Shown]) -> Section:
    """By whom and when each release was made, how its round stood, and by which method."""
    rows: list[tuple[Cell, ...]] = []
    for each in shown:
        if each.row is None:
            none = tag("unknown", "web.region.not-released")
            rows.append((each.country.name, none, "–", "–", "–", "–", "–"))
            continue
        release, made = each.row.release, each.row.figures[asked.name]
        rows.append(
            (
                _name(each.row),
                release.released_on.isoformat(),
                release.official,
                release.office,
                " ".join(of_protocol(release, asked.name)),
                str(made["method"]),
                identifier(str(made["sha256"]), short=True),
            )
        )
    columns = (
        "figures-country", "figures-released-on", "figures-official", "figures-office",
        "figures-stood", "figures-method", "figures-sha256",
    )  # fmt: skip
    one = table("web.region.made-by", columns, rows)
    heads = [replace(head, wide=place == 4) for place, head in enumerate(one["columns"])]
    return {**one, "columns": heads, "scroll": True}


@page("region/<str:protocol>/table.csv", "region_table", may=READERS, sample=_SAMPLE)
def region_table(request: HttpRequest, protocol: str) -> HttpResponse:
    """What countries released as a table; a country that did not release says so."""
    asked, shown = _gathered(request, protocol)
    keys = _keys(asked, [each for each in shown if each.row is not None])
    rows: list[Sequence[str | int | None]] = []
    for each in shown:
        if each.row is None:
            rows.append((each.country.code, each.country.name, *[None] * 8, "not-released",
                         *[None] * 3, *_stood_cells(each)))  # fmt: skip
            continue
        release, figures = each.row.release, each.figures
        for key in keys:
            one = figures.get(key, {})
            rows.append(
                (
                    each.country.code, each.country.name, *key, _named(asked, key, keys),
                    one.get("percent"), one.get("coverage"), one.get("confirmed"), one.get("band"),
                    "released" if one else "not-in-release", release.released_on.isoformat(),
                    release.official, release.office, *_stood_cells(each),
                )
            )  # fmt: skip
    columns = (
        "country", "country_name", "of", "id", "scale", "name", "percent", "coverage",
        "confirmed", "band", "state", "released_on", "official", "office", "invented", "round",
        "stood_on", "protocol_standing", "asked", "agreed", "alone", "disputed", "matrix",
    )  # fmt: skip
    return csv_answer(f"region-{asked.name}", columns, rows)


def _stood_cells(each: Shown) -> tuple[str | int | None, ...]:
    """How a country's round stood; `not-recorded`: an older release, which kept none of it."""
    invented = "yes" if each.country.is_invented else "no"
    stood = each.row.release.stood if each.row else None
    one = stood.protocols.get(each.protocol) if stood else None
    if stood is None or one is None:
        return (invented, "not-recorded" if each.row else None, *[None] * 7)
    return (
        invented, "open" if stood.is_open else "closed", stood.on.isoformat(), one.standing,
        one.asked, one.agreed, one.alone, one.disputed, one.matrix or None,
    )  # fmt: skip
