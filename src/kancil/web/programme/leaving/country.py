"""What the programme did in a country, from need to activity to the next round."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil import __version__
from kancil.desk.assessment.access import CountrySight
from kancil.desk.base.opening import day_of
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.programme.reports.country_programme import country_programme as programme_in
from kancil.ground import clock
from kancil.ground.offered import offered
from kancil.ground.phrase import Phrase
from kancil.ground.words import spoken
from kancil.programme.delivered import CountryProgramme, Done, HandedOver, Need
from kancil.programme.donor_report import People
from kancil.records.described import named
from kancil.records.small_groups import LEAST
from kancil.reports.programme.delivered.content import answer, change_lines
from kancil.reports.programme.donor.figures import beside_value, figure_days
from kancil.reports.programme.make import ReportFormat, make_country_page
from kancil.web.acting import today
from kancil.web.assessment.figures.papers import file_answer
from kancil.web.cells import Section, button, empty, limits, link, note, show, table, tag
from kancil.web.parts import Cell, Several
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

SHOWN = 50
"""Activities on the page; the list of activities has all."""


@page("countries/<str:country>/programme/", "country_programme", may=READING, of="country")
def country_programme(request: HttpRequest, sight: CountrySight) -> HttpResponse:
    """What was done in the country, for whom, and what changed."""
    of = programme_in(person_of(request), sight, today())
    sections: list[Section] = []
    if of.is_invented:
        sections.append(note("warn", "web.region.practice"))
    if not of.activities and not of.needs:
        there = reverse("country", kwargs={"country": sight.country})
        sections.append(empty("web.delivered.nothing", url=there))
    else:
        sections += _sections(of)
    buttons = [
        button(reverse("country_programme_file", args=[sight.country, each.value]),
               f"web.delivered.{each.value}")
        for each in ReportFormat
    ]  # fmt: skip
    there = reverse("country", kwargs={"country": sight.country})
    crumbs = [{"url": reverse("countries"), "name": Phrase("web.room.countries")},
              {"url": there, "name": of.name}]  # fmt: skip
    return show(request, Phrase("name.delivered-in", {"name": of.name}), sections, crumbs=crumbs,
                buttons=buttons, lead=answer(of))  # fmt: skip


@page("countries/<str:country>/programme/<str:format>/", "country_programme_file", may=READING,
      of="country", sample={"format": "pdf"})  # fmt: skip
def country_programme_file(request: HttpRequest, sight: CountrySight, format: str) -> HttpResponse:
    """The same as a file of one page."""
    if format not in set(ReportFormat):
        raise PageNotFound
    now = clock.now()
    language = spoken() if spoken() in offered("paper.donor") else "en"
    of = programme_in(person_of(request), sight, today())
    made = make_country_page(
        of, ReportFormat(format), language, kancil=__version__, at=now, on=day_of(now)
    )
    return file_answer(made, f"programme-{sight.country}-{day_of(now).isoformat()}")


def _sections(of: CountryProgramme) -> list[Section]:
    found = [_needs(of.needs)] if of.needs else []
    found += _people(of.people)
    rows: list[tuple[Cell, ...]] = [
        (_activity(each), named(each.kind), each.begins_on.isoformat(),
         each.ends_on.isoformat(), named(each.state))
        for each in of.activities[:SHOWN]
    ]  # fmt: skip
    if rows:
        columns = ("delivered-activity", "delivered-kind", "delivered-begins",
                   "delivered-ends", "delivered-state")  # fmt: skip
        found.append(table("name.delivered-activities", columns, rows))
    if of.handovers:
        found.append(_equipment(of))
    if of.figures:
        found.append(_figures(of))
    found.append(limits([Phrase("note.delivered-released"), Phrase("note.delivered-contribution"),
                         Phrase("note.donor-hidden-groups", {"least": LEAST})]))  # fmt: skip
    return found


def _needs(needs: tuple[Need, ...]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Several([each.title, each.round]),
            Several([_activity(one) for one in each.activities])
            if each.activities else tag("warn", "note.delivered-unanswered"),
            Several(change_lines(each)),
        )
        for each in needs
    ]  # fmt: skip
    columns = ("delivered-need", "delivered-answered-by", "delivered-change")
    return table("name.delivered-needs", columns, rows)


def _activity(each: Done) -> Cell:
    return link(reverse("activity", args=[each.id]), f"{each.code} · {each.title}")


def _equipment(of: CountryProgramme) -> Section:
    columns = ("delivered-what", "delivered-to", "delivered-handed", "delivered-in-use")
    return table("name.delivered-equipment", columns, list(map(_handover, of.handovers)))


def _figures(of: CountryProgramme) -> Section:
    columns = ("report-indicator", "report-value>", "report-target>")
    rows = [
        (
            Several([each.title, each.indicator, figure_days(each)]),
            Several([each.value or Phrase("note.donor-hidden"), beside_value(each)]),
            each.target or "–",
        )
        for each in of.figures
    ]
    return table("name.donor-results", columns, rows)


def _handover(each: HandedOver) -> tuple[Cell, ...]:
    used: Cell = Phrase("note.delivered-not-checked")
    if each.in_use is not None:
        used = Phrase("chart.count-of", {"count": each.in_use, "of": each.quantity})
    return (f"{each.quantity} × {each.what}", each.organisation, each.handed_on.isoformat(), used)


def _people(people: People) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for kind, cells in (("sex", people.by_sex), ("profession", people.by_profession)):
        rows += [
            (Phrase(f"name.donor-by-{kind}"), Phrase(f"programme.{kind}.{key}"),
             Phrase("note.donor-hidden") if value is None else str(value))
            for key, value in cells.items()
        ]  # fmt: skip
    if not rows:
        return []
    return [table("name.donor-people", ("delivered-by", "delivered-group", "report-people>"), rows)]
