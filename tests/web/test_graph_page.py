"""The money graph in a browser: drawn, opened, walked by key, under the strict policy."""

from __future__ import annotations

import struct
import sys
import time
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser

from kancil.studies.moneygraph.explore import explore
from kancil.studies.moneygraph.model import MoneyGraph
from kancil.studies.moneygraph.query import GraphQuery, asked, read_query
from tests.cli.sample_unit import PAID_ADDRESS
from tests.studies.moneygraph.sample_chain import (
    FAN,
    fan_chain,
    labels_of,
    no_labels,
    sample_chain,
    sample_labels,
)
from tests.studies.moneygraph.test_files import HOSTILE, LISTED_TXID, Row
from tests.web.graph_page import LOOKS, SAMPLES, STATIC, GraphPage, Scheme, open_graph
from tests.web.watching import BARRIERS, axe

pytestmark = pytest.mark.browser
MOST_MS = 300
MOST_BYTES = 1_100_000


def opened_sample(
    browser: Browser,
    name: str,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    language: str = "en",
) -> AbstractContextManager[GraphPage]:
    return open_graph(
        browser,
        sample_chain(),
        sample_labels(),
        SAMPLES[name],
        width=width,
        scheme=scheme,
        language=language,
    )


def drawn(page: GraphPage) -> dict[str, list[float]]:
    """What the canvas holds: middle and size of each node."""
    found: dict[str, list[float]] = page.ask(
        "Object.fromEntries(widget.cy.nodes().map((node) => [node.id(),"
        " [node.position('x'), node.position('y'), node.width(), node.height()]]))"
    )
    return found


def expected(graph: MoneyGraph) -> dict[str, list[float]]:
    return {
        node.id: [node.x + node.width / 2, node.y + node.height / 2, node.width, node.height]
        for node in graph.nodes
    }


OTHER_LOOKS = [pytest.param(*look, marks=pytest.mark.thorough) for look in LOOKS[1:]]


@pytest.mark.parametrize(("width", "scheme", "language"), [LOOKS[0], *OTHER_LOOKS], ids=str)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_graph_is_drawn_as_laid_out_and_nothing_is_stopped_or_asked_elsewhere(
    browser: Browser, name: str, width: int, scheme: Scheme, language: str
) -> None:
    with opened_sample(
        browser, name, width=width, scheme=scheme, language=language
    ) as opened:  # fmt: skip
        graph = explore(sample_chain(), sample_labels(), SAMPLES[name])
        assert drawn(opened) == expected(graph)
        assert opened.ask("widget.cy.edges().length") == len(graph.edges)
        assert opened.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        opened.page.evaluate(axe())
        assert opened.page.evaluate(BARRIERS) == []
        assert opened.faults == []
        assert opened.foreign == []


def test_opening_puts_only_what_is_new_into_the_living_picture(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        opened.ask("widget.cy.nodes().forEach((node) => node.scratch('old', true))")
        fold = opened.opening()[0]
        opened.step("expand", fold)
        (sent,) = opened.asked
        assert (sent["action"], sent["node"]) == ("expand", fold)
        assert opened.headers[0]["x-csrftoken"] == "made-up"
        query = SAMPLES["long-chain"]
        assert read_query(sent["query"]) == query
        after = explore(sample_chain(), sample_labels(), query.opening(fold))
        assert drawn(opened) == expected(after)
        kept = opened.ask("widget.cy.nodes().filter((node) => node.scratch('old')).length")
        assert kept == len({n.id for n in after.nodes} & set(expected(explore(
            sample_chain(), sample_labels(), query
        ))))  # fmt: skip
        told = opened.page.input_value("[data-mg-query]")
        assert fold in told
        assert opened.page.inner_text("[role=status]").endswith("in the graph.")


def worked_ms(opened: GraphPage, place: int) -> list[float]:
    """Open a node four times; gives how long a core worked for each, in the page and behind it."""
    devtools = opened.page.context.new_cdp_session(opened.page)
    devtools.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    devtools.send("Performance.enable")

    def worked() -> float:
        told = devtools.send("Performance.getMetrics")["metrics"]
        (page,) = [each["value"] for each in told if each["name"] == "TaskDuration"]
        return 1000 * (float(page) + time.process_time())

    found = []
    for _ in range(4):
        node, before = opened.opening()[place], worked()
        opened.step("expand", node)
        found.append(worked() - before)
    return found


def test_from_click_to_drawn_takes_less_than_300_ms(browser: Browser) -> None:
    """As long as a core works, the best of several: other work on the machine is not counted."""
    took: dict[str, float] = {}
    for name in ("long-chain", "two-hops"):
        with opened_sample(browser, name) as opened:
            took[name] = min(worked_ms(opened, 0))
    chain, fan = fan_chain()
    many = GraphQuery(asked(fan.shown), direction="both")
    with open_graph(browser, chain, no_labels(chain), many) as opened:
        took[f"{FAN} outputs"] = min(worked_ms(opened, -1))
    sys.stdout.write(f"{took}\n")
    assert max(took.values()) < MOST_MS


def test_a_click_on_a_fold_opens_it_and_a_click_on_a_node_selects_it(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        where = "(({x, y}, box) => [box.x + x, box.y + y])"
        box = "document.querySelector('.mg-stage').getBoundingClientRect()"
        start, fold = opened.ask("[widget.graph.order[1], widget.graph.order[3]]")
        for ident in (start, fold):
            x, y = opened.ask(
                f"{where}(widget.cy.getElementById('{ident}').renderedPosition(), {box})"
            )
            opened.page.mouse.click(x, y)
        opened.page.wait_for_selector("[data-drawn-ms]")
        assert [sent["node"] for sent in opened.asked] == [fold]
        assert opened.page.input_value("[data-mg-selected]") == start


def test_keys_follow_the_money_open_select_and_clear(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        page = opened.page
        page.evaluate(
            """() => { window.told = []; document.addEventListener('moneygraph:selected',
              (event) => window.told.push(event.detail.nodes.map((node) => node.id))); }"""
        )
        page.focus(".mg-stage")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("[role=status]").startswith("Start, 9.52451372 BTC")
        page.keyboard.press("ArrowRight")
        assert "Transaction, 619f6cc7" in page.inner_text("[role=status]")
        page.keyboard.press(" ")
        selected = page.input_value("[data-mg-selected]")
        assert selected.startswith("tx-619f6cc7")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("[role=status]").endswith("Enter opens it")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-drawn-ms]")
        assert len(opened.asked) == 1
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert page.inner_text("[role=status]") == "There is nothing on that side."
        page.keyboard.press("Escape")
        assert page.input_value("[data-mg-selected]") == ""
        assert page.evaluate("window.told.at(-1)") == []
        assert page.evaluate("window.told[0]") == [selected]


def test_what_was_opened_folds_back_by_key(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        before = drawn(opened)
        fold = opened.opening()[0]
        opened.step("expand", fold)
        inner = opened.ask("[...widget.graph.nodes.values()].find((node) => node.hops[0] === 3).id")
        opened.step("collapse", inner)
        assert drawn(opened) == before


def test_a_refusal_is_said_in_words_and_changes_nothing(browser: Browser) -> None:
    chain, fan = fan_chain()
    query = GraphQuery(asked(fan.shown), direction="both")
    with open_graph(browser, chain, no_labels(chain), query) as opened:
        before = drawn(opened)
        opened.ask("widget.step('expand', 'tx-' + '0'.repeat(64))")
        opened.page.wait_for_selector(".mg-fault:not([hidden])")
        assert "no longer contains the node" in opened.page.inner_text(".mg-fault")
        opened.page.route("**/step", lambda route: route.abort())
        opened.ask(f"widget.step('expand', '{opened.opening()[0]}')")
        opened.page.wait_for_function(
            "document.querySelector('.mg-fault').textContent.startsWith('No answer came')"
        )
        assert drawn(opened) == before


def test_on_a_phone_the_list_comes_first_and_does_all_that_the_picture_does(
    browser: Browser,
) -> None:
    with opened_sample(browser, "long-chain", width=390) as opened:
        page = opened.page
        listed = page.eval_on_selector_all(".mg-item", "(rows) => rows.map((r) => r.dataset.node)")
        assert listed == opened.ask("widget.graph.order")
        top = "(selector) => document.querySelector(selector).getBoundingClientRect().top"
        assert page.evaluate(top, ".mg-list") < page.evaluate(top, ".mg-stage")
        page.click(".mg-item button:text-is('Open') >> nth=0")
        page.wait_for_selector("[data-drawn-ms]")
        assert len(page.query_selector_all(".mg-item")) == len(listed) + 22
        page.click(".mg-pick >> nth=0")
        assert page.get_attribute(".mg-pick >> nth=0", "aria-pressed") == "true"
        assert page.input_value("[data-mg-selected]") == listed[0]


def test_what_a_table_states_is_drawn_unlike_what_the_chain_proves(browser: Browser) -> None:
    rows = (
        Row(1, "0.3879", txid=LISTED_TXID, from_name="Customer 8841", to_address=PAID_ADDRESS),
        Row(2, "21500000", "LAK", "Bank B", from_account="0012-33", to_address=PAID_ADDRESS),
    )
    query = SAMPLES["listed-payment"]
    with open_graph(browser, sample_chain(), sample_labels(), query, stated=rows) as opened:
        patterns = opened.ask(
            "Object.fromEntries(widget.cy.edges().map((edge) => [edge.id(),"
            " edge.style('line-cap') + ' ' + edge.style('line-color')]))"
        )
        graph = explore(sample_chain(), sample_labels(), query, stated=rows)
        stated = {edge.id for edge in graph.edges if edge.stated_by}
        assert len(stated) == 3
        assert len({patterns[ident] for ident in stated}) == 1
        drawn_so = {patterns[ident].split()[0] for ident in stated}
        assert drawn_so == {"round"}
        proved = {patterns[ident].split()[0] for ident in patterns if ident not in stated}
        assert proved == {"butt"}
        assert opened.ask("widget.cy.nodes('.party')[0].style('shape')") == "cut-rectangle"


def test_colours_follow_the_theme_at_once(browser: Browser) -> None:
    with opened_sample(browser, "listed-payment") as opened:
        colour = "widget.cy.nodes('.tx')[0].style('background-color')"
        light = opened.ask(colour)
        opened.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        opened.settle()
        assert opened.ask(colour) != light
        assert opened.ask("widget.tokens.paper") == "#201e1a"


def test_the_picture_is_saved_whole_with_its_words(browser: Browser) -> None:
    with opened_sample(browser, "listed-payment") as opened:
        with opened.page.expect_download() as download:
            opened.page.click("text=Save as PNG")
        assert download.value.suggested_filename == "money-graph.png"
        png = download.value.path().read_bytes()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", png[16:24])
        graph = explore(sample_chain(), sample_labels(), SAMPLES["listed-payment"])
        assert (width, height) == (2 * (graph.width + 48), 2 * (graph.height + 48 + 26))
        assert opened.faults == []


def test_hostile_labels_are_words_on_the_page_and_nothing_else(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chain, fan = fan_chain()
    rows = []
    for number, text in enumerate(HOSTILE):
        output = chain.output_row(fan.txid, FAN - 2 - number)
        rows.append((chain.address_of(output or 0) or "", text, text, "exchange"))
    labels = labels_of(chain, tmp_path_factory.mktemp("hostile-page"), rows)
    query = GraphQuery(asked(fan.shown), direction="both")
    graph = explore(chain, labels, query)
    fold = next(node for node in graph.nodes if node.tone == "service" and node.kind == "ends")
    with open_graph(browser, chain, labels, query.opening(fold.id)) as opened:
        opened.page.click("summary")
        opened.page.wait_for_selector(".mg-item")
        text = opened.page.inner_text(".mg-list")
        assert "<script>alert(1)</scr" in text
        assert "\u202e" not in text
        assert opened.page.query_selector(".mg img, .mg script:not([type])") is None
        assert opened.faults == []
        assert opened.foreign == []


def test_the_graphs_own_files_fit_the_pages_weight() -> None:
    files = [
        "vendor/cytoscape/cytoscape.min.js", "js/moneygraph.js", "js/moneygraph-paint.js",
        "js/moneygraph-list.js", "css/moneygraph.css", "css/kancil.css", "css/parts.css",
        "css/tokens.css", "css/fonts.css", "js/app.js", "js/drafts.js",
        "vendor/htmx/htmx.min.js",
    ]  # fmt: skip
    fonts = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2"))
    weight = fonts + sum((STATIC / name).stat().st_size for name in files)
    graph = explore(sample_chain(), sample_labels(), SAMPLES["long-chain"])
    assert weight + len(str(graph.as_dict())) < MOST_BYTES
