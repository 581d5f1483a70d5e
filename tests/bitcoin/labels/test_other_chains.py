"""Labels of TRON, Ethereum and other chains: each is found by its address, however written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import LabelImport, conflicts, read_labels
from kancil.bitcoin.labels.other_chains import OtherLabels, normal_address, ticker_of
from kancil.bitcoin.labels.store import load_imports, store_import

TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
"""The contract of USDT: public, and of no private person."""
ETHEREUM = "0xdAC17F958D2ee523a2206206994597C13D831ec7"
CASHADDR = "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"
"""The first example of the CashAddr specification."""
FETCHED = Given(fetched_on=date(2026, 11, 1))
LISTS = {
    "sanctioned_addresses_TRX.txt": f"{TRON}\n",
    "sanctioned_addresses_USDT.txt": f"{ETHEREUM}\n",
    "sanctioned_addresses_BCH.txt": f"{CASHADDR.partition(':')[2]}\n",
    "sanctioned_addresses_XMR.txt": "49" + "A" * 93 + "\n",
    "il_nbctf_wallets.csv": f"order,address,kind\nASO-1/26,{TRON},TRON\n"
    f"ASO-1/26,{ETHEREUM.lower()},EVM\n",
}


def read(name: str, text: str, given: Given = FETCHED) -> LabelImport:
    return read_labels(LabelFile(name, text.encode()), given)


@pytest.fixture
def labels(tmp_path: Path) -> OtherLabels:
    for name, text in LISTS.items():
        store_import(tmp_path, read(name, text))
    return OtherLabels(table for _, table in load_imports(tmp_path))


@pytest.mark.parametrize("asked", [ETHEREUM, ETHEREUM.lower(), f"0x{ETHEREUM[2:].upper()}"])
def test_an_ethereum_address_is_found_with_capitals_and_without(
    labels: OtherLabels, asked: str
) -> None:
    assert [(each.currency, each.label) for each in labels.of(asked)] == [
        ("USDT", "Listed by OFAC"),
        ("ETH", "Seizure order ASO-1/26"),
    ]


def test_an_ethereum_address_with_wrong_capitals_is_another_text(labels: OtherLabels) -> None:
    assert labels.of(ETHEREUM.swapcase().replace("0X", "0x")) == ()


def test_a_tron_address_is_found_by_each_publisher_that_names_it(labels: OtherLabels) -> None:
    assert [each.currency for each in labels.of(f" {TRON} ")] == ["TRX", "TRX"]
    assert labels.of(TRON[:-1] + "u") == ()


def test_bitcoin_cash_is_found_with_its_prefix_and_without(labels: OtherLabels) -> None:
    assert [each.currency for each in labels.of(CASHADDR)] == ["BCH"]
    assert [each.currency for each in labels.of(CASHADDR.upper())] == ["BCH"]


def test_a_chain_without_a_known_checksum_is_found_letter_for_letter(labels: OtherLabels) -> None:
    assert [each.currency for each in labels.of("49" + "A" * 93)] == ["XMR"]
    assert labels.of("49" + "a" * 93) == ()


def test_an_own_table_needs_no_ticker_where_the_address_names_its_chain() -> None:
    rows = f"address,label,publisher\n{TRON},Swap desk,P\n{ETHEREUM},Bridge,P\n"
    found = read("own.csv", rows)
    assert found.currencies == {"TRX": 1, "ETH": 1}
    assert not found.skipped


@pytest.mark.parametrize("column", ["currency", "chain", "network"])
@pytest.mark.parametrize("name", ["TRX", "tron", "TRC20"])
def test_an_own_table_names_a_chain_by_name_or_ticker(column: str, name: str) -> None:
    found = read("own.csv", f"address,label,publisher,{column}\n{TRON},Swap desk,P,{name}\n")
    assert found.currencies == {"TRX": 1}


def test_a_mistyped_tron_address_of_an_own_table_is_left_out_with_its_reason() -> None:
    found = read("own.csv", f"address,label,publisher\n{TRON[:-1]}u,Swap desk,P\n")
    (skip,) = found.skipped
    assert (skip.code, skip.place) == ("label-address-wrong", "own.csv, line 2")
    assert "note.stated-tron-check" in str(skip.params)


def test_publishers_that_differ_on_one_ethereum_address_contradict_each_other() -> None:
    rows = [
        read("own.csv", f"address,label,publisher,category\n{address},x,{publisher},{term}\n")
        for address, publisher, term in (
            (ETHEREUM, "P", "exchange"), (ETHEREUM.lower(), "Q", "tumbler"),
        )
    ]  # fmt: skip
    (found,) = conflicts(label for each in rows for label in each.labels)
    assert found.between_publishers


def test_what_is_no_address_stays_as_it_is() -> None:
    assert normal_address(" TRON ") == "TRON"
    assert ticker_of("", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa") == "BTC"
    assert ticker_of("xmr", "49A") == "XMR"
