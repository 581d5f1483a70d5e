"""Countries: which there are for me, on small maps and in tables, and how one is added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.assessment import country as packaged
from kancil.desk.assessment.access import may_keep_site, sees_rounds
from kancil.desk.assessment.actions.packaged import add_packaged_country
from kancil.desk.assessment.actions.site import add_country
from kancil.desk.assessment.queries.countries import CountryRow, countries
from kancil.desk.assessment.queries.releases import released_to
from kancil.desk.assessment.queries.rounds import rounds
from kancil.desk.people.queries import Person
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.maps import Mark, drawn_map, map_named
from kancil.web.assessment.places import offer_regions, regions_of
from kancil.web.cells import Section, asking, button, empty, form, link, show, table, tag
from kancil.web.forms import Suggested, WordsForm, choose, text
from kancil.web.parts import Cell
from kancil.web.programme_page import KEEPERS, READERS, page
from kancil.web.signed_in import person_of

_PRACTICE = "Practice"
"""Region of every invented country."""
_MOST_LIKE = 8
"""So many countries that somebody may mean are named."""

Rounds = Mapping[str, tuple[int, int]]
"""How many rounds a country has that I see, and how many of them are under way, by its code."""


class FilterForm(WordsForm):
    """Which countries are looked for."""

    in_region = forms.ChoiceField(choices=(), required=False)
    look_for = text(100, required=False)

    def __init__(self, *args: Any, rows: list[CountryRow], **kwargs: Any) -> None:
        """Offer the regions of the countries that a person sees."""
        super().__init__(*args, **kwargs)
        offer_regions(self, rows)

    def fitting(self, rows: list[CountryRow]) -> list[CountryRow]:
        """The countries that were looked for, by a part of the name or by the code."""
        asked = self.cleaned_data
        part = folded(asked["look_for"].strip())
        return [
            row
            for row in rows
            if asked.get("in_region", "") in ("", row.region)
            and (part in folded(row.name) or part == folded(row.code))
        ]


@page("countries/", "countries", may=READERS | KEEPERS, menu="site", order=10)
def all_countries(request: HttpRequest) -> HttpResponse:
    """Every country that I see, drawn and listed by region."""
    person = person_of(request)
    rows = countries(person)
    shown: dict[str, Any] = {"title": Phrase("web.room.countries")}
    if may_keep_site(person):
        shown["buttons"] = [button(reverse("country_new"), "web.country.add", main=True)]
    if rows:
        asked = FilterForm(request.GET or None, rows=rows)
        found = asked.fitting(rows) if asked.is_bound and asked.is_valid() else rows
        if len(rows) > 1:
            shown["sections"] = [asking("web.round.look-for", asked, submit="web.round.look")]
        if not found:
            none = empty("web.country.none-fitting", url=reverse("countries"), icon="search")
            shown["sections"].append(none)
        released = _released(person) if not sees_rounds(person) else None
        shown["regions"] = _regions(found, _rounds(person), released)
        shown["is_of_releases"] = released is not None
    else:
        there = reverse("country_new") if may_keep_site(person) else ""
        key = "web.country.none" if there else "web.country.none-given"
        shown["sections"] = [empty(key, url=there)]
    return render(request, "kancil/countries.html", shown)


def _rounds(person: Person) -> Rounds:
    found: dict[str, tuple[int, int]] = {}
    for row in rounds(person):
        count, now = found.get(row.country, (0, 0))
        found[row.country] = (count + 1, now + (row.closed_at is None))
    return found


def _released(person: Person) -> Mapping[str, int]:
    """Count what each country released to somebody who sees no round."""
    return Counter(each.country for each in released_to(person))


def _regions(
    rows: list[CountryRow], held: Rounds, released: Mapping[str, int] | None
) -> list[dict[str, Any]]:
    """Gather countries by region, in the order of the packaged ones; each with its map, if any."""
    found = []
    for name in regions_of(rows):
        own = [row for row in rows if row.region == name]
        drawn = map_named(name)
        found.append(
            {
                "name": name,
                "map": drawn_map(drawn, _marks(own, held, released)) if drawn is not None else None,
                "table": _table(name, own, held)
                if released is None
                else _released_table(name, own, released),
                "is_practice": all(row.is_invented for row in own),
            }
        )
    return found


def _table(name: str, rows: list[CountryRow], held: Rounds) -> Section:
    shown: list[tuple[Cell, ...]] = []
    for row in rows:
        count, now = held.get(row.code, (0, 0))
        there = reverse("country", kwargs={"country": row.code})
        shown.append((link(there, row.name), row.code, _state(count, now), str(count)))
    one = table("web.country.in-region", ("country", "code", "rounds-now", "rounds>"), shown)
    return {**one, "heading": Phrase("web.country.in-region", {"region": name})}


def _released_table(name: str, rows: list[CountryRow], released: Mapping[str, int]) -> Section:
    """List what countries released, for one who sees no round, whether there is one or not."""
    shown: list[tuple[Cell, ...]] = []
    for row in rows:
        count = released.get(row.code, 0)
        there = reverse("released" if count else "country", kwargs={"country": row.code})
        told = (
            tag("intact", "web.country.has-released", count=count)
            if count
            else tag("plain", "web.country.nothing-released")
        )
        shown.append((link(there, row.name), row.code, told))
    one = table("web.country.in-region", ("country", "code", "country-released"), shown)
    return {**one, "heading": Phrase("web.country.in-region", {"region": name})}


def _state(count: int, now: int) -> Cell:
    """In a word what a country's mark on the map says with its shape."""
    if now:
        return tag("now", "web.country.round-open")
    if count:
        return tag("sealed", "web.country.round-closed")
    return tag("plain", "web.country.no-round")


def _marks(
    rows: list[CountryRow], held: Rounds, released: Mapping[str, int] | None
) -> dict[str, Mark]:
    """Mark my countries by whether rounds are held."""
    found = {}
    for row in rows:
        count, now = held.get(row.code, (0, 0))
        state = "open" if now else "closed" if count else "none"
        said = (
            Phrase(f"web.country-map.{state}", {"name": row.name})
            if released is None
            else Phrase(
                "web.country-map.released", {"name": row.name, "count": released.get(row.code, 0)}
            )
        )
        found[row.code] = Mark(reverse("country", kwargs={"country": row.code}), state, said)
    return found


class PackagedForm(WordsForm):
    """A country of the world, by its name or code."""

    country = forms.CharField(max_length=100, widget=Suggested())
    country_region = forms.ChoiceField(choices=(), required=False)
    options = ("country_region",)

    def __init__(self, *args: Any, there: Collection[str], **kwargs: Any) -> None:
        """Suggest the countries that are not `there` yet, and offer the regions."""
        super().__init__(*args, **kwargs)
        every = packaged.countries().values()
        own = sorted(each.name for each in every if each.iso3 not in there)
        self.fields["country"].widget.values = own
        names = sorted(each.name for each in packaged.regions())
        listed = [("", words("web.country.region-as-listed")), *((each, each) for each in names)]
        choose(self, "country_region", listed)

    def clean_country(self) -> str:
        """The code of the one country that is meant."""
        found = packaged.countries_like(self.cleaned_data["country"])
        if len(found) == 1:
            return found[0].iso3
        if 1 < len(found) <= _MOST_LIKE:
            names = "; ".join(each.name for each in found)
            raise forms.ValidationError(words("web.country.which", names=names))
        raise forms.ValidationError(words("web.country.not-listed"))


class InventedForm(WordsForm):
    """A country that is invented, for practice."""

    invented_code = text(3)
    invented_name = text(100)


@page("countries/new/", "country_new", may=KEEPERS, methods=("GET", "POST"))
def country_new(request: HttpRequest) -> HttpResponse:
    """Add a country of the world, or one that is invented."""
    person = person_of(request)
    is_invented = request.POST.get("do") == "invented" or "invented_code" in request.POST
    there = {row.code for row in countries(person)}
    posted = request.POST if request.method == "POST" and not is_invented else None
    one = PackagedForm(posted, there=there)
    other = InventedForm(request.POST if is_invented else None)
    code = ""
    if one.is_bound and one.is_valid():
        with one.telling("country"):
            asked = one.cleaned_data
            code = add_packaged_country(
                by=person, code=asked["country"], region=asked["country_region"]
            )
    if other.is_bound and other.is_valid():
        with other.telling("invented_code"):
            code = add_country(
                by=person,
                code=other.cleaned_data["invented_code"].upper(),
                name=other.cleaned_data["invented_name"],
                region=_PRACTICE,
                is_invented=True,
            )
    if code:
        messages.success(request, words("web.country.added", code=code))
        return redirect("country", country=code)
    sections = [
        form(
            "web.country.add-packaged",
            one,
            submit="web.country.add",
            text="web.country.add-packaged-text",
        ),
        form(
            "web.country.add-invented",
            other,
            submit="web.country.add-invented",
            text="web.country.add-invented-text",
        ),
    ]
    crumbs = [{"url": reverse("countries"), "name": Phrase("web.room.countries")}]
    return show(request, Phrase("web.country.add"), sections, crumbs=crumbs)
