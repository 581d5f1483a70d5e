"""The canvas of a case: its page, its acts, and who may see what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, copied
from tests.web.site import OUTSIDER, Site, site_of

CANVAS = "/cases/1/canvas/"


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit with a trace of its own."""
    unit = copied(sample, tmp_path_factory.mktemp("canvas"))
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    return site_of(unit)


def part(page: str, name: str) -> Any:
    """What the page gives its script under a name."""
    _, _, rest = page.partition(f'<script id="{name}" type="application/json">')
    return json.loads(rest.partition("</script>")[0])


def opened(site: Site, query: str = "trace=4") -> tuple[dict[str, Any], dict[str, Any]]:
    """The view and the graph that the page begins with."""
    page = site.client("officer").get(f"{CANVAS}?{query}").content.decode()
    return part(page, "canvas-view"), part(page, "canvas-graph")


def act(site: Site, view: dict[str, Any], who: str = "officer", **given: Any) -> Any:
    """Send an act to the picture."""
    sent = json.dumps({"view": view, "act": given})
    return site.client(who).post(f"{CANVAS}draw/", sent, content_type="application/json")


def test_a_trace_opens_on_the_canvas_and_a_fold_of_it_opens(site: Site) -> None:
    answer = site.client("officer").get("/cases/1/money/4/graph/")
    assert answer.headers["Location"] == f"{CANVAS}?trace=4"
    view, graph = opened(site)
    assert [source["trace"] for source in view["sources"]] == [4]
    fold = next(node for node in graph["nodes"] if node["kind"] == "chain")
    assert fold["subject"] == {"kind": "fold", "chain": "main", "value": fold["id"]}
    after = act(site, view, do="expand", node=fold["id"]).json()
    assert fold["id"] in after["view"]["opened"]
    assert fold["id"] not in {node["id"] for node in after["graph"]["nodes"]}
    one = next(node for node in after["graph"]["nodes"] if node["kind"] == "tx")
    assert one["subject"] == {"kind": "transaction", "chain": "main", "value": one["txid"]}
    assert after["said"].endswith("in the graph.")
    back = act(site, after["view"], do="collapse", node=one["id"]).json()
    assert {node["id"] for node in back["graph"]["nodes"]}


def test_what_is_no_view_and_no_act_is_told_in_words(site: Site) -> None:
    view, _ = opened(site)
    for broken in (
        {**view, "level": "houses"},
        {**view, "positions": {"tx-1": [0.5, 1]}},
        {**view, "hidden": ["tx-1", "tx-1"]},
        {**view, "sources": [{"kind": "trace", "trace": "4", "result_sha256": "0" * 64}]},
        {**view, "more": 1},
        {},
    ):
        answer = act(site, broken, do="none")
        assert answer.status_code == 400, broken
        assert answer.json()["sentence"].startswith("This view cannot be opened")
    assert act(site, view, do="dance").status_code == 400
    assert act(site, view, do="expand", node="tx-" + "0" * 64).status_code == 404
    assert act(site, {**view, "sources": []}, do="none").json()["next"].startswith("Add an address")


def test_whoever_is_in_no_case_learns_of_no_canvas(site: Site) -> None:
    view, _ = opened(site)
    assert act(site, view, who=OUTSIDER, do="none").status_code == 404
    assert act(site, view, who="reader", do="none").status_code == 200
