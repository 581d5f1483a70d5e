"""Profile of a round: a figure for each area and sector, each open to the answers behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.method import Figure
from kancil.assessment.protocol import Confidence, Protocol
from kancil.assessment.sensitivity import Bounds
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import ProtocolNotInRound
from kancil.desk.assessment.queries.figures import Figures, figures_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import Axis, Bar, area_bars, sector_radar
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said, standing_tag
from kancil.web.cells import (
    Section,
    chart,
    empty,
    facts,
    fold_long,
    identifier,
    link,
    note,
    show,
    table,
)
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

from .figures import GROUPS, abouts, full_name, names_said, percent, percent_cell


@page(
    "rounds/<str:round>/<str:protocol>/profile/",
    "profile",
    may=READING,
    of="round",
    within="figures",
)
def profile(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """Show the figures of a round on one protocol, by area and by sector."""
    found = figures_of(sight, protocol, tries_all="what-if" in request.GET)
    asked = found.protocol
    scored(asked, sight)
    sections: list[Section] = []
    is_answered = any(figure.raw_percent is not None for figure in found.profile.figures)
    if not (is_answered or found.kept_back):
        there = reverse("questions", kwargs={"round": sight.round, "protocol": asked.name})
        sections.append(empty("web.profile.none", url=there))
    else:
        sections += _blocked(found)
        for of in GROUPS:
            figures = [each for each in found.profile.figures if each.of == of]
            if figures:
                sections += _group(sight, found, of, figures)
        sections += _what_if(sight, found)
    sections.append(_about(found))
    return show(request, Phrase("web.profile.title", {"title": said(asked.title)}), sections,
                crumbs=way(sight, asked), lead=Phrase("web.profile.no-total"))  # fmt: skip


def scored(asked: Protocol, sight: Sight) -> None:
    """Refuse a protocol that is not scored; raises ProtocolNotInRound."""
    if asked.scoring is None:
        raise ProtocolNotInRound(name=asked.name, known=", ".join(sorted(sight.protocols)))


def _blocked(found: Figures) -> list[Section]:
    """In plain words that training in intrusive powers is blocked, and for whose sake."""
    names = found.profile.intrusive_blocked_by
    return [note("warn", "web.profile.blocked", indicators=names_said(names))] if names else []


def _group(sight: Sight, found: Figures, of: str, figures: Sequence[Figure]) -> list[Section]:
    asked = found.protocol
    times = Counter(each.id for each in figures)
    names = [full_name(asked, each, times[each.id] > 1) for each in figures]
    urls = [_open_url(sight, asked, each) for each in figures]
    title = words(f"web.profile-by.{of}")
    sections: list[Section] = []
    if of == "sector" and len(figures) > 2 and len(times) == len(figures):
        axes = [
            Axis(name, each.percent, url=url)
            for name, each, url in zip(names, figures, urls, strict=True)
        ]
        wide, small = abouts(f"radar-{of}", title, words("web.profile.radar-desc"), 560)
        sections.append(chart(f"web.profile-by.{of}", sector_radar(axes, wide),
                              sector_radar(axes, small)))  # fmt: skip
    else:
        bars = [
            bar_of(each, name, found.bounds_of(each), url)
            for name, each, url in zip(names, figures, urls, strict=True)
        ]
        wide, small = abouts(f"bars-{of}", title, words("web.profile.bars-desc"))
        sections.append(chart(f"web.profile-by.{of}", area_bars(bars, wide),
                              area_bars(bars, small)))  # fmt: skip
    sections.append(_twin(found, of, figures, names, urls))
    return sections


def _open_url(sight: Sight, asked: Protocol, figure: Figure) -> str:
    given = {"round": sight.round, "protocol": asked.name, "of": figure.of, "id": figure.id}
    return reverse("figure", kwargs=given)


def bar_of(figure: Figure, name: str, bounds: Bounds | None, url: str = "") -> Bar:
    """Make a bar of a figure."""
    reason = words(figure.reason.key, **figure.reason.params) if figure.reason else ""
    return Bar(
        label=name,
        percent=figure.percent,
        coverage=figure.coverage,
        confirmed=figure.confirmed,
        raw=figure.raw_percent if figure.capped_by else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        reason=reason,
        url=url,
    )


def _twin(
    found: Figures, of: str, figures: Sequence[Figure], names: Sequence[str], urls: Sequence[str]
) -> Section:
    columns = [
        f"figures-{of}", "figures-percent>", "figures-coverage>", "figures-confirmed>",
        "figures-confidence", "figures-held",
    ]  # fmt: skip
    has_bounds = any(found.bounds_of(each) for each in figures)
    if has_bounds:
        columns.insert(2, "figures-bounds>")
    rows: list[list[Cell]] = []
    for figure, name, url in zip(figures, names, urls, strict=True):
        row: list[Cell] = [
            link(url, name),
            percent_cell(found.protocol, figure),
            percent(figure.coverage),
            percent(figure.confirmed),
            confidences(figure),
            held(figure),
        ]
        if has_bounds:
            row.insert(2, bounds_said(found.bounds_of(figure)))
        rows.append(row)
    return fold_long(table(f"web.profile-twin.{of}", columns, rows))


def bounds_said(bounds: Bounds | None) -> str:
    """Write the range of a figure: without the disputed answers, or with any choice among them."""
    if bounds is None or bounds.low is None or bounds.high is None:
        return "–"
    return f"{percent(bounds.low)} – {percent(bounds.high)}"


def confidences(figure: Figure) -> Cell:
    """Count how sure the assessors are of the answers behind a figure; never made a number of."""
    counts = Counter(line.confidence for line in figure.lines if line.confidence is not None)
    if not counts:
        return "–"
    return ", ".join(
        words("web.figures.times", what=words(f"web.figures-sure.{each.value}"), n=counts[each])
        for each in Confidence
        if counts[each]
    )


def held(figure: Figure) -> Cell:
    """Which critical indicators hold a figure down, or may, or why there is none."""
    if figure.capped_by:
        return Phrase("web.figures.capped", {"indicators": names_said(figure.capped_by)})
    if figure.reason is not None:
        return figure.reason
    if figure.uncertain:
        return Phrase("web.figures.uncertain", {"indicators": names_said(figure.uncertain)})
    return "–"


def _what_if(sight: Sight, found: Figures) -> list[Section]:
    """What the lines over bars are, or offer to try many disputes."""
    if not found.choices:
        return []
    if found.bounds:
        is_exact = all(each.exact for each in found.bounds)
        key = "web.profile.what-if" if is_exact else "web.profile.what-if-near"
        return [note("info", key)]
    there = reverse("profile", kwargs={"round": sight.round, "protocol": found.protocol.name})
    return [note("info", "web.profile.what-if-offer", url=f"{there}?what-if=1",
                 do="web.profile.what-if-do")]  # fmt: skip


def _about(found: Figures) -> Section:
    asked, scoring = found.protocol, found.protocol.scoring
    name, _, version = found.method.name.rpartition("-")
    told: list[tuple[str, Cell]] = [
        ("figures-method", name),
        ("figures-version", version),
        ("figures-method-source", found.method.source),
        ("figures-error", Phrase("web.figures.error-unknown")),
        ("figures-protocol", said(asked.title)),
        ("figures-standing", standing_tag(asked)),
        ("figures-sha256", identifier(asked.sha256, short=True)),
    ]
    if scoring is not None:
        told.insert(3, ("figures-minimum", f"{scoring.minimum_coverage:g}\u202f%"))
        if scoring.critical is not None:
            rule = Phrase(
                "web.figures.rule",
                {
                    "at_most": scoring.critical.at_most,
                    "cap": f"{scoring.critical.cap_percent:g}",
                },
            )
            told.insert(4, ("figures-rule", rule))
    return facts("web.figures.method", told)
