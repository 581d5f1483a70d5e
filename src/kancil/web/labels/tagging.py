"""Tagging: an officer says of an address what it is, and the unit stands for it as publisher."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.bitcoin.labels.store import StoredImport
from kancil.bitcoin.labels.tag import CONFIDENCES, FORMAT, Tag
from kancil.bitcoin.labels.terms import entity_terms
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.studies.errors import SharedOfTrainers
from kancil.desk.studies.own_chains import may_write
from kancil.desk.studies.queries import chain_names, label_shelf, open_chain
from kancil.desk.studies.tagging import may_withdraw, tag_address, withdraw_tag
from kancil.ground.clock import now
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, empty, form, note, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk


class WithdrawTagForm(WordsForm):
    """Why a tag is taken back."""

    reason = text(1000)


class TagForm(WordsForm):
    """What an address is, how sure the officer is, and why."""

    kind = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput())
    chain = forms.ChoiceField(choices=())
    value = text(200)
    label = text(200)
    category = forms.ChoiceField(choices=(), required=False)
    confidence = forms.ChoiceField(choices=())
    reason = text(1000, lines=3)
    next = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput())

    def __init__(self, chains: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the chains that are here, the taxonomy's terms, and how sure one can be."""
        super().__init__(*args, **kwargs)
        choose(self, "chain", [(name, name) for name in chains])
        terms = sorted(entity_terms().values(), key=lambda term: term.shown.casefold())
        nothing = ("", words("web.tag.no-category"))
        choose(self, "category", [nothing, *((each.name, each.shown) for each in terms)])
        sure = [(each, words(f"name.tag-confidence-{each}")) for each in CONFIDENCES]
        choose(self, "confidence", [("", words("web.form.choose")), *sure])


@page("tags/new/", "tag_new", may=ACTING, methods=("GET", "POST"))
def tag_new(request: HttpRequest) -> HttpResponse:
    """Make a label of the unit for an address."""
    desk = unit_desk()
    names, title = chain_names(desk.workspace), Phrase("web.tag.new")
    person = person_of(request)
    mine = [name for name in names if may_write(desk.workspace, name, person)]
    if names and not mine:
        raise SharedOfTrainers
    if not names:
        return show(request, title, [empty("web.chains.empty", url=reverse("chains"))])
    asked = TagForm(mine, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling("value"):
            tag = Tag(
                given["value"].strip(), given["label"].strip(), given["category"],
                given["confidence"], given["reason"].strip(), desk.workspace.unit.name,
                now().astimezone(desk.workspace.zone).date(),
            )  # fmt: skip
            network = open_chain(desk.workspace, given["chain"]).network
            tag_address(
                desk.ledger, desk.workspace, tag, network, by=desk.server(request),
                chain=given["chain"],
            )  # fmt: skip
            messages.success(request, words("web.tag.made"))
            return redirect(_way_on(request, given))
    sections = [form("web.tag.new", asked, submit="web.tag.make", text="web.tag.text")]
    way = [{"url": reverse("labels"), "name": Phrase("web.room.labels")}]
    return show(request, title, sections, crumbs=way)


def _way_on(request: HttpRequest, given: dict[str, Any]) -> str:
    """Where the officer came from, if that is a page of this site; else the address."""
    if given["next"] and url_has_allowed_host_and_scheme(
        given["next"], allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return str(given["next"])
    return reverse("address", kwargs={"chain": given["chain"], "address": given["value"].strip()})


@page("labels/<str:source>/withdraw/", "tag_withdraw", may=ACTING, methods=("POST",))
def tag_withdraw(request: HttpRequest, source: str) -> HttpResponse:
    """Take a label of the unit back, with the reason."""
    desk, asked = unit_desk(), WithdrawTagForm(request.POST)
    found = next((each for each in label_shelf(desk.workspace).imports if each.id == source), None)
    if found is None:
        raise PageNotFound
    person = person_of(request)
    if not may_write(desk.workspace, found.chain, person):
        raise SharedOfTrainers
    if asked.is_valid():
        withdraw_tag(
            desk.ledger, desk.workspace, found, asked.cleaned_data["reason"],
            person=person, by=desk.server(request),
        )  # fmt: skip
        messages.success(request, words("web.tag.withdrawal-recorded"))
    else:
        messages.error(request, " ".join(str(each[0]) for each in asked.errors.values()))
    return redirect("label_source", source=source)


def withdrawal(request: HttpRequest, stored: StoredImport) -> list[Section]:
    """That a tag was withdrawn, or the form that withdraws it; nothing of a publisher's file."""
    if stored.is_withdrawn:
        return [note("warn", "web.tag.withdrawn-text")]
    person = person_of(request)
    if stored.format != FORMAT or not person.acts:
        return []
    if not may_withdraw(unit_desk().ledger, unit_desk().workspace, stored, person):
        return []
    action = reverse("tag_withdraw", kwargs={"source": stored.id})
    return [
        form("web.tag.withdraw", WithdrawTagForm(), submit="web.tag.withdraw", action=action,
             text="web.tag.withdraw-text")
    ]  # fmt: skip
