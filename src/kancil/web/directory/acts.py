"""Forms of the directory: an entry found right, corrected, or added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.directory.actions import add_offices, new_office_id, verify_office
from kancil.desk.directory.errors import OfficeChangedMeanwhile, VerificationNotYet
from kancil.desk.directory.queries import office_named
from kancil.ground.canonical import dumps
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.legal.directory.errors import OfficeNotReadable
from kancil.legal.directory.office import Channel, Confidence, Listing, Office
from kancil.legal.directory.reading import office_of
from kancil.legal.directory.told import answer
from kancil.web.cells import form, show
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.page import ACTING, page
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

from .pages import kind_choices, stated, today, way

_LISTS = {"services": "\n", "holds": "\n", "wants": "\n", "languages": ",", "working_days": ","}
"""Fields that hold several, and what parts them as they are typed."""
_FORM = "office_"


class VerifyForm(WordsForm):
    """When an entry was found right, and how."""

    office_on = day(required=True)
    office_how = text(300)
    office_remark = text(1000, required=False, lines=2)
    office_seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())

    @contextmanager
    def telling(self, field: str | None = None) -> Iterator[None]:
        """What is wrong with a field of the entry at that field."""
        with super().telling(field):
            try:
                yield
            except OfficeNotReadable as error:
                name, why = _FORM + str(error.params["field"]), error.params["why"]
                told = render_phrase(why) if isinstance(why, Phrase) else str(why)
                self.add_error(name if name in self.fields else None, told)
            except VerificationNotYet as error:
                self.add_error("office_on", words(f"error.{error.code}.sentence", **error.params))

    def stated(self) -> dict[str, Any]:
        """Day, how and note, as the actions take them."""
        given = self.cleaned_data
        return {
            "on": given["office_on"],
            "how": given["office_how"],
            "note": given["office_remark"],
        }


class OfficeForm(VerifyForm):
    """An entry whole, and when and how it was found right."""

    office_kind = forms.ChoiceField(choices=())
    office_name = text(300)
    office_country = text(2, required=False)
    office_services = text(2000, required=False, lines=3)
    office_channel = forms.ChoiceField(choices=(), required=False)
    office_address = text(300, required=False)
    office_languages = text(200, required=False)
    office_holds = text(2000, required=False, lines=2)
    office_wants = text(2000, required=False, lines=2)
    office_working_days = text(60, required=False)
    office_zone = text(60, required=False)
    office_note = text(2000, required=False, lines=2)
    office_source = text(300)
    office_as_of = day(required=True)
    office_confidence = forms.ChoiceField(choices=())
    options = (
        "office_languages", "office_holds", "office_wants", "office_working_days", "office_zone",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer kinds, channels, and how sure one can be; the entry first, then how it is known."""
        super().__init__(*args, **kwargs)
        nothing = ("", words("web.form.choose"))
        choose(self, "office_kind", [nothing, *kind_choices()])
        ways = [(each.value, words(f"name.channel-{each}")) for each in Channel]
        choose(self, "office_channel", [("", words("web.directory.no-channel")), *ways])
        sure = [(each.value, words(f"name.office-confidence-{each}")) for each in Confidence]
        choose(self, "office_confidence", [nothing, *sure])
        last = list(VerifyForm.base_fields)
        self.order_fields([name for name in self.fields if name not in last] + last)

    def office(self, name: str = "") -> Office:
        """The entry as it was typed; raises OfficeNotReadable."""
        given = self.cleaned_data
        value: dict[str, Any] = {}
        for field in self.fields:
            key = field.removeprefix(_FORM)
            if field in VerifyForm.base_fields or not field.startswith(_FORM):
                continue
            typed = given[field]
            value[key] = typed.isoformat() if isinstance(typed, date) else typed
            if key in _LISTS:
                parts = re.split(r"[,\s]+" if _LISTS[key] == "," else r"\n", typed)
                value[key] = [each.strip() for each in parts if each.strip()]
        value["country"] = value["country"].upper()
        value["id"] = name or new_office_id(value["kind"], value["country"], value["name"])
        return office_of(value, value["name"])


def _typed(office: Office) -> dict[str, Any]:
    """What the fields of a form hold for an entry."""
    found = plain(office)
    for name, parting in _LISTS.items():
        found[name] = (", " if parting == "," else parting).join(found[name])
    return {_FORM + name: value for name, value in found.items()}


def _seen(listing: Listing) -> str:
    """By what it is told that an entry is still the one that was shown."""
    return sha256_hex(dumps(plain(listing.office)))


def _unchanged(asked: VerifyForm, listing: Listing) -> None:
    """Refuse what was decided on another entry than stands there; raises OfficeChangedMeanwhile."""
    if asked.cleaned_data["office_seen"] != _seen(listing):
        raise OfficeChangedMeanwhile(name=listing.office.name)


@page(
    "directory/office/<str:office>/verify/", "office_verify", may=ACTING, methods=("GET", "POST"),
    sample={"office": "google"},
)  # fmt: skip
def office_verify(request: HttpRequest, office: str) -> HttpResponse:
    """Record that an entry was found right, when and how."""
    return _decide(request, office, VerifyForm, "verify")


@page(
    "directory/office/<str:office>/correct/", "office_correct", may=ACTING,
    methods=("GET", "POST"), sample={"office": "google"},
)  # fmt: skip
def office_correct(request: HttpRequest, office: str) -> HttpResponse:
    """Record what is right instead of what an entry says; its id and kind stay."""
    return _decide(request, office, OfficeForm, "correct")


def _decide(request: HttpRequest, office: str, kind: type[VerifyForm], act: str) -> HttpResponse:
    desk = unit_desk()
    found = office_named(desk.ledger, desk.workspace, office)
    first = {"office_on": today().isoformat(), "office_seen": _seen(found)}
    if kind is OfficeForm:
        first = {**_typed(found.office), **first}
    asked = kind(request.POST or None, initial=first)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            _unchanged(asked, found)
            right = asked.office(found.office.id) if isinstance(asked, OfficeForm) else None
            verify_office(
                desk.ledger, desk.workspace, listing=found, by=desk.server(request),
                corrected=right, **asked.stated(),
            )  # fmt: skip
            messages.success(request, words(f"web.directory.done-{act}"))
            return redirect("office", office=found.office.id)
    key = f"web.directory.{act}"
    sections = [said(answer(found, today())), form(key, asked, submit=key, text=f"{key}-text")]
    if kind is VerifyForm:
        sections.insert(1, stated(found))
    title = Phrase(f"{key}-title", {"name": found.office.name})
    return show(request, title, sections, crumbs=way())


@page("directory/new/", "office_new", may=ACTING, methods=("GET", "POST"))
def office_new(request: HttpRequest) -> HttpResponse:
    """Add an office that the directory has not."""
    desk, day = unit_desk(), today().isoformat()
    first = {"office_on": day, "office_as_of": day, **request.GET.dict()}
    asked = OfficeForm(request.POST or None, initial=first)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            right = asked.office()
            add_offices(
                desk.ledger, desk.workspace, [right], by=desk.server(request), **asked.stated()
            )
            messages.success(request, words("web.directory.done-add"))
            return redirect("office", office=right.id)
    key = "web.directory.add"
    sections = [form(key, asked, submit=key, text=f"{key}-text")]
    return show(request, Phrase(key), sections, crumbs=way())
