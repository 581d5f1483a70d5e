"""Clusters on the site: those of a chain, and one by an address: what holds it together, and how.

They are made behind the pages. A page shows those that are made of the blocks and labels as they
are now, and no others.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.views import ask_cluster, held_by_part, members_part, name_of
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, last_task
from kancil.desk.studies.grouped import made_clusters, require_few
from kancil.desk.studies.jobs.clusters import make_clusters
from kancil.desk.studies.queries import label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.studies.cluster.study import CLUSTER
from kancil.web.cells import Section, asking, button, empty, facts, form, note, number, show
from kancil.web.forms import WordsForm, text
from kancil.web.jobs.pages import progress
from kancil.web.jobs.shown import error_of
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .chain_cells import chain_limits, cluster_url, way_to
from .cluster_parts import (
    aside_sections,
    held_by_table,
    holds_sections,
    members_table,
    method_facts,
    warnings,
    what_facts,
)
from .exposures import ExposureForm
from .labels_said import label_sections
from .recording import record_in_case

SHOWN_ROWS = 20
PAGE_ROWS = 100
MOST_DOUBTED = 50
SAMPLE = {"chain": "main", "address": "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"}
"""Values with which tests visit a page of a cluster: an address spent from in block 300025."""


class FindForm(WordsForm):
    """Of which address the cluster is asked for."""

    cluster_address = text(140)


class ApartForm(WordsForm):
    """What is taken out, and to which other address the way is asked for."""

    without = text(70 * MOST_DOUBTED, required=False, lines=2)
    between = text(140, required=False)


def opened_clusters(name: str) -> tuple[Chain, LabelIndex, Clusters | None]:
    """A chain, the unit's labels, and its clusters if they are made."""
    workspace = unit_desk().workspace
    chain = open_chain(workspace, name)
    labels = label_shelf(workspace).index(chain.network)
    return chain, labels, made_clusters(chain, labels)


@page("chains/<str:chain>/clusters/", "clusters", may=EVERYONE, sample={"chain": "main"})
def clusters_page(request: HttpRequest, chain: str) -> HttpResponse:
    """The clusters of a chain: how many there are, and the way to one."""
    opened, _labels, made = opened_clusters(chain)
    asked = FindForm(request.GET if "cluster_address" in request.GET else None)
    if made is not None and asked.is_bound and asked.is_valid():
        address = asked.cleaned_data["cluster_address"].strip()
        with asked.telling("cluster_address"):
            members_part(opened, made, address, 0, 1)
            return redirect("cluster", chain=chain, address=address)
    sections: list[Section] = chain_limits(opened)
    title = Phrase("web.clusters.title", {"name": chain})
    if made is None:
        sections += not_made(request, opened)
        return show(request, title, sections, crumbs=way_to(chain, last="chain"))
    told = [
        ("cluster-count", number(made.cluster_count)),
        ("cluster-addresses", number(made.address_count)),
        ("cluster-excluded", number(made.told["excluded"])),
        ("cluster-stopped", number(len(made.halts))),
    ]
    sections += [
        note("warn", "web.cluster.sense"),
        asking("web.clusters.find", asked, submit="web.clusters.find-do"),
        facts("web.clusters.made", told),
        note("info", "note.cluster-change-off"),
    ]
    return show(request, title, sections, crumbs=way_to(chain, last="chain"))


@page("chains/<str:chain>/clusters/make/", "clusters_make", may=ACTING, methods=("POST",),
      sample={"chain": "main"})  # fmt: skip
def clusters_make(request: HttpRequest, chain: str) -> HttpResponse:
    """Have the clusters of a chain made behind the pages, unless they are or are being made."""
    opened, _labels, made = opened_clusters(chain)
    person = person_of(request)
    task = last_task(person, make_clusters.name, chain=opened.name)
    if made is None and (task is None or task.state not in OPEN):
        who = Asked(person, how_authenticated(request))
        make_clusters.by(who).enqueue(chain=opened.name)
    return redirect("clusters", chain=chain)


@page("chains/<str:chain>/clusters/<str:address>/", "cluster", may=EVERYONE, sample=SAMPLE)
def cluster_page(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """One cluster: how large, since when, what is said of it, and what holds it together."""
    opened, labels, made = opened_clusters(chain)
    if made is None:
        title = Phrase("web.cluster.title-none", {"address": address})
        sections = [*chain_limits(opened), *not_made(request, opened)]
        return show(request, title, sections, crumbs=way_to(chain))
    require_few(opened, made, address)
    asked = ApartForm(_asked_apart(request))
    value = _answer(opened, made, labels, address, asked)
    sections = [
        *chain_limits(opened),
        *warnings(value),
        *holds_sections(opened.name, value),
        facts("web.cluster.what", what_facts(opened.name, value)),
        *label_sections(opened, label_shelf(unit_desk().workspace), value["labels"]),
    ]
    if value["size"] == 1:
        sections.append(note("info", "web.cluster.alone"))
    else:
        held = held_by_table(opened.name, address, value["held_by"][:SHOWN_ROWS])
        sections += [
            _with_more(held, "cluster_held_by", chain, address, value["held_by_total"]),
            asking("web.cluster.apart", asked, submit="web.cluster.apart-do",
                   text="web.cluster.apart-text"),
        ]  # fmt: skip
    sections += aside_sections(opened.name, value)
    members = members_table(opened.name, value["members"][:SHOWN_ROWS])
    sections += [
        _with_more(members, "cluster_addresses", chain, address, value["size"]),
        asking("web.exposure.ask", ExposureForm(initial={"subject": "cluster"}),
               submit="web.exposure.do", text="web.exposure.ask-text",
               action=cluster_url("exposure", chain, address)),
        method_facts(value),
    ]  # fmt: skip
    title = Phrase("web.cluster.title", {"count": value["size"]})
    if value["size"] == 1:
        title = Phrase("web.cluster.title-alone")
    lead = Phrase("web.cluster.lead", {"address": name_of(value["address"])})
    buttons = [button(cluster_url("exposure", chain, address) + "?subject=cluster",
                      "web.exposure.look", main=True)]  # fmt: skip
    if value["address"]["address"]:
        buttons.append(button(cluster_url("address", chain, address), "web.cluster.address"))
        around = reverse("graph", kwargs={"chain": chain}) + "?" + urlencode({"start": address})
        buttons.append(button(around, "web.graph.look"))
    if person_of(request).acts:
        where = cluster_url("cluster_record", chain, address)
        query = f"?{urlencode(asked.data)}" if asked.is_bound and asked.is_valid() else ""
        buttons.append(button(where + query, "web.record.do"))
    shown = {"crumbs": way_to(chain), "lead": lead, "buttons": buttons}
    return show(request, title, sections, **shown)


@page("chains/<str:chain>/clusters/<str:address>/record/", "cluster_record", may=ACTING,
      methods=("GET", "POST"), sample=SAMPLE)  # fmt: skip
def cluster_record(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """Record what the page of a cluster answers, in a case."""
    opened = open_chain(unit_desk().workspace, chain)
    asked = ApartForm(_asked_apart(request))
    without: list[str] = []
    between = ""
    if asked.is_bound and asked.is_valid():
        without, between = asked.cleaned_data["without"].split(), asked.cleaned_data["between"]
    given = {
        "address": address, "between": between or None, "chain": opened.name, "without": without,
    }  # fmt: skip
    return record_in_case(request, CLUSTER, given, way_to(chain, address))


@page("chains/<str:chain>/clusters/<str:address>/addresses/", "cluster_addresses", may=EVERYONE,
      sample=SAMPLE)  # fmt: skip
def cluster_addresses(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """All addresses of a cluster, a part at a time."""
    opened, _labels, made = opened_clusters(chain)
    if made is None:
        return redirect("cluster", chain=chain, address=address)
    total = members_part(opened, made, address, 0, 0).total
    part = _slice(request, total)
    rows = members_part(opened, made, address, part.start_index() - 1, PAGE_ROWS).rows
    listed = {**members_table(opened.name, rows), "pages": part}
    title = Phrase("web.cluster.addresses-title", {"count": total})
    return show(request, title, [*chain_limits(opened), note("warn", "web.cluster.sense"), listed],
                crumbs=way_to(chain, address))  # fmt: skip


@page("chains/<str:chain>/clusters/<str:address>/held-by/", "cluster_held_by", may=EVERYONE,
      sample=SAMPLE)  # fmt: skip
def cluster_held_by(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """All transactions of a cluster's merge tree, a part at a time."""
    opened, _labels, made = opened_clusters(chain)
    if made is None:
        return redirect("cluster", chain=chain, address=address)
    require_few(opened, made, address)
    total = held_by_part(opened, made, address, 0, 0).total
    part = _slice(request, total)
    rows = held_by_part(opened, made, address, max(part.start_index() - 1, 0), PAGE_ROWS).rows
    listed = {**held_by_table(opened.name, address, rows), "pages": part}
    title = Phrase("web.cluster.held-by-title", {"count": total})
    return show(request, title, [*chain_limits(opened), note("warn", "web.cluster.sense"), listed],
                crumbs=way_to(chain, address))  # fmt: skip


# --- what they share ------------------------------------------------------------------------------


def not_made(request: HttpRequest, chain: Chain) -> list[Section]:
    """That clusters are not made: how far that is, or how to have it done."""
    person = person_of(request)
    task = last_task(person, make_clusters.name, chain=chain.name)
    if task is not None and task.state in OPEN:
        return [progress(request, task)]
    found: list[Section] = []
    if task is not None and task.state == State.FAILED:
        met = error_of(task, "sentence")
        said = note("danger", "web.clusters.failed", url=reverse("task", kwargs={"task": task.id}),
                    do="web.work.see")  # fmt: skip
        found.append({**said, "text": met or said["text"]})
    if not person.acts:
        return [*found, empty("web.clusters.none-reader")]
    url = reverse("clusters_make", kwargs={"chain": chain.name})
    made = form("web.clusters.make", WordsForm(), submit="web.clusters.make-do",
                text="web.clusters.make-text", action=url)  # fmt: skip
    return [*found, made]


def _slice(request: HttpRequest, total: int) -> Slice[int]:
    return Paginator(range(total), PAGE_ROWS).get_page(request.GET.get("page"))


def _asked_apart(request: HttpRequest) -> dict[str, str] | None:
    """Read what is to be taken out, which an address may name several times."""
    without = " ".join(" ".join(request.GET.getlist("without")).split())
    between = request.GET.get("between", "").strip()
    return {"without": without, "between": between} if without or between else None


def _answer(
    chain: Chain, made: Clusters, labels: LabelIndex, address: str, asked: ApartForm
) -> dict[str, Any]:
    """Ask for the cluster; what cannot be taken out, or found, is told at the form."""
    without: list[str] = []
    between = ""
    if asked.is_bound and asked.is_valid():
        without, between = asked.cleaned_data["without"].split(), asked.cleaned_data["between"]
        for txid in without:
            with asked.telling("without"):
                chain.tx_row(txid)
        if between:
            with asked.telling("between"):
                members_part(chain, made, between, 0, 1)
        if not asked.is_valid():
            without, between = [], ""
    view = ask_cluster(chain, made, labels, address, without=without, between=between or None)
    return {**plain(view), "labels": view.labels}


def _with_more(shown: Section, name: str, chain: str, address: str, total: int) -> Section:
    """Say below a table that there is more of it, and where."""
    if total <= SHOWN_ROWS:
        return shown
    url = cluster_url(name, chain, address)
    return {**shown, "more": {"url": url, "text": Phrase("web.cluster.all", {"count": total})}}
