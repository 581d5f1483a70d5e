"""The canvas's own rules, asked in a browser without a picture: against plain twins in Python."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page

from tests.web.watching import watch

pytestmark = pytest.mark.browser

VIEW: dict[str, Any] = {
    "hidden": [], "positions": {}, "groups": [], "colours": {}, "paths": [],
    "filter": {"min_sat": "0", "since": None, "until": None},
}  # fmt: skip


@pytest.fixture(scope="module")
def page(browser: Browser, look_address: str) -> Iterator[Page]:
    watched = watch(browser, f"{look_address}/nothing")
    yield watched.page
    assert watched.faults() == []
    watched.page.context.close()


def run(page: Page, module: str, body: str, *given: Any) -> Any:
    """Run a piece of script with a module of the canvas as `it`, and its graph as `graph`."""
    return page.evaluate(
        f"""async (given) => {{
          const it = await import('/static/js/canvas/{module}.js');
          const {{ takeGraph }} = await import('/static/js/canvas/place.js');
          {body}
        }}""",
        list(given),
    )


def box(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "tx", "tone": "", "state": "", "x": 0, "y": 0, "w": 168, "h": 60,
            "layer": 0, "lines": [["title", name]], "times": [], "txid": name, **more}  # fmt: skip


def arrow(source: str, target: str, **more: Any) -> dict[str, Any]:
    amount = {"value_sat": "1", "upper_sat": None, "determined": True}
    return {"id": f"{source}>{target}", "source": source, "target": target, "goes_back": False,
            "amount": amount, "times": [], "words": [], "width": 2, "told": "",
            "points": [[168, 30], [300, 30]], "tone": "", **more}  # fmt: skip


def some_graph(random: Random, boxes: int = 12) -> dict[str, Any]:
    """Boxes in an order, arrows that go onward in it, the first one or two of them starts."""
    nodes = [box(f"n{number}") for number in range(boxes)]
    for number in range(random.choice((1, 2))):
        nodes[number]["kind"] = "start"
    pairs = {
        (random.randrange(number), number)
        for number in range(1, boxes)
        for _ in range(random.choice((0, 1, 1, 2)))
    }
    edges = [arrow(f"n{source}", f"n{target}") for source, target in sorted(pairs)]
    return {"nodes": nodes, "edges": edges, "axis": []}


def branch_by_hand(graph: dict[str, Any], name: str) -> set[str]:
    """Slowly: a box goes with another if without that one no start and no source leads to it."""
    arrows = [(edge["source"], edge["target"]) for edge in graph["edges"]]
    entered = {target for _, target in arrows}
    roots = [
        node["id"]
        for node in graph["nodes"]
        if node["id"] != name and (node["kind"] == "start" or node["id"] not in entered)
    ]

    def reached(names: list[str], barred: str) -> set[str]:
        found = set(names)
        while True:
            more = {t for s, t in arrows if s in found and t != barred} - found
            if not more:
                return found
            found |= more

    below = reached([name], "")
    return {name} | (below - reached(roots, name))


def test_a_branch_is_what_hangs_on_a_box_alone_as_a_slow_twin_finds_it(page: Page) -> None:
    random = Random(20261129)
    for _ in range(30):
        graph = some_graph(random)
        name = f"n{random.randrange(12)}"
        found = run(
            page, "view", "return it.branchOf(takeGraph(given[0]), given[1]);", graph, name
        )  # fmt: skip
        assert set(found) == branch_by_hand(graph, name)


def test_hiding_and_showing_lead_back_and_neither_forgets_what_is_not_drawn(page: Page) -> None:
    found = run(
        page, "view",
        """const one = it.hide({ ...given[0], hidden: ['elsewhere'] }, ['a', 'b', 'a']);
        return [one.hidden, it.unhide(one, ['a', 'b']).hidden, it.unhide(one).hidden];""",
        VIEW,
    )  # fmt: skip
    assert found == [["elsewhere", "a", "b"], ["elsewhere"], []]


def test_the_filter_leaves_what_is_not_known_and_keeps_starts(page: Page) -> None:
    unknown = {"value_sat": None, "upper_sat": None, "determined": False}
    graph = {
        "nodes": [box("a", kind="start"), box("b"), box("c"), box("d")],
        "edges": [
            arrow("a", "b", amount={"value_sat": "9", "upper_sat": "5", "determined": True}),
            arrow("a", "c", amount=unknown),
            arrow("b", "d", times=["2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z"]),
        ],
        "axis": [],
    }
    body = """const view = { ...given[1], filter: { ...given[1].filter, ...given[2] } };
      const shown = it.shownOf(takeGraph(given[0]), view);
      return [[...shown.nodes].join(''), shown.edges.size, shown.filtered];"""

    def shown(**limits: Any) -> Any:
        return run(page, "view", body, graph, VIEW, limits)

    assert shown() == ["abcd", 3, 0]
    assert shown(min_sat="5") == ["abc", 2, 1]
    assert shown(min_sat="6") == ["ac", 1, 2]
    assert shown(since="2026-03-04T00:00:00Z") == ["abcd", 3, 0]
    assert shown(since="2026-03-05T00:00:00Z") == ["abc", 2, 1]
    assert shown(until="2026-03-01T00:00:00Z") == ["abc", 2, 1]
    hidden = run(
        page, "view",
        "return String(it.hiddenValue(takeGraph(given[0]), { ...given[1], hidden: ['b', 'd'] }));",
        graph, VIEW,
    )  # fmt: skip
    assert hidden == "5", "what goes into the hidden boxes, and not what goes on inside them"


def test_undo_and_redo_walk_the_same_views_and_a_new_one_ends_the_others(page: Page) -> None:
    found = run(
        page, "view",
        """const history = new it.History(0, 'graph');
        [1, 2, 3].forEach((view) => history.put(view));
        const back = [history.undo(), history.undo(), history.redo()].map((one) => one.view);
        history.put(4);
        const kept = history.kept.map((one) => one.view);
        return [back, history.hasAfter, history.redo().view, kept];""",
    )  # fmt: skip
    assert found == [[2, 1, 2], False, 4, [0, 1, 2, 4]]


def test_groups_share_no_box_and_have_ids_of_their_own(page: Page) -> None:
    found = run(
        page, "view",
        """let view = it.group(given[0], ['a', 'b'], 'One', 'mark-1');
        view = it.group(view, ['b', 'c'], 'Two', 'mark-2');
        view = it.group(view, ['a'], 'Three', 'mark-3');
        return view.groups.map((one) => [one.id, one.name, one.nodes.join('')]);""",
        VIEW,
    )  # fmt: skip
    assert found == [["group-2", "Two", "bc"], ["group-1", "Three", "a"]]


def test_a_turned_picture_keeps_rows_apart_and_ribbons_at_their_boxes(page: Page) -> None:
    random = Random(3)
    graph = some_graph(random, 15)
    for number, node in enumerate(graph["nodes"]):
        layer, row = divmod(number, 4)
        node |= {"layer": layer, "x": layer * 330, "y": row * 80}
    places = {node["id"]: node for node in graph["nodes"]}
    for edge in graph["edges"]:
        source, target = places[edge["source"]], places[edge["target"]]
        edge["points"] = [[source["x"] + 168, source["y"] + 20], [target["x"], target["y"] + 40]]
    graph["edges"] = [e for e in graph["edges"]
                      if places[e["source"]]["layer"] < places[e["target"]]["layer"]]  # fmt: skip
    turned = run(
        page, "turn",
        """const turned = it.turnGraph(takeGraph(given[0]));
        return [[...turned.nodes.values()], [...turned.edges.values()]];""",
        graph,
    )  # fmt: skip
    nodes = {node["id"]: node for node in turned[0]}
    for one in nodes.values():
        for other in nodes.values():
            if one["id"] < other["id"]:
                apart = (
                    abs(one["x"] - other["x"]) >= 168 or abs(one["y"] - other["y"]) >= 60
                )  # fmt: skip
                assert apart, (one["id"], other["id"])
    for edge in turned[1]:
        (x0, y0), (x1, y1) = edge["points"][0], edge["points"][-1]
        source, target = nodes[edge["source"]], nodes[edge["target"]]
        assert source["x"] <= x0 <= source["x"] + 168
        assert y0 == source["y"] + 60
        assert target["x"] <= x1 <= target["x"] + 168
        assert y1 == target["y"]
        assert y0 < y1


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a & b", "\"quoted\" 'too'", "]]>", "\x00\x1b[31m", "ក\u200bខ"],
)
def test_words_of_others_stay_words_in_an_svg(page: Page, text: str) -> None:
    svg = run(
        page, "svg",
        """const measure = document.createElement('canvas').getContext('2d');
        const context = new it.SvgContext(100, 50, measure);
        context.font = `400 13px ${given[0]}`;
        context.fillStyle = given[0];
        context.translate(10, 5);
        context.scale(2, 2);
        context.fillText(given[0], 1, 2);
        return context.text(given[0], [given[0]]);""",
        text,
    )  # fmt: skip
    tree = ET.fromstring(svg)
    assert {one.tag.rpartition("}")[2] for one in tree.iter()} == {"svg", "title", "desc", "text"}
    (written,) = [one for one in tree if one.tag.endswith("text")]
    assert (written.get("x"), written.get("y")) == ("12", "9")
    assert written.get("font-size") == "26"
    wanted = text.replace("\x00", "").replace("\x1b", "")
    assert written.text == wanted


def test_amounts_are_written_to_the_satoshi(page: Page) -> None:
    found = run(
        page, "make", "return given.map((sat) => it.btc(sat));",
        "0", "1", "100000000", "2099999999999999", "-5",
    )  # fmt: skip
    assert found == [
        "0.00000000 BTC", "0.00000001 BTC", "1.00000000 BTC", "20,999,999.99999999 BTC",
        "\u22120.00000005 BTC",
    ]  # fmt: skip
