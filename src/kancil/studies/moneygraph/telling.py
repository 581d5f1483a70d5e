"""The lists beside the picture: what heuristics say of it, and the patterns that were found.

From a graph's nodes and findings; to groups, one a method, each with its version, source and what
is known of its error. The page shows them with and without script, and prints them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.drawing.box_words import NAME, TITLE

from .heard import Heard, ToldGroup, ToldRow
from .model import Node
from .patterned import ToldPattern

MOST_NODES_TOLD = 8
MOST_ROWS = 50
"""Different reasons of one heuristic that are told one by one."""


def pattern_groups(
    findings: Sequence[ToldPattern], nodes: Mapping[str, Node]
) -> tuple[ToldGroup, ...]:
    """The findings, those of one pattern together."""
    groups = []
    for _, each in groupby(findings, lambda found: (found.pattern, found.version)):
        several = tuple(each)
        rows = tuple(_row(found.title, _when(found), found.nodes, nodes) for found in several)
        first = several[0]
        name = f"{first.pattern} {first.version}"
        groups.append(ToldGroup(name, first.beside(), first.proves_nothing, rows))
    return tuple(groups)


def _when(found: ToldPattern) -> str:
    days = tuple(dict.fromkeys(time[:10] for time in (found.first, found.last) if time))
    span = " \u2013 ".join(days)
    return f"{found.why} ({span})" if days else found.why


def heard_groups(nodes: Sequence[Node]) -> tuple[ToldGroup, ...]:
    """What heuristics say of nodes, one group a heuristic and answer."""
    found: dict[tuple[str, str, str], list[tuple[Heard, Node]]] = {}
    for node in nodes:
        for heard in node.heuristics:
            key = (heard.heuristic, heard.version, heard.answer)
            found.setdefault(key, []).append((heard, node))
    by_id = {node.id: node for node in nodes}
    groups = []
    for pairs in found.values():
        first = pairs[0][0]
        alike: dict[tuple[str, str], list[str]] = {}
        for heard, node in pairs:
            alike.setdefault((heard.told, " ".join(heard.whys)), []).append(node.id)
        rows = [
            _row(told, whys, idents, by_id)
            for (told, whys), idents in list(alike.items())[:MOST_ROWS]
        ]
        if len(alike) > MOST_ROWS:
            count = grouped(len(alike) - MOST_ROWS)
            rows.append(ToldRow(render("note.graph-told-more", count=count), "", (), 0))
        groups.append(
            ToldGroup(
                f"{first.heuristic} {first.version}",
                (
                    (render("name.graph-source"), first.source),
                    (render("name.graph-error"), first.error),
                ),
                render("note.graph-heard-may-err"),
                tuple(rows),
            )
        )
    return tuple(groups)


def _row(title: str, text: str, idents: Sequence[str], nodes: Mapping[str, Node]) -> ToldRow:
    shown = tuple((ident, node_title(nodes[ident])) for ident in idents[:MOST_NODES_TOLD])
    return ToldRow(title, text, shown, len(idents) - len(shown))


def node_title(node: Node) -> str:
    """Name a node shortly, by its title and name."""
    lines = [line.text for line in node.lines if line.kind in (TITLE, NAME)]
    return " ".join(lines[:2]) or node.lines[0].text
