"""The money graph in a page of its own, served from memory under the strict policy.

A test opens a query over a chain; what the page asks to open is answered by the very functions
that the site will call. `python -m tests.web.graph_page FOLDER` writes pictures of the sample's
graphs, in both colours and widths, for a person to look at, and says how long opening took.
"""

from __future__ import annotations

import json
import mimetypes
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Route

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart
from kancil.ground import words
from kancil.ground.errors import KancilError
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.moneygraph.explore import collapse, expand, explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery, asked, read_id, read_query
from kancil.studies.moneygraph.runs import Runs
from kancil.studies.moneygraph.stated import Transfer
from kancil.studies.moneygraph.widget import widget_words
from tests.cli.sample_unit import FIRST_COINS, LISTED_PAYMENT, LONG_CHAIN
from tests.page.browser import open_browser
from tests.studies.moneygraph.sample_chain import (
    fan_chain,
    no_labels,
    sample_chain,
    sample_labels,
)

STATIC = Path(__file__).resolve().parents[2] / "src" / "kancil" / "web" / "static"
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
ORIGIN = "http://graph.test"
SHEETS = ("fonts", "tokens", "kancil", "parts", "moneygraph")
Scheme = Literal["light", "dark"]


@dataclass
class GraphPage:
    """An open page with a graph, and all that went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Requests to anywhere else."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """What the page sent to open and fold."""
    headers: list[dict[str, str]] = field(default_factory=list)

    def ask(self, expression: str) -> Any:
        """Evaluate in the page; `widget` is the graph's."""
        before = "() => { const widget = document.querySelector('[data-money-graph]').moneyGraph;"
        return self.page.evaluate(f"{before} return {expression}; }}")

    def hear(self, kind: str, text: str) -> None:
        """Keep what the console complains of."""
        if kind in ("error", "warning"):
            self.faults.append(text)

    def step(self, action: str, node: str) -> float:
        """Open or fold a node as a person does, and give the milliseconds until it was drawn."""
        self.page.evaluate(
            """([action, id]) => {
              const section = document.querySelector('[data-money-graph]');
              delete section.dataset.drawnMs;
              section.moneyGraph.step(action, id);
            }""",
            [action, node],
        )
        self.page.wait_for_selector("[data-drawn-ms]", timeout=20_000)
        return float(self.page.get_attribute("[data-drawn-ms]", "data-drawn-ms") or "")

    def opening(self) -> list[str]:
        """The ids of all nodes that open, in the order of the picture."""
        found: list[str] = self.ask(
            "widget.graph.order.filter((id) => widget.graph.nodes.get(id).opens)"
        )
        return found

    def settle(self) -> None:
        """Wait until everything asked for is painted."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


def html_of(graph: MoneyGraph, language: str) -> str:
    """The page: the contract of `moneygraph.js`, and nothing else."""
    told = json.dumps(graph.as_dict()).replace("<", "\\u003c")
    spoken = json.dumps(widget_words()).replace("<", "\\u003c")
    links = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in SHEETS)
    notes = "".join(f"<li>{escape(note)}</li>" for note in graph.notes)
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Money graph</title>
<meta id="__________cytoscape_stylesheet">
<link rel="icon" href="/static/favicon.svg">
{links}
<script src="/static/vendor/cytoscape/cytoscape.min.js" defer></script>
<script src="/static/js/moneygraph.js" type="module"></script>
</head><body><main id="main"><h1>{escape(graph.title)}</h1>
<script type="application/json" id="graph">{told}</script>
<script type="application/json" id="words">{spoken}</script>
<section data-money-graph data-graph="graph" data-words="words" data-expand-url="/step"
 data-csrf="made-up"></section>
<form><input type="hidden" data-mg-query><input type="hidden" data-mg-selected></form>
<section><ul data-mg-said="findings"></ul>
<div class="mg-told" data-mg-told="findings"></div></section>
<section><div class="mg-told" data-mg-told="heard"></div></section>
<ul class="note">{notes}</ul></main></body></html>"""


@contextmanager
def open_graph(
    browser: Browser,
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    *,
    width: int = 1280,
    height: int = 900,
    scheme: Scheme = "light",
    language: str = "en",
    stated: Sequence[Transfer] = (),
) -> Iterator[GraphPage]:
    """Open a graph in a browser window of this size."""
    runs = Runs()
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    opened = GraphPage(page)
    before = words.spoken()
    words.speak(language)

    def answer(route: Route) -> None:
        url = route.request.url
        headers = {"Content-Security-Policy": POLICY}
        if not url.startswith(ORIGIN):
            opened.foreign.append(url)
            route.abort()
        elif url == f"{ORIGIN}/":
            text = html_of(explore(chain, labels, query, runs, stated), language)
            route.fulfill(body=text, content_type="text/html; charset=utf-8", headers=headers)
        elif url == f"{ORIGIN}/step":
            step(route)
        else:
            file = STATIC / url.removeprefix(f"{ORIGIN}/static/").partition("?")[0]
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind, headers=headers)

    def step(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        opened.asked.append(sent)
        opened.headers.append(route.request.headers)
        act = expand if sent["action"] == "expand" else collapse
        try:
            changed = act(
                chain, labels, read_query(sent["query"]), read_id(sent["node"]), runs, stated
            )
        except KancilError as error:
            sentence = words.render(f"error.{error.code}.sentence", **error.params)
            following = words.render(f"error.{error.code}.next", **error.params)
            told: dict[str, Any] = {"sentence": sentence, "next": following}
            route.fulfill(status=409, json=told)
            return
        route.fulfill(json=changed.as_dict())

    page.on("pageerror", lambda error: opened.faults.append(str(error)))
    page.on(
        "console",
        lambda said: opened.faults.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.route("**/*", answer)
    try:
        page.goto(f"{ORIGIN}/")
        page.wait_for_function(
            "document.querySelector('[data-money-graph]').moneyGraph !== undefined"
        )
        page.evaluate("() => document.fonts.ready")
        opened.settle()
        yield opened
    finally:
        words.speak(before)
        context.close()


SAMPLES: dict[str, GraphQuery] = {
    "first-coins": GraphQuery(asked(FIRST_COINS), policy="fifo", compare="haircut", hops=6),
    "shares-compared": GraphQuery(
        (AskedStart(FIRST_COINS, 30 * 10**8),), policy="haircut", compare="fifo", hops=4
    ),
    "long-chain": GraphQuery(asked(LONG_CHAIN), policy="fifo", compare="poison"),
    "listed-payment": GraphQuery(asked(LISTED_PAYMENT), direction="backward", policy="haircut"),
    "exchange": GraphQuery(asked("1Kr6QSydW9bFQG1mXiPNNu6WpJGmUa9i1g"), direction="both"),
    "two-hops": GraphQuery(asked(LONG_CHAIN), hops=2, direction="both"),
}
LOOKS: tuple[tuple[int, Scheme, str], ...] = (
    (1280, "light", "en"),
    (1280, "dark", "en"),
    (390, "light", "km"),
)


def pictures(folder: Path) -> Iterator[str]:
    """Write pictures of the sample's graphs, closed and with one node open; tell how long it took.

    `python -m tests.web.graph_page FOLDER`
    """
    chain, labels = sample_chain(), sample_labels()
    folder.mkdir(parents=True, exist_ok=True)
    fan, tx = fan_chain()
    all_of = [(name, chain, labels, query) for name, query in SAMPLES.items()]
    many = GraphQuery(asked(tx.shown), direction="both")
    all_of.append(("three-thousand", fan, no_labels(fan), many))
    with open_browser() as browser:
        for name, where, told, query in all_of:
            for width, scheme, language in LOOKS:
                with open_graph(
                    browser, where, told, query, width=width, scheme=scheme, language=language
                ) as opened:
                    picture = folder / f"{name}-{width}-{scheme}-{language}.png"
                    opened.page.screenshot(path=picture, full_page=True)
                    for node in opened.opening()[:1]:
                        took = opened.step("expand", node)
                        opened.settle()
                        opened.page.screenshot(path=picture.with_suffix(".open.png"))
                        yield f"{name} {width} {scheme}: opened and drawn in {took:.0f} ms"
                    if opened.faults or opened.foreign:
                        yield f"{name} FAULTS {opened.faults} {opened.foreign}"


if __name__ == "__main__":
    for line in pictures(Path(sys.argv[1])):
        sys.stdout.write(line + "\n")
