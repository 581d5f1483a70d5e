"""What is pasted is read as what it is, and what is none of it comes back as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.pasted import MOST, read_pasted
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS
from tests.examples import examples

BECH32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
"""BIP 173, its first example of a mainnet address."""
TESTNET = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"
KEY = "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3"  # noqa: E501
"""The public key that block 9 paid."""


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (PAID_ADDRESS, [("address", PAID_ADDRESS)]),
        (f"bitcoin:{PAID_ADDRESS}?amount=0.5&label=x", [("address", PAID_ADDRESS)]),
        (f"BITCOIN:{BECH32.upper()}", [("address", BECH32)]),
        (FIRST_PAYMENT.upper(), [("transaction", FIRST_PAYMENT)]),
        (f"{FIRST_PAYMENT}:01", [("output", f"{FIRST_PAYMENT}:1")]),
        (f"https://mempool.space/tx/{FIRST_PAYMENT}#vout=1", [("transaction", FIRST_PAYMENT)]),
        (f"https://example.org/address/{BECH32}", [("address", BECH32)]),
        ("block 170", [("block", "170")]),
        ("Block #170 and block 9", [("block", "170"), ("block", "9"), ("other", "and")]),
        ("170, 9", [("block", "170"), ("block", "9")]),
        (KEY, [("key", KEY)]),
        (f"paid to '{PAID_ADDRESS}'.", [("other", "paid"), ("other", "to"),
                                        ("address", PAID_ADDRESS)]),
        (f"{PAID_ADDRESS}; {PAID_ADDRESS}", [("address", PAID_ADDRESS)]),
        ("", []),
        ("  \n", []),
    ],
)  # fmt: skip
def test_each_thing_that_is_pasted_is_read_once_and_in_order(
    text: str, kinds: list[tuple[str, str]]
) -> None:
    assert [(each.kind, each.text) for each in read_pasted(text)] == kinds


def test_a_number_beside_an_address_is_no_block() -> None:
    assert [each.kind for each in read_pasted(f"{PAID_ADDRESS} 500")] == ["address", "other"]


def test_an_address_names_the_networks_it_can_belong_to() -> None:
    (main,) = read_pasted(BECH32)
    (test,) = read_pasted(TESTNET)
    assert main.networks == {"mainnet"}
    assert "mainnet" not in test.networks
    assert {"testnet3", "signet"} <= test.networks


@examples(150)
@given(st.text(max_size=400))
def test_any_text_is_read_and_what_is_named_is_whole(text: str) -> None:
    for each in read_pasted(text):
        assert each.text
        assert each.kind in {"address", "transaction", "output", "block", "key", "other"}


def test_a_long_list_ends_somewhere() -> None:
    assert len(read_pasted(" ".join(map(str, range(3 * MOST))))) == MOST
