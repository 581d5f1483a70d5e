"""The canvas of a case: its page, its acts, and who may see what."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import (
    FIRST_PAYMENT,
    LISTED_PAYMENT,
    LONG_CHAIN,
    PAID_ADDRESS,
    copied,
)
from tests.web.site import OUTSIDER, Site, site_of

CANVAS = "/cases/1/canvas/"
SPENDS_LONG_CHAIN = "619f6cc76381499c8287a12457682e2eaddab7e557953ecc8019f6a830a23c4c"


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
    assert "BTC" in graph["answer"][0]
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


def test_sources_of_no_chain_and_of_two_chains_are_told_in_words(site: Site) -> None:
    view, _ = opened(site)
    other = {"kind": "chain", "chain": "other", "starts": ["x"], "direction": "both"}
    answer = act(site, {**view, "sources": [*view["sources"], other]}, do="none")
    assert "One graph shows one blockchain" in answer.json()["sentence"]
    gone = act(site, {**view, "sources": [other]}, do="none")
    assert gone.status_code == 404
    assert "is not in this workspace" in gone.json()["sentence"]
    bad = {**other, "chain": "main"}
    assert act(site, {**view, "sources": [bad]}, do="none").status_code == 400


def test_whoever_is_in_no_case_learns_of_no_canvas(site: Site) -> None:
    view, _ = opened(site)
    assert act(site, view, who=OUTSIDER, do="none").status_code == 404
    assert act(site, view, who="reader", do="none").status_code == 200


# --- acts -----------------------------------------------------------------------------------------


def test_pasted_starts_are_added_and_what_is_none_is_named_with_its_reason(site: Site) -> None:
    view, graph = opened(site)
    paste = f"bitcoin:{PAID_ADDRESS}?amount=1, {FIRST_PAYMENT}\n{'0' * 64} nonsense"
    answer = act(site, view, do="add", text=paste).json()
    chain = answer["view"]["sources"][1]
    assert chain["starts"] == [PAID_ADDRESS, FIRST_PAYMENT]
    assert [each["text"] for each in answer["rejected"]] == ["0" * 64, "nonsense"]
    assert all(each["why"] for each in answer["rejected"])
    assert {node["id"] for node in graph["nodes"]} <= {
        node["id"] for node in answer["graph"]["nodes"]
    }
    shares = [node["shares"] for node in answer["graph"]["nodes"] if node["shares"]]
    assert {each["trace"] for several in shares for each in several} == {"T4"}
    assert all(node["amount"]["lower_sat"] is None for node in answer["graph"]["nodes"])


OF_ANOTHER_NETWORK = "bcrt1qztymu8d00j5gh795gs8mv9ulqx8acqmdq9cq8q"


def test_an_address_of_another_network_comes_on_no_canvas_and_into_no_trace(site: Site) -> None:
    view, _ = opened(site)
    answer = act(site, view, do="add", text=f"{OF_ANOTHER_NETWORK} {PAID_ADDRESS}").json()
    assert answer["view"]["sources"][1]["starts"] == [PAID_ADDRESS]
    (rejected,) = answer["rejected"]
    assert rejected["text"] == OF_ANOTHER_NETWORK
    assert "regtest" in rejected["why"] or "network" in rejected["why"]
    before = len(site.entries("trace.run"))
    subject = {"kind": "address", "chain": "main", "value": OF_ANOTHER_NETWORK}
    assert trace_on(site, view, subject=subject, direction="forward").status_code in (400, 404)
    assert len(site.entries("trace.run")) == before
    where = {"kind": "address", "chain": "main", "value": OF_ANOTHER_NETWORK}
    assert panel(site, **where).status_code in (400, 404)


def test_two_traces_in_one_picture_keep_their_shares_apart(site: Site) -> None:
    _, graph = opened(site, "trace=1&trace=4")
    named = {each["trace"] for node in graph["nodes"] for each in node["shares"]}
    assert named == {"T1", "T4"}
    assert any("never added" in note for note in graph["notes"])


def test_a_path_goes_on_only_where_the_chain_does(site: Site) -> None:
    view, _ = opened(site)
    first = f"{LONG_CHAIN}:1"
    one = act(site, view, do="path", name="way", colour="mark-2", outpoints=[first]).json()
    spent_by = one["graph"]["paths"][0]["steps"][0]["spent_by"]
    two = act(
        site,
        one["view"],
        do="path",
        name="way",
        colour="mark-2",
        outpoints=[first, f"{spent_by}:0"],
    ).json()
    (path,) = two["graph"]["paths"]
    assert [step["outpoint"] for step in path["steps"]] == [first, f"{spent_by}:0"]
    assert path["nodes"]
    assert path["edges"]
    assert set(path["edges"]) <= {edge["id"] for edge in two["graph"]["edges"]}
    wrong = act(site, view, do="path", name="way", colour="mark-2", outpoints=[first, first])
    assert wrong.status_code == 400
    assert "does not go on from" in wrong.json()["sentence"]
    gone = act(site, two["view"], do="path", name="way", outpoints=[]).json()
    assert gone["view"]["paths"] == []


def test_levels_show_addresses_and_say_where_clusters_are_made(site: Site) -> None:
    view, _ = opened(site)
    view["hidden"], view["positions"] = ["addr-main-x"], {"tx-00": [3, -4]}
    answer = act(site, view, do="level", level="addresses").json()
    kinds = {node["kind"] for node in answer["graph"]["nodes"]}
    assert "address" in kinds
    assert kinds <= {"address", "junction", "end", "ends", "stage", "party"}
    one = next(node for node in answer["graph"]["nodes"] if node["kind"] == "address")
    assert one["id"] == f"addr-main-{one['address']}"
    assert one["subject"] == {"kind": "address", "chain": "main", "value": one["address"]}
    assert answer["view"]["hidden"] == ["addr-main-x"]
    assert answer["view"]["positions"] == {"tx-00": [3, -4]}
    entities = act(site, view, do="level", level="entities").json()
    assert any("Nothing is folded by cluster" in note for note in entities["graph"]["notes"])
    assert entities["graph"]["without_clusters"] is True
    assert answer["graph"]["without_clusters"] is False


# --- the panel ------------------------------------------------------------------------------------


def panel(site: Site, who: str = "officer", **asked: str) -> Any:
    """Ask the panel."""
    return site.client(who).get(f"{CANVAS}panel/", {"chain": "main", **asked})


def test_the_panel_tells_what_a_box_is_and_what_can_be_done(site: Site) -> None:
    shown = panel(site, kind="address", value=PAID_ADDRESS, trace="4").content.decode()
    assert PAID_ADDRESS in shown
    for act_name in ("trace", "follow", "hide", "group", "colour"):
        assert f'data-canvas-act="{act_name}"' in shown
    assert f"/chains/main/address/{PAID_ADDRESS}/" in shown
    read = panel(site, who="reader", kind="address", value=PAID_ADDRESS).content.decode()
    assert 'data-canvas-act="trace"' not in read
    tx = panel(site, kind="transaction", value=SPENDS_LONG_CHAIN, trace="4").content.decode()
    assert "What each trace says of it" in tx
    assert "Largest outputs" in tx
    output = panel(site, kind="output", value=f"{LONG_CHAIN}:1").content.decode()
    assert "Spent in" in output
    fold = panel(site, kind="fold", value="chain-0123456789abcdef").content.decode()
    assert "Open the fold" in fold


def test_what_a_publisher_alleges_of_a_listed_box_can_be_made_a_finding(site: Site) -> None:
    site.unit.say(
        "bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward", "--case", "C1",
        "--why", "sample",
    )  # fmt: skip
    number = site.entries("trace.run")[-1].body["number"]
    asked = {"kind": "address", "chain": "main", "value": PAID_ADDRESS}
    query = {**asked, "trace": str(number)}
    told = site.client("officer").get(f"{CANVAS}panel/", query).content.decode()
    (finding,) = set(re.findall(r'href="(/cases/1/money/\d+/finding/\?label=\d+)"', told))
    page = unescape(site.client("officer").get(finding).content.decode())
    assert "What a publisher alleges of an address" in page
    assert "?label=" not in panel(site, who="reader", **query).content.decode()


def test_the_exposure_of_a_box_comes_after_its_panel_and_only_where_it_has_an_address(
    site: Site,
) -> None:
    told = panel(site, kind="address", chain="main", value=PAID_ADDRESS).content.decode()
    (later,) = re.findall(r'data-canvas-later="([^"]+)"', told)
    part = site.client("reader").get(unescape(later))
    assert part.status_code == 200
    assert "share-bars" in part.content.decode()
    assert site.client(OUTSIDER).get(unescape(later)).status_code == 404
    other = panel(site, kind="transaction", chain="main", value=FIRST_PAYMENT).content.decode()
    assert "data-canvas-later" not in other
    wrong = later.replace(PAID_ADDRESS, OF_ANOTHER_NETWORK)
    assert site.client("reader").get(unescape(wrong)).status_code in (400, 404)


def test_notes_about_a_box_stand_in_its_panel_and_watching_it_is_filled_in(site: Site) -> None:
    client = site.client("officer")
    about = {"kind": "address", "chain": "main", "value": PAID_ADDRESS}
    client.post("/cases/1/notes/new/", {"text": "Seen on <b>a poster</b>", **about})
    shown = panel(site, **about).content.decode()
    assert "Seen on &lt;b&gt;a poster&lt;/b&gt;" in shown
    watch = re.search(r'href="(/cases/1/watch/add/[^"]+)"', shown)
    assert watch
    assert PAID_ADDRESS in client.get(unescape(watch[1])).content.decode()


def test_the_panel_refuses_what_is_nothing_and_tells_no_outsider(site: Site) -> None:
    assert panel(site, kind="house", value="x").status_code == 400
    assert panel(site, kind="output").status_code == 400
    assert "Click a box" in panel(site).content.decode()
    assert panel(site, kind="output", value="0" * 64 + ":0").status_code == 404
    assert panel(site, kind="output", value="x").status_code == 400
    assert (
        panel(site, kind="address", value="1BoatSLRHtKNngkdXEeobR76b53LETtpyQ").status_code == 400
    )
    assert panel(site, kind="transaction", value="zz").status_code == 400
    assert panel(site, who=OUTSIDER, kind="fold", value="x").status_code == 404


def trace_on(site: Site, view: dict[str, Any], who: str = "officer", **given: Any) -> Any:
    """Trace on from a box."""
    sent = json.dumps({"view": view, **given})
    return site.client(who).post(f"{CANVAS}trace/", sent, content_type="application/json")


def test_tracing_on_records_a_trace_once_and_draws_it(site: Site) -> None:
    view, _ = opened(site)
    subject = {"kind": "transaction", "chain": "main", "value": FIRST_PAYMENT}
    before = len(site.entries("trace.run"))
    first = trace_on(site, view, subject=subject, direction="forward").json()
    assert len(site.entries("trace.run")) == before + 1
    assert first["view"]["sources"][1]["trace"] == first["trace"]
    again = trace_on(site, view, subject=subject, direction="forward").json()
    assert (again["trace"], len(site.entries("trace.run"))) == (first["trace"], before + 1)
    assert "asked this already" in again["said"]
    same = {node["id"] for node in first["graph"]["nodes"]}
    assert same == {node["id"] for node in again["graph"]["nodes"]}
    assert (
        trace_on(site, view, who="reader", subject=subject, direction="forward").status_code == 403
    )
    assert trace_on(site, view, subject=subject, direction="up").status_code == 400
    assert trace_on(site, view, subject={"kind": "fold"}, direction="forward").status_code == 400


# --- saved views ----------------------------------------------------------------------------------


def save(site: Site, view: dict[str, Any], who: str = "officer", **given: Any) -> Any:
    """Save a view."""
    sent = json.dumps({"view": view, "base": None, "note": "", **given})
    return site.client(who).post(f"{CANVAS}save/", sent, content_type="application/json")


def test_a_saved_view_opens_as_saved_and_says_what_its_author_hid(site: Site) -> None:
    view, graph = opened(site)
    hidden = next(node for node in graph["nodes"] if node["kind"] == "chain")
    view["hidden"] = [hidden["id"]]
    view["positions"] = {hidden["id"]: [12, -40]}
    view["groups"] = [
        {"id": "group-1", "name": "Ours", "colour": "mark-3", "nodes": [hidden["id"]]}
    ]
    answer = save(site, view, name="For the court", note="one branch").json()
    saved = answer["saved"]
    assert saved["by"] == "officer", "the person, whoever signed"
    assert (saved["name"], saved["note"], saved["hidden"]["boxes"]) == (
        "For the court", "one branch", 1,
    )  # fmt: skip
    assert int(saved["hidden"]["value_sat"]) > 0
    assert "hid 1 boxes" in answer["said"]
    entry = site.entries("view.saved")[-1]
    assert entry.body["sha256"] == saved["sha256"]
    again, drawn = opened(site, f"view={saved['number']}")
    assert again == view
    assert [node["id"] for node in drawn["nodes"]] == [node["id"] for node in graph["nodes"]]
    reader = site.client("reader").get(saved["url"])
    assert reader.status_code == 200
    assert site.client(OUTSIDER).get(saved["url"]).status_code == 404


@pytest.mark.thorough
def test_two_who_save_one_view_are_both_kept_and_the_second_is_told(site: Site) -> None:
    view, _ = opened(site)
    base = save(site, view, name="first").json()["saved"]
    one = save(site, {**view, "patterns": True}, name="mine", base=base["number"]).json()
    assert one["beside"] == []
    two = save(site, {**view, "clusters": True}, who="examiner", name="hers", base=base["number"])
    told = two.json()
    assert [each["number"] for each in told["beside"]] == [one["saved"]["number"]]
    assert "All of them are kept" in told["said"]
    labels = {each["label"] for each in told["views"]}
    assert {base["label"], one["saved"]["label"], told["saved"]["label"]} <= labels


def test_a_view_of_a_trace_that_is_gone_opens_and_says_so(site: Site) -> None:
    view, _ = opened(site)
    view["sources"][0]["trace"] = 99
    answer = act(site, view, do="none").json()
    assert answer["graph"]["changed"]["gone"] == [99]
    assert answer["graph"]["nodes"] == []
    assert "is not in the case" in answer["graph"]["notes"][0]
    saved = save(site, view, name="of a trace that is gone").json()["saved"]
    _, graph = opened(site, f"view={saved['number']}")
    assert graph["changed"]["gone"] == [99]


def test_bad_saves_write_nothing(site: Site) -> None:
    view, _ = opened(site)
    before = len(site.entries("view.saved"))
    for given in (
        {"name": ""}, {"name": "x" * 121}, {"name": 3}, {"name": "a", "base": 9_999},
        {"name": "a", "base": "1"}, {"name": "a", "note": "n" * 2_001}, {"name": "a\x00b"},
    ):  # fmt: skip
        assert save(site, view, **given).status_code in (400, 404), given
    assert save(site, view, who="reader", name="x").status_code == 403
    assert save(site, {**view, "level": "x"}, name="x").status_code == 400
    assert len(site.entries("view.saved")) == before
    for name in ("0", "x", "999999", "9" * 30):
        assert site.client("officer").get(f"{CANVAS}?view={name}").status_code == 404


def test_verifying_finds_a_saved_view_that_was_changed_or_lost(site: Site) -> None:
    from kancil.custody.roll import Roll
    from kancil.desk.cases.kept_files import kept_faults

    view, _ = opened(site)
    saved = save(site, view, name="to be damaged").json()["saved"]
    path = site.workspace.views_dir / f"{site.entries('view.saved')[-1].body['view']}.json"
    assert path.stat().st_mode & 0o077 == 0
    whole = path.read_bytes()

    def faults() -> list[tuple[str, str]]:
        return [
            (each.name, each.code) for each in kept_faults(site.ledger.folded(Roll), site.workspace)
        ]

    assert faults() == []
    path.write_bytes(whole.replace(b"transactions", b"addresses"))
    assert faults() == [(saved["label"], "changed")]
    assert site.client("officer").get(saved["url"]).status_code == 500
    path.unlink()
    assert faults() == [(saved["label"], "missing")]
    path.write_bytes(whole)
    assert faults() == []


def test_run_again_asks_todays_labels_and_takes_the_place_of_the_old_trace(
    site: Site, tmp_path: Path
) -> None:
    view, graph = opened(site, "trace=4")
    assert graph["changed"]["labels"] == 0
    named = next(node["address"] for node in graph["nodes"] if node["address"])
    labels = tmp_path / "new.csv"
    labels.write_text(
        f"address,label,publisher,category\n{named},Example Shop,Example Publisher,merchant\n"
    )
    site.unit.say("labels", "import", labels, "--fetched-on", "2024-09-27")
    view, graph = opened(site, "trace=4")
    assert (graph["changed"]["labels"], graph["changed"]["traces"]) == (1, [4])
    answer = trace_on(site, view, again=4).json()
    assert [source["trace"] for source in answer["view"]["sources"]] == [answer["trace"]]
    assert answer["trace"] != 4
    assert answer["graph"]["changed"]["labels"] == 0
    assert trace_on(site, view, again=99).status_code == 404
    assert trace_on(site, view, again="x").status_code == 404
