"""Undo data read plainly: numbers, amounts, scripts and records, against Core's own values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.undo import (
    MAX_GAPS,
    Gap,
    NoUndo,
    amount_of,
    find_records,
    looks_like_undo,
    read_undo,
    script_form,
    varint,
    whole_key,
)
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import classify
from tests.bitcoin.regtest import MAGIC, p2pkh
from tests.bitcoin.undo_files import (
    Spent,
    packed_amount,
    packed_script,
    record,
    written_undo,
    written_varint,
    xored,
)

COIN, CENT = 100_000_000, 1_000_000
MAX_MONEY = 21_000_000 * COIN
# The key of block 0's coinbase, and that of SEC 2's base point: both lie on the curve.
KEYS = (
    """
    04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6
    49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f
    """,
    """
    0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798
    483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8
    """,
)


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        (0, 0x0),
        (1, 0x1),
        (CENT, 0x7),
        (COIN, 0x9),
        (50 * COIN, 0x32),
        (21_000_000 * COIN, 0x1406F40),
    ],
)
def test_amounts_are_those_of_cores_own_test(value: int, packed: int) -> None:
    """Source: Bitcoin Core, src/test/compress_tests.cpp, compress_amounts."""
    assert amount_of(packed) == value


@given(st.integers(0, MAX_MONEY))
def test_every_amount_comes_back(value: int) -> None:
    assert amount_of(packed_amount(value)) == value


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "00"),
        (1, "01"),
        (127, "7f"),
        (128, "8000"),
        (255, "807f"),
        (256, "8100"),
        (16383, "fe7f"),
        (16384, "ff00"),
        (16511, "ff7f"),
        (65535, "82fe7f"),
        (2**32, "8efefeff00"),
    ],
)
def test_numbers_are_those_in_cores_comment(number: int, written: str) -> None:
    """Source: Bitcoin Core, src/serialize.h, "Variable-length integers"."""
    raw = bytes.fromhex(written)
    assert varint(raw, 0, 2**64 - 1) == (number, len(raw))


@given(st.integers(0, 2**64 - 1))
def test_every_number_comes_back(number: int) -> None:
    raw = written_varint(number)
    assert varint(b"\xff" + raw, 1, 2**64 - 1) == (number, 1 + len(raw))


@pytest.mark.parametrize("raw", [b"", b"\x80", b"\xff" * 12 + b"\x00", b"\x8e\xfe\xfe\xff\x00"])
def test_a_number_without_end_or_too_large_is_none(raw: bytes) -> None:
    with pytest.raises(NoUndo):
        varint(raw, 0, 2**32 - 1)


@pytest.mark.parametrize("text", KEYS)
def test_a_long_key_comes_back_from_half_of_it(text: str) -> None:
    key = bytes.fromhex(text)
    assert whole_key(key[1:33], is_odd=bool(key[64] & 1)) == key
    other = whole_key(key[1:33], is_odd=not key[64] & 1)
    assert other is not None
    assert int.from_bytes(other[33:], "big") + int.from_bytes(key[33:], "big") == (
        2**256 - 2**32 - 977
    )


def test_an_x_off_the_curve_gives_no_key() -> None:
    """5 has no point on secp256k1: 5^3 + 7 = 132 is no square there (by Euler's criterion)."""
    p = 2**256 - 2**32 - 977
    assert pow(132, (p - 1) // 2, p) == p - 1
    assert whole_key((5).to_bytes(32, "big"), is_odd=False) is None
    assert whole_key(p.to_bytes(32, "big"), is_odd=False) is None
    with pytest.raises(NoUndo):
        script_form(b"\x04" + (5).to_bytes(32, "big"), 0)


SCRIPTS = [
    (p2pkh(9), 21),
    (b"\xa9\x14" + bytes(20) + b"\x87", 21),
    (b"\x21\x02" + bytes(range(32)) + b"\xac", 33),
    (b"\x21\x03" + bytes(range(32)) + b"\xac", 33),
    *((b"\x41" + bytes.fromhex(key) + b"\xac", 33) for key in KEYS),
    (b"\x41\x04" + bytes(64) + b"\xac", 68),
    (b"\x00\x14" + bytes(20), 23),
    (b"\x51\x20" + bytes(32), 35),
    (b"", 1),
    (b"\x51" * 200, 202),
]


@pytest.mark.parametrize(("script", "length"), SCRIPTS)
def test_scripts_are_packed_as_core_does_and_come_back(script: bytes, length: int) -> None:
    """Lengths: Bitcoin Core, src/test/compress_tests.cpp, compress_script_to_ckey_id and on."""
    raw = packed_script(script)
    assert len(raw) == length
    assert script_form(raw + b"more", 0) == (*classify(script), length)


@given(st.binary(max_size=300))
@example(b"\x4c" * 122)
def test_any_script_comes_back(script: bytes) -> None:
    kind, payload, end = script_form(packed_script(script), 0)
    assert (kind, payload) == classify(script)
    assert end == len(packed_script(script))


coins = st.builds(
    Spent,
    st.integers(0, MAX_MONEY),
    st.sampled_from([script for script, _ in SCRIPTS]),
    st.integers(0, 1_000_000),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)


@given(st.lists(st.lists(coins, max_size=3), max_size=4))
def test_a_record_comes_back_as_old_and_new_versions_write_it(txs: list[list[Spent]]) -> None:
    read = read_undo(written_undo(txs))
    assert [
        [(coin.value_sat, (coin.kind, coin.payload), coin.height, coin.is_coinbase) for coin in tx]
        for tx in read
    ] == [
        [(coin.value, classify(coin.script), coin.height, coin.is_coinbase) for coin in tx]
        for tx in txs
    ]


@given(st.binary(max_size=120))
@example(b"\x01\x01\x00" + written_varint(packed_amount(MAX_MONEY + 1)) + packed_script(p2pkh(1)))
def test_any_bytes_are_a_record_or_end_with_a_place(raw: bytes) -> None:
    place = -1
    try:
        coins = [coin for tx in read_undo(raw) for coin in tx]
    except NoUndo as error:
        coins, place = [], error.offset
    assert all(coin.value_sat <= MAX_MONEY for coin in coins)
    assert -1 <= place <= len(raw)


def test_more_money_than_there_is_ends_the_record() -> None:
    too_much = [[Spent(MAX_MONEY + 1, p2pkh(1))]]
    with pytest.raises(NoUndo):
        read_undo(written_undo(too_much))


# --- files ----------------------------------------------------------------------------------------

KEY = bytes.fromhex("0102030405060708")
ONE = record(b"\x01" * 32, [[Spent(5, p2pkh(1))]])
TWO = record(b"\x02" * 32, [])


def places(data: bytes, key: bytes = b"") -> tuple[list[tuple[int, int]], list[Gap]]:
    return find_records(np.frombuffer(data, np.uint8), MAGIC, key)


@pytest.mark.parametrize("key", [b"", KEY])
@pytest.mark.parametrize("fill", [b"", bytes(50), bytes(3 << 20)])
def test_records_are_found_and_the_room_kept_ready_is_not_told(key: bytes, fill: bytes) -> None:
    data = ONE + TWO
    whole = (xored(data, key) if key else data) + fill
    records, gaps = places(whole, key)
    assert records == [(8, len(ONE) - 40), (len(ONE) + 8, 1)]
    assert gaps == []
    if key:
        assert places(xored(data + fill[:50], key), key) == (records, [])


def test_bytes_between_records_a_cut_and_a_false_length_are_told() -> None:
    assert places(ONE + b"junk!" + TWO)[1] == [Gap("garbage", len(ONE), 5)]
    assert places(ONE + TWO[:-1]) == ([(8, len(ONE) - 40)], [Gap("truncated", len(ONE), 40)])
    false = MAGIC + b"\xff\xff\xff\xff"
    records, gaps = places(false + ONE)
    assert (len(records), gaps) == (1, [Gap("length", 0, 8)])


def test_a_file_of_nothing_but_bad_places_is_read_no_further() -> None:
    data = (MAGIC + bytes(4)) * 5000
    records, gaps = places(data)
    assert (records, len(gaps)) == ([], MAX_GAPS + 1)
    assert sum(gap.size_bytes for gap in gaps) == len(data.rstrip(b"\x00"))


def test_a_block_file_is_not_taken_for_undo_data() -> None:
    block = MAGIC + (100).to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(96)
    assert not looks_like_undo(np.frombuffer(block * 3, np.uint8), MAGIC, b"")
    assert looks_like_undo(np.frombuffer(ONE + TWO, np.uint8), MAGIC, b"")


def test_kinds_of_packed_keys_are_bare_keys() -> None:
    assert script_form(packed_script(SCRIPTS[4][0]), 0)[0] == ScriptKind.P2PK
