"""Phone numbers in E.164: published examples, and what is refused."""

from __future__ import annotations

import pytest

from kancil.records.selectors import SELECTORS

KINDS = {one.name: one for one in SELECTORS}


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        # ITU-T E.164: country code and national number, without what is dialled before.
        ("phone-number", "+856 20 5555 1234", "+8562055551234"),
        ("phone-number", "020 5555 1234", "+8562055551234"),
        ("phone-number", "+1", None),
        ("phone-number", "hello", None),
    ],
)
def test_it_reads_its_own_form_alone(kind: str, typed: str, read: str | None) -> None:
    assert KINDS[kind].read(typed, "LA") == read
