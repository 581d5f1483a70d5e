"""Benchmark row of the canvas in a browser: a picture of 500 boxes, panned without a GPU.

Ours: pictures a second that are painted whole, words and all, while the picture is moved with each
frame for three seconds, every box in sight; goal 30. Peer: the same picture as its own SVG file,
moved by the browser. Headless Chromium, software drawing, 1280 by 800.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.page.browser import open_browser
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.web.canvas_page import SAMPLES, CanvasPage, of_chain, open_canvas

NAMES = ("canvas-pan",)
GOAL = 30
LAYERS, IN_A_LAYER = 25, 20
SECONDS = 3

_MADE = """([layers, high]) => {
  const place = document.querySelector('[data-canvas]').workplace;
  const nodes = new Map();
  const edges = new Map();
  const [box] = [...place.now.graph.nodes.values()].filter((node) => node.kind === 'tx');
  const [ribbon] = place.now.graph.edges.values();
  for (let layer = 0; layer < layers; layer += 1) {
    for (let row = 0; row < high; row += 1) {
      const id = `tx-${layer}-${row}`;
      const at = { x: layer * 330, y: row * 96, w: 168, h: 76 };
      nodes.set(id, { ...box, ...at, id, layer, opens: row % 5 === 0 });
      if (!layer) continue;
      const from = nodes.get(`tx-${layer - 1}-${(row * 7) % high}`);
      const points = [[from.x + from.w, from.y + 38], [at.x, at.y + 38]];
      const width = 2 + (row % 9) * 3;
      const ends = { source: from.id, target: id };
      edges.set(`e-${id}`, { ...ribbon, ...ends, id: `e-${id}`, width, points });
    }
  }
  const graph = { ...place.now.graph, nodes, edges, order: [...nodes.keys()] };
  place.history.put(place.now.view, graph);
  place.show();
  place.stage.fit();
}"""
_PANNED = """(seconds) => new Promise((done) => {
  const { stage } = document.querySelector('[data-canvas]').workplace;
  let [painted, turn] = [0, 0];
  stage.cy.on('render', () => { painted += 1; });
  const began = performance.now();
  const step = () => {
    const spent = (performance.now() - began) / 1000;
    if (spent >= seconds) { done(painted / spent); return; }
    turn += 1;
    stage.cy.panBy({ x: turn % 60 < 30 ? 6 : -6, y: turn % 40 < 20 ? 3 : -3 });
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
_SVG_PANNED = """async ([seconds]) => {
  const place = document.querySelector('[data-canvas]').workplace;
  const { svgOf } = await import('/static/js/canvas/sheet.js');
  const picture = document.createElement('div');
  picture.innerHTML = await svgOf(place.picture, place.stage.tokens, []).text();
  const svg = picture.firstElementChild;
  const stage = document.querySelector('[data-stage]');
  svg.setAttribute('width', stage.clientWidth);
  svg.setAttribute('height', stage.clientHeight);
  stage.replaceChildren(svg);
  const [left, top, wide, high] = svg.getAttribute('viewBox').split(' ').map(Number);
  return new Promise((done) => {
    let turn = 0;
    const began = performance.now();
    const step = () => {
      const spent = (performance.now() - began) / 1000;
      if (spent >= seconds) { done(turn / spent); return; }
      turn += 1;
      const [x, y] = [left + (turn % 60 < 30 ? turn % 30 : 30 - turn % 30) * 8, top];
      svg.setAttribute('viewBox', `${x} ${y} ${wide} ${high}`);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}"""


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row; the best of three."""
    with open_browser() as browser:
        ours, peer = _measured(browser)
    return [
        {
            "name": "canvas-pan",
            "ours": round(ours, 1),
            "unit": "pictures/s",
            "peer": "the same picture as SVG, moved by the browser",
            "peer_figure": round(peer, 1),
            "ratio": round(ours / peer, 2),
            "goal": GOAL,
            "met": ours >= GOAL,
            "machine": machine,
        }
    ]


def _measured(browser: Browser) -> tuple[float, float]:
    material = of_chain(sample_chain(), sample_labels())
    with open_canvas(browser, material, SAMPLES["long-chain"], height=800) as opened:
        opened.page.evaluate(_MADE, [LAYERS, IN_A_LAYER])
        _check(opened)
        ours = max(float(opened.page.evaluate(_PANNED, SECONDS)) for _ in range(3))
        peer = float(opened.page.evaluate(_SVG_PANNED, [SECONDS]))
    return ours, peer


def _check(opened: CanvasPage) -> None:
    count = opened.ask("stage.cy.nodes().length")
    if count != LAYERS * IN_A_LAYER:
        raise AssertionError(f"the picture has {count} boxes, not {LAYERS * IN_A_LAYER}")
