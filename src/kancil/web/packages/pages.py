"""Packages that other sites sent: the list, one by its figures, and the keys that are trusted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.country import countries
from kancil.desk.packages.actions import (
    end_site_key,
    import_package,
    trust_site,
    withdraw_package,
)
from kancil.desk.packages.queries import (
    Received,
    Standing,
    package_file,
    received_package,
    received_packages,
    trusted_keys,
)
from kancil.desk.people.queries import Person
from kancil.ground.days import span
from kancil.ground.files import plain_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.records.package import MAX_BYTES, SiteKind
from kancil.web.cells import (
    Section,
    button,
    choosing,
    empty,
    facts,
    form,
    identifier,
    link,
    note,
    show,
    table,
    tag,
    when,
)
from kancil.web.confirming import confirm_first, confirming_note, is_confirmed, typed
from kancil.web.figure_tables import (
    count_cell,
    days_median,
    figure_sections,
    is_of_a_class,
    package_response,
    size_of,
    trained,
)
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell, Crumb, Kind, Tick
from kancil.web.programme_page import KEEPERS, page
from kancil.web.signed_in import person_of

_TAGS: dict[Standing, Kind] = {
    Standing.CURRENT: "intact", Standing.SUPERSEDED: "warn", Standing.WITHDRAWN: "danger",
}  # fmt: skip


class ImportForm(WordsForm):
    """A package's file."""

    figures_file = forms.FileField(max_length=1000)


class WithdrawForm(WordsForm):
    """Why a package counts no more."""

    package_reason = text(1000)


class KeyForm(WordsForm):
    """A key, whose it is, and how its fingerprint was compared."""

    key_fingerprint = text(60)
    site_name = text(200)
    site_kind = forms.ChoiceField(choices=())
    site_country = forms.ChoiceField(choices=())
    compared_how = text(300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of site, and the countries of the programme's list."""
        super().__init__(*args, **kwargs)
        kinds = [(each.value, words(f"name.site-kind-{each.value}")) for each in SiteKind]
        choose(self, "site_kind", kinds)
        named = sorted((each.name, code) for code, each in countries().items())
        there = [(code, name) for name, code in named]
        choose(self, "site_country", [("", words("web.form.choose")), *there])


@page("packages/", "packages", may=KEEPERS, menu="site", order=86)
def packages(request: HttpRequest) -> HttpResponse:
    """The packages by country and period, and importing one."""
    return _page(request, ImportForm())


def _page(request: HttpRequest, asked: ImportForm) -> HttpResponse:
    person = person_of(request)
    found = received_packages(person)
    current = [each for each in found if each.standing is Standing.CURRENT]
    others = [each for each in found if each.standing is not Standing.CURRENT]
    sections: list[Section] = []
    if not found:
        sections.append(empty("web.packages.none", icon="sealed"))
    classes = [each for each in current if is_of_a_class(each.package.tables)]
    requests = [each for each in current if each not in classes]
    if requests:
        sections.append(_figures(requests))
    if classes:
        sections.append(_classes(classes))
    if others:
        sections.append(_superseded(others))
    sections.append(
        form(
            "web.packages.import", asked, submit="web.packages.import-do",
            text="web.packages.import-text", action=reverse("packages_import"),
        )
    )  # fmt: skip
    buttons = [button(reverse("site_keys"), "web.room.site-keys")]
    lead = Phrase("web.packages.lead")
    return show(request, Phrase("web.room.packages"), sections, lead=lead, buttons=buttons)


def _figures(found: list[Received]) -> Section:
    """What counts, by country: each package's main figures beside each other."""
    rows: list[tuple[Cell, ...]] = []
    for each in sorted(found, key=lambda one: _country(one.country)):
        tables = each.package.tables
        rows.append(
            (
                _country(each.country), each.site, _way(each),
                count_cell(size_of(tables, "sent")), count_cell(size_of(tables, "with-answer")),
                days_median(tables) or "–", count_cell(size_of(tables, "refused")),
            )
        )  # fmt: skip
    columns = ("country", "site", "period", "requests-sent>", "requests-answered>",
               "requests-days>", "requests-refused>")  # fmt: skip
    return table("web.packages.current", columns, rows)


def _classes(found: list[Received]) -> Section:
    """Classes of classrooms, the newest first: each package's main counts beside each other."""
    rows: list[tuple[Cell, ...]] = []
    for each in sorted(found, key=lambda one: one.package.period.since, reverse=True):
        tables = each.package.tables
        people, certified = trained(tables, "trainees"), trained(tables, "certified")
        country = _country(each.country)
        rows.append((country, each.site, _way(each), count_cell(people), count_cell(certified)))
    columns = ("country", "site", "period", "class-trainees>", "class-certified>")
    return table("web.packages.classes", columns, rows)


def _superseded(found: list[Received]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (_country(each.country), each.site, _way(each), _standing(each), when(each.received_at))
        for each in found
    ]
    columns = ("country", "site", "period", "status", "received-at")
    return table("web.packages.others", columns, rows)


@page("packages/import/", "packages_import", may=KEEPERS, methods=("POST",))
def import_file(request: HttpRequest) -> HttpResponse:
    """Take a package in; the same file again changes nothing."""
    asked = ImportForm(request.POST, request.FILES)
    if asked.is_valid():
        sent: UploadedFile[Any] = asked.cleaned_data["figures_file"]
        with asked.telling("figures_file"):
            done = import_package(
                by=person_of(request), data=sent.read(MAX_BYTES + 1),
                path=plain_name(sent.name or ""),
            )  # fmt: skip
            key = "web.packages.imported" if done.is_new else "web.packages.known"
            messages.success(request, words(key, site=done.received.site))
            return redirect("package", package=done.received.package.id)
    return _page(request, asked)


@page(
    "packages/<str:package>/", "package", may=KEEPERS, methods=("GET", "POST"),
    sample={"package": "none"}, within="packages",
)  # fmt: skip
def package_page(request: HttpRequest, package: str) -> HttpResponse:
    """A package: whose it is, whether it counts, and its figures; withdrawing it."""
    person = person_of(request)
    found = received_package(person, package)
    asked = WithdrawForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        with asked.telling("package_reason"):
            reason = asked.cleaned_data["package_reason"]
            withdraw_package(by=person, package=found.package.id, reason=reason)
            messages.success(request, words("web.packages.withdrawn"))
            return redirect("package", package=found.package.id)
    sections: list[Section] = []
    if found.standing is not Standing.CURRENT:
        sections.append(note("warn", f"web.package-is-{found.standing}"))
    sections += figure_sections(found.package.tables, found.package.period)
    sections.append(_facts(found))
    if found.standing is not Standing.WITHDRAWN:
        sections.append(form("web.packages.withdraw", asked, submit="web.packages.withdraw-do",
                             text="web.packages.withdraw-text"))  # fmt: skip
    title = Phrase("web.packages.of", {"site": found.site, "period": _period(found)})
    crumbs = [Crumb(Phrase("web.room.packages"), reverse("packages"))]
    return show(request, title, sections, crumbs=crumbs)


def _facts(found: Received) -> Section:
    package = found.package
    told: list[tuple[str, Cell]] = [
        ("status", _standing(found)),
        ("country", _country(found.country)),
        ("made-for", package.to),
        ("made-at", when(package.made_at)),
        ("reviewed-by", f"{package.review.name}, {package.review.role}"),
        ("signed-at", when(package.review.at)),
        ("key", identifier(found.fingerprint)),
        ("sha256", identifier(found.sha256)),
        ("received-at", when(found.received_at)),
        ("received-by", found.received_by),
        ("leaving-file", link(
            reverse("package_file", kwargs={"package": package.id}),
            Phrase("web.figures.download"),
        )),
    ]  # fmt: skip
    for name, other in (("supersedes", package.supersedes), ("superseded-by", found.superseded_by)):
        if other:
            told.append((name, identifier(other)))
    if found.withdrawn_why:
        told.append(("reason", found.withdrawn_why))
    return facts("web.packages.about", told)


@page("packages/<str:package>/file/", "package_file", may=KEEPERS, sample={"package": "none"})
def file(request: HttpRequest, package: str) -> HttpResponseBase:
    """Send the file as it came."""
    person = person_of(request)
    found = received_package(person, package)
    return package_response(package_file(person, package), found.package.period)


@page("packages/keys/", "site_keys", may=KEEPERS, methods=("GET", "POST"), within="packages")
def keys_page(request: HttpRequest) -> HttpResponse:
    """The keys of other sites: trust one, end one."""
    by = person_of(request)
    is_ending = request.POST.get("do") == "end"
    is_adding = request.method == "POST" and not is_ending
    asked = KeyForm(request.POST) if is_adding else KeyForm(initial=typed(request))
    if request.method == "POST" and not is_confirmed(request):
        return confirm_first(request, asked)
    if is_ending:
        for each in request.POST.getlist("fingerprint"):
            end_site_key(by=by, fingerprint=each)
        messages.success(request, words("web.keys.ended"))
        return redirect("site_keys")
    if is_adding and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            trust_site(
                by=by, fingerprint=given["key_fingerprint"], name=given["site_name"],
                kind=given["site_kind"], country=given["site_country"],
                compared_how=given["compared_how"],
            )  # fmt: skip
            messages.success(request, words("web.packages.trusted"))
            return redirect("site_keys")
    sections: list[Section] = [*confirming_note(request, "web.keys.confirm"), *_keys(by)]
    one = form("web.packages.trust", asked, submit="web.packages.trust-do",
               text="web.packages.trust-text")  # fmt: skip
    sections.append({**one, "keep": ""})
    crumbs = [Crumb(Phrase("web.room.packages"), reverse("packages"))]
    lead = Phrase("web.packages.keys-lead")
    return show(request, Phrase("web.room.site-keys"), sections, lead=lead, crumbs=crumbs)


def _keys(by: Person) -> list[Section]:
    known = trusted_keys(by)
    standing: list[tuple[Cell, ...]] = [
        (
            Tick("fingerprint", each.fingerprint, Phrase("web.keys.tick", {"name": each.name})),
            each.name, _country(each.country), identifier(each.fingerprint), each.compared_how,
            when(each.added_at),
        )
        for each in known if each.ended_at is None
    ]  # fmt: skip
    ended: list[tuple[Cell, ...]] = [
        (each.name, _country(each.country), identifier(each.fingerprint), when(each.ended_at))
        for each in known
        if each.ended_at is not None
    ]
    found: list[Section] = []
    if standing:
        columns = ("end", "site", "country", "fingerprint", "compared-how", "since")
        found.append(choosing("web.packages.keys", columns, standing, submit="web.keys.end",
                              do="end", text=Phrase("web.packages.end-text")))  # fmt: skip
    if ended:
        heads = ("site", "country", "fingerprint", "ended")
        found.append(table("web.packages.keys-ended", heads, ended))
    return found


def _way(found: Received) -> Cell:
    return link(reverse("package", kwargs={"package": found.package.id}), _period(found))


def _period(found: Received) -> str:
    period = found.package.period
    return span(period.since, period.until)


def _standing(found: Received) -> Cell:
    return tag(_TAGS[found.standing], f"name.package-{found.standing}")


def _country(code: str) -> str:
    known = countries().get(code)
    return code if known is None else known.name
