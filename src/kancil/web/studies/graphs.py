"""The money graph on the site: its page, its steps, its files. The graph itself is a report's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import kept_beside
from kancil.desk.studies.trace_words import labels_used
from kancil.ground.phrase import Phrase
from kancil.studies.errors import GraphQueryNotReadable
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.reported.beside import BesideTransfer
from kancil.web.cells import Section, link
from kancil.web.studies.worths import worth_now
from kancil.web.unit_desk import unit_desk

MOST_BYTES = 200_000
"""A query that came from the page itself is far smaller."""


def labels_of(chain: Chain, only: tuple[str, ...] | None = None) -> LabelsUsed:
    """The unit's labels, which are kept; `only`: the imports a recorded trace looked at.

    Raises LabelStoreBroken, TraceNotReadable when one of them is gone.
    """
    return labels_used(unit_desk().workspace, chain, only)


def draw(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    stated: Sequence[BesideTransfer] = (),
    looks: CoinjoinLooks | None = None,
) -> MoneyGraph:
    """Draw a query; answers of earlier ones are kept in this process, but for patterns cut short.

    `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
    """
    return explore(chain, labels, query, runs_of(chain), stated, worth_now(chain), looks)


def runs_of(chain: Chain) -> Runs:
    """The answers that are kept as long as the chain is kept open."""
    return kept_beside(chain, "money graph", Runs)


def read_sent(data: bytes | str) -> dict[str, Any]:
    """Read the JSON that a page of the graph sent; raises GraphQueryNotReadable."""
    if len(data) > MOST_BYTES:
        raise GraphQueryNotReadable(part="query")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise GraphQueryNotReadable(part="query") from error
    if not isinstance(value, dict):
        raise GraphQueryNotReadable(part="query")
    return value


def compare_links(case: Case, number: int, chosen: str, policies: list[str]) -> Section:
    """Offer each other policy beside the chosen one."""
    url = reverse("canvas", kwargs={"case": case.number})
    rows = [
        (link(f"{url}?trace={number}&compare={name}", Phrase(f"web.policy.{name}")),)
        for name in policies
        if name != chosen
    ]
    return {
        "kind": "table",
        "heading": Phrase("web.graph.compare"),
        "columns": [{"name": Phrase("web.column.policy"), "right": False}],
        "rows": rows,
        "pages": None,
    }
