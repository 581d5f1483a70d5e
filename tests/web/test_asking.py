"""Asking for a trace: whatever is pasted finds its chain; the unit's policy and its reason hold."""

from __future__ import annotations

import json
import re

import pytest

from tests.bitcoin.test_pasted import BECH32, KEY, TESTNET
from tests.cli.running import ROOT, Unit
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, LISTED_PAYMENT, copied
from tests.web.site import Site, site_of

ASK = "/cases/1/money/ask/"
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
KEY_ADDRESS = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S"
"""Of `KEY`: blocks pay the key, never the address."""


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    unit = copied(sample, tmp_path_factory.mktemp("asking"))
    unit.say(
        "bitcoin", "ingest", "invented", ROOT / "sample" / "invented" / "blk00000.dat",
        "--network", "regtest",
    )  # fmt: skip
    return site_of(unit)


def asked(site: Site, start: str, **more: str) -> tuple[str, str]:
    """Ask; gives the address of the trace, if there is one, and the page that follows."""
    given = {"start": start, "direction": "forward", "policy": "haircut", "policy_reason": "x"}
    client = site.client("officer")
    answer = client.post(ASK, {**given, **more})
    where = answer.headers.get("Location", "")
    page = client.get(where).content.decode() if where else answer.content.decode()
    return where, page


def test_the_chain_is_found_by_what_is_pasted(site: Site) -> None:
    for start in (FIRST_COINS, FIRST_PAYMENT, f"see https://x.example/tx/{FIRST_PAYMENT}"[4:]):
        where, _ = asked(site, start)
        assert re.fullmatch(r"/cases/1/money/\d+/", where), start
    assert site.entries("trace.run")[-1].body["provenance"]["chain"] == "main"


def test_a_block_stands_for_the_coins_that_it_created(site: Site) -> None:
    asked(site, "block 9")
    parameters = site.entries("trace.run")[-1].body["provenance"]["parameters"]
    assert FIRST_COINS in str(parameters["starts"])


def test_a_chain_that_was_chosen_wrongly_is_corrected_and_told(site: Site) -> None:
    _, page = asked(site, FIRST_PAYMENT, chain="invented")
    assert "Blockchain main was used: invented does not hold what was pasted." in page


def test_an_address_whose_key_alone_was_paid_begins_there_and_says_so(site: Site) -> None:
    where, page = asked(site, KEY_ADDRESS)
    assert where
    assert f"Nothing was paid to the address {KEY_ADDRESS}" in page
    assert asked(site, KEY)[0]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (TRON, "it is a TRON address"),
        (TESTNET, "holds no blocks of that network"),
        (BECH32, "the blocks held do not name it"),
        ("hello", "it is no address, transaction"),
        ("block 99999999", "the blocks held do not name it"),
        (BECH32[:-1] + "5", "mistyped"),
    ],
)
def test_what_no_chain_holds_is_told_for_what_it_is(site: Site, start: str, said: str) -> None:
    before = len(site.entries("trace.run"))
    where, page = asked(site, start)
    assert not where
    assert said in page
    assert len(site.entries("trace.run")) == before


def test_starts_of_two_chains_are_told_apart(site: Site) -> None:
    planted = (ROOT / "sample" / "invented" / "planted.json").read_bytes()
    txid = json.loads(planted)["peel_chains"][0][0]
    where, page = asked(site, f"{FIRST_PAYMENT} {txid}")
    assert not where
    assert "No one blockchain of the unit holds all of this" in page


def test_the_units_policy_needs_no_second_reason_and_another_does(site: Site) -> None:
    officer, head = site.client("officer"), site.client("supervisor")
    assert officer.get("/policy/").status_code == 403
    reason = "rule 3 of the unit"
    set_now = head.post("/policy/", {"policy": "haircut", "default_reason": reason})
    assert set_now.status_code == 302
    entry = site.entries("unit.default-policy")[-1]
    stated = {name: value for name, value in entry.body.items() if name != "on_behalf"}
    assert stated == {"policy": "haircut", "reason": reason, "version": "1"}
    assert reason in head.get("/policy/").content.decode()
    page = officer.get(ASK).content.decode()
    assert re.search(r'name="policy" value="haircut"[^>]*checked', page)
    where, _ = asked(site, LISTED_PAYMENT, policy_reason="")
    assert where
    recorded = site.entries("trace.run")[-1].body["provenance"]["parameters"]
    assert recorded["policy_reason"] == f"Default policy of the unit: {reason}"
    where, page = asked(site, LISTED_PAYMENT, policy="poison", policy_reason="")
    assert not where
    assert "Reason for this policy" in page


def test_a_case_that_opens_with_an_address_opens_on_its_trace(site: Site) -> None:
    site.client("supervisor").post("/policy/", {"policy": "fifo", "default_reason": "a judgment"})
    case = {"case_title": "Scam", "basis_kind": "other", "authority": "Court of Vientiane"}
    client = site.client("officer")
    kind = re.search(r'<option value="([\w-]+)"', client.get("/cases/new/").content.decode())
    assert kind
    case |= {"basis_kind": kind[1], "basis_number": "7/2026", "issued_on": "2026-03-09"}
    answer = client.post("/cases/new/", {**case, "first_start": FIRST_PAYMENT})
    assert re.fullmatch(r"/cases/\d+/money/\d+/", answer.headers["Location"])
    lost = client.post("/cases/new/", {**case, "first_start": TRON})
    assert re.match(r"/cases/\d+/money/ask/\?start=TR7", lost.headers["Location"])
    page = client.get(lost.headers["Location"]).content.decode()
    assert TRON in page
    assert "it is a TRON address" in page, "the case is open, and what is wrong is told"
