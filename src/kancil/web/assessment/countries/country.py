"""One country: its rounds, where it stands with treaties, who speaks for it, what it released."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment import country as packaged
from kancil.assessment.law.consent import consent_standing
from kancil.desk.assessment.access import CountrySight, may_open_round
from kancil.desk.assessment.kept_protocols import kept_instruments
from kancil.desk.assessment.queries.countries import (
    CountryRow,
    StatusRow,
    countries,
    focal_points,
    statuses,
)
from kancil.desk.assessment.queries.releases import released_to
from kancil.desk.assessment.queries.rounds import rounds
from kancil.desk.people.queries import Person, Role
from kancil.ground.phrase import Phrase
from kancil.legal.instruments import status as law
from kancil.web.assessment.law.standing import iso, named
from kancil.web.assessment.site.home import region, release_table, round_table
from kancil.web.cells import Section, button, empty, facts, link, note, show, table, tag
from kancil.web.parts import Cell, Kind
from kancil.web.programme_page import EVERYONE, KEEPERS, page
from kancil.web.signed_in import person_of

_STANDS: dict[law.Status, Kind] = {
    law.Status.PARTY: "intact",
    law.Status.RATIFIED: "intact",
    law.Status.SIGNED: "now",
    law.Status.IN_PROCESS: "warn",
    law.Status.INVITED: "warn",
    law.Status.NOT_ON_LIST: "unknown",
}


@page("countries/<str:country>/", "country", may=EVERYONE, of="country")
def one_country(request: HttpRequest, sight: CountrySight) -> HttpResponse:
    """What is known of a country: rounds, status of treaties, and facts with their source."""
    person = person_of(request)
    row = next(each for each in countries(person) if each.code == sight.country)
    released = released_to(person, row.code)
    sections: list[Section] = []
    if person.role != Role.DONOR_READER:
        sections.append(_rounds(person, row))
    elif not released:
        sections.append(empty("web.home.nothing-released"))
    if released:
        sections.append({**release_table(released), "heading": Phrase("web.country.released")})
    if sight.sees_books:
        sections += _treaties(row, statuses(sight))
    if sight.role in KEEPERS:
        sections.append(_speaking(sight))
    sections.append(_facts(row))
    crumbs = [{"url": reverse("countries"), "name": Phrase("web.room.countries")}]
    title = Phrase("web.country.title", {"name": row.name})
    return show(request, title, sections, crumbs=crumbs, buttons=_buttons(person, sight))


def _buttons(person: Person, sight: CountrySight) -> list[dict[str, Any]]:
    found = []
    if sight.sees_books:
        for name in ("board", "country_law", "country_programme"):
            there = reverse(name, kwargs={"country": sight.country})
            found.append(button(there, f"web.country-to.{name.replace('_', '-')}"))
    if may_open_round(person):
        there = f"{reverse('round_new')}?country={sight.country}"
        found.append(button(there, "web.round.new"))
    return found


def _rounds(person: Person, row: CountryRow) -> Section:
    mine = rounds(person, row.code)
    if mine:
        return {**round_table(mine, of_one_country=True), "heading": Phrase("web.country.rounds")}
    if may_open_round(person):
        there = f"{reverse('round_new')}?country={row.code}"
        return empty("web.country.no-rounds", url=there)
    return empty("web.country.no-rounds-seen")


def _treaties(row: CountryRow, kept: list[StatusRow]) -> list[Section]:
    """Show where the country stands with each instrument: as kept here, else as packaged."""
    found = packaged.country_of(row.code)
    by_instrument = {each.instrument: each for each in kept}
    known = {id: each for id, each in kept_instruments().items() if id in by_instrument}
    rows: list[tuple[Cell, ...]] = []
    for instrument in dict.fromkeys([*law.looked_up(), *by_instrument]):
        name = named(instrument, known)
        if instrument in by_instrument:
            rows.append((name, *_kept(by_instrument[instrument])))
        elif found is not None:
            rows.append((name, *_packaged(law.treaty_status(found.iso2, instrument))))
    if not rows:
        there = reverse("country_law", kwargs={"country": row.code})
        return [empty("web.country.no-treaty", url=there, icon="unknown")]
    columns = (
        "instrument", "stands", "signed-on", "consent-on", "in-force-on", "as-of", "of-source",
    )  # fmt: skip
    return [
        {**table("web.country.treaties", columns, rows), "scroll": True},
        note("info", "web.country.treaties-note"),
    ]


def _kept(status: StatusRow) -> tuple[Cell, ...]:
    standing = consent_standing(status.consent, status.signed_on)
    kinds: dict[str, Kind] = {
        "none": "plain", "signed-not-ratified": "now", "signed-unknown": "now"
    }  # fmt: skip
    stands: Cell = None
    if standing != "unknown":
        stands = tag(kinds.get(standing, "intact"), f"web.treaty.{standing}")
    return (
        stands,
        iso(status.signed_on),
        iso(status.consent_on),
        iso(status.in_force_on),
        status.as_of.isoformat(),
        Phrase("web.country.packaged", {"source": status.source})
        if status.is_packaged
        else status.source,
    )


def _packaged(status: law.TreatyStatus) -> tuple[Cell, ...]:
    if status.status is None:
        return (None, None, None, None, None, Phrase("web.country.no-source"))
    source = ". ".join(each for each in (status.source, status.note) if each)
    return (
        tag(_STANDS[status.status], f"web.treaty.{status.status.value.replace('_', '-')}"),
        status.signed_on,
        status.ratified_on or status.acceded_on,
        status.in_force_on,
        status.as_of,
        Phrase("web.country.packaged", {"source": source}),
    )


def _speaking(sight: CountrySight) -> Section:
    """List who was given the country."""
    given: list[tuple[Cell, ...]] = [
        (link(reverse("person", kwargs={"number": number}), name), Phrase(f"web.role.{role}"))
        for number, name, role in focal_points(sight)
    ]
    if not given:
        return empty("web.country.no-focal", url=reverse("person_new"), icon="person")
    return table("web.country.focal", ("name", "role"), given)


def _facts(row: CountryRow) -> Section:
    told: list[tuple[str, Cell]] = [("code", row.code), ("region", region(row))]
    found = packaged.country_of(row.code)
    if found is not None:
        told.append(("languages", ", ".join(found.language_names) or None))
        told.append(("population", _figure(found.population, "{:,.0f}")))
        told.append(("internet-users", _figure(found.internet_users_percent, "{:.1f} %")))
    return facts("web.country.about", told)


def _figure(figure: packaged.Figure | None, form_: str) -> Cell:
    """Write a number with the year and publisher it is from; None is unknown."""
    if figure is None:
        return None
    written = form_.format(figure.value).replace(",", "\u202f")
    return f"{written} ({figure.source}{f', {figure.year}' if figure.year else ''})"
