"""An officer's own table of labels."""

from __future__ import annotations

import pytest

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.label_formats.table import TABLE
from kancil.ground.skipped import Skipped

# The example of docs/reference/labels.md.
EXAMPLE = (
    b"address,label,category,publisher,law,listed_on,fetched_on,confidence,licence,source\n"
    b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa,Example House,exchange,Example Ministry,Exampleland,"
    b"2024-03-01,2024-09-27,authority_data,public,Gazette 12/2024\n"
)


def test_the_documented_table_is_read_field_by_field() -> None:
    file = LabelFile("labels.csv", EXAMPLE)
    assert TABLE.recognises(file)
    (row,) = TABLE.rows(file)
    assert isinstance(row, Row)
    assert (row.currency, row.category, row.law) == ("BTC", "exchange", "Exampleland")
    assert (row.listed_on, row.fetched_on) == ("2024-03-01", "2024-09-27")
    assert (row.publisher, row.source) == ("Example Ministry", "Gazette 12/2024")
    assert (row.confidence, row.licence, row.place) == ("authority_data", "public", "line 2")


def test_columns_may_stand_in_any_order_with_semicolons_and_others_are_not_read() -> None:
    raw = b'\xef\xbb\xbf"Label";remark;ADDRESS;Currency\r\nx;secret;abc;ltc\r\n;;;\r\n'
    (row,) = TABLE.rows(LabelFile("labels.csv", raw))
    assert isinstance(row, Row)
    assert (row.label, row.address, row.currency) == ("x", "abc", "LTC")
    assert "secret" not in repr(row)


def test_cells_may_hold_the_separator_and_line_ends() -> None:
    raw = b'address,label\nabc,"one, two"\ndef,"three\nfour"\nghi,five\n'
    found = list(TABLE.rows(LabelFile("labels.csv", raw)))
    assert [row.label for row in found if isinstance(row, Row)] == [
        "one, two",
        "three\nfour",
        "five",
    ]


def test_rows_that_cannot_be_used_are_skips() -> None:
    raw = b"address,label\nabc\n,x\nabc,\n"
    assert list(TABLE.rows(LabelFile("labels.csv", raw))) == [
        Skipped("label-row-cells", "line 2", {"cells": 1}),
        Skipped("label-address-missing", "line 3"),
        Skipped("label-name-missing", "line 4", {"address": "abc"}),
    ]


def test_a_table_without_the_two_columns_is_another_format() -> None:
    assert not TABLE.recognises(LabelFile("x.csv", b"address,name\n"))
    assert not TABLE.recognises(LabelFile("x.csv", b""))


def test_a_broken_table_is_refused() -> None:
    raw = b"address,label\n" + b'"' + b"a" * 200_000
    with pytest.raises(LabelFileNotReadable):
        list(TABLE.rows(LabelFile("x.csv", raw)))
