"""Clusters and exposure for programs: the answers that pages and commands give.

A cluster is the finding of a heuristic: one owner is not proved, and no error rate is known.
Clusters of a whole chain are made as background work; until then these operations are refused.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Query, Schema
from pydantic import Field

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters
from kancil.bitcoin.clusters.notes import notes_of
from kancil.bitcoin.clusters.views import ListPart, ask_cluster, held_by_part, members_part
from kancil.bitcoin.exposure.answer import HOPS, SIDES, Question, exposure_notes
from kancil.bitcoin.labels.index import LabelIndex
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.jobs.job import Asked
from kancil.desk.jobs.queries import OPEN, find_task, last_task
from kancil.desk.studies.exposed import MOST_HOPS, answer_soon
from kancil.desk.studies.grouped import made_clusters, require_few, required_clusters
from kancil.desk.studies.jobs.clusters import make_clusters
from kancil.desk.studies.queries import label_shelf, open_chain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render_phrase
from kancil.web.page import ACTING, EVERYONE

from .fields import FEW, FIRST, Cursor, Limit, Name, Part
from .operation import AUTHENTICATED_BY, Asker, operation
from .traces import PolicyName
from .work import TaskAnswer, task_shown

_CLUSTER = {"chain": "main", "address": "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"}
_EXPOSURE = {"chain": "main", "address": "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"}
MOST_DOUBTED = 20

ClusterName = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z]{1,140}$", description="An address, or a public key in hex."),
]
Doubted = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]],
    Query(max_length=MOST_DOUBTED, description="Transactions to take out."),
]
Hops = Annotated[int, Query(ge=1, le=MOST_HOPS, description="Transactions away, at most.")]


class ClustersAnswer(Schema):
    """The clusters of a chain: that they are made, or the work that makes them."""

    made: bool = Field(description="They are made of the blocks and labels that are here now.")
    clusters: int | None = Field(description="Of two addresses or more; null: not made.")
    addresses: int | None = Field(description="Of the whole chain; null: not made.")
    task: TaskAnswer | None = Field(description="What makes them; null: they are made.")


class MemberAnswer(Schema):
    """An address of a cluster; a bare key or multisig has keys and no address."""

    address: str | None
    script: str
    keys: list[str]
    same_key_as: list[str]


class MergeAnswer(Schema):
    """A transaction that joined addresses not joined before."""

    txid: str
    height: int | None
    time: str | None
    heuristic: str
    address: str
    joined_to: list[str]
    by_spent_outputs_file: bool


class ClusterAnswer(Schema):
    """One cluster. Lists are cut at 1,000 entries; the whole has operations of its own."""

    address: MemberAnswer
    size: int
    scripts: dict[str, int]
    first: dict[str, Any]
    last: dict[str, Any]
    coins: dict[str, Any] | None = Field(description="Null: too many to be added up.")
    members: list[MemberAnswer]
    labels: list[dict[str, Any]] = Field(description="Each its publisher's allegation.")
    labelled: int
    owners: list[str]
    held_by: list[MergeAnswer]
    held_by_total: int
    spent_together: int
    not_known: dict[str, Any]
    set_aside: list[dict[str, Any]]
    set_aside_total: int
    stopped: list[dict[str, Any]]
    coinjoins: dict[str, Any]
    method: dict[str, Any]
    network: str
    is_real_money: bool
    without: dict[str, Any] | None
    between: dict[str, Any] | None
    heuristic_finding: bool
    one_owner_proved: bool = Field(description="Always false: no heuristic proves it.")
    notes: list[str]


class ExposureAnswer(Schema):
    """What the coins of an address or cluster met, each amount with its transactions."""

    id: str
    is_cluster: bool
    addresses: int
    outputs: int
    spends_of_unknown: int
    own_labels: list[dict[str, Any]]
    policy: str = Field(description="A legal choice, not a fact.")
    hops: int
    labels_reach_clusters: bool
    label_imports: list[str]
    scope: str
    network: str
    sides: list[dict[str, Any]]
    notes: list[str]


def _opened(asker: Asker, name: str) -> tuple[Chain, LabelIndex]:
    workspace = asker.desk.workspace
    chain = open_chain(workspace, name)
    return chain, label_shelf(workspace, chain).index(chain.network)


def _grouped(asker: Asker, name: str) -> tuple[Chain, LabelIndex, Clusters]:
    """Open a chain whose clusters are made; raises ClustersNotMade."""
    chain, labels = _opened(asker, name)
    return chain, labels, required_clusters(chain, labels)


def _said(notes: list[Phrase]) -> list[str]:
    return [render_phrase(note) for note in notes]


@operation(
    "POST", "/chains/{chain}/clusters", may=ACTING, gives=ClustersAnswer, status=202,
    sample={"chain": "main"},
)  # fmt: skip
def start_clusters(asker: Asker, chain: Name) -> Any:
    """Ask for the clusters of a chain as background work, unless they are or are being made."""
    opened, labels = _opened(asker, chain)
    made = made_clusters(opened, labels)
    if made is not None:
        told = {"clusters": made.cluster_count, "addresses": made.address_count}
        return {"made": True, **told, "task": None}
    task = last_task(asker.person, make_clusters.name, chain=opened.name)
    if task is None or task.state not in OPEN:
        who = Asked(asker.person, AUTHENTICATED_BY)
        asked = make_clusters.by(who).enqueue(chain=opened.name)
        task = find_task(asker.person, str(asked.id))
    if task is None:
        raise PageNotFound
    return {"made": False, "clusters": None, "addresses": None, "task": task_shown(task)}


@operation(
    "GET", "/chains/{chain}/clusters/{address}", may=EVERYONE, gives=ClusterAnswer, sample=_CLUSTER
)
def get_cluster(
    asker: Asker,
    chain: Name,
    address: ClusterName,
    without: Doubted = [],  # noqa: B006  # ninja takes a list's default from here, and copies it
    between: ClusterName | None = None,
) -> Any:
    """The cluster of an address: its evidence, its doubts, what splits off, the way to another."""
    opened, labels, made = _grouped(asker, chain)
    require_few(opened, made, address)
    view = ask_cluster(opened, made, labels, address, without=without, between=between)
    value = plain(view)
    value["labels"] = [{**plain(label), "address": name} for name, label in view.labels]
    return {**value, "notes": _said(notes_of(value))}


def _part(found: ListPart, cursor: int) -> dict[str, Any]:
    end = cursor + len(found.rows)
    more = bool(found.rows) and end < found.total
    return {"items": list(found.rows), "next": end if more else None}


@operation(
    "GET", "/chains/{chain}/clusters/{address}/addresses", may=EVERYONE, gives=Part[MemberAnswer],
    sample=_CLUSTER,
)  # fmt: skip
def list_cluster_addresses(
    asker: Asker, chain: Name, address: ClusterName, cursor: Cursor = FIRST, limit: Limit = FEW
) -> Any:
    """All addresses of a cluster."""
    opened, _, made = _grouped(asker, chain)
    return _part(members_part(opened, made, address, cursor, limit), cursor)


@operation(
    "GET", "/chains/{chain}/clusters/{address}/held-by", may=EVERYONE, gives=Part[MergeAnswer],
    sample=_CLUSTER,
)  # fmt: skip
def list_cluster_merges(
    asker: Asker, chain: Name, address: ClusterName, cursor: Cursor = FIRST, limit: Limit = FEW
) -> Any:
    """All transactions that joined a cluster's addresses, in the order of the chain."""
    opened, _, made = _grouped(asker, chain)
    require_few(opened, made, address)
    return _part(held_by_part(opened, made, address, cursor, limit), cursor)


@operation(
    "GET", "/chains/{chain}/clusters/{address}/exposure", may=EVERYONE, gives=ExposureAnswer,
    sample=_EXPOSURE,
)  # fmt: skip
def get_exposure(
    asker: Asker,
    chain: Name,
    address: ClusterName,
    subject: Literal["address", "cluster"] = "address",
    side: Literal["sent", "received", "both"] = "both",
    policy: PolicyName = "haircut",
    hops: Hops = HOPS,
    labels_reach_clusters: bool = False,
) -> Any:
    """How much of what an address or its cluster sent or received met which labels.

    Terrorist financing stands in tables of its own, and mere allegations in others.
    """
    opened, labels = _opened(asker, chain)
    question = Question(
        address, subject == "cluster", SIDES[side], policy, hops, labels_reach_clusters,
        also_allegations=True,
    )  # fmt: skip
    clusters = required_clusters(opened, labels) if question.needs_clusters else None
    value = answer_soon(opened, labels, question, clusters)
    return {**value, "notes": _said(exposure_notes(value))}
