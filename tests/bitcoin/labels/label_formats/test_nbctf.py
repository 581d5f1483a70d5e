"""Wallets of Israeli seizure orders, by family of address form."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.label_formats.nbctf import NBCTF
from kancil.ground.skipped import Skipped

TAGS = Path(__file__).parents[3] / "data" / "bitcoin" / "tags"


def test_each_row_is_a_wallet_of_a_seizure_order() -> None:
    name = "il_nbctf_wallets.csv"
    file = LabelFile(name, (TAGS / name).read_bytes())
    assert NBCTF.recognises(file)
    found = [row for row in NBCTF.rows(file) if isinstance(row, Row)]
    assert [row.currency for row in found] == ["TRX", "TRX", "ETH", "BTC", "BTC", "BTC", "BTC"]
    assert found[3].label == "Seizure order ASO-26/24"
    assert found[3].law == "Israel"
    assert found[3].may_be_other_coin
    assert not found[0].may_be_other_coin
    assert {row.listed_on for row in found} == {""}


def test_a_row_of_other_length_is_a_skip() -> None:
    file = LabelFile("x.csv", b"order,address,kind\nASO-1/20,abc\nASO-1/20,abc,TRON\n")
    first, second = NBCTF.rows(file)
    assert first == Skipped("label-row-cells", "line 2", {"cells": 2})
    assert isinstance(second, Row)


def test_other_columns_are_not_this_format() -> None:
    assert not NBCTF.recognises(LabelFile("x.csv", b"address,label\n"))


def test_a_broken_table_is_refused() -> None:
    file = LabelFile("x.csv", b"order,address,kind\n" + b'"' + b"a" * 200_000 + b",b,c\n")
    with pytest.raises(LabelFileNotReadable):
        list(NBCTF.rows(file))
