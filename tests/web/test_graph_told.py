"""What stands beside the money graph on the site: patterns, clusters, CoinJoins, their switches."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.web.graph_page import open_graph

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import open_clusters
from kancil.bitcoin.coinjoins import verdicts as looks
from kancil.studies.moneygraph.query import GraphQuery, asked
from kancil.studies.moneygraph.runs import Runs
from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, copied
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.web.site import Site, site_of

PEEL = f"/chains/main/graph/?start={LONG_CHAIN.partition(':')[0]}"
TRACE = "/cases/1/money/1/graph/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file; only the clusters of its chain are made anew."""
    return site_of(copied(sample, tmp_path_factory.mktemp("told")))


def page_of(site: Site, path: str) -> str:
    answer = site.client("officer").get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def graph_of(site: Site, path: str) -> dict[str, Any]:
    page = site.client("officer").get(path).content.decode()
    found = re.search(r'<script id="graph"[^>]*>(.*?)</script>', page, re.S)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def visible(page: str) -> str:
    """What a browser without script shows."""
    return re.sub(r"<script.*?</script>", "", page, flags=re.S)


def test_patterns_are_looked_for_when_asked_and_read_without_script(site: Site) -> None:
    plain = visible(page_of(site, PEEL))
    assert "Patterns were not searched for on this graph." in plain
    assert 'href="?start=' in plain
    assert "patterns=1" in plain
    told = visible(page_of(site, f"{PEEL}&patterns=1"))
    for words in (
        "peel-chain 1", "One indicator alone proves nothing.", "(checked: no)",
        "Innocent makers", "Pattern 1: peel-chain 1", "In the graph:", "patterns=0",
    ):  # fmt: skip
        assert words in told, words
    assert graph_of(site, f"{PEEL}&patterns=1")["query"]["patterns"] is True


def test_a_trace_s_page_judges_no_transaction_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: Counter[int] = Counter()
    could_look = looks._could_look

    def count(chain: Chain, tx: int) -> bool:
        judged[tx] += 1
        return could_look(chain, tx)

    monkeypatch.setattr(looks, "_could_look", count)
    monkeypatch.setattr("kancil.web.studies.graphs.runs_of", lambda _chain: Runs())
    page_of(site, TRACE)
    assert judged
    assert set(judged.values()) == {1}


def test_a_step_and_the_files_keep_what_is_looked_for(site: Site) -> None:
    graph = graph_of(site, f"{PEEL}&patterns=1")
    node = next(node["id"] for node in graph["nodes"] if node["opens"])
    sent = {"action": "expand", "node": node, "query": graph["query"]}
    client = site.client("officer")
    answer = client.post("/chains/main/graph/step/", sent, content_type="application/json")
    change = answer.json()
    assert answer.status_code == 200
    assert [group["title"] for group in change["findings"]][:1] == ["peel-chain 1"]
    data = client.post("/chains/main/graph/csv/", {"query": json.dumps(graph["query"])}).content
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert any("One indicator alone proves nothing" in row["patterns"] for row in rows)
    for wrong in ({"patterns": 1}, {"clusters": "yes"}):
        sent = {"action": "expand", "node": node, "query": {**graph["query"], **wrong}}
        refused = client.post("/chains/main/graph/step/", sent, content_type="application/json")
        assert refused.status_code >= 400


def test_clusters_are_taken_as_they_are_kept_and_never_made_by_the_page(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf, open_chain

    chain = open_chain(site.workspace, "main")
    before = sorted(path.name for path in chain.path.iterdir())
    told = visible(page_of(site, f"{PEEL}&clusters=1"))
    assert "Run kancil bitcoin cluster" in told
    assert sorted(path.name for path in chain.path.iterdir()) == before
    open_clusters(chain, label_shelf(site.workspace).index(chain.network), exclude_coinjoins())
    told = visible(page_of(site, f"{PEEL}&clusters=1"))
    assert "Run kancil bitcoin cluster" not in told
    assert "No two addresses drawn here are in one cluster" in told


def test_a_trace_has_the_same_switches_but_no_way_through_coinjoins(site: Site) -> None:
    told = visible(page_of(site, f"{TRACE}?patterns=1&compare=fifo&through=1"))
    assert "Hide patterns" in told
    assert "compare=fifo" in told
    assert "Trace on through CoinJoins" not in told
    graph = graph_of(site, f"{TRACE}?through=1")
    assert graph["query"]["stops_at"] == graph_of(site, TRACE)["query"]["stops_at"]


def test_by_hand_one_passes_coinjoins_only_when_asked(site: Site) -> None:
    assert "whirlpool" in graph_of(site, PEEL)["query"]["stops_at"]
    assert graph_of(site, f"{PEEL}&through=1")["query"]["stops_at"] == {}
    assert "Stop at CoinJoins" in page_of(site, f"{PEEL}&through=1")


@pytest.mark.browser
def test_the_list_of_patterns_leads_to_the_picture_by_key_and_follows_its_steps(
    browser: Browser,
) -> None:
    query = GraphQuery(asked(LONG_CHAIN), hops=2, patterns=True)
    with open_graph(browser, sample_chain(), sample_labels(), query) as opened:
        page = opened.page
        assert page.locator("[data-mg-told=findings] h3").all_inner_texts() == [
            "peel-chain 1", "layering 1",
        ]  # fmt: skip
        assert "proves nothing" in page.inner_text("[data-mg-said=findings]")
        link = page.locator("[data-mg-told=findings] .mg-find").nth(1)
        link.focus()
        page.keyboard.press("Enter")
        assert "in pattern" in page.inner_text("[role=status]")
        assert page.evaluate("document.activeElement.className") == "mg-stage"
        marked = opened.ask("widget.cy.nodes('.found').length")
        assert marked == opened.ask(
            "[...widget.graph.nodes.values()].filter((node) => node.findings.length).length"
        )
        before = page.inner_text("[data-mg-told=findings]")
        opened.step("expand", opened.opening()[0])
        assert page.inner_text("[data-mg-told=findings]") != before
        assert opened.faults == []
