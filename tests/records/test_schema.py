"""The schema of transfers is what the tables of a trace hold, column by column."""

from __future__ import annotations

import pyarrow as pa

from kancil.records.schema import TRANSFERS


def test_amounts_are_whole_satoshi_and_never_floats() -> None:
    for field in TRANSFERS:
        assert not pa.types.is_floating(field.type)
        assert pa.types.is_int64(field.type) == field.name.endswith("_sat")


def test_what_may_not_be_known_may_be_null_and_bounds_may_not() -> None:
    assert TRANSFERS.field("value_sat").nullable
    assert not TRANSFERS.field("lower_sat").nullable
    assert not TRANSFERS.field("upper_sat").nullable
