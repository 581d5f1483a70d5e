"""Chains and label sources on the site: read in behind the pages, shown with who says so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.ground.ids import new_id
from tests.bitcoin.chains import ingest_here
from tests.bitcoin.regtest import (
    GENESIS_HASH,
    SUBSIDY_SAT,
    block_file,
    coinbase,
    mine,
    pay,
)
from tests.cli.sample_unit import LISTED_PAYMENT, PAID_ADDRESS
from tests.web.site import OUTSIDER, Site
from tests.web.test_permissions import RAW_KEY
from tests.work.launch import load
from tests.work.shop import Shop

LABELS = (
    "address,label,category,publisher,law,listed_on,licence\n"
    f"{PAID_ADDRESS},=Shop,exchange,A Court,Laos,2019-01-02,CC0\n"
    f"{PAID_ADDRESS},<b>Mixer</b>,mixer,A Court,Laos,,CC0\n"
    "no address,X,,A Court,,,\n"
)


@pytest.fixture
def shop(site: Site) -> Shop:
    load()
    return Shop(site, "")


def send(site: Site, data: str = LABELS, name: str = "seized.csv", **stated: str) -> Any:
    file = SimpleUploadedFile(name, data.encode())
    given = {"network": "mainnet", **stated, "label_file": file}
    return site.client("officer").post("/labels/import/", given)


def test_the_chains_page_tells_how_much_is_held_how_surely_and_what_nobody_checked(
    site: Site,
) -> None:
    page = site.client("reader").get("/chains/").content.decode()
    for words in ("0–599, 300025, 370661, 574200", "own target only", "scripts, signatures",
                  "7\u202f057"):  # fmt: skip
        assert words in page, words
    assert "/cases/1/blocks/" not in page, "a reader reads nothing in"
    assert "/cases/1/blocks/" in site.client("officer").get("/chains/").content.decode()


def test_blocks_of_a_case_are_read_in_behind_the_pages(shop: Shop) -> None:
    client = shop.site.client("officer")
    assert "E1 Blocks" in client.get("/cases/1/blocks/").content.decode()
    sent = {"chain_name": "second", "network": "mainnet", "block_exhibits": ["E1"],
            "spent_exhibits": ["E2"]}  # fmt: skip
    answer = client.post("/cases/1/blocks/", sent)
    task = answer.headers["Location"].split("/")[-2]
    assert shop.task(task).case_id == shop.site.case("C1")
    shop.work_off()
    assert shop.gave(task)["blocks"] == 603
    assert "/chains/second/" in client.get(f"/tasks/{task}/").content.decode()
    assert "second" in client.get("/chains/").content.decode()
    for wrong in (
        {**sent, "chain_name": "../up"},
        {**sent, "block_exhibits": ["E99"]},
        {**sent, "block_exhibits": []},
        {**sent, "spent_exhibits": ["E1"]},
        {**sent, "network": "dogenet"},
    ):
        assert client.post("/cases/1/blocks/", wrong).status_code == 200, wrong
    assert not shop.worker().do_next(), "what was refused was not asked for"
    assert shop.site.client("reader").post("/cases/1/blocks/", sent).status_code == 403
    assert shop.site.client(OUTSIDER).post("/cases/1/blocks/", sent).status_code == 404


def test_a_label_file_is_sent_read_behind_the_pages_and_shown_as_allegations(shop: Shop) -> None:
    client = shop.site.client("officer")
    answer = send(shop.site, fetched_on="2024-09-27")
    task = answer.headers["Location"].split("/")[-2]
    shop.work_off()
    gave = shop.gave(task)
    assert (gave["labels"], gave["skipped"]) == (2, 1)
    assert not list(shop.site.workspace.uploads_dir.glob("task-*")), "what was sent is gone"
    source = f"/labels/{gave['import']}/"
    assert source in client.get(f"/tasks/{task}/").content.decode()
    page = client.get("/labels/").content.decode()
    for words in ("A Court", "Laos", "2019-01-02; 1 without a date", "seized.csv",
                  "Addresses with labels that disagree"):  # fmt: skip
        assert words in page, words
    assert "<b>Mixer" not in page
    assert not RAW_KEY.findall(page)
    for address in (
        f"/chains/main/tx/{LISTED_PAYMENT.partition(':')[0]}/?tab=labels",
        f"/chains/main/address/{PAID_ADDRESS}/?tab=labels",
    ):
        page = client.get(address).content.decode()
        assert "A label is its publisher" in page
        assert "seized.csv, line 2" in page, "each row names its source"
        assert source in page
        assert "<b>Mixer" not in page


def test_one_source_is_paged_and_searched(site: Site) -> None:
    client = site.client("reader")
    sources = re.findall(
        r'href="(/labels/[0-9a-f-]{36}/)"', client.get("/labels/").content.decode()
    )
    pages = [client.get(source).content.decode() for source in sources]
    (ofac,) = [n for n, page in enumerate(pages) if "sanctioned_addresses_XBT" in page]
    assert "Page 1 of 9" in pages[ofac]
    last = client.get(f"{sources[ofac]}?page=9").content.decode()
    assert "Page 9 of 9" in last
    found = client.get(f"{sources[ofac]}?label_search={PAID_ADDRESS.lower()}").content.decode()
    assert found.count("<tr role=") == 2, "its head and one row"
    assert (
        "No label of this source matches"
        in client.get(f"{sources[ofac]}?label_search=%3Cscript%3E([").content.decode()
    )
    many = client.get(f"{sources[ofac]}?label_search=ofac&page=2").content.decode()
    assert "label_search=ofac&amp;page=3" in many or "label_search=ofac&page=3" in many
    assert client.get(f"/labels/{new_id()}/").status_code == 404


def test_a_label_file_that_is_none_fails_in_words_and_leaves_nothing(shop: Shop) -> None:
    answer = send(shop.site, "nothing of the kind", name="../../<x>\u202e.csv")
    task = answer.headers["Location"].split("/")[-2]
    shop.work_off()
    assert shop.task(task).state == "failed"
    page = shop.site.client("officer").get(f"/tasks/{task}/").content.decode()
    assert not RAW_KEY.findall(page)
    assert "<x>" not in page
    assert not shop.site.entries("labels.imported")[5:]
    assert not list(shop.site.workspace.uploads_dir.glob("task-*"))
    assert send(shop.site, fetched_on="2999-01-01").status_code == 200
    assert shop.site.client("reader").get("/labels/import/").status_code == 403


def test_a_label_file_of_whoever_has_too_many_tasks_is_refused_and_leaves_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.jobs.actions.MOST_OPEN", 0)
    answer = send(shop.site)
    assert "You have 0 jobs waiting or running" in answer.content.decode()
    assert not list(shop.site.workspace.uploads_dir.glob("task-*"))


def test_a_block_set_aside_says_so_on_its_page_and_in_the_list(site: Site, tmp_path: Path) -> None:
    """Its second transaction pays out more than it takes in."""
    made = coinbase(1, 1)
    over = pay(made, 0, (SUBSIDY_SAT + 1, 2))
    first = mine(GENESIS_HASH, [made])
    second = mine(first.hash, [coinbase(2, 2), over])
    third = mine(second.hash, [coinbase(3, 3)])
    path = tmp_path / "blk00000.dat"
    path.write_bytes(block_file([first, second, third]))
    ingest_here(site.workspace.chains_dir / "wrong", [path])
    client, said = site.client("officer"), "set aside: its amounts do not add up"
    page = client.get(f"/chains/wrong/block/{second.shown}/").content.decode()
    assert said in page
    assert "in the chain" not in page.split("<main")[1]
    assert "in the chain" in client.get(f"/chains/wrong/block/{first.shown}/").content.decode()
    listed = client.get("/chains/wrong/").content.decode()
    assert said in listed
    assert f"/chains/wrong/block/{second.shown}/" in listed
