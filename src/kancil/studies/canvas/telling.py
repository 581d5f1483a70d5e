"""A picture as JSON for the page: what the money graph has, and what the canvas adds.

Beside each box: what one asks the panel about, and what each trace says of it; beside the picture:
its paths as boxes and arrows, and what changed since a trace was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kancil.ground.plain import plain
from kancil.ground.words import render
from kancil.studies.moneygraph.model import MoneyGraph, Node

from .caption import answer_of, caption_of, traces_of
from .changed import changed_of
from .errors import OutpointNotHeld, PathBroken
from .paths import draw_path
from .picture import Material, RecordedTrace, is_without_clusters, only_trace
from .view import View

MOST_OUTPOINTS = 12
"""Outputs of one arrow that are named."""


def as_json(material: Material, view: View, graph: MoneyGraph) -> dict[str, Any]:
    """A picture for the page."""
    found = graph.as_dict()
    alone = only_trace(material, view)
    for node, told in zip(graph.nodes, found["nodes"], strict=True):
        told["subject"] = plain(node.subject)
        told["shares"] = _shares(node, alone.name if alone else "")
    for edge, told in zip(graph.edges, found["edges"], strict=True):
        told["outpoints"] = _outpoints(material, edge.outputs)
    changed = changed_of(material, view, graph)
    found["notes"] = [*changed.sentences, *found["notes"], *material.reported_limits]
    return {
        **found,
        "answer": answer_of(traces_of(material, view), material.reported) or None,
        "caption": plain(caption_of(material, view, graph, found["notes"])),
        "level": view.level,
        "without_clusters": is_without_clusters(material, view),
        "policy": ", ".join(_policies(material, view)),
        "policies": _comparable(alone),
        "scope": "" if material.chain is None else material.chain.scope,
        "chain": "" if material.chain is None else material.chain.name,
        "paths": _paths(material, view, graph),
        "changed": plain(changed),
    }


def _policies(material: Material, view: View) -> list[str]:
    """The policies of the traces drawn, each once."""
    names = dict.fromkeys(trace.question.policy for trace in traces_of(material, view))
    return [render(f"web.policy.{name}") for name in names]


def _comparable(alone: RecordedTrace | None) -> list[list[str]]:
    """The policies that may stand beside that of a trace drawn alone, by name and in words."""
    if alone is None:
        return []
    names = [name for name, _ in alone.question.policies if name != alone.question.policy]
    return [[name, render(f"web.policy.{name}")] for name in names]


def _outpoints(material: Material, rows: Sequence[int]) -> list[str]:
    """The names of an arrow's outputs, by which a path is clicked; of very many none."""
    if material.chain is None or len(rows) > MOST_OUTPOINTS:
        return []
    return [material.chain.outpoint(row) for row in rows]


def _paths(material: Material, view: View, graph: MoneyGraph) -> list[Any]:
    """The paths of a view; one that the blocks held no longer bear out says so."""
    chain, found = material.chain, list[Any]()
    if chain is None:
        return found
    for path in view.paths:
        try:
            drawn = draw_path(chain, path, graph)
        except (OutpointNotHeld, PathBroken) as error:
            broken = {"name": path.name, "colour": path.colour, "steps": [], "nodes": []}
            found.append({**broken, "edges": [], "broken": error.code})
        else:
            found.append({**plain(drawn), "broken": ""})
    return found


def _shares(node: Node, alone: str) -> list[dict[str, str]]:
    """What each trace says of a box, by the trace's name."""
    pairs = [(one.name, one.share) for one in node.amount.traced]
    if not pairs and alone and node.amount.share is not None:
        pairs = [(alone, node.amount.share)]
    return [
        {"trace": name, "lower_sat": str(share.lower), "upper_sat": str(share.upper)}
        for name, share in pairs
    ]
