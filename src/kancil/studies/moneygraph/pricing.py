"""Values at block time on the graph: beside an amount where its block time is one, else none.

A fold of transactions in several blocks has no one time and so no one value; nothing is summed over
days. What a table states is not valued: its own row may say what was paid for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kancil.ground.words import render
from kancil.studies.fiat_value import Answer, Worth

from .model import Amount, Edge, MoneyGraph, Node


def priced(graph: MoneyGraph, worth: Worth) -> MoneyGraph:
    """A graph whose nodes and edges say what they were worth, as far as tables say it."""
    if not worth.currencies:
        return graph
    nodes = {node.id: node for node in graph.nodes}
    return replace(
        graph,
        nodes=tuple(replace(node, worth=_text(_of_node(node, worth))) for node in graph.nodes),
        edges=tuple(_with_value(edge, _of_edge(edge, nodes, worth)) for edge in graph.edges),
        notes=(*graph.notes, render("note.graph-worth")),
    )


_Answers = Sequence[Answer] | None
"""Values in each currency; None where its transactions are of several times."""


def _with_value(edge: Edge, answers: _Answers) -> Edge:
    """An edge with its value, which stands beside it in the first currency that has a price."""
    value = next((each.value for each in answers or () if each.is_known), "")
    words = (*edge.words, value) if value else edge.words
    return replace(edge, worth=_text(answers), words=words)


def _of_node(node: Node, worth: Worth) -> _Answers:
    return () if node.kind == "party" else _answers(node.amount, node.times, worth)


def _of_edge(edge: Edge, nodes: dict[str, Node], worth: Worth) -> _Answers:
    if edge.stated_by:
        return ()
    source, target = nodes[edge.source], nodes[edge.target]
    ends = (target, source) if target.txid else (source, target)
    return _answers(edge.amount, ends[0].times or ends[1].times, worth)


def _answers(amount: Amount, times: Sequence[str], worth: Worth) -> _Answers:
    if len(set(times)) > 1:
        return None
    lower = upper = amount.value_sat
    if amount.share is not None:
        lower, upper = amount.share.lower, amount.share.upper
    moment = datetime.fromisoformat(times[0]) if times else None
    return worth.at(lower, upper, moment)


def _text(answers: _Answers) -> str:
    if answers is None:
        return render("note.worth-several-times")
    return "; ".join(answer.text for answer in answers)
