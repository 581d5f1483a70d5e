"""The pages of an address and of a cluster: a sentence, then what it did, and with whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.same_keys import key_of_text
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.views import METHOD
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.people.queries import case_ids_of
from kancil.desk.studies.errors import ClustersNotMade
from kancil.desk.studies.grouped import made_clusters, require_few
from kancil.desk.studies.queries import kept_beside, label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.studies.amounts import short
from kancil.studies.moneygraph.parts import Subject
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.profile.profile import (
    Profile,
    address_profile,
    cluster_profile,
    profile_answer,
    profile_limits,
)
from kancil.web.cells import Section, button, empty, limits, link, note, number, show, table
from kancil.web.page import ACTING, EVERYONE, case_asked, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.chain_cells import cluster_url, limits_of, watermark, way_to
from kancil.web.studies.chains.clusters import (
    ApartForm,
    apart_of,
    cluster_result,
    doubts,
    newer_labels,
    not_made,
)
from kancil.web.studies.chains.exposures import exposure_soon
from kancil.web.studies.labels_said import label_sections
from kancil.web.studies.result_page import chosen_tab, once, said, tabs
from kancil.web.studies.results.tables import Ways, table_section
from kancil.web.unit_desk import UnitDesk, unit_desk

from .parts import (
    activity_section,
    elsewhere,
    elsewhere_count,
    elsewhere_section,
    facts_section,
    notes_sections,
    party_sections,
    same_key_notes,
    transactions_section,
)

_SAMPLE = {"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"}
KEPT = 16
"""Profiles that are kept beside an open chain."""
_APART = ("links", "members", "parts", "way")
"""Tabs below which one asks what splits off, and which way leads to another address."""
ACTS = {
    "trace": "trace_new", "watch": "case_watch_new", "note": "note_new", "graph": "canvas",
}  # fmt: skip
"""What an officer does with an address in a case, and the page of it."""


@dataclass
class _Shown:
    """A profile, and what its page needs besides."""

    request: HttpRequest
    desk: UnitDesk
    chain: Chain
    labels: LabelIndex
    clusters: Clusters | None
    address: str
    is_cluster: bool

    @cached_property
    def profile(self) -> Profile:
        kept = kept_beside(self.chain, "profiles", lambda: Runs(KEPT))
        imports = tuple(each.id for each in self.labels.imports)
        key = (self.address, self.is_cluster, imports, self.clusters is not None)
        return kept.get(key, self._profile)

    def _profile(self) -> Profile:
        if not self.is_cluster:
            return address_profile(self.chain, self.address, self.labels, self.clusters)
        if self.clusters is None:
            raise ClustersNotMade(chain=self.chain.name)
        return cluster_profile(self.chain, self.address, self.clusters, self.labels)

    @property
    def subject(self) -> Subject:
        kind = "cluster" if self.is_cluster else "address"
        return Subject(kind, self.chain.name, self.profile.subject)

    @property
    def here(self) -> str:
        name = "cluster" if self.is_cluster else "address"
        return reverse(name, kwargs={"chain": self.chain.name, "address": self.address})

    def exposure(self) -> list[Section]:
        """Its bars with the sentence above, where they are soon computed; else the way there."""
        return exposure_soon(
            self.chain, self.labels, self.address, self.profile.deposits, is_cluster=self.is_cluster
        )


def _opened(request: HttpRequest, chain: str, address: str, *, is_cluster: bool) -> _Shown:
    desk = unit_desk()
    opened = open_chain(desk.workspace, chain)
    labels = label_shelf(desk.workspace, opened).index(opened.network)
    made = made_clusters(opened, labels)
    return _Shown(request, desk, opened, labels, made, address.strip(), is_cluster)


@page("chains/<str:chain>/address/<str:address>/", "address", may=EVERYONE, sample=_SAMPLE)
def address_page(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """One address: what it received, sent and has, with whom, and where else it stands."""
    shown = _opened(request, chain, address, is_cluster=False)
    is_key = bool(key_of_text(shown.profile.subject))
    name = short(shown.profile.subject) if is_key else shown.profile.subject
    title = Phrase(f"web.profile.{'key' if is_key else 'address'}", {"name": name})
    answer = profile_answer(shown.profile, shown.desk.workspace.zone)
    kept = _case_kept(request)
    sections = _sections(shown, answer, {}, [], f"{kept}&" if kept else "")
    return show(request, title, sections, crumbs=way_to(chain, last="chain"),
                buttons=_buttons(shown))  # fmt: skip


@page("chains/<str:chain>/clusters/<str:address>/", "cluster", may=EVERYONE, sample=_SAMPLE)
def cluster_page(request: HttpRequest, chain: str, address: str) -> HttpResponse:
    """One cluster: what its addresses did, what links them, what speaks against it."""
    shown = _opened(request, chain, address, is_cluster=True)
    if shown.clusters is None:
        title = Phrase("web.cluster.title-none", {"address": address})
        sections = [*watermark(shown.chain), *not_made(request, shown.chain)]
        return show(request, title, sections, crumbs=way_to(chain))
    require_few(shown.chain, shown.clusters, address)
    asked = ApartForm(apart_of(request))
    study, view, result = cluster_result(shown.chain, shown.clusters, shown.labels, address, asked)
    texts = [*study.limits(result), Phrase("web.profile.method", {**METHOD})]
    together = [("cluster-spent-together", number(view.spent_together))]
    answer = [*profile_answer(shown.profile, shown.desk.workspace.zone), *study.answer(result)]
    query = f"?{urlencode(asked.data)}" if asked.is_bound and asked.is_valid() else ""
    keep = f"{query[1:]}&" if query else ""
    ways = Ways(chain=chain, keep=keep, act=_exclude)
    draw = partial(table_section, request, study, result, ways=ways)
    tables = {
        each.name: (each.title, partial(draw, each))
        for each in result.tables
        if each.rows and each.name not in ("notes", "subject", "labels")
    }
    first = [name for name in ("parts", "way") if name in tables]
    against = [*newer_labels(request, shown.chain, shown.clusters, address), *doubts(view)]
    sections = _sections(shown, answer, tables, texts, keep, against, asked=asked,
                         first=first, more=together)  # fmt: skip
    key = "web.cluster.title" if view.size > 1 else "web.cluster.title-alone"
    return show(request, Phrase(key, {"count": view.size}), sections, crumbs=way_to(chain),
                lead=Phrase("web.cluster.lead", {"address": address}),
                buttons=_buttons(shown, query))  # fmt: skip


def _exclude(table: str, row: Mapping[str, Any]) -> Cell:
    """Offer to see what splits off without a transaction that links the cluster."""
    if table != "links":
        return ""
    query = urlencode({"without": row["txid"]})
    return link(f"?{query}", Phrase("web.cluster.take-out"))


Draw = Callable[[], Sequence[Section] | Section]
Parts = Mapping[str, tuple[Phrase, Draw]]


def _sections(
    shown: _Shown, answer: Sequence[Phrase], tables: Parts, texts: Sequence[Phrase],
    keep: str = "", doubts: Sequence[Section] = (), asked: ApartForm | None = None,
    first: Sequence[str] = (), more: Sequence[tuple[str, Cell]] = (),
) -> list[Section]:  # fmt: skip
    """The sentence, the facts and the chart, then tabs; `first`: tabs that were asked for."""
    profile, desk, person = shown.profile, shown.desk, person_of(shown.request)
    named = elsewhere(desk, person, profile.subject)
    notes, note_count = notes_sections(desk, person, shown.subject, shown.here)
    labels = label_sections(shown.chain, label_shelf(desk.workspace, shown.chain), profile.tags)
    parts: dict[str, tuple[Phrase, Draw]] = {
        "parties": (Phrase("web.result-tab.parties"),
                    lambda: party_sections(shown.chain, profile)),
        "transactions": (Phrase("web.result-tab.transactions"),
                         lambda: transactions_section(shown.request, shown.chain, profile)),
        "exposure": (Phrase("web.exposure.look"), shown.exposure),
        **tables,
        "labels": (Phrase("web.column.labels"), lambda: labels or [_none("web.profile.no-labels")]),
        "elsewhere": (Phrase("web.result-tab.elsewhere"), lambda: elsewhere_section(named)),
        "notes": (Phrase("web.note.notes"), lambda: notes),
    }  # fmt: skip
    counts = {
        "transactions": 0 if profile.activity is None else len(profile.activity.txs),
        "labels": len(profile.tags),
        "elsewhere": elsewhere_count(named),
        "notes": note_count,
    }
    parts = {**{name: parts[name] for name in first}, **parts}
    tab = chosen_tab(shown.request, list(parts))
    found: list[Section] = [
        *watermark(shown.chain),
        *doubts,
        said(answer),
        *same_key_notes(profile),
        facts_section(shown.chain, profile, more),
        *activity_section(profile, desk.workspace.zone),
        tabs({name: words for name, (words, _) in parts.items()}, counts, tab, keep),
        *_part(parts[tab][1]()),
    ]
    if asked is not None and (asked.errors or tab in _APART):
        found.append(
            {"kind": "asking", "heading": Phrase("web.cluster.apart"), "form": asked,
             "submit": Phrase("web.cluster.apart-do"), "text": Phrase("web.cluster.apart-text"),
             "action": ""}
        )  # fmt: skip
    told = once([*profile_limits(profile), *texts, *limits_of(shown.chain)])
    return [*found, limits(told)]


def _part(found: Sequence[Section] | Section) -> Sequence[Section]:
    return [found] if isinstance(found, dict) else found


def _none(key: str) -> Section:
    return note("info", key)


def _buttons(shown: _Shown, query: str = "") -> list[dict[str, Any]]:
    """What can be done with it: trace, watch, tag, look at it on the canvas."""
    given = {"chain": shown.chain.name, "address": shown.address}
    person = person_of(shown.request)
    found = []
    kept = f"?{_case_kept(shown.request)}".rstrip("?")
    if person.acts and not shown.is_cluster:
        for act in ("trace", "watch"):
            url = reverse("address_act", kwargs={**given, "act": act}) + kept
            found.append(button(url, f"web.profile.do-{act}", main=act == "trace"))
    if person.acts:
        tag = {"kind": "address", "chain": shown.chain.name, "value": shown.profile.subject,
               "next": shown.here}  # fmt: skip
        found.append(button(f"{reverse('tag_new')}?{urlencode(tag)}", "web.tag.make"))
        note_url = reverse("address_act", kwargs={**given, "act": "note"})
        kind = "?kind=cluster" if shown.is_cluster else kept
        found.append(button(f"{note_url}{kind}", "web.note.new"))
    paid = {**given, "address": _paid_name(shown)}
    if person.acts and case_ids_of(person):
        around = reverse("address_act", kwargs={**paid, "act": "graph"}) + kept
    else:
        around = _chain_graph(**paid)
    found.append(button(around, "web.graph.look"))
    if shown.is_cluster:
        found.append(button(cluster_url("address", *given.values()), "web.cluster.address"))
        found.append(button(f"{cluster_url('exposure', *given.values())}?subject=cluster",
                            "web.exposure.look"))  # fmt: skip
        if person.acts:
            url = cluster_url("cluster_record", *given.values())
            found.append(button(f"{url}{query}", "web.record.do"))
    else:
        found.append(button(cluster_url("cluster", *given.values()), "web.cluster.look"))
        found.append(button(cluster_url("exposure", *given.values()), "web.exposure.look"))
    return found


def _case_kept(request: HttpRequest) -> str:
    """The query that names the case in which the search began; empty where it was none."""
    case = case_asked(request)
    return urlencode({"case": case}) if case else ""


def _paid_name(shown: _Shown) -> str:
    """The address, or where nothing pays it the key of it that is paid directly."""
    profile = shown.profile
    is_paid = profile.activity is None or len(profile.activity.txs) > 0
    return shown.address if is_paid or not profile.same_key else profile.same_key[0].name


def _chain_graph(chain: str, address: str) -> str:
    """The graph of the chain alone, from which nothing goes into a case."""
    return f"{reverse('graph', kwargs={'chain': chain})}?{urlencode({'start': address})}"


@page(
    "chains/<str:chain>/address/<str:address>/<str:act>/", "address_act", may=ACTING,
    sample={**_SAMPLE, "act": "trace"},
)  # fmt: skip
def address_act(request: HttpRequest, chain: str, address: str, act: str) -> HttpResponse:
    """Choose the case in which an address is traced, watched, noted or explored on the graph.

    The only case is taken at once, and the one in which the search began.
    """
    if act not in ACTS:
        raise PageNotFound
    open_chain(unit_desk().workspace, chain)
    mine = queries.cases(case_ids_of(person_of(request)))
    kind = "cluster" if request.GET.get("kind") == "cluster" else "address"
    asked = {
        "trace": {"start": address, "chain": chain},
        "watch": {"watch_address": address, "chain": chain},
        "note": {"kind": kind, "chain": chain, "value": address,
                 "next": reverse(kind, kwargs={"chain": chain, "address": address})},
        "graph": {"start": address, "chain": chain},
    }[act]  # fmt: skip
    urls = [
        f"{reverse(ACTS[act], kwargs={'case': each.number})}?{urlencode(asked)}" for each in mine
    ]
    begun = [url for url, each in zip(urls, mine, strict=True)
             if str(each.number) == case_asked(request)]  # fmt: skip
    if len(urls) == 1 or begun:
        return redirect((begun or urls)[0])
    title = Phrase("web.graph.look" if act == "graph" else f"web.profile.do-{act}")
    if not mine:
        return show(request, title, [empty("web.record.empty", url=reverse("cases"))])
    rows = [
        (link(url, f"C{each.number} {each.title}"),) for url, each in zip(urls, mine, strict=True)
    ]
    if act == "graph":
        rows.append((link(_chain_graph(chain, address), Phrase("web.profile.in-no-case")),))
    sections = [table("web.profile.in-which-case", ("case",), rows)]
    return show(request, title, sections, crumbs=way_to(chain, last="chain"))
