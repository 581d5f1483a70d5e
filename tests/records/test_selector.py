"""Selectors in their normal form, and where tables name them."""

from __future__ import annotations

import pytest

from kancil.bitcoin.script.selectors import ADDRESS, SELECTORS, TXID
from kancil.records.selector import Selector, Sighting, sightings
from kancil.records.table import Table, identifier, text

ONE, OTHER = "a" * 64, "b" * 64
GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
BIP173 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
"""The example of BIP 173."""
KINDS = {kind.name: kind for kind in SELECTORS}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f" {GENESIS} ", GENESIS),
        (BIP173.upper(), BIP173),
        (GENESIS[:-1] + "b", None),
        (ONE, None),
        ("", None),
    ],
)
def test_an_address_is_held_to_its_checksum(typed: str, read: str | None) -> None:
    assert KINDS[ADDRESS].read(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"), [(ONE.upper(), ONE), (ONE[1:], None), ("g" * 64, None), (GENESIS, None)]
)
def test_a_transaction_id_is_64_hex_digits(typed: str, read: str | None) -> None:
    assert KINDS[TXID].read(typed) == read


def test_a_table_names_each_selector_once_with_its_first_row() -> None:
    columns = (
        *text("label"), *identifier("output", "from_outputs", selector=TXID),
        *identifier("address", selector=ADDRESS),
    )  # fmt: skip
    rows = (
        ("x", f"{ONE}:0", None, GENESIS),
        (ONE, f"{OTHER}:1", f"{ONE}:0 {ONE}:7", GENESIS),
        ("y", None, "", ""),
    )
    assert list(sightings([Table("rows", columns, rows)], SELECTORS)) == [
        Sighting(Selector(ADDRESS, GENESIS), "rows", 1, 2),
        Sighting(Selector(TXID, ONE), "rows", 1, 2),
        Sighting(Selector(TXID, OTHER), "rows", 2, 1),
    ]


def test_a_kind_that_is_not_known_here_is_left_out() -> None:
    table = Table("rows", identifier("phone", selector="phone"), (("+856 20",),))
    assert list(sightings([table], SELECTORS)) == []
