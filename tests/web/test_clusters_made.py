"""Clusters that are not there yet: who may have them made, and what is answered until then."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.cli.running import ROOT
from tests.cli.sample_unit import PAID_ADDRESS
from tests.web.api_unit import Api
from tests.web.site import Site
from tests.web.test_clusters import MAIN, said, url
from tests.work.launch import load
from tests.work.shop import Shop


def test_what_is_not_made_is_asked_for_once_and_made_behind_the_pages(site: Site) -> None:
    load()
    shop, page = Shop(site, ""), url("main", MAIN)
    reader = site.client("reader")
    assert "have not been computed" in said(site, page)
    assert "/make/" not in reader.get(page).content.decode()
    assert reader.post("/chains/main/clusters/make/").status_code == 403
    assert (
        'action="/chains/main/clusters/make/"' in site.client("officer").get(page).content.decode()
    )
    for rest in ("addresses/", "held-by/"):
        assert reader.get(page + rest).headers["Location"] == page
    assert "have not been computed" in said(site, page + "exposure/?subject=cluster")
    for _ in range(2):
        answer = site.client("officer").post("/chains/main/clusters/make/")
        assert answer.headers["Location"] == "/chains/main/clusters/"
    waiting = reader.get(page).content.decode()
    (here,) = re.findall(r'hx-get="(/tasks/[^"]+/here/)"', waiting)
    assert reader.get(here).status_code == 200
    assert shop.work_off() == 1, "asked for twice, it is made once"
    assert reader.get(here).headers["HX-Refresh"] == "true", "the page is loaded anew"
    assert "Cluster of 16 addresses" in said(site, page)
    assert "/here/" not in reader.get(page).content.decode(), "done, nothing more is waited for"
    assert "Clusters of two addresses or more 169" in said(site, "/chains/main/clusters/")
    done = site.client("reader").get("/tasks/").content.decode()
    assert "169 clusters of two addresses or more" in html.unescape(done)
    site.client("officer").post("/chains/main/clusters/make/")
    assert shop.work_off() == 0
    site.unit.say("labels", "import", ROOT / "sample" / "labels" / "hacks.yaml", "--fetched-on",
                  "2025-01-01", "--publisher", "Another")  # fmt: skip
    assert "Cluster of 16 addresses" in said(site, page), "a label import keeps what was made"


def test_a_failure_is_told_where_clusters_would_be(site: Site, monkeypatch: Any) -> None:
    from kancil.desk.studies.jobs import clusters
    from kancil.ground.errors import DiskFull

    def full(*_given: Any, **_more: Any) -> Any:
        raise DiskFull(path="/somewhere/clusters.map")

    load()
    monkeypatch.setattr(clusters, "open_clusters", full)
    site.client("officer").post("/chains/main/clusters/make/")
    shop = Shop(site, "")
    for _ in range(5):
        shop.work_off()
        from kancil.desk.jobs.models import Task
        from kancil.ground import clock

        Task.objects.filter(state="waiting").update(run_after=clock.now())
    page = said(site, "/chains/main/clusters/", "officer")
    assert "disk" in page
    assert "Compute clusters" in page


def test_an_address_alone_needs_no_clusters_and_what_is_wrong_is_told_at_the_form(
    site: Site,
) -> None:
    value = site.unit.ask("bitcoin", "exposure", "main", PAID_ADDRESS)
    page = said(site, url("main", PAID_ADDRESS, "exposure/"))
    assert "Sent: nothing met a label" in page
    labels = said(site, url("main", PAID_ADDRESS, "exposure/?tab=labels"))
    assert value["own_labels"][0]["publisher"] in labels
    client = site.client("reader")
    for wrong in ("exposure_hops=0", "exposure_hops=99", "policy=none", "side=x", "subject=<b>"):
        answer = client.get(url("main", PAID_ADDRESS, f"exposure/?{wrong}"))
        assert answer.status_code == 200
        assert "form-errors" in answer.content.decode(), wrong
        assert "Where all coins ended" not in answer.content.decode(), wrong


def test_programs_are_refused_until_clusters_are_made_and_may_ask_for_them(site: Site) -> None:
    load()
    api, shop = Api(site), Shop(site, "")
    for who in ("officer", "reader"):
        api.tokens[who] = api.token(who)
    refused = api.ask("get", f"/chains/main/clusters/{MAIN}", api.tokens["reader"])
    assert (refused.status, refused.json["error"]) == (409, "clusters-not-made")
    assert api.ask("post", "/chains/main/clusters", api.tokens["reader"]).status == 403
    tasks = [api.ask("post", "/chains/main/clusters", api.tokens["officer"]) for _ in range(2)]
    assert [task.status for task in tasks] == [202, 202]
    assert tasks[0].json["task"]["id"] == tasks[1].json["task"]["id"]
    assert [task.json["made"] for task in tasks] == [False, False]
    assert shop.work_off() == 1
    assert api.get(f"/chains/main/clusters/{MAIN}", "reader")["size"] == 16
    there = api.ask("post", "/chains/main/clusters", api.tokens["officer"])
    assert (there.status, there.json["made"], there.json["task"]) == (202, True, None)
    assert there.json["clusters"] == 169
    assert there.json["addresses"] > 168
    assert shop.work_off() == 0, "what is made is not made again"


def test_a_label_import_keeps_the_clusters_that_were_made(site: Site) -> None:
    site.make_clusters()
    assert "have not been computed" not in said(site, "/chains/main/clusters/")
    sent = {
        "chain": "main", "value": MAIN, "label": "Somebody", "category": "exchange",
        "confidence": "low", "reason": "a test",
    }  # fmt: skip
    assert site.client("officer").post("/tags/new/", sent).status_code == 302
    after = said(site, "/chains/main/clusters/")
    assert "have not been computed" not in after
    assert "Labels newer than clusters" not in after, "the guard would decide alike"
    shown = said(site, url("main", MAIN))
    assert "Cluster of 16 addresses" in shown
    assert "Sample Unit: Somebody" in shown
