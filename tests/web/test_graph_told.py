"""What stands beside the money graph on the site: patterns, clusters, CoinJoins, their switches."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.store import open_clusters
from kancil.bitcoin.coinjoins import verdicts as looks
from kancil.studies.moneygraph.runs import Runs
from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, copied
from tests.web.site import Site, site_of

PEEL = f"/chains/main/graph/?start={LONG_CHAIN.partition(':')[0]}"
TRACE = "/cases/1/money/1/"
CANVAS = "/cases/1/canvas/"
DRAW = "/chains/main/graph/draw/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One unit for all tests of this file; only the clusters of its chain are made anew."""
    return site_of(copied(sample, tmp_path_factory.mktemp("told")))


def opened(site: Site, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The view and the picture that a page begins with."""
    page = site.client("officer").get(path, follow=True).content.decode()
    found = [
        re.search(rf'<script id="canvas-{name}"[^>]*>(.*?)</script>', page, re.S)
        for name in ("view", "graph")
    ]
    view, graph = (json.loads(each[1]) for each in found if each)
    return view, graph


def drawn(site: Site, path: str, view: dict[str, Any], **act: Any) -> Any:
    """What the server answers to an act."""
    sent = {"view": view, "act": act or {"do": "none"}}
    return site.client("officer").post(path, sent, content_type="application/json")


def test_patterns_are_looked_for_when_asked(site: Site) -> None:
    view, graph = opened(site, PEEL)
    assert graph["findings"] == []
    told = drawn(site, DRAW, {**view, "patterns": True}).json()
    assert [group["title"] for group in told["graph"]["findings"]][:1] == ["peel-chain 1"]
    said = json.dumps(told["graph"])
    for words in ("One indicator alone proves nothing.", "(checked: no)", "Innocent makers"):
        assert words in said, words
    node = next(node["id"] for node in graph["nodes"] if node["opens"])
    step = drawn(site, DRAW, told["view"], do="expand", node=node).json()
    assert step["view"]["patterns"] is True
    assert step["graph"]["findings"]
    for wrong in ({"patterns": 1}, {"clusters": "yes"}):
        assert drawn(site, DRAW, {**view, **wrong}).status_code >= 400


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
    site.client("officer").get(TRACE)
    assert judged
    assert set(judged.values()) == {1}


def test_clusters_are_taken_as_they_are_kept_and_never_made_by_the_page(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf, open_chain

    chain = open_chain(site.workspace, "main")
    before = sorted(path.name for path in chain.path.iterdir())
    view, _ = opened(site, PEEL)
    asked = {**view, "clusters": True}
    assert "have not been computed" in str(drawn(site, DRAW, asked).json()["graph"]["notes"])
    assert sorted(path.name for path in chain.path.iterdir()) == before
    open_clusters(chain, label_shelf(site.workspace).index(chain.network), exclude_coinjoins())
    notes = str(drawn(site, DRAW, asked).json()["graph"]["notes"])
    assert "have not been computed" not in notes
    assert "No two addresses drawn here are in one cluster" in notes


def test_a_second_policy_stands_beside_the_first_where_the_address_names_it(site: Site) -> None:
    view, graph = opened(site, f"{CANVAS}?trace=1&compare=lifo")
    assert view["compare"] == "lifo"
    assert any("lifo" in text for text in graph["notes"])
    assert opened(site, f"{CANVAS}?trace=1&compare=made-up")[0]["compare"] is None


def test_a_chain_without_a_case_is_drawn_and_nothing_of_it_is_saved(site: Site) -> None:
    page = site.client("officer").get(PEEL).content.decode()
    assert "data-acts" not in page
    urls = json.loads(re.search(r'<script id="canvas-urls"[^>]*>(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    assert urls == {"draw": DRAW, "csv": "/chains/main/graph/csv/"}
    table = site.client("officer").post(urls["csv"], {"view": json.dumps(opened(site, PEEL)[0])})
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows[0]["from_node"]
    assert any(row["patterns"].startswith("Limits of this result (") for row in rows)
    view, _ = opened(site, PEEL)
    trace = {"kind": "trace", "trace": 1, "result_sha256": "0" * 64}
    assert drawn(site, DRAW, {**view, "sources": [trace]}).json()["graph"]["nodes"] == []
    assert site.client("officer").get("/chains/main/graph/").status_code == 200
