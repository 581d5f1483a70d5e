"""Bank account numbers: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("bank-account", "010-12-00-123456.7", "01012001234567"),
        ("bank-account", "12345", None),
        ("bank-account", "12345a", None),
        ("bank-account", "٠١٢٣٤٥٦٧", None),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
