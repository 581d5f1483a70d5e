"""A label is found by the address it is of, on whatever chain, or by its name."""

from __future__ import annotations

import pytest

from kancil.records.identifier import with_capitals
from tests.cli.running import Unit

HACKED = "1JoktQJhCzuCQkt3GnQ8Xddcq4mUgNyXEa"
ETHEREUM = with_capitals("0x77134cbc06cb00b66f4c7e623d5fdbf6777635ec")
"""In a list of the sample, there without the capitals of its checksum (ERC-55)."""
LEGACY = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
"""In no list of the sample."""
TRON = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"


def test_a_label_of_an_address_is_told_with_publisher_day_list_and_chain(sample: Unit) -> None:
    answer = sample.ask("labels", "find", HACKED)
    assert answer["is_whole"]
    (label,) = answer["labels"]
    assert label["address"] == HACKED
    assert label["label"] == "Bitstamp"
    assert label["publisher"] == "GraphSense Core Team"
    assert label["fetched_on"] == "2024-09-27"
    assert (label["list"], label["chain"]) == ("hacks.yaml", "BTC mainnet")
    said = sample.say("labels", "find", HACKED)
    for each in ("Bitstamp", "GraphSense Core Team", "hacks.yaml", "BTC mainnet", "allegation"):
        assert each in said, each


def test_an_address_of_another_chain_is_found_however_its_capitals_stand(sample: Unit) -> None:
    for address in (ETHEREUM, ETHEREUM.lower()):
        labels = sample.ask("labels", "find", address)["labels"]
        assert {each["list"] for each in labels} == {"exchange-wallets-bitfinexcom.yaml"}
        assert "ETH" in {each["chain"] for each in labels}


def test_labels_are_found_by_a_part_of_their_name_and_more_of_them_are_said(sample: Unit) -> None:
    names = {each["label"] for each in sample.ask("labels", "find", "bitSTAMP")["labels"]}
    assert names == {"Bitstamp"}
    first = sample.ask("labels", "find", "bitstamp", "--most", "1")
    assert (len(first["labels"]), first["is_whole"]) == (1, False)
    assert "Only the first 1" in sample.say("labels", "find", "bitstamp", "--most", "1")


@pytest.mark.parametrize("value", ["nobody of this name", LEGACY, TRON])
def test_what_no_label_names_is_said_in_a_sentence(sample: Unit, value: str) -> None:
    assert sample.ask("labels", "find", value) == {"id": value, "labels": [], "is_whole": True}
    assert sample.say("labels", "find", value).strip() == "No imported label names it."


def test_a_mistyped_address_has_the_same_answer_as_everywhere(sample: Unit) -> None:
    wrong = f"{LEGACY[:-1]}e"
    error = sample.refused("labels", "find", wrong)
    assert error["code"] == "address-mistyped"
    assert error["sentence"] == sample.refused("bitcoin", "address", "main", wrong)["sentence"]
    error = sample.refused("labels", "find", f"0x{ETHEREUM[2:].swapcase()}")
    assert "capital letters do not fit its checksum" in error["sentence"]
