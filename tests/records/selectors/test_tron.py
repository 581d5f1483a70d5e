"""TRON addresses and transaction ids: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}
USDT_TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
"""Contract of USDT on TRON, as its issuer publishes it."""
HASH = "ab" * 32


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("tron-address", f" {USDT_TRON}", USDT_TRON),
        ("tron-address", USDT_TRON[:-1] + "u", None),
        ("tron-txid", HASH.upper(), HASH),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
