"""Ids and addresses are put into one form; what their own check bytes refute is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.records.identifier import TRON_CHECK, is_tron_address, read_address, read_txid

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
    assert read_address("0xDAC17F958D2ee523a2206206994597C13D831ec7") == (
        "0xdac17f958d2ee523a2206206994597c13d831ec7", None,
    )  # fmt: skip


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
    once, wrong = read_address(text)
    assert read_address(once) == (once, wrong)
    txid = read_txid(text)
    assert txid is None or read_txid(txid) == txid
