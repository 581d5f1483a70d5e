"""The US sanctions list: bare addresses, one file a currency."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.label_formats.ofac import LAW, OFAC, PUBLISHER

TAGS = Path(__file__).parents[3] / "data" / "bitcoin" / "tags"


def rows(name: str, raw: bytes) -> list[Row]:
    found = list(OFAC.rows(LabelFile(name, raw)))
    assert all(isinstance(row, Row) for row in found)
    return [row for row in found if isinstance(row, Row)]


def test_each_line_is_one_address_of_the_treasury_under_the_law_of_the_united_states() -> None:
    name = "sanctioned_addresses_XBT.txt"
    found = rows(name, (TAGS / name).read_bytes())
    assert len(found) == 7
    assert {(row.currency, row.publisher, row.law) for row in found} == {("BTC", PUBLISHER, LAW)}
    assert found[3].address == "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d"
    assert found[3].place == "line 4"
    assert {row.listed_on for row in found} == {""}


def test_currency_comes_from_the_file_name_and_empty_lines_are_no_rows() -> None:
    found = rows("sanctioned_addresses_USDT.txt", b"\xef\xbb\xbfone\r\n\r\n  two \n")
    assert [(row.address, row.currency, row.place) for row in found] == [
        ("one", "USDT", "line 1"),
        ("two", "USDT", "line 3"),
    ]


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("sanctioned_addresses_XBT.txt", True),
        ("sanctioned_addresses_eth.txt", True),
        ("sanctioned_addresses_.txt", False),
        ("addresses.txt", False),
        ("sanctioned_addresses_XBT.txt.bak", False),
    ],
)
def test_the_file_is_known_by_its_name_alone(name: str, is_ours: bool) -> None:
    assert OFAC.recognises(LabelFile(name, b"")) is is_ours


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(LabelFileNotReadable) as caught:
        rows("sanctioned_addresses_XBT.txt", b"1abc\n\xff\xfe\n")
    assert caught.value.params["line"] == 2
