"""Address ids: what counts as one address, against a plain twin that keeps a dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain import address_ids
from kancil.bitcoin.chain.address_ids import (
    ANYBODYS,
    WITH_ID,
    AddressIds,
    Scripts,
    number_scripts,
    numbered_addresses,
)
from kancil.bitcoin.holdings.errors import ChainBroken
from kancil.bitcoin.holdings.scratch import Scratch
from kancil.bitcoin.script.kind import ScriptKind

Row = tuple[int, bytes]
rows_of = st.lists(
    st.tuples(
        st.sampled_from([int(kind) for kind in ScriptKind]),
        st.sampled_from([b"", b"a", b"b", b"a" * 8, b"a" * 9, b"a" * 20, b"a" * 19 + b"b", b"\0"]),
    ),
    max_size=60,
)


def scripts_of(rows: list[Row]) -> Scripts:
    start = np.cumsum([0, *(len(payload) for _, payload in rows)]).astype(np.int64)
    pool = np.frombuffer(b"".join(payload for _, payload in rows), np.uint8)
    return Scripts(np.array([kind for kind, _ in rows], np.uint8), start, pool)


def twin(rows: list[Row], is_live: list[bool]) -> tuple[list[int], list[int]]:
    ids: dict[Row, int] = {}
    first, answer = [], []
    for number, (row, live) in enumerate(zip(rows, is_live, strict=True)):
        if not live or row[0] not in WITH_ID:
            answer.append(-1)
            continue
        if row not in ids:
            ids[row] = len(ids)
            first.append(number)
        answer.append(ids[row])
    return answer, first


def number(rows: list[Row], is_live: list[bool] | None = None, **more: Any) -> AddressIds:
    live = np.ones(len(rows), np.bool_) if is_live is None else np.array(is_live, np.bool_)
    return number_scripts(scripts_of(rows), live, **more)


@given(rows_of, st.data(), st.integers(0, 2**64 - 1), st.sampled_from([1, 50_000, 1 << 30]))
def test_ids_are_the_twin_s_whatever_the_seed_and_the_memory(
    rows: list[Row], data: st.DataObject, seed: int, table_bytes: int
) -> None:
    live = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    ids = number(rows, live, seed=seed, table_bytes=table_bytes)
    assert (ids.of_row.tolist(), ids.first_row.tolist()) == twin(rows, live)


@dataclass
class Stored:
    """Rows as a store has them: each script once, by first appearance."""

    output_script_id: Any
    output_before: Any
    script_kind: Any


def stored(rows: list[Row]) -> Stored:
    ids: dict[Row, int] = {}
    last: dict[Row, int] = {}
    before = []
    for number, row in enumerate(rows):
        ids.setdefault(row, len(ids))
        before.append(last.get(row, -1))
        last[row] = number
    return Stored(
        np.array([ids[row] for row in rows], np.uint32),
        np.array(before, np.int32),
        np.array([kind for kind, _ in ids], np.uint8),
    )


@given(rows_of, st.sampled_from([1, 7, 1 << 20]))
def test_a_store_s_scripts_get_the_same_ids_whatever_the_slices(
    rows: list[Row], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(address_ids, "_ROWS_AT_ONCE", at_once)
        ids = numbered_addresses(stored(rows), "here", Scratch(None))
    assert (ids.of_row.tolist(), ids.first_row.tolist()) == twin(rows, [True] * len(rows))


@pytest.mark.parametrize("before", [[-1, -1, -1], [-1, 0, 0]])
def test_scripts_that_do_not_appear_first_just_once_are_a_broken_chain(before: list[int]) -> None:
    rows = stored([(int(ScriptKind.P2PKH), b"a"), (int(ScriptKind.P2PKH), b"b")] * 2)
    rows.output_script_id = rows.output_script_id[:3]
    rows.output_before = np.array(before, np.int32)
    with pytest.raises(ChainBroken):
        numbered_addresses(rows, "here", Scratch(None))


def test_many_rows_with_little_memory_give_the_same_ids() -> None:
    chance = np.random.default_rng(1)
    rows = [
        (int(kind), int(key).to_bytes(20, "big"))
        for kind, key in zip(
            chance.integers(0, 11, 6000), chance.integers(0, 900, 6000), strict=True
        )
    ]
    few = number(rows, table_bytes=1 << 14, seed=2)
    assert (few.of_row.tolist(), few.first_row.tolist()) == twin(rows, [True] * len(rows))


def test_a_table_that_is_too_small_is_made_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kancil.bitcoin.chain.address_ids._slots", lambda _rows, _passes: 16)
    rows = [(2, bytes([key]) * 20) for key in range(200)] * 2
    ids = number(rows)
    assert (ids.of_row.tolist(), ids.first_row.tolist()) == twin(rows, [True] * len(rows))


def test_a_key_and_its_hash_are_different_addresses() -> None:
    payload = b"\x02" * 33
    rows: list[Row] = [
        (ScriptKind.P2PK, payload),
        (ScriptKind.P2PKH, payload[:20]),
        (ScriptKind.P2SH, payload[:20]),
        (ScriptKind.P2WPKH, payload[:20]),
        (ScriptKind.P2PK, payload),
    ]
    assert number(rows).of_row.tolist() == [0, 1, 2, 3, 0]


def test_what_nobody_or_anybody_can_spend_has_no_id() -> None:
    rows = [(int(kind), b"\x01" * 2) for kind in ScriptKind if kind not in WITH_ID]
    assert set(number(rows).of_row.tolist()) == {-1}
    assert ANYBODYS.isdisjoint(WITH_ID)
    assert {kind for kind, _ in rows} == {
        ScriptKind.NONSTANDARD, ScriptKind.P2A, ScriptKind.WITNESS_FUTURE, ScriptKind.OP_RETURN
    }  # fmt: skip
