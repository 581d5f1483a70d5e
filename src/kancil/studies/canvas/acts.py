"""What an officer does to a picture, one act at a time.

From a view and an act as the page sends it; to the view after it, its picture, and what was done in
a sentence. Acts change the view alone: what is recorded (a trace, a note) is asked for elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.labels.label import Label
from kancil.ground.errors import KancilError
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import short_outpoint
from kancil.studies.errors import GraphFull
from kancil.studies.moneygraph.explorer import Explorer
from kancil.studies.moneygraph.folding import MOST_NODES
from kancil.studies.moneygraph.lines import plain
from kancil.studies.moneygraph.model import MoneyGraph, Node
from kancil.studies.moneygraph.net import spender_of
from kancil.studies.moneygraph.parts import CLUSTER, JUNCTION, TX
from kancil.studies.moneygraph.steps import folds_back, known_node, opens_behind
from kancil.studies.trace.asking import stops_asked

from .adding import BadStart, added_sentence, check_starts, read_paste, with_starts
from .errors import CanvasActUnknown, CanvasEmpty, NoWayToService
from .follow import way_to_service
from .opening import first_output
from .paths import rows_of
from .picture import Material, draw_view, explorer_of
from .view import (
    COLOURS,
    LEVELS,
    LONGEST_NAME,
    ChainSource,
    Level,
    Path,
    View,
    read_id,
    read_path,
)

Explain = Callable[[KancilError], str]


@dataclass(frozen=True, slots=True)
class Done:
    """A view after an act."""

    view: View
    graph: MoneyGraph
    said: str
    rejected: tuple[BadStart, ...] = ()
    """Starts that could not be added."""


def perform(material: Material, view: View, act: Any, explain: Explain) -> Done:
    """Do one act; `explain` puts an error into words.

    Raises CanvasActUnknown, ViewNotReadable, and what the act itself raises.
    """
    do = act.get("do") if isinstance(act, dict) else None
    found = _ACTS.get(do) if isinstance(do, str) else None
    if found is None:
        raise CanvasActUnknown(act=str(do)[:40])
    return found(material, view, act, explain)


def _none(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    return Done(view, draw_view(material, view, is_new=True), "")


# --- opening and folding --------------------------------------------------------------------------


def _expand(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    before = draw_view(material, view)
    node = known_node(before, read_id(act.get("node")))
    token = opens_behind(before, node.id)
    if token in view.collapsed:
        shown = tuple(one for one in view.collapsed if one != token)
        return _changed(material, before, replace(view, collapsed=shown))
    first = first_output(_chain(material), before, node) if token.startswith("next-") else None
    if first is not None:
        done = _open(material, before, view, first.token)
        if len(done.graph.nodes) != len(before.nodes):
            return replace(done, said=first.said)
    return _open(material, before, view, token)


def _open(material: Material, before: MoneyGraph, view: View, token: str) -> Done:
    done = _changed(material, before, view.opening(token))
    if token in done.graph.kept_closed:
        raise GraphFull(most=MOST_NODES)
    return done


def _collapse(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    before = draw_view(material, view)
    node = read_id(act.get("node"))
    token = folds_back(before, node, view.opened)
    if token:
        return _changed(material, before, view.closing(token))
    return _changed(material, before, replace(view, collapsed=(*view.collapsed, node)))


# --- adding starts, changing the level ------------------------------------------------------------


def _add(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    chain = _chain(material)
    text = act.get("text")
    starts = check_starts(chain, read_paste(text if isinstance(text, str) else ""), explain)
    after = with_starts(view, chain.name, starts.good) if starts.good else view
    graph = draw_view(material, after) if after.sources else None
    if graph is None:
        raise CanvasEmpty
    return Done(after, graph, added_sentence(starts), starts.bad)


def _level(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    level = act.get("level")
    if level not in LEVELS:
        raise CanvasActUnknown(act=str(level)[:40])
    after = replace(view, level=cast("Level", level))
    graph = draw_view(material, after)
    said = render(f"note.canvas-level-{level}", count=grouped(len(graph.nodes)))
    return Done(after, graph, said)


# --- paths ----------------------------------------------------------------------------------------


def _path(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    """Mark a path, in place of one of the same name; none of its outputs: take it away."""
    name = act.get("name")
    others = tuple(path for path in view.paths if path.name != name)
    if act.get("outpoints") == []:
        after = replace(view, paths=others)
        return Done(after, draw_view(material, after), render("note.canvas-path-gone"))
    path = read_path({each: act.get(each) for each in ("name", "colour", "outpoints")})
    chain = _chain(material)
    rows = rows_of(chain, path.outpoints)
    after = _showing(material, replace(view, paths=(*others, path)), rows)
    said = render(
        "note.canvas-path",
        name=plain(path.name, LONGEST_NAME),
        count=grouped(len(path.outpoints)),
        last=short_outpoint(path.outpoints[-1]),
    )
    return Done(after, draw_view(material, after), said)


def _follow(material: Material, view: View, act: Mapping[str, Any], explain: Explain) -> Done:
    """Open the shortest way to the next labelled service, and mark it as a path."""
    chain, graph = _chain(material), draw_view(material, view)
    node = known_node(graph, read_id(act.get("node")))
    direction = act.get("direction", "forward")
    if direction not in ("forward", "backward"):
        raise CanvasActUnknown(act=str(direction)[:40])
    explorer = explorer_of(material, view)
    way = way_to_service(
        explorer.sight,
        _outputs_of(explorer, node, direction),
        stops_asked(through_coinjoins=False) or (),
        direction=cast("Literal['forward', 'backward']", direction),
    )
    name = _way_name(way.label)
    path = Path(
        name=_free(name, view),
        colour=COLOURS[len(view.paths) % len(COLOURS)],
        outpoints=tuple(chain.outpoint(row) for row in way.outputs),
    )
    after = _showing(material, replace(view, paths=(*view.paths, path)), way.outputs)
    said = render(
        "note.canvas-followed",
        label=plain(way.label.label or way.label.category),
        publisher=plain(way.label.publisher),
        count=grouped(len(way.outputs) - 1),
    )
    return Done(after, draw_view(material, after), said)


def _outputs_of(explorer: Explorer, node: Node, direction: str) -> Sequence[int]:
    """The outputs from which one follows a box: what it holds, or what its transactions made."""
    graph = explorer.sight.graph
    if node.kind not in (TX, JUNCTION, CLUSTER) and node.outputs:
        return node.outputs
    if direction == "forward":
        found = [output for tx in node.txs for output in graph.outputs_of(tx)]
    else:
        inputs = [number for tx in node.txs for number in graph.inputs_of(tx)]
        found = [int(graph.input_source[number]) for number in inputs]
    found = [row for row in found if row >= 0] or list(node.outputs)
    if not found:
        raise NoWayToService(hops=0, looked=0)
    return found


def _showing(material: Material, view: View, rows: Sequence[int]) -> View:
    """The view with every transaction of a path drawn: opened, else as a source of its own."""
    chain = _chain(material)
    graph = chain.graph
    txs = [spender_of(graph, row) for row in rows[:-1]]
    tokens = [f"tx-{chain.txid(tx)}" for tx in txs]
    drawn = {tx for node in draw_view(material, view).nodes for tx in node.txs}
    missing = [token for token, tx in zip(tokens, txs, strict=True) if tx not in drawn]
    if not missing:
        return view
    opened = view
    for token in missing:
        opened = opened.opening(token)
    drawn = {tx for node in draw_view(material, opened).nodes for tx in node.txs}
    if drawn.issuperset(txs):
        return opened
    starts = tuple(dict.fromkeys(chain.outpoint(row) for row in rows[:-1]))
    return view.adding(ChainSource(chain.name, starts, "forward"))


def _way_name(label: Label) -> str:
    named = plain(label.label or label.category, LONGEST_NAME // 2)
    return render("note.canvas-way-name", label=named)[: LONGEST_NAME - 5]


def _free(name: str, view: View) -> str:
    """A name that no path of the view has."""
    taken = {path.name for path in view.paths}
    names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def _chain(material: Material) -> Chain:
    if material.chain is None:
        raise CanvasEmpty
    return material.chain


def _changed(material: Material, before: MoneyGraph, view: View) -> Done:
    """Draw the view after an act, and count what is new in it."""
    after = draw_view(material, view)
    old, new = {node.id for node in before.nodes}, {node.id for node in after.nodes}
    said = render(
        "note.graph-changed",
        added=grouped(len(new - old)),
        removed=grouped(len(old - new)),
        total=grouped(len(new)),
    )
    return Done(view, after, said)


_ACTS: Mapping[str, Callable[[Material, View, Mapping[str, Any], Explain], Done]] = {
    "none": _none,
    "expand": _expand,
    "collapse": _collapse,
    "add": _add,
    "level": _level,
    "path": _path,
    "follow": _follow,
}
