"""Kinds of selector: the published examples of each, and what each refuses."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kancil.desk.selectors.kinds import KINDS, read_selectors, selectors_of
from kancil.ground.words import has
from kancil.records.selector import Selector
from kancil.records.selectors import SELECTORS
from kancil.records.transfer import StatedTransfer

BY_NAME = {kind.name: kind for kind in KINDS}
USDT_TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
"""Contract of USDT on TRON, as its issuer publishes it."""
ERC55 = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""First example of ERC-55."""
HASH = "ab" * 32


def test_each_kind_has_words_and_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert all(has(f"name.selector-{name}") for name in BY_NAME)
    assert set(SELECTORS) < set(KINDS)


@given(st.text(max_size=80), st.sampled_from(["", "LA", "TH", "xx"]))
def test_whatever_is_typed_is_read_or_not_and_a_normal_form_stays(text: str, country: str) -> None:
    for selector in read_selectors(text, country):
        kind = BY_NAME[selector.kind]
        assert kind.read(selector.value, country) == selector.value
        assert list(kind.parts(selector.value)) == [selector.value]


def transfer(**said: Any) -> StatedTransfer:
    return StatedTransfer(1, "line 2", "USDT", "5", "an exchange", "0" * 64, **said)


def test_a_reported_transfer_names_by_its_chain() -> None:
    on_tron = transfer(chain="tron", from_address=USDT_TRON, to_address=ERC55, txid=HASH)
    assert set(selectors_of(on_tron)) == {
        Selector("tron-address", USDT_TRON), Selector("tron-txid", HASH),
    }  # fmt: skip
    of_none = transfer(from_address=USDT_TRON, to_address=ERC55, to_account="0101200123456")
    assert set(selectors_of(of_none)) == {
        Selector("tron-address", USDT_TRON), Selector("ethereum-address", ERC55.lower()),
        Selector("bank-account", "0101200123456"),
    }  # fmt: skip
