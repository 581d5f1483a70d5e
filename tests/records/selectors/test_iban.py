"""IBAN: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        # SWIFT, IBAN Registry: the examples of Timor-Leste and of the United Kingdom.
        ("iban", "TL38 0080 0123 4567 8910 157", "TL380080012345678910157"),
        ("iban", "gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"),
        ("iban", "GB30 NWBK 6016 1331 9268 19", None),
        ("iban", "TL38 0080 0123 4567 8910", None),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
