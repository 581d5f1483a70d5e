"""Clusters on the site: those of a chain, and one by an address: what holds it together, and how.

They are made behind the pages. A page shows those that are made of the blocks and labels as they
are now, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.notes import doubts_of
from kancil.bitcoin.clusters.relabelled import NEWER, is_doubtful
from kancil.bitcoin.clusters.views import (
    ClusterView,
    address_of_text,
    ask_cluster,
    held_by_part,
    members_part,
    name_of,
)
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, State, last_task
from kancil.desk.studies.grouped import made_clusters, require_few
from kancil.desk.studies.jobs.clusters import make_clusters
from kancil.desk.studies.material import material_of
from kancil.desk.studies.queries import label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.studies.cluster.study import CLUSTER, ClusterStudy
from kancil.studies.study import Result
from kancil.web.cells import (
    Section,
    asking,
    empty,
    facts,
    form,
    identifier,
    link,
    note,
    number,
    show,
    table,
)
from kancil.web.forms import WordsForm, text
from kancil.web.jobs.pages import progress
from kancil.web.jobs.shown import error_of
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.studies.chain_cells import (
    KEY_KINDS,
    chain_limits,
    named_cell,
    time_cell,
    tx_cell,
    way_to,
)
from kancil.web.studies.results.recording import record_in_case
from kancil.web.unit_desk import unit_desk

NAMED = 3
"""So many addresses are named in one cell."""
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
    labels = label_shelf(workspace, chain).index(chain.network)
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
        *newer_labels(request, opened, made),
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
    is_wanted = made is None or is_doubtful(made)
    if is_wanted and (task is None or task.state not in OPEN):
        who = Asked(person, how_authenticated(request))
        make_clusters.by(who).enqueue(chain=opened.name)
    return redirect("clusters", chain=chain)


def cluster_result(
    chain: Chain, made: Clusters, labels: LabelIndex, address: str, asked: ApartForm
) -> tuple[ClusterStudy, ClusterView, Result]:
    """The answer of the study for a page; nothing is recorded.

    What cannot be taken out, or found, is told at the form.
    """
    without, between = _asked(chain, made, asked)
    given = {
        "address": address, "between": between or None, "chain": chain.name, "without": without,
    }  # fmt: skip
    parameters = CLUSTER.ask(material_of(unit_desk().workspace), given)
    view = ask_cluster(chain, made, labels, address, without=without, between=between or None)
    return CLUSTER, view, CLUSTER.result(view, parameters)


def newer_labels(
    request: HttpRequest, chain: Chain, made: Clusters, address: str = ""
) -> list[Section]:
    """That labels came after the clusters and leave this one, or some, in doubt."""
    number = address_of_text(chain, made, address) if address else None
    if not is_doubtful(made, number):
        return []
    key = "web.clusters.newer-one" if address else "web.clusters.newer"
    found = note("warn", key, count=len(made.told[NEWER]["doubtful"]), do="web.clusters.make-again")
    if not person_of(request).acts:
        return [found]
    return [{**found, "post": reverse("clusters_make", kwargs={"chain": chain.name})}]


def doubts(view: ClusterView) -> list[Section]:
    """What speaks against a cluster: seen above all else, since the page would mislead."""
    told = doubts_of({**plain(view), "labels": ()})
    return [{**note("danger", doubt.key), "text": doubt} for doubt in told]


@page("chains/<str:chain>/clusters/<str:address>/record/", "cluster_record", may=ACTING,
      methods=("GET", "POST"), sample=SAMPLE)  # fmt: skip
def cluster_record(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """Record what the page of a cluster answers, in a case."""
    opened = open_chain(unit_desk().workspace, chain)
    asked = ApartForm(apart_of(request))
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


def apart_of(request: HttpRequest) -> dict[str, str] | None:
    """Read what is to be taken out, which an address may name several times."""
    without = " ".join(" ".join(request.GET.getlist("without")).split())
    between = request.GET.get("between", "").strip()
    return {"without": without, "between": between} if without or between else None


def _asked(chain: Chain, made: Clusters, asked: ApartForm) -> tuple[list[str], str]:
    """What is taken out, and which way is asked for, where both can be."""
    if not (asked.is_bound and asked.is_valid()):
        return [], ""
    without, between = asked.cleaned_data["without"].split(), asked.cleaned_data["between"]
    for txid in without:
        with asked.telling("without"):
            chain.tx_row(txid)
    if between:
        with asked.telling("between"):
            members_part(chain, made, between, 0, 1)
    return (without, between) if asked.is_valid() else ([], "")


def member_cell(chain: str, told: dict[str, Any]) -> Cell:
    """Show an address of a cluster, by a link where a page can be asked about it."""
    if told["address"] or told["script"] not in KEY_KINDS:
        return named_cell(chain, name_of(told))
    url = reverse("cluster", kwargs={"chain": chain, "address": told["keys"][0]})
    return identifier(told["keys"][0], url, short=True)


def members_table(chain: str, rows: Sequence[dict[str, Any]]) -> Section:
    """List addresses of a cluster."""
    shown = [(member_cell(chain, row), row["script"]) for row in rows]
    return table("web.cluster.addresses", ("address", "script"), shown)


def held_by_table(chain: str, address: str, rows: Sequence[dict[str, Any]]) -> Section:
    """List transactions of the merge tree, each with a way to ask what splits without it."""
    here = reverse("cluster", kwargs={"chain": chain, "address": address})

    def out(txid: str) -> Cell:
        return link(f"{here}?{urlencode({'without': txid})}", Phrase("web.cluster.take-out"))

    columns = ("transaction", "height>", "block-time", "address", "joined-to", "what-if")
    shown = [
        (
            tx_cell(chain, row["txid"]),
            number(row["height"]),
            time_cell(row["time"]),
            named_cell(chain, row["address"]),
            _few(chain, row["joined_to"]),
            out(row["txid"]),
        )
        for row in rows
    ]
    return table("web.cluster.held-by", columns, shown)


def _few(chain: str, names: Sequence[str]) -> Cell:
    """Name the first addresses of a list, and count the others."""
    cells: list[Cell] = [named_cell(chain, name) for name in names[:NAMED]]
    if len(names) > NAMED:
        cells.append(Phrase("web.cluster.more-addresses", {"count": len(names) - NAMED}))
    return Several(cells)
