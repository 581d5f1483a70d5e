"""Values at block time on the graph: beside an amount where its block time is one, else none.

A fold of transactions in several blocks has no one time and so no one value; nothing is summed over
days. What a table states is not valued: its own row may say what was paid for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kancil.ground.words import render
from kancil.studies.fiat_value import Worth

from .model import Amount, Edge, MoneyGraph, Node


def priced(graph: MoneyGraph, worth: Worth) -> MoneyGraph:
    """A graph whose nodes and edges say what they were worth, as far as tables say it."""
    if not worth.currencies:
        return graph
    nodes = {node.id: node for node in graph.nodes}
    return replace(
        graph,
        nodes=tuple(replace(node, worth=_of_node(node, worth)) for node in graph.nodes),
        edges=tuple(replace(edge, worth=_of_edge(edge, nodes, worth)) for edge in graph.edges),
        notes=(*graph.notes, render("note.graph-worth")),
    )


def _of_node(node: Node, worth: Worth) -> str:
    return "" if node.kind == "party" else _text(node.amount, node.times, worth)


def _of_edge(edge: Edge, nodes: dict[str, Node], worth: Worth) -> str:
    if edge.stated_by:
        return ""
    source, target = nodes[edge.source], nodes[edge.target]
    ends = (target, source) if target.txid else (source, target)
    return _text(edge.amount, ends[0].times or ends[1].times, worth)


def _text(amount: Amount, times: Sequence[str], worth: Worth) -> str:
    if len(set(times)) > 1:
        return render("note.worth-several-times")
    lower = upper = amount.value_sat
    if amount.share is not None:
        lower, upper = amount.share.lower, amount.share.upper
    moment = datetime.fromisoformat(times[0]) if times else None
    return "; ".join(answer.text for answer in worth.at(lower, upper, moment))
