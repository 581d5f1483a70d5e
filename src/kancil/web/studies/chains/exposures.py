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
from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.desk.studies.errors import AnswerTakesLong, ClustersNotMade
from kancil.desk.studies.exposed import MOST_HOPS, answer_soon
from kancil.desk.studies.grouped import required_clusters
from kancil.desk.studies.material import material_of
from kancil.desk.studies.queries import label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.exposure.study import EXPOSURE
from kancil.studies.study import Result
from kancil.web.cells import Section, button, folded_form, note, show
from kancil.web.forms import WordsForm, choose
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.studies.chain_cells import cluster_url, watermark, way_to
from kancil.web.studies.chains.exposure_bars import exposure_bars
from kancil.web.studies.results.recording import record_in_case
from kancil.web.studies.results.tables import Ways, result_sections
from kancil.web.unit_desk import unit_desk

SUBJECTS = ("address", "cluster")
MOST_DEPOSITS = 400
"""Deposits up to which exposure is computed beside something else; above it is asked for."""


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


@page(
    "chains/<str:chain>/clusters/<str:address>/exposure/", "exposure", may=EVERYONE,
    sample={"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"},
)  # fmt: skip
def exposure_page(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """How much of what an address or its cluster sent or received met which labels."""
    workspace = unit_desk().workspace
    opened = open_chain(workspace, chain)
    labels = label_shelf(workspace, opened).index(opened.network)
    form = ExposureForm(_given(request))
    sections: list[Section] = watermark(opened)
    if form.is_valid():
        with form.telling():
            given = asked_of(form, chain, address)
            sections += _answered(request, opened, labels, given, f"{_query(form)}&")
    sections.append(folded_form("web.exposure.ask", form, submit="web.exposure.do"))
    buttons = [button(cluster_url("cluster", chain, address), "web.cluster.look", main=True)]
    if form.is_valid() and person_of(request).acts:
        where = cluster_url("exposure_record", chain, address)
        buttons.append(button(f"{where}?{_query(form)}", "web.record.do"))
    title = Phrase("web.exposure.title", {"address": address})
    return show(request, title, sections, crumbs=way_to(chain, address), buttons=buttons)


def asked_of(form: ExposureForm, chain: str, address: str) -> dict[str, Any]:
    """What the form asks, as the study takes it; allegations are always asked for."""
    given = form.cleaned_data
    return {
        "address": address, "also_allegations": True, "chain": chain,
        "cluster": given["subject"] == "cluster", "direction": given["side"],
        "hops": given["exposure_hops"], "labels_reach_clusters": given["reach"],
        "policy": given["policy"],
    }  # fmt: skip


def exposure_result(chain: Chain, labels: LabelIndex, given: dict[str, Any]) -> Result:
    """The answer of the study, soon or not at all; nothing is recorded.

    Raises AnswerTakesLong, ClustersNotMade, and what the study raises.
    """
    parameters = EXPOSURE.ask(material_of(unit_desk().workspace), given)
    question = Question(
        parameters["address"], parameters["cluster"], SIDES[parameters["direction"]],
        parameters["policy"], parameters["hops"], parameters["labels_reach_clusters"],
        parameters["also_allegations"],
    )  # fmt: skip
    clusters = required_clusters(chain, labels) if question.needs_clusters else None
    return EXPOSURE.result(chain, parameters, answer_soon(chain, labels, question, clusters))


def exposure_soon(
    chain: Chain, labels: LabelIndex, address: str, deposits: int, *, is_cluster: bool
) -> list[Section]:
    """Its sentence above its bars where both are soon computed; and the way to more."""
    url = cluster_url("exposure", chain.name, address) + ("?subject=cluster" if is_cluster else "")
    further = note("info", "web.profile.exposure-more", url=url, do="web.exposure.look")
    if deposits > MOST_DEPOSITS:
        return [further]
    given = {"address": address, "also_allegations": True, "chain": chain.name,
             "cluster": is_cluster}  # fmt: skip
    try:
        result = exposure_result(chain, labels, given)
    except (AnswerTakesLong, ClustersNotMade):
        return [further]
    told = {"kind": "told", "heading": Phrase("web.exposure.look"),
            "texts": EXPOSURE.answer(result), "parts": []}  # fmt: skip
    return [told, *exposure_bars(result), further]


def _answered(
    request: HttpRequest, chain: Chain, labels: LabelIndex, given: dict[str, Any], keep: str
) -> list[Section]:
    try:
        result = exposure_result(chain, labels, given)
    except ClustersNotMade:
        url = reverse("clusters", kwargs={"chain": chain.name})
        return [note("warn", "web.clusters.none", url=url, do="web.room.clusters")]
    except AnswerTakesLong as error:
        said = (Phrase(f"error.{error.code}.{part}", error.params) for part in ("sentence", "next"))
        return [{**note("warn", each.key), "text": each} for each in said]
    ways = Ways(chain=chain.name, keep=keep)
    return result_sections(request, EXPOSURE, result, ways, picture=exposure_bars(result))


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
    asked = asked_of(form, chain, address)
    here = {"url": f"{where}?{_query(form)}", "name": Phrase("web.exposure.look")}
    return record_in_case(request, EXPOSURE, asked, [*way_to(chain, address), here])


def _given(request: HttpRequest) -> dict[str, Any]:
    """Read the address of the page; what it does not name is as the command takes it."""
    form = ExposureForm()
    given = dict(form.initial) | request.GET.dict()
    return {name: given.get(name) for name in form.fields}


def _query(form: ExposureForm) -> str:
    return urlencode({name: value for name, value in form.data.items() if value is not None})
