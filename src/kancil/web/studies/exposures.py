"""Exposure on the site: what an address or cluster sent or received met, each amount opened.

The walk is the command's. It is given up where it takes longer than a page may wait, and then
nothing of it is shown: half an answer would look like a whole one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.desk.studies.errors import AnswerTakesLong, ClustersNotMade
from kancil.desk.studies.exposed import MOST_HOPS, answer_soon
from kancil.desk.studies.grouped import required_clusters
from kancil.desk.studies.queries import label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.exposure.study import EXPOSURE
from kancil.web.cells import Section, asking, button, note, show
from kancil.web.forms import WordsForm, choose
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .chain_cells import chain_limits, cluster_url, way_to
from .exposure_parts import notes_sections, own_labels, side_sections
from .recording import record_in_case

SUBJECTS = ("address", "cluster")


class ExposureForm(WordsForm):
    """Of what exposure is asked, in which direction, under which policy and how far."""

    subject = forms.ChoiceField(choices=())
    side = forms.ChoiceField(choices=())
    policy = forms.ChoiceField(choices=())
    exposure_hops = forms.IntegerField(min_value=1, max_value=MOST_HOPS)
    reach = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what may be chosen."""
        begin = {"subject": "address", "side": "both", "policy": "haircut", "exposure_hops": HOPS}
        kwargs["initial"] = begin | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        choose(self, "subject", [(each, words(f"web.exposure-of.{each}")) for each in SUBJECTS])
        choose(self, "side", [(each, words(f"web.exposure-side.{each}")) for each in SIDES])
        choose(self, "policy", [(one.name, words(f"web.policy.{one.name}")) for one in POLICIES])


def question_of(given: dict[str, Any], address: str) -> Question:
    """Read the form; allegations are always asked for, and stand in a table of their own."""
    return Question(
        address=address,
        is_cluster=given["subject"] == "cluster",
        sides=SIDES[given["side"]],
        policy=given["policy"],
        hops=given["exposure_hops"],
        labels_reach_clusters=given["reach"],
        also_allegations=True,
    )


@page(
    "chains/<str:chain>/clusters/<str:address>/exposure/", "exposure", may=EVERYONE,
    sample={"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"},
)  # fmt: skip
def exposure_page(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """How much of what an address or its cluster sent or received met which labels."""
    workspace = unit_desk().workspace
    opened = open_chain(workspace, chain)
    labels = label_shelf(workspace).index(opened.network)
    form = ExposureForm(_given(request))
    sections: list[Section] = [
        *chain_limits(opened),
        note("warn", "note.exposure-sense"),
        asking("web.exposure.ask", form, submit="web.exposure.do"),
    ]
    title = Phrase("web.exposure.title", {"address": address})
    if form.is_valid():
        question = question_of(form.cleaned_data, address)
        with form.telling():
            clusters = _clusters(opened, labels, question, sections)
            if clusters is not None or not question.needs_clusters:
                try:
                    value = answer_soon(opened, labels, question, clusters)
                except AnswerTakesLong as error:
                    sections += _too_long(error)
                else:
                    sections += _answered(opened, value)
                    title = _title(value, address)
    buttons = [button(cluster_url("cluster", chain, address), "web.cluster.look", main=True)]
    if form.is_valid() and person_of(request).acts:
        where = cluster_url("exposure_record", chain, address)
        buttons.append(button(f"{where}?{_query(form)}", "web.record.do"))
    return show(request, title, sections, crumbs=way_to(chain, address), buttons=buttons)


@page(
    "chains/<str:chain>/clusters/<str:address>/exposure/record/", "exposure_record", may=ACTING,
    methods=("GET", "POST"),
    sample={"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"},
)  # fmt: skip
def exposure_record(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """Record what the page of an exposure answers, in a case."""
    open_chain(unit_desk().workspace, chain)
    form = ExposureForm(_given(request))
    where = cluster_url("exposure", chain, address)
    if not form.is_valid():
        return redirect(where)
    asked = {
        "address": address, "also_allegations": True, "chain": chain,
        "cluster": form.cleaned_data["subject"] == "cluster",
        "direction": form.cleaned_data["side"], "hops": form.cleaned_data["exposure_hops"],
        "labels_reach_clusters": form.cleaned_data["reach"],
        "policy": form.cleaned_data["policy"],
    }  # fmt: skip
    here = {"url": f"{where}?{_query(form)}", "name": Phrase("web.exposure.look")}
    return record_in_case(request, EXPOSURE, asked, [*way_to(chain, address), here])


def _given(request: HttpRequest) -> dict[str, Any]:
    """Read the address of the page; what it does not name is as the command takes it."""
    form = ExposureForm()
    given = dict(form.initial) | request.GET.dict()
    return {name: given.get(name) for name in form.fields}


def _query(form: ExposureForm) -> str:
    return urlencode({name: value for name, value in form.data.items() if value is not None})


def _clusters(
    chain: Chain, labels: LabelIndex, question: Question, sections: list[Section]
) -> Clusters | None:
    """The clusters where they are needed; where they are not made, say where they are."""
    if not question.needs_clusters:
        return None
    try:
        return required_clusters(chain, labels)
    except ClustersNotMade:
        url = reverse("clusters", kwargs={"chain": chain.name})
        sections.append(note("warn", "web.clusters.none", url=url, do="web.room.clusters"))
        return None


def _too_long(error: AnswerTakesLong) -> list[Section]:
    said = (Phrase(f"error.{error.code}.{part}", error.params) for part in ("sentence", "next"))
    return [{**note("warn", each.key), "text": each} for each in said]


def _answered(chain: Chain, value: dict[str, Any]) -> list[Section]:
    found = own_labels(value)
    for side in value["sides"]:
        found += side_sections(chain.name, side)
    return [*found, *notes_sections(value)]


def _title(value: dict[str, Any], address: str) -> Phrase:
    if value["is_cluster"]:
        told = {"address": address, "count": value["addresses"]}
        return Phrase("web.exposure.title-cluster", told)
    return Phrase("web.exposure.title", {"address": address})
