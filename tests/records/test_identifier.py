"""Ids and addresses are put into one form; what their own check bytes refute is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.identifier import (
    ETHEREUM_CHECK,
    ETHEREUM_UNCHECKED,
    TRON_CHECK,
    is_tron_address,
    read_address,
    read_txid,
    with_capitals,
)

TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
BITCOIN = "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"


def test_a_transaction_id_is_written_small_and_keeps_its_prefix() -> None:
    assert read_txid(" " + "AB" * 32) == "ab" * 32
    assert read_txid("0X" + "AB" * 32) == "0x" + "ab" * 32


@pytest.mark.parametrize(
    "text", ["", "ab" * 31, "ab" * 33, "Off-chain transfer 12", "zz" * 32, "0x", "ab " * 32]
)
def test_what_is_no_transaction_id_is_none(text: str) -> None:
    assert read_txid(text) is None


def test_an_ethereum_address_is_written_small() -> None:
    assert read_address("0xdAC17F958D2ee523a2206206994597C13D831ec7") == (
        "0xdac17f958d2ee523a2206206994597c13d831ec7", None,
    )  # fmt: skip


# Source: ERC-55, test cases: all capitals, all small, and normal.
CHECKED = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("text", CHECKED)
def test_the_capitals_are_those_of_the_standards_test_cases(text: str) -> None:
    assert with_capitals(text.lower()) == text


@pytest.mark.parametrize("text", CHECKED)
def test_an_ethereum_address_in_one_case_has_no_check_and_this_is_said(text: str) -> None:
    for one_case in (text.lower(), "0x" + text[2:].upper(), "0X" + text[2:].upper()):
        assert read_address(one_case) == (text.lower(), ETHEREUM_UNCHECKED)


@pytest.mark.parametrize("place", range(2, 42))
def test_one_wrong_character_in_an_ethereum_address_is_seen(place: int) -> None:
    right = CHECKED[4]
    other = "b" if right[place] in "aA" else "a"
    wrong = right[:place] + other + right[place + 1 :]
    assert read_address(right) == (right.lower(), None)
    assert read_address(wrong) == (wrong, ETHEREUM_CHECK)
    assert read_address(wrong, with_case=False) == (wrong.lower(), None)


@pytest.mark.parametrize("place", range(1, 34))
def test_one_wrong_character_in_a_tron_address_is_seen(place: int) -> None:
    wrong = TRON[:place] + ("2" if TRON[place] != "2" else "3") + TRON[place + 1 :]
    assert is_tron_address(TRON)
    assert read_address(TRON) == (TRON, None)
    assert read_address(wrong) == (wrong, TRON_CHECK)


def test_a_bitcoin_address_is_left_to_those_who_know_it() -> None:
    assert read_address(BITCOIN) == (BITCOIN, None)
    assert not is_tron_address(BITCOIN)


@given(st.text(max_size=80))
def test_any_text_has_an_address_form_and_reading_it_again_changes_nothing(text: str) -> None:
    once, _ = read_address(text)
    assert read_address(once)[0] == once
    txid = read_txid(text)
    assert txid is None or read_txid(txid) == txid
