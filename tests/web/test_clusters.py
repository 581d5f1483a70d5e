"""Clusters and exposure on the site: the command's numbers, and their doubts."""

from __future__ import annotations

import html
import re
from functools import partial
from typing import Any

import pytest

from kancil.ground.units import btc_text, grouped
from tests.cli.running import ROOT, Unit
from tests.cli.sample_unit import copied
from tests.web.api_unit import Api
from tests.web.site import Site, site_of
from tests.web.test_permissions import RAW_KEY

MAIN = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"
"""Spent from in block 300025 with others."""
INVENTED = "bcrt1qztymu8d00j5gh795gs8mv9ulqx8acqmdq9cq8q"
"""Of an invented person, in the sample's generated chain."""
JOINED = "1C7PuPjd13obgVmuRAbLFskSDYxPbrXgBd"
"""Spent from by a transaction with equal outputs in block 574200."""
FIRST_KEY = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5"
    "cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3"
)


@pytest.fixture(scope="module")
def made(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample's site with the invented chain, its labels, and the clusters of both."""
    unit = copied(sample, tmp_path_factory.mktemp("clusters"))
    folder = ROOT / "sample" / "invented"
    unit.say("bitcoin", "ingest", "invented", folder / "blk00000.dat", "--network", "regtest")
    given = ("--network", "regtest", "--fetched-on", "2026-11-26")
    unit.say("labels", "import", folder / "labels.csv", *given)
    site = site_of(unit)
    site.make_clusters()
    site.make_clusters("invented")
    return site


def said(site: Site, path: str, who: str = "reader") -> str:
    """The words of a page, its marks left out and its spaces plain."""
    answer = site.client(who).get(path)
    assert answer.status_code == 200, path
    text = answer.content.decode()
    assert not RAW_KEY.findall(text), (path, RAW_KEY.findall(text))
    return plain(text)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def every_tab(site: Site, path: str) -> str:
    """A page with all its tabs, and all parts of each table."""
    client = site.client("reader")
    whole = client.get(path).content.decode()
    found = [whole]
    for link in re.findall(r'<nav class="tabs".*?</nav>', whole, re.DOTALL):
        for tab in re.findall(r'href="\?([^"]*)"', link):
            asked = html.unescape(tab)
            for number in range(1, 100):
                text = client.get(
                    f"{path.partition('?')[0]}?{asked}&page={number}"
                ).content.decode()
                found.append(text)
                if 'rel="next"' not in text:
                    break
    return "\n".join(found)


def sat(text: str) -> str:
    return re.sub(r"\s", " ", grouped(int(text))) + " sat"


def url(chain: str, address: str, rest: str = "") -> str:
    return f"/chains/{chain}/clusters/{address}/{rest}"


# --- one cluster ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("chain", "address"), [("main", MAIN), ("invented", INVENTED)])
def test_a_page_tells_what_the_command_tells(made: Site, chain: str, address: str) -> None:
    value = made.unit.ask("bitcoin", "cluster", chain, address)
    shown = every_tab(made, url(chain, address))
    page = plain(shown)
    assert f"Cluster of {value['size']} addresses" in page
    assert f"Transactions that spend from two or more of them {value['spent_together']}" in page
    assert f"Transactions {value['coins']['transactions']} " in page
    for name in ("received_sat", "no_spend_seen_sat"):
        assert sat(value["coins"][name]) in page, name
    for row in value["held_by"]:
        assert f"/chains/{chain}/tx/{row['txid']}/" in shown
        assert f"?without={row['txid']}" in shown
    for member in value["members"]:
        assert member["address"] in shown
    for words in (
        "One owner is not proved", "no known error rate", "change heuristics are another method",
        "Harrigan & Fretter 2016", "PayJoins cannot be distinguished from payments",
    ):  # fmt: skip
        assert words in page, words


def test_what_splits_without_a_transaction_has_an_address_of_its_own(made: Site) -> None:
    whole = made.unit.ask("bitcoin", "cluster", "invented", INVENTED)
    txids = [row["txid"] for row in whole["held_by"]]
    value = made.unit.ask("bitcoin", "cluster", "invented", INVENTED, "--without", txids[0])
    page = said(made, url("invented", INVENTED, f"?without={txids[0]}"))
    count = value["without"]["part_count"]
    assert count > 1
    assert f"falls into {count} parts" in page
    shown = made.client("reader").get(url("invented", INVENTED, f"?without={txids[0]}")).content
    for part in value["without"]["parts"]:
        assert part["members"][0]["address"] in shown.decode()
    other = "0" * 64
    assert "does not hold the transaction" in said(
        made, url("invented", INVENTED, f"?without={other}")
    )
    twice = f"?without={txids[0]}&without={txids[1]}"
    everything = made.unit.ask(
        "bitcoin", "cluster", "invented", INVENTED, "--without", txids[0], "--without", txids[1]
    )
    count = everything["without"]["part_count"]
    assert f"falls into {count} parts" in said(made, url("invented", INVENTED, twice))


def test_the_way_to_another_address_is_shown_or_that_there_is_none(made: Site) -> None:
    members = made.unit.ask("bitcoin", "cluster", "main", MAIN)["members"]
    other = next(one["address"] for one in members[::-1] if one["address"] != MAIN)
    value = made.unit.ask("bitcoin", "cluster", "main", MAIN, "--between", other)
    page = said(made, url("main", MAIN, f"?between={other}"))
    assert f"linking transactions between the two: {len(value['between']['steps'])}." in page
    apart = said(made, url("main", MAIN, f"?between={FIRST_KEY}"))
    assert "does not show that the owners differ" in apart
    assert (
        "form-errors" in made.client("reader").get(url("main", MAIN, "?between=x")).content.decode()
    )


def test_what_is_set_aside_is_told_with_its_reason_and_what_is_known_of_its_error(
    made: Site,
) -> None:
    value = made.unit.ask("bitcoin", "cluster", "main", JOINED)
    page = plain(every_tab(made, url("main", JOINED)))
    (row,) = value["set_aside"]
    assert "An address not linked to any other" in page
    assert row["heuristic"]["error"] in page
    assert row["txid"][:8] in page
    assert "equal-output" in page


def test_a_bare_key_has_a_page_and_a_wrong_name_has_none(made: Site) -> None:
    assert "An address not linked to any other" in said(made, url("main", FIRST_KEY))
    client = made.client("reader")
    assert client.get(url("main", "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53e")).status_code in (400, 404)
    assert client.get(url("other", MAIN)).status_code == 404
    found = client.get("/chains/main/clusters/", {"cluster_address": f" {MAIN} "})
    assert found.headers["Location"] == url("main", MAIN)
    wrong = client.get("/chains/main/clusters/", {"cluster_address": "<b>x</b>"})
    assert wrong.status_code == 200
    assert "form-errors" in wrong.content.decode()
    assert "<b>x</b>" not in wrong.content.decode()


def test_long_lists_are_paged(made: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from kancil.web.studies.chains import clusters

    monkeypatch.setattr(clusters, "PAGE_ROWS", 5)
    value = made.unit.ask("bitcoin", "cluster", "main", MAIN)
    for rest, rows in (("addresses/", value["members"]), ("held-by/", value["held_by"])):
        shown = "".join(
            made.client("reader").get(url("main", MAIN, f"{rest}?page={n}")).content.decode()
            for n in range(1, len(rows) // 5 + 2)
        )
        for row in rows:
            assert row.get("txid", row.get("address")) in shown


def test_a_cluster_is_reached_from_the_chain_an_address_a_search_and_a_transaction(
    made: Site,
) -> None:
    client = made.client("reader")
    assert 'href="/chains/main/clusters/"' in client.get("/chains/main/").content.decode()
    page = client.get(f"/chains/main/address/{MAIN}/").content.decode()
    assert f'href="{url("main", MAIN)}"' in page
    assert f'href="{url("main", MAIN, "exposure/")}"' in page
    txid = made.unit.ask("bitcoin", "cluster", "main", MAIN)["held_by"][0]["txid"]
    page = client.get(f"/chains/main/tx/{txid}/").content.decode()
    assert f"?without={txid}" in page


# --- exposure -------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["haircut", "fifo", "poison"])
def test_exposure_tells_what_the_command_tells(made: Site, policy: str) -> None:
    words = ("--cluster", "--policy", policy, "--also-allegations")
    value = made.unit.ask("bitcoin", "exposure", "invented", INVENTED, *words)
    rest = url("invented", INVENTED, f"exposure/?subject=cluster&policy={policy}")
    shown = every_tab(made, rest)
    page = plain(shown)
    assert f"Exposure of {INVENTED}" in page
    rows = [row for side in value["sides"] for row in side["rows"]]
    assert {"exchange", "terrorism"} <= {name for row in rows for name in row["categories"]}
    for row in rows:
        assert f"/chains/invented/tx/{row['txid']}/" in shown
        for label in row["labels"]:
            assert label["publisher"] in page
    for side in value["sides"]:
        for row in side["categories"]:
            if policy != "poison":
                assert btc_text(int(row["total_upper_sat"])) in page
    if policy == "poison":
        assert "this policy's amounts are not added up" in page
    else:
        assert "met labels of publishers (their allegation)" in page
    for note in value["notes"]:
        assert re.sub(r"\s+", " ", note) in page, note


def test_terrorist_financing_stands_apart_with_authority_and_date(made: Site) -> None:
    rest = url("invented", INVENTED, "exposure/?subject=cluster&side=sent")
    apart = said(made, f"{rest}&tab=terrorism-counted")
    alleged = said(made, f"{rest}&tab=terrorism-alleged")
    assert "Terrorist financing, by when the address was listed" in apart
    assert "Terrorism alleged by a publisher alone" in alleged
    assert "listed after the payment" in apart.casefold()
    labels = said(made, f"{rest}&tab=labels")
    assert "designation by one State" in labels
    assert "2021-01-05" in labels
    assert "Received" not in apart, "it was not asked for"


def test_what_takes_too_long_shows_nothing_but_the_command(
    made: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.studies import exposed

    monkeypatch.setattr(exposed, "PATIENCE_SECONDS", -1.0)
    page = said(made, url("invented", INVENTED, "exposure/?subject=cluster&policy=fifo&reach=on"))
    assert "takes longer than a page may wait" in page
    assert "Where all coins ended" not in page
    command = re.search(r"kancil (bitcoin exposure invented [^,;]*?--also-allegations)", page)
    assert command is not None, page
    assert made.unit.ask(*command[1].split())["policy"] == "fifo"


def test_a_cluster_too_large_to_wait_for_is_left_to_the_command(
    made: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.studies import exposed
    from kancil.desk.studies.grouped import require_few
    from kancil.web.profile import pages
    from kancil.web.studies.chains import clusters

    monkeypatch.setattr(exposed, "MOST_COUNTED", 7)
    page = said(made, url("invented", INVENTED, "exposure/?subject=cluster"))
    assert f"kancil bitcoin exposure invented {INVENTED} --direction both" in page
    for module in (clusters, pages):
        monkeypatch.setattr(module, "require_few", partial(require_few, most=7))
    for rest in ("", "held-by/"):
        answer = made.client("reader").get(url("invented", INVENTED, rest))
        assert answer.status_code == 400
        assert f"kancil bitcoin cluster invented {INVENTED}" in answer.content.decode()


# --- for programs ---------------------------------------------------------------------------------


def test_programs_get_the_commands_answers(made: Site) -> None:
    api = Api(made)
    api.tokens["reader"] = api.token("reader")
    value = made.unit.ask("bitcoin", "cluster", "invented", INVENTED)
    got = api.get(f"/chains/invented/clusters/{INVENTED}", "reader")
    same = set(value) & set(got) - {"labels", "set_aside", "id"}
    assert len(same) > 20
    assert {name: got[name] for name in same} == {name: value[name] for name in same}
    txid = value["held_by"][0]["txid"]
    split = api.get(f"/chains/invented/clusters/{INVENTED}", "reader", without=txid)
    asked = made.unit.ask("bitcoin", "cluster", "invented", INVENTED, "--without", txid)
    assert split["without"] == asked["without"]
    words = ("--cluster", "--policy", "lifo", "--hops", "3", "--also-allegations")
    value = made.unit.ask("bitcoin", "exposure", "invented", INVENTED, *words)
    given = {"subject": "cluster", "policy": "lifo", "hops": 3}
    assert api.get(f"/chains/invented/clusters/{INVENTED}/exposure", "reader", **given) == value
    for rest, name in (("addresses", "members"), ("held-by", "held_by")):
        whole = made.unit.ask("bitcoin", "cluster", "main", MAIN)[name]
        rows: list[Any] = []
        cursor: int | None = 0
        while cursor is not None:
            part = api.get(f"/chains/main/clusters/{MAIN}/{rest}", "reader", cursor=cursor, limit=3)
            rows += part["items"]
            cursor = part["next"]
        assert rows == whole
