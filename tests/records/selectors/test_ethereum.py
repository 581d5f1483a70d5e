"""Ethereum addresses and transaction hashes: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}
ERC55 = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""First example of ERC-55."""
HASH = "ab" * 32


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("ethereum-address", ERC55, ERC55.lower()),
        ("ethereum-address", ERC55.lower(), ERC55.lower()),
        ("ethereum-address", ERC55.replace("aA", "Aa"), None),
        ("ethereum-txid", f"0x{HASH.upper()}", f"0x{HASH}"),
        ("ethereum-txid", HASH, None),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
