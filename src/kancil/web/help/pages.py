"""Help: what a page is for, a glossary, and a search over both; all of it offline."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from kancil.web.cells import Section, asking, facts, link, note, show, table
from kancil.web.forms import WordsForm
from kancil.web.page import DECONFLICTION, EVERYONE, page
from kancil.web.parts import Cell, Several

from .glossary import Term, Topic, find_terms, find_topics, terms, topic_of, topics


class FindForm(WordsForm):
    """A word to look for."""

    q = forms.CharField(max_length=100, required=False)


@page("help/", "help", may=EVERYONE | DECONFLICTION, menu="person", order=90)
def help_page(request: HttpRequest) -> HttpResponse:
    """What the page is for from which one came; else all words, or those that were looked for."""
    here = topic_of(request.GET.get("page", ""))
    asked = FindForm(request.GET if "q" in request.GET else None)
    text = asked.cleaned_data["q"].strip() if asked.is_bound and asked.is_valid() else ""
    find = asking("web.help.find", asked, submit="web.help.do", action=reverse("help"))
    if here is not None and not text:
        here_words = _terms([terms()[name] for name in here.terms], "web.help.words-here")
        told: Section = {"kind": "told", "heading": Phrase("web.help.this"), "texts": [here.text]}
        return show(request, here.name, [told, here_words, find, _all_words()])
    if not text:
        pages = (
            (each.name, f"{reverse('help')}?page={each.pages[0]}") for each in topics().values()
        )
        words = ((each.name, _url(each)) for each in terms().values())
        sections = [
            find,
            _index("web.help.topics", "topic", pages),
            _index("web.help.terms", "term", words),
        ]
        return show(request, Phrase("web.room.help"), sections, lead=Phrase("web.help.lead"))
    found, about = find_terms(text), find_topics(text)
    sections = [find]
    if not (found or about):
        sections.append(note("info", "web.help.none", query=text))
    if about:
        sections.append(_topics(about))
    if found:
        sections.append(_terms(found, "web.help.terms"))
    return show(request, Phrase("web.room.help"), sections, lead=Phrase("web.help.lead"))


@page(
    "help/<str:term>/", "help_term", may=EVERYONE | DECONFLICTION, sample={"term": "policy"},
)  # fmt: skip
def help_term(request: HttpRequest, term: str) -> HttpResponse:
    """One word: what it means, where that is written, and what is read with it."""
    found = terms().get(term)
    if found is None:
        raise PageNotFound
    see = Several([link(_url(terms()[name]), terms()[name].name) for name in found.see])
    where = [link(f"{reverse('help')}?page={each.pages[0]}", each.name) for each in _naming(found)]
    rows: list[tuple[str, Cell]] = [
        ("means", found.means), ("written", found.source), ("see", see),
    ]  # fmt: skip
    if where:
        rows.append(("topic", Several(where)))
    way = [{"url": reverse("help"), "name": Phrase("web.room.help")}]
    return show(request, found.name, [facts("web.help.terms", rows)], crumbs=way)


def _url(term: Term) -> str:
    return reverse("help_term", kwargs={"term": term.id})


def _naming(term: Term) -> list[Topic]:
    return [each for each in topics().values() if term.id in each.terms]


def _terms(found: Iterable[Term], heading: str) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (link(_url(each), each.name), each.means, each.source) for each in found
    ]
    return table(heading, ("term", "means", "written"), rows)


def _topics(found: Iterable[Topic]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (link(f"{reverse('help')}?page={each.pages[0]}", each.name), each.text) for each in found
    ]
    return table("web.help.topics", ("topic", "means"), rows)


def _index(heading: str, column: str, named: Iterable[tuple[Phrase, str]]) -> Section:
    """Names and their addresses by first letter; what they mean stands behind them."""
    by_letter: dict[str, list[Cell]] = {}
    for text, name, url in sorted(
        ((render_phrase(name), name, url) for name, url in named),
        key=lambda each: each[0].casefold(),
    ):
        by_letter.setdefault(text[:1].upper(), []).append(link(url, name))
    rows: list[tuple[Cell, ...]] = [
        (letter, Several(found)) for letter, found in sorted(by_letter.items())
    ]
    return table(heading, ("letter", column), rows)


def _all_words() -> Section:
    return {**note("info", "web.help.lead", url=reverse("help"), do="web.help.all")}
