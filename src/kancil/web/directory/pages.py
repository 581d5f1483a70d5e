"""The directory: its offices, searched; and one of them, with what is known of its channel."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.custody.entry import Entry
from kancil.desk.cases import queries as case_queries
from kancil.desk.directory.queries import directory_of, office_named, verifications
from kancil.ground.clock import now
from kancil.ground.country_names import country_named
from kancil.ground.folding import folded
from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import grouped
from kancil.ground.words import render as words
from kancil.legal.directory.office import Kind, Listing, Origin, Standing
from kancil.legal.directory.shipped import Rule, rules_for
from kancil.legal.directory.told import answer
from kancil.web.cases.history import who_acted
from kancil.web.cells import (
    Section,
    asking,
    button,
    facts,
    limits,
    link,
    note,
    show,
    table,
    tag,
    when,
)
from kancil.web.forms import WordsForm, choose
from kancil.web.page import EVERYONE, HEADS, page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

PAGE_ROWS = 30
_COLOURS: dict[Standing, Any] = {
    Standing.VERIFIED: "intact",
    Standing.OLD: "warn",
    Standing.NEVER: "unknown",
}


def today() -> date:
    """The day in the unit's zone."""
    return now().astimezone(unit_desk().workspace.zone).date()


class SearchForm(WordsForm):
    """Words, a kind and a country."""

    office_search = forms.CharField(max_length=100, required=False)
    office_kind = forms.ChoiceField(choices=(), required=False)
    office_where = forms.ChoiceField(choices=(), required=False)

    def __init__(self, countries: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the kinds there are, and the countries that the directory names."""
        super().__init__(*args, **kwargs)
        every = ("", words("web.directory.every"))
        choose(self, "office_kind", [every, *kind_choices()])
        choose(
            self,
            "office_where",
            [
                every,
                *sorted(((each, country_named(each) or each) for each in countries), key=_by_name),
            ],
        )


def _by_name(choice: tuple[str, str]) -> str:
    return folded(choice[1])


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of office with their words."""
    return [(each.value, words(f"name.office-{each}")) for each in Kind]


@page("directory/", "directory", may=EVERYONE, menu="site", order=27)
def directory(request: HttpRequest) -> HttpResponse:
    """Offices and keepers, searched; what this unit did not verify says so."""
    desk, person = unit_desk(), person_of(request)
    whole = directory_of(desk.ledger, desk.workspace)
    countries = sorted({each.office.country for each in whole} - {""})
    home = desk.workspace.unit.country
    is_home = home in countries and not set(request.GET) & set(SearchForm.base_fields)
    asked = SearchForm(countries, {"office_where": home} if is_home else request.GET or None)
    given = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    day = today()
    found = whole.search(
        given.get("office_search", ""),
        kind=Kind(given["office_kind"]) if given.get("office_kind") else None,
        country=given.get("office_where", ""),
    )
    if not given.get("office_search"):  # what can be used first, then by name
        found = tuple(sorted(found, key=lambda each: _rank(each, day)))
    part = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    columns = ("office-name", "office-way", "office-standing", "office-kind", "office-country")
    kept = request.GET.copy()
    kept.pop("page", None)
    rows = [_row(each, day) for each in part]
    listed = table("web.directory.offices", columns, rows, pages=part)
    listed["query"] = f"{kept.urlencode()}&" if kept else ""
    verified = sum(each.standing(day) is Standing.VERIFIED for each in found)
    counted: dict[str, Param] = {
        "count": grouped(len(found)), "verified": grouped(verified),
        "all": grouped(len(whole)), "country": country_named(home) or home,
    }  # fmt: skip
    sections: list[Section] = [
        said([Phrase(f"web.directory.answer{'-home' if is_home else ''}", counted)]),
        asking("web.directory.search", asked, submit="web.directory.find"),
        listed if rows else note("info", "web.directory.none"),
        limits([Phrase("web.directory.limit-shipped"), Phrase("web.directory.limit-180")]),
    ]
    buttons = [button(reverse("office_new"), "web.directory.add", main=True)] if person.acts else []
    if person.role in HEADS:
        buttons.append(button(reverse("directory_exchange"), "web.directory.exchange"))
    return show(request, Phrase("web.room.directory"), sections, buttons=buttons)


def _rank(listing: Listing, day: date) -> tuple[int, bool]:
    return list(Standing).index(listing.standing(day)), listing.office.channel is None


def _row(listing: Listing, day: date) -> tuple[Cell, ...]:
    office = listing.office
    name = link(reverse("office", kwargs={"office": office.id}), office.name)
    return (
        Several((name, ", ".join(office.services))) if office.services else name,
        _way(listing),
        standing_cell(listing, day),
        Phrase(f"name.office-{office.kind}"),
        office.country,
    )


def _way(listing: Listing) -> Cell:
    office = listing.office
    if office.channel is None:
        return Phrase("web.directory.no-channel")
    return Several((Phrase(f"name.channel-{office.channel}"), office.address))


def standing_cell(listing: Listing, day: date) -> Cell:
    """Whether this unit verified an office, as a word with a colour; and on which day."""
    standing, verified = listing.standing(day), listing.office.verified_on
    shown = tag(_COLOURS[standing], f"name.standing-{standing}")
    if standing is Standing.NEVER or verified is None:
        return shown
    return Several((shown, verified.isoformat()))


@page("directory/office/<str:office>/", "office", may=EVERYONE, sample={"office": "google"})
def office_page(request: HttpRequest, office: str) -> HttpResponse:
    """One office: how a request reaches it, who says so, and what others state of it."""
    desk, day = unit_desk(), today()
    found = office_named(desk.ledger, desk.workspace, office)
    at = {"office": found.office.id}
    buttons = []
    if person_of(request).acts:
        has_way = found.office.has_way
        buttons = [
            button(reverse("office_correct", kwargs=at), "web.directory.correct", main=not has_way)
        ]
        if has_way:
            verify = reverse("office_verify", kwargs=at)
            buttons.insert(0, button(verify, "web.directory.verify", main=True))
    sections: list[Section] = [said(answer(found, day)), stated(found)]
    if found.others:
        sections.append(_others(found, day))
    sections += _history(verifications(desk.ledger, found.office.id))
    advice = rules_for(found.office.kind)
    if advice:
        sections.append(_advice(advice))
    sections.append(limits([Phrase("web.directory.limit-180"), Phrase("web.directory.limit-word")]))
    return show(request, Phrase("web.directory.title", {"name": found.office.name}), sections,
                buttons=buttons, crumbs=way())  # fmt: skip


def way() -> list[dict[str, Any]]:
    """The steps above a page of the directory."""
    return [{"url": reverse("directory"), "name": Phrase("web.room.directory")}]


def who_states(listing: Listing) -> Cell:
    """Whose word an entry is."""
    if listing.origin is Origin.UNIT:
        return Phrase("web.directory.by", {"unit": listing.by})
    return Phrase(f"name.origin-{listing.origin}")


def stated(listing: Listing) -> Section:
    """What an entry states, with its source."""
    office = listing.office
    channel = None if office.channel is None else Phrase(f"name.channel-{office.channel}")
    told: list[tuple[str, Cell]] = [
        ("office-kind", Phrase(f"name.office-{office.kind}")),
        ("office-country", office.country),
        ("office-services", ", ".join(office.services)),
        ("office-channel", channel),
        ("office-address", office.address),
        ("office-languages", ", ".join(office.languages)),
        ("office-holds", ", ".join(office.holds)),
        ("office-wants", ", ".join(office.wants)),
        ("office-hours", _hours(listing)),
        ("office-note", office.note),
        ("office-origin", who_states(listing)),
        ("office-source", office.source),
        ("office-as-of", office.as_of.isoformat()),
        ("office-confidence", Phrase(f"name.office-confidence-{office.confidence}")),
    ]
    return facts("web.directory.facts", [(name, cell) for name, cell in told if cell])


def _hours(listing: Listing) -> str:
    days = " ".join(words(f"name.week-day-{each}") for each in listing.office.working_days)
    return ", ".join(each for each in (days, listing.office.zone) if each)


def _others(listing: Listing, day: date) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            who_states(each),
            _way(each),
            "" if each.office.verified_on is None else each.office.verified_on.isoformat(),
            each.office.source,
        )
        for each in listing.others
    ]
    columns = ("office-origin", "office-way", "office-verified-on", "office-source")
    return table("web.directory.others", columns, rows)


def _history(entries: list[Entry]) -> list[Section]:
    names = case_queries.officer_names()
    rows: list[tuple[Cell, ...]] = [
        (
            entry.body["on"],
            Phrase(f"name.office-act-{entry.body['what']}"),
            entry.body["how"],
            entry.body["note"],
            who_acted(entry, names),
            when(entry.at),
        )
        for entry in entries
    ]
    columns = ("office-verified-on", "office-act", "office-how", "office-note", "who", "when")
    return [table("web.directory.history", columns, rows)] if rows else []


def _advice(rules: tuple[Rule, ...]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.rule-{each.id}"),
            each.law or Phrase("web.directory.practice"),
            each.source,
            each.as_of.isoformat(),
            Phrase(f"name.office-confidence-{each.confidence}"),
        )
        for each in rules
    ]
    columns = ("office-rule", "office-law", "office-source", "office-as-of", "office-confidence")
    return table("web.directory.rules", columns, rows)
