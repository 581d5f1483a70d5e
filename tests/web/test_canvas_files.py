"""What leaves the canvas: files with a caption, words of others that stay words, its own weight."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser

from tests.studies.moneygraph.sample_chain import FAN, fan_chain, labels_of, no_labels
from tests.studies.moneygraph.test_files import HOSTILE
from tests.web.canvas_page import CanvasPage, of_chain, open_canvas, view_of
from tests.web.look import STATIC
from tests.web.test_canvas_page import opened_sample, sample_graph

pytestmark = pytest.mark.browser
MOST_BYTES = 1_100_000


def saved_file(opened: CanvasPage, kind: str) -> bytes:
    with opened.page.expect_download() as download:
        opened.ask(f"void place.do('{kind}')")
    assert download.value.suggested_filename == f"graph.{kind}"
    return Path(download.value.path()).read_bytes()


def test_exports_carry_a_caption_with_question_limits_and_what_was_hidden(
    browser: Browser,
) -> None:
    with opened_sample(browser, "listed-payment") as opened:
        opened.act("hide", opened.ask("place.now.graph.order.at(-1)"))
        png = saved_file(opened, "png")
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", png[16:24]) > (1800, 600)
        svg = saved_file(opened, "svg").decode()
        tree = ET.fromstring(svg)
        texts = [one.text or "" for one in tree.iter() if one.tag.endswith("text")]
        title = opened.ask("place.now.graph.title")
        assert texts.count("Case C1 Sample") == 1
        assert title in texts
        assert any("Hidden by the author: 1" in text for text in texts)
        assert any(text.startswith("Limits of this result (") for text in texts)
        assert "<script" not in svg
        assert "href" not in svg
        assert opened.faults == []


def test_a_view_is_saved_as_it_is_and_anothers_beside_it_is_told(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        opened.act("branch", opened.ask("place.now.graph.order.at(-1)"))
        for name in ("Mine", "Mine again"):
            opened.page.click(".cv-head [data-do=save]")
            opened.page.fill("#cv-save-name", name)
            opened.page.fill("#cv-save-note", "As of Monday")
            opened.page.click("dialog[open] button.main")
            opened.page.wait_for_selector(f"[data-views] a:has-text('{name}')", state="attached")
        one, two = opened.saved
        assert (one["base"], two["base"]) == (None, 1)
        assert one["view"] == opened.view
        assert one["note"] == "As of Monday"
        assert "both are kept" in opened.page.inner_text("[data-bars]")


def test_hostile_labels_are_words_everywhere_and_nothing_else(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chain, fan = fan_chain()
    rows = []
    for number, text in enumerate(HOSTILE):
        output = chain.output_row(fan.txid, FAN - 2 - number)
        rows.append((chain.address_of(output or 0) or "", text, text, "exchange"))
    labels = labels_of(chain, tmp_path_factory.mktemp("hostile-page"), rows)
    material = of_chain(chain, labels)
    with open_canvas(browser, material, view_of(fan.shown)) as opened:
        fold = opened.ask(
            "[...place.now.graph.nodes.values()].find((node) =>"
            " node.tone === 'service' && node.opens)?.id"
        )
        opened.act("toggle", fold)
        opened.act("list")
        text = opened.page.inner_text(".cv-list")
        assert "<script>alert(1)</scr" in text
        assert "\u202e" not in text
        assert opened.page.query_selector(".cv img, .cv script:not([type])") is None
        ET.fromstring(saved_file(opened, "svg"))
        assert opened.faults == []
        assert opened.foreign == []


@pytest.mark.thorough
def test_five_hundred_boxes_are_drawn_and_each_is_in_the_list(browser: Browser) -> None:
    chain, fan = fan_chain()
    with open_canvas(browser, of_chain(chain, no_labels(chain)), view_of(fan.shown)) as opened:
        for _ in range(3):
            opened.act("toggle", opened.opening()[-1])
        count = opened.ask("place.now.graph.order.length")
        assert count > 30
        opened.act("list")
        assert len(opened.page.query_selector_all(".cv-item")) == count
        assert opened.faults == []


def test_the_canvas_fits_the_weight_of_a_page() -> None:
    files = [
        "vendor/cytoscape/cytoscape.min.js", "css/canvas.css", "css/kancil.css", "css/parts.css",
        "css/tokens.css", "css/fonts.css", "js/app.js", "js/drafts.js", "vendor/htmx/htmx.min.js",
        *(f"js/canvas/{path.name}" for path in (STATIC / "js" / "canvas").glob("*.js")),
    ]  # fmt: skip
    fonts = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2"))
    weight = fonts + sum((STATIC / name).stat().st_size for name in files)
    graph = sample_graph("long-chain")
    assert weight + len(str(graph.as_dict())) < MOST_BYTES
