"""The search box: straight to a page where there is one answer, and never into another's case."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_labels
from kancil.bitcoin.labels.store import store_import
from kancil.custody.roll import Roll
from tests.cli.running import Unit
from tests.cli.sample_unit import (
    FIRST_COINS,
    FIRST_PAYMENT,
    LISTED_PAYMENT,
    LONG_CHAIN,
    PAID_ADDRESS,
    copied,
)
from tests.web.site import OUTSIDER, Site, site_of

GENESIS = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
LISTED = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
"""An address on a sanctions list (sample/labels), whether or not a block here pays it."""
FIRST_KEY = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5"
    "cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3"
)
"""The public key that block 9 pays, and its address, which no block pays."""
FIRST_KEYS_ADDRESS = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S"
PRIVATE_KEY = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
"""The worked example of a key that is known to everyone."""


@pytest.fixture(scope="module")
def searched(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample's site, which these tests only read."""
    return site_of(copied(sample, tmp_path_factory.mktemp("searched")))


def ask(site: Site, text: str, name: str = "officer") -> Any:
    return site.client(name).get(f"/find/?q={quote(text)}")


def leads_to(site: Site, text: str, name: str = "officer") -> str:
    answer = ask(site, text, name)
    assert answer.status_code == 302, (text, answer.content.decode()[-3000:])
    return str(answer.headers["Location"])


def says(site: Site, text: str, name: str = "officer") -> str:
    answer = ask(site, text, name)
    assert answer.status_code == 200, (text, answer.headers.get("Location"))
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_what_names_one_thing_leads_straight_to_its_page(searched: Site) -> None:
    roll = searched.ledger.folded(Roll)
    (content,) = roll.exhibit("E2").contents
    spent = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    expected = {
        "C1": "/cases/1/",
        "c1": "/cases/1/",
        roll.case("C1").id: "/cases/1/",
        "E2": "/cases/1/exhibits/2/",
        roll.exhibit("E2").id: "/cases/1/exhibits/2/",
        "T1": "/cases/1/money/1/",
        content["sha256"]: "/cases/1/exhibits/2/",
        content["sha256"].upper(): "/cases/1/exhibits/2/",
        content["sha1"]: "/cases/1/exhibits/2/",
        content["md5"]: "/cases/1/exhibits/2/",
        content["sha256"][:8]: "/cases/1/exhibits/2/",
        content["md5"][:20]: "/cases/1/exhibits/2/",
        spent: f"/chains/main/tx/{spent}/",
        f"{spent}:0": f"/chains/main/tx/{spent}/",
        spent.upper(): f"/chains/main/tx/{spent}/",
        GENESIS: f"/chains/main/block/{GENESIS}/",
        "599": "/chains/main/block/599/",
        "Block 599": "/chains/main/block/599/",
        f"bitcoin:{PAID_ADDRESS}?amount=1": f"/chains/main/address/{PAID_ADDRESS}/",
        f" {PAID_ADDRESS} ": f"/chains/main/address/{PAID_ADDRESS}/",
        FIRST_KEY: f"/chains/main/address/{FIRST_KEY}/",
    }
    assert {text: leads_to(searched, text) for text in expected} == expected
    for page in set(expected.values()):
        assert searched.client("officer").get(page).status_code == 200, page


def test_a_transaction_that_a_trace_of_mine_names_is_a_list_with_the_trace(searched: Site) -> None:
    for text in (FIRST_PAYMENT, FIRST_COINS):
        page = says(searched, text)
        assert "Traces of my cases" in page
        assert "T1" in page
        assert "C1 The first payment" in page


def test_the_page_of_a_key_and_that_of_its_address_name_each_others_payments(
    searched: Site,
) -> None:
    client = searched.client("officer")
    page = client.get(f"/chains/main/address/{FIRST_KEY}/").content.decode()
    assert "p2pk" in page
    page = client.get(f"/chains/main/address/{FIRST_KEYS_ADDRESS}/").content.decode()
    assert FIRST_KEY in page


def test_an_address_with_a_wrong_character_is_told_which_one(searched: Site) -> None:
    page = says(searched, PAID_ADDRESS[:-1] + "e")
    assert "Nothing found" in page
    assert str(len(PAID_ADDRESS)) in page, "the place of the wrong character"
    assert "0x" not in page
    page = says(searched, "0x" + "ab" * 20)
    assert "Ethereum" in page


def test_a_right_address_that_no_block_pays_is_told_so_with_its_labels(searched: Site) -> None:
    page = says(searched, LISTED)
    assert "no block held here pays or spends it" in page
    assert "OFAC" in page


def test_a_private_key_is_named_and_never_repeated(searched: Site) -> None:
    mistyped = PRIVATE_KEY[:-1] + "K"
    for key, status in ((PRIVATE_KEY, 400), (mistyped, 200)):
        answer = ask(searched, key)
        text = answer.content.decode()
        assert answer.status_code == status
        assert key not in text
        assert "private key" in text


def test_titles_seals_and_officers_are_found_by_a_part(searched: Site) -> None:
    assert "/cases/1/exhibits/1/" in ask(searched, "block").content.decode()
    assert "C1" in says(searched, "first pay")
    assert "Boun Souk" in says(searched, "boun")
    assert "Boun Souk" not in says(searched, "boun", "reader"), "a prosecutor is no member"
    assert "Nothing found" in says(searched, "100%_")


def test_nothing_of_a_case_is_found_by_whoever_is_no_member(searched: Site) -> None:
    roll = searched.ledger.folded(Roll)
    exhibit, case, trace = roll.exhibit("E2"), roll.case("C1"), roll.trace("T1")
    assert trace is not None
    (content,) = exhibit.contents
    asked = [
        "C1", "E2", "T1", "F1", case.id, exhibit.id, case.title, case.title[:5], exhibit.title,
        content["sha256"], content["sha1"], content["md5"], content["sha256"][:8],
        FIRST_PAYMENT, FIRST_COINS, PAID_ADDRESS, LISTED_PAYMENT, LONG_CHAIN, "1", "2",
    ]  # fmt: skip
    for text in asked:
        answer = ask(searched, text, OUTSIDER)
        shown = answer.content.decode() + answer.headers.get("Location", "")
        shown = shown.replace(html.escape(text), "")
        assert "/cases/" not in shown.replace('href="/cases/"', ""), text
        assert case.id not in shown
        assert not re.search(r">\s*[ETF][0-9]+\s*<", shown), text


def test_a_member_of_one_case_finds_nothing_of_another(searched: Site) -> None:
    # `officer` is a member of C1 alone; T2 and T3 are of C2 and C3.
    assert "Nothing found" in says(searched, "C2")
    assert "Nothing found" in says(searched, "T3")
    assert "Seventy-one" not in says(searched, "Seventy")
    assert "T2" not in (ask(searched, LONG_CHAIN).content.decode())


def test_an_empty_question_says_what_can_be_asked(searched: Site) -> None:
    page = says(searched, "   ")
    assert "What are you looking for?" in page
    assert "a block by hash or height" in page


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(
    st.text(max_size=210),
    st.text("0123456789abcdefABCDEF:", max_size=80),
    st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl", min_size=20,
            max_size=130),
    st.sampled_from(["bc1", "tb1", "xpub", "C", "E", "0x"]).flatmap(
        lambda head: st.text(max_size=60).map(lambda rest: head + rest)),
))  # fmt: skip
def test_whatever_is_typed_is_answered(searched: Site, text: str) -> None:
    client = searched.client("officer")
    answer = client.get("/find/", {"q": text})
    wanted = (400,) if "\x00" in text else (200, 302)
    assert answer.status_code in wanted, (text, answer.status_code)


def test_the_rows_of_traces_that_are_too_many_are_told_as_unread(
    searched: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.desk.selectors import index
    from kancil.desk.selectors.models import Indexed

    Indexed.objects.all().delete()
    with monkeypatch.context() as patch:
        patch.setattr(index, "_MOST_BYTES", 10)
        told = "The rows of 1 older traces and studies were not searched."
        assert told in says(searched, FIRST_PAYMENT)
    assert told not in says(searched, FIRST_PAYMENT)


def test_kept_traces_are_read_from_the_workspace_alone(searched: Site) -> None:
    folder: Path = searched.workspace.traces_dir
    assert len(list(folder.glob("*.json"))) == 3


def test_a_shortened_transaction_id_leads_to_the_only_one_of_its_kind(searched: Site) -> None:
    spent = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    for text in (f"{spent[:8]}…{spent[-8:]}", f"{spent[:8]}...{spent[-4:]}:0", spent[:12]):
        assert leads_to(searched, text) == f"/chains/main/tx/{spent}/", text
    assert "Nothing found" in says(searched, "ffffffff…ffffffff")


def test_labels_are_found_by_name_and_lead_to_their_addresses(searched: Site) -> None:
    page = says(searched, "listed by ofac")
    assert "Labels of this name" in page
    assert "is its publisher" in page, "an allegation"
    assert "/chains/main/address/" in ask(searched, "listed by ofac").content.decode()
    assert "Labels of this name" not in says(searched, "li")


def test_an_address_whose_key_is_paid_directly_is_found_and_told_apart(searched: Site) -> None:
    where = f"/chains/main/address/{FIRST_KEYS_ADDRESS}/"
    assert leads_to(searched, FIRST_KEYS_ADDRESS) == where
    page = searched.client("officer").get(where).content.decode()
    assert "No block held pays" in page
    assert FIRST_KEY in page, "what pays the key in another way stands apart"


TRON_LISTED = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
ETHEREUM_LISTED = "0xdAC17F958D2ee523a2206206994597C13D831ec7"


@pytest.fixture
def listed(searched: Site, tmp_path: Path) -> Site:
    """The site with lists of other chains, made as their publishers write them."""
    made = {
        "sanctioned_addresses_ETH.txt": f"{ETHEREUM_LISTED}\n",
        "sanctioned_addresses_XMR.txt": "49" + "A" * 93 + "\n",
        "il_nbctf_wallets.csv": f"order,address,kind\nASO-1/26,{TRON_LISTED},TRON\n",
    }
    for name, text in made.items():
        file = LabelFile(name, text.encode())
        store_import(searched.workspace.labels_dir, read_labels(file, Given()))
    return searched


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (TRON_LISTED, ("Seizure order ASO-1/26", "TRX", "NBCTF")),
        (ETHEREUM_LISTED, ("Listed by OFAC", "ETH", "United States")),
        (ETHEREUM_LISTED.lower(), ("Listed by OFAC", "ETH")),
        ("49" + "A" * 93, ("Listed by OFAC", "XMR")),
    ],
)
def test_labels_of_other_chains_are_found_by_their_address(
    listed: Site, asked: str, told: tuple[str, ...]
) -> None:
    shown = says(listed, asked)
    for words in (*told, "A label is its publisher's allegation"):
        assert words in shown, words
    assert "Nothing found" not in shown
    assert "not a valid address" not in shown


def test_a_right_address_of_tron_without_a_label_is_told_so(searched: Site) -> None:
    shown = says(searched, "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE")
    assert "TRON address: the address is valid, and no imported label names it." in shown
    assert "not a valid address" not in shown


def test_a_mistyped_address_of_tron_is_told_that_its_check_fails(searched: Site) -> None:
    assert "its check bytes are wrong" in says(searched, TRON_LISTED[:-1] + "u")


TRACED_ADDRESS = "1Bidh2XFr9JzfXppeZd2cPKpbnJGvqCY4h"
"""Traced in case 2."""


@pytest.fixture
def of_two(sample: Unit, tmp_path: Path) -> Site:
    """A site whose officer is a member of two cases."""
    from kancil.desk.access.actions import add_member

    site = site_of(copied(sample, tmp_path))
    add_member(site.ledger, case=site.case("C2"), username="officer", by=site.by, adder=None)
    return site


def test_a_search_that_begins_in_a_case_leads_on_in_that_case(of_two: Site) -> None:
    client = of_two.client("officer")
    assert '<input type="hidden" name="case" value="2">' in client.get("/cases/2/").content.decode()
    found = client.get(f"/find/?q={TRACED_ADDRESS}&case=2").content.decode()
    assert '<input type="hidden" name="case" value="2">' in found
    page = f"/chains/main/address/{TRACED_ADDRESS}/"
    acts = [f"{page}{act}/?case=2" for act in ("trace", "watch", "note", "graph")]
    for act in (acts[0], acts[-1], f"{page}?case=2"):
        assert f'href="{act}"' in found
    panel = client.get(f"{page}?case=2").content.decode()
    for act in acts:
        assert f'href="{act}"' in panel
        answer = client.get(act)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/cases/2/")
    assert client.get(f"/find/?q={PAID_ADDRESS}&case=2").headers["Location"].endswith("/?case=2")


def test_a_search_does_not_lead_into_a_case_of_others(of_two: Site) -> None:
    client = of_two.client("officer")
    for case in ("3", "2x", "٢", ""):
        answer = client.get(f"/chains/main/address/{TRACED_ADDRESS}/trace/?case={case}")
        assert "In which case?" in answer.content.decode()


def test_a_reader_is_offered_no_trace_by_the_search(of_two: Site) -> None:
    found = of_two.client("reader").get(f"/find/?q={TRACED_ADDRESS}")
    page = f"/chains/main/address/{TRACED_ADDRESS}/"
    assert found.status_code == 302 or f"{page}trace/" not in found.content.decode()
