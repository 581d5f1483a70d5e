"""A stated transfer goes to Arrow and back, and the digest of rows sees every change."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kancil.records.record import batch_of, records_of
from kancil.records.transfer import (
    NAMES,
    STATED_TRANSFERS,
    RowsDigest,
    StatedTransfer,
)

ROW = StatedTransfer(
    row=1, place="line 2", asset="BTC", amount="0.50000000", stated_by="Example Exchange",
    exhibit_sha256="a" * 64, units="50000000", chain="bitcoin", to_address="1x",
    time="2026-03-09T14:00:00.000000Z", day="2026-03-09", time_as_stated="2026-03-09 14:00",
    zone="UTC", txid="b" * 64, notes=("repeated", "fee-form"),
)  # fmt: skip
TEXT = st.none() | st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=9)


def digest(*rows: StatedTransfer) -> str:
    made = RowsDigest()
    for row in rows:
        made.add(row)
    return made.hex()


def test_the_schema_has_the_fields_of_the_record_and_no_other() -> None:
    assert set(STATED_TRANSFERS.names) == set(NAMES)
    assert STATED_TRANSFERS.metadata == {b"format": b"kancil-stated-transfers/1"}


ROWS = st.lists(
    st.builds(
        lambda *texts: replace(ROW, contract=texts[0], from_name=texts[1], reference=texts[2]),
        TEXT, TEXT, TEXT,
    ),
    max_size=5,
)  # fmt: skip


@given(ROWS)
def test_rows_come_back_from_arrow_as_they_were(rows: list[StatedTransfer]) -> None:
    assert records_of(StatedTransfer, batch_of(StatedTransfer, rows)) == rows


def test_the_digest_of_rows_sees_a_changed_field_order_and_number() -> None:
    other = replace(ROW, row=2)
    seen = {digest(), digest(ROW), digest(ROW, ROW), digest(ROW, other), digest(other, ROW)}
    seen |= {digest(replace(ROW, amount="0.5")), digest(replace(ROW, notes=()))}
    assert len(seen) == 7
    assert digest(ROW) == digest(replace(ROW))


def test_a_transfer_in_json_has_every_field() -> None:
    value = ROW.as_dict()
    assert tuple(value) == NAMES
    assert value["notes"] == ["repeated", "fee-form"]
    assert value["from_address"] is None
