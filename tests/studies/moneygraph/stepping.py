"""One step in a picture, as a page takes it."""

from __future__ import annotations

from dataclasses import replace

from kancil.bitcoin.chain.chain import Chain
from kancil.studies.errors import GraphFull
from kancil.studies.fiat_value import NO_PRICES
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.explorer import Explorer
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.steps import folds_back, opens_behind


def expand(
    chain: Chain, labels: LabelsUsed, query: GraphQuery, node: str, runs: Runs | None = None
) -> MoneyGraph:
    """The picture with a node open."""
    draw = Explorer(chain, labels, runs or Runs(), (), NO_PRICES).graph
    token = opens_behind(draw(query), node)
    if token in query.collapsed:
        shown = tuple(one for one in query.collapsed if one != token)
        return draw(replace(query, collapsed=shown))
    after = draw(query.opening(token))
    if token in after.kept_closed:
        raise GraphFull(most=MOST_NODES)
    return after


def collapse(
    chain: Chain, labels: LabelsUsed, query: GraphQuery, node: str, runs: Runs | None = None
) -> MoneyGraph:
    """The picture with a node folded, or with all that lies behind it hidden."""
    draw = Explorer(chain, labels, runs or Runs(), (), NO_PRICES).graph
    token = folds_back(draw(query), node, query.opened)
    if token:
        opened = tuple(one for one in query.opened if one != token)
        return draw(replace(query, opened=opened))
    return draw(replace(query, collapsed=(*query.collapsed, node)))
