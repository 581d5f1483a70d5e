"""By region: the choice that stands above lists of countries and of what is of countries."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from kancil.assessment.country import regions
from kancil.desk.assessment.queries.countries import CountryRow
from kancil.ground.words import render as words
from kancil.web.forms import WordsForm, choose


def regions_of(rows: Iterable[CountryRow]) -> list[str]:
    """The regions of countries: the programme's in their order, then others by name."""
    known = [each.name for each in regions()]
    there = {row.region for row in rows}
    return [*(name for name in known if name in there), *sorted(there - set(known))]


def offer_regions(form: WordsForm, rows: Iterable[CountryRow]) -> None:
    """Put the regions that there are into the form's `in_region`; with one there is no choice."""
    names = regions_of(rows)
    if len(names) < 2:
        del form.fields["in_region"]
        return
    choose(form, "in_region", [("", words("web.round.any")), *((name, name) for name in names)])


def asked_region(request: HttpRequest, rows: Iterable[CountryRow]) -> str:
    """The region that is looked at; empty: all of them."""
    name = request.GET.get("in_region", "")
    return name if any(row.region == name for row in rows) else ""
