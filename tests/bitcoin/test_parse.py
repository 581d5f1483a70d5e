"""The parser against its slow twin on real blocks, and each of its doors."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.blocks import parse
from kancil.bitcoin.blocks.columns import (
    LAYOUT,
    Columns,
    MerkleState,
    TargetState,
    WitnessState,
    concat,
    empty,
    nbytes,
)
from kancil.bitcoin.blocks.errors import TransactionNotReadable
from kancil.bitcoin.blocks.kernels import Gap
from kancil.bitcoin.blocks.parse import (
    find_blocks,
    parse_block_file,
    parse_blocks,
    parse_transaction,
)
from kancil.bitcoin.blocks.read import Fault
from kancil.bitcoin.compiled import sha256
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.words import render
from tests.bitcoin import slow_parser as slow
from tests.bitcoin.twin import differences, fault_words, slow_rows, tx_rows

DATA = Path(__file__).parents[1] / "data" / "bitcoin"
MAGIC = bytes.fromhex("f9beb4d9")
SMALL = [
    DATA / "blocks" / name for name in ("mainnet-0.raw", "mainnet-170.raw", "mainnet-227836.raw")
]


def read(path: Path) -> tuple[bytes, Columns]:
    """Parse a file that is one block."""
    raw = path.read_bytes()
    columns, skipped = parse_blocks(raw, [[0, len(raw)]])
    assert skipped == []
    return raw, columns


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_small_blocks_equal_the_slow_twin(path: Path) -> None:
    raw, columns = read(path)
    rows, faults = slow_rows(raw, [(0, len(raw))])
    assert faults == []
    assert differences(columns, rows) == []


def test_every_block_of_the_shared_folder_equals_the_slow_twin(shared_data: Path) -> None:
    folder = shared_data / "bitcoin"
    listed = [row for row in json.loads((folder / "MANIFEST.json").read_text()) if "tx" in row]
    assert len(listed) == 15
    for row in listed:
        raw, columns = read(folder / row["path"])
        assert columns.block_hash[0, ::-1].tobytes().hex() == row["block_hash"]
        counts = (columns.tx_count, columns.input_count, columns.output_count)
        assert counts == (row["tx"], row["inputs"], row["outputs"])
        assert int(columns.tx_segwit.sum()) == row["segwit_tx"]
        assert columns.block_merkle.tolist() == [MerkleState.RIGHT]
        assert columns.block_target.tolist() == [TargetState.MET]
        rows, faults = slow_rows(raw, [(0, len(raw))])
        assert faults == []
        assert differences(columns, rows) == [], row["path"]


def test_the_first_600_blocks_are_found_in_their_files(shared_data: Path) -> None:
    for name, first in (("blk00000.dat", 0), ("blk00001.dat", 300)):
        raw = (shared_data / "bitcoin" / "blk" / name).read_bytes()
        spans, gaps = find_blocks(raw, MAGIC)
        assert gaps == []
        columns, skipped = parse_block_file(raw, MAGIC)
        assert skipped == []
        assert columns.block_count == 300
        prev = columns.block_prev[1:].tolist()
        assert prev == columns.block_hash[:-1].tolist(), first
        rows, faults = slow_rows(raw, spans.tolist())
        assert faults == []
        assert differences(columns, rows) == []


def test_the_first_payment_between_two_people_reads_as_known() -> None:
    _, columns = read(DATA / "blocks" / "mainnet-170.raw")
    assert columns.tx_id[1, ::-1].tobytes().hex() == (
        "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
    )
    assert columns.output_value.tolist()[1:] == [10 * 10**8, 40 * 10**8]
    assert columns.output_script.tolist() == [ScriptKind.P2PK] * 3
    assert [len(columns.payload_of(i)) for i in range(3)] == [65] * 3


def test_hashlib_gives_the_same_columns_where_libcrypto_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = b"".join(path.read_bytes() for path in SMALL) + segwit_block()
    spans = spans_of([path.read_bytes() for path in SMALL] + [segwit_block()])
    for with_witness in (True, False):
        by_kernel, _ = parse_blocks(raw, spans, with_witness=with_witness)
        with monkeypatch.context() as patch:
            patch.setattr(sha256, "AVAILABLE", False)
            by_hashlib, _ = parse_blocks(raw, spans, with_witness=with_witness)
        assert unequal(by_kernel, by_hashlib) == []
        rows, _ = slow_rows(raw, spans, with_witness=with_witness)
        assert differences(by_kernel, rows) == []


def spans_of(pieces: list[bytes]) -> list[list[int]]:
    """First byte and size of pieces that stand one behind the other."""
    spans, at = [], 0
    for piece in pieces:
        spans.append([at, len(piece)])
        at += len(piece)
    return spans


def unequal(one: Columns, other: Columns) -> list[str]:
    """Name the columns in which two differ."""
    return [
        name
        for name in LAYOUT
        if getattr(one, name).dtype != getattr(other, name).dtype
        or not np.array_equal(getattr(one, name), getattr(other, name))
    ]


def segwit_tx(lock: int = 0, value: int = 7) -> bytes:
    """Make a transaction with witness data: two inputs, of which one has two items."""
    inputs = b"".join(bytes([i] * 32) + b"\0\0\0\0" + b"\0" + b"\xff" * 4 for i in (1, 2))
    outputs = value.to_bytes(8, "little") + b"\x22\x51\x20" + bytes(range(32))
    stacks = b"\x02\x01\xaa\x02\xbb\xcc" + b"\x00"
    tail = lock.to_bytes(4, "little")
    return b"\2\0\0\0\0\1\2" + inputs + b"\1" + outputs + stacks + tail


def coinbase(script: bytes, commitment: bytes | None, nonce: bytes | None) -> bytes:
    """Make a coinbase; with a commitment and reserved value where given."""
    outputs = [(50 * 10**8).to_bytes(8, "little") + b"\1\x51"]
    if commitment is not None:
        outputs.append(bytes(8) + b"\x26\x6a\x24\xaa\x21\xa9\xed" + commitment)
    flag, stack = (b"\0\1", b"\1\x20" + nonce) if nonce is not None else (b"", b"")
    body = b"\1" + bytes(32) + b"\xff" * 4 + bytes([len(script)]) + script + b"\xff" * 4
    body += bytes([len(outputs)]) + b"".join(outputs)
    return b"\1\0\0\0" + flag + body + stack + bytes(4)


def block_of(txs: list[bytes], bits: int = 0x207FFFFF, version: int = 2) -> bytes:
    """Make a block with a right Merkle root, and a nonce that meets an easy target if possible."""
    ids = [slow.read_tx(slow.Reader(tx, 0, len(tx))).txid for tx in txs]
    root, _ = slow.merkle(ids)
    for nonce in range(64):
        header = struct.pack("<i32s32sIII", version, bytes(32), root, 1_600_000_000, bits, nonce)
        if slow.meets_target(slow.sha256d(header), bits):
            break
    return header + slow.compact(len(txs)) + b"".join(txs)


def segwit_block(
    *, right: bool = True, nonce: bytes | None = bytes(32), marked: bool = True
) -> bytes:
    """Make a block with witness data and a commitment to it."""
    other = segwit_tx()
    wtxid = slow.read_tx(slow.Reader(other, 0, len(other))).wtxid
    root = slow.sha256d(bytes(32) + wtxid)
    commitment = slow.sha256d(root + (nonce or bytes(32)))
    if not right:
        commitment = bytes(32)
    script = b"\x03\x40\x42\x0f"
    return block_of([coinbase(script, commitment if marked else None, nonce), other])


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        (segwit_block(), WitnessState.RIGHT),
        (segwit_block(nonce=bytes(range(32))), WitnessState.RIGHT),
        (segwit_block(right=False), WitnessState.WRONG),
        (segwit_block(nonce=None), WitnessState.WRONG),
        (segwit_block(marked=False), WitnessState.MISSING),
        (block_of([coinbase(b"\0\0", None, None)]), WitnessState.ABSENT),
        (block_of([coinbase(b"\0\0", bytes(32), None)]), WitnessState.NOT_COMPUTED),
    ],
)
def test_the_witness_commitment_is_judged(raw: bytes, state: WitnessState) -> None:
    columns, skipped = parse_blocks(raw, [[0, len(raw)]])
    assert skipped == []
    assert columns.block_witness.tolist() == [state]
    assert slow.read_block(raw, 0, len(raw)).witness == state
    without, _ = parse_blocks(raw, [[0, len(raw)]], with_witness=False)
    assert without.block_witness.tolist() == [WitnessState.NOT_COMPUTED]
    assert not without.tx_wid.any()


@pytest.mark.parametrize(
    ("version", "script", "height"),
    [
        (2, "034042 0f", 1_000_000),
        (1, "0340420f", -1),
        (2, "51", 1),
        (2, "60", 16),
        (2, "0105", -1),
        (2, "0111", 17),
        (2, "017f", 127),
        (2, "0180", -1),
        (2, "028000", 128),
        (2, "037f0000", -1),
        (2, "04ffff001d", -1),
        (2, "0400e1f504", 83_222_784),
        (2, "0400e1f505", -1),
        (2, "0340420f04ffffffff", 1_000_000),
        (2, "034042", -1),
        (2, "00", -1),
        (2, "0540420f0000", -1),
    ],
)
def test_the_height_in_the_coinbase_is_a_shortest_push(
    version: int, script: str, height: int
) -> None:
    raw = block_of([coinbase(bytes.fromhex(script), None, None)], version=version)
    columns, _ = parse_blocks(raw, [[0, len(raw)]])
    assert columns.block_height_claimed.tolist() == [height]
    assert slow.read_block(raw, 0, len(raw)).height == height


def test_a_doubled_transaction_is_told_as_a_mutated_list() -> None:
    txs = [coinbase(b"\0\0", None, None), segwit_tx(1), segwit_tx(2)]
    raw = block_of(txs)
    forged = raw[:80] + b"\4" + b"".join([*txs, txs[-1]])
    columns, skipped = parse_blocks(raw + forged, spans_of([raw, forged]))
    assert skipped == []
    assert columns.block_merkle.tolist() == [MerkleState.RIGHT, MerkleState.MUTATED]


def test_a_wrong_merkle_root_is_a_state_and_not_a_skip() -> None:
    raw = bytearray(SMALL[1].read_bytes())
    raw[40] ^= 1
    columns, skipped = parse_blocks(raw, [[0, len(raw)]])
    assert skipped == []
    assert columns.block_merkle.tolist() == [MerkleState.WRONG]
    assert columns.block_target.tolist() == [TargetState.ABOVE]


@pytest.mark.parametrize(
    "bits",
    [0, 0x1D00FFFF, 0x207FFFFF, 0x20800001, 0x2100FFFF, 0x22FF, 0x220000FF, 0x230000FF, 0x2200FF00,
     0x21008000, 0xFF123456, 0x01003456, 0x0100FFFF, 0x01800000, 0x02008000, 0x03FFFFFF, 0x04800000,
     0x01FEDCBA, 0x00123456, 0x2000FFFF, 0x1F7FFFFF, 0x22000000, 0xFF000000],
)  # fmt: skip
def test_the_target_follows_set_compact(bits: int) -> None:
    raws = [block_of([coinbase(bytes([1, number]), None, None)], bits=bits) for number in range(8)]
    columns, _ = parse_blocks(b"".join(raws), spans_of(raws))
    expected = [int(slow.read_block(raw, 0, len(raw)).target) for raw in raws]
    assert columns.block_target.tolist() == expected


def test_good_blocks_are_kept_when_those_between_are_bad() -> None:
    good = SMALL[1].read_bytes()
    pieces = [good, good[:-1], b"", good + b"\0", bytes(300), good]
    raw = b"".join(pieces)
    spans = [*spans_of(pieces), [len(raw) - 5, 6], [-3, 80], [0, 1 << 40], [1 << 62, 1 << 62]]
    columns, skipped = parse_blocks(raw, spans, source=3)
    rows, faults = slow_rows(raw, spans)
    assert differences(columns, rows) == []
    assert fault_words(skipped) == faults
    assert columns.block_source.tolist() == [3, 3]
    assert columns.block_offset.tolist() == [0, len(raw) - len(good)]
    assert all(skip.params["source"] == 3 for skip in skipped)


def test_arrays_grow_for_blocks_denser_than_guessed() -> None:
    tiny = bytes(8) + b"\0"
    body = coinbase(b"\0\0", None, None)
    dense = b"\1\0\0\0\1" + b"\1" * 36 + b"\0" + bytes(4) + slow.compact(3000) + tiny * 3000
    raw = block_of([body, dense + bytes(4)])
    copies = 40
    columns, skipped = parse_blocks(raw * copies, spans_of([raw] * copies))
    assert skipped == []
    assert columns.output_count == copies * 3001
    one, _ = parse_blocks(raw, [[0, len(raw)]])
    assert np.array_equal(columns.tx_id, np.tile(one.tx_id, (copies, 1)))


def test_spans_that_lie_take_no_memory() -> None:
    raw = SMALL[1].read_bytes()
    spans = [[0, 1 << 62]] * 100_000 + [[0, len(raw)]] * 3
    columns, skipped = parse_blocks(raw, spans)
    assert (columns.block_count, len(skipped)) == (3, 100_000)
    assert nbytes(columns) < 10_000


@pytest.mark.parametrize(
    "code",
    [
        *("block-" + fault.name.lower().replace("_", "-") for fault in Fault if fault),
        *("block-file-" + gap.name.lower() for gap in Gap),
    ],
)
def test_every_skip_has_words(code: str) -> None:
    sentence = render(f"skip.{code}", block_offset=7, offset=9, size_bytes=11)
    assert sentence.endswith(".")
    assert any(number in sentence for number in ("7", "9"))


def test_small_results_keep_no_more_memory_than_their_rows() -> None:
    _, columns = read(SMALL[2])
    for name in LAYOUT:
        array = getattr(columns, name)
        owner = array if array.base is None else array.base
        while owner.base is not None:
            owner = owner.base
        assert owner.nbytes == array.nbytes, name


def test_large_results_equal_the_same_blocks_read_one_by_one() -> None:
    raw = SMALL[2].read_bytes()
    copies = 1200
    for with_witness in (True, False):
        whole, skipped = parse_blocks(
            raw * copies, spans_of([raw] * copies), with_witness=with_witness
        )
        one, _ = parse_blocks(raw, [[0, len(raw)]], with_witness=with_witness)
        assert skipped == []
        assert nbytes(whole) > 12_000_000
        parts = [whole.slice_blocks(at, at + 1) for at in (0, 1, copies - 1)]
        for part, at in zip(parts, (0, 1, copies - 1), strict=True):
            wrong = unequal(part, one)
            assert wrong == ([] if at == 0 else ["block_offset", "tx_offset"])


def test_no_bytes_give_no_rows() -> None:
    columns, skipped = parse_blocks(b"", np.empty((0, 2), dtype=np.int64))
    assert skipped == []
    assert unequal(columns, empty()) == []
    assert find_blocks(b"", MAGIC)[0].tolist() == []


@pytest.mark.parametrize("raw", [segwit_tx(), coinbase(b"\0\0", None, bytes(32)), segwit_tx(9)])
def test_a_loose_transaction_equals_the_slow_twin(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    tx = slow.read_tx(slow.Reader(raw, 0, len(raw)))
    for available in (sha256.AVAILABLE, False):
        monkeypatch.setattr(sha256, "AVAILABLE", available)
        columns = parse_transaction(raw)
        assert columns.block_count == 0
        assert differences(columns, tx_rows([(-1, tx)], with_witness=True)) == []


def test_a_transaction_with_bytes_missing_or_over_is_refused() -> None:
    raw = segwit_tx()
    for bad in [raw + b"\0", b"", *(raw[:cut] for cut in range(len(raw)))]:
        with pytest.raises(TransactionNotReadable):
            parse_transaction(bad)


def record(block: bytes) -> bytes:
    """Write a block as a record of a block file."""
    return MAGIC + len(block).to_bytes(4, "little") + block


def test_a_block_file_tells_what_is_no_record() -> None:
    block = SMALL[1].read_bytes()
    raw = b"junk" + record(block) + b"\0\0\0" + record(block) + MAGIC + b"\xff" * 4
    raw += record(block) + record(block)[:-7]
    spans, gaps = find_blocks(raw, MAGIC)
    assert [raw[at : at + size] for at, size in spans.tolist()] == [block] * 3
    assert [(gap.code, gap.params["size_bytes"]) for gap in gaps] == [
        ("block-file-garbage", 4),
        ("block-file-garbage", 3),
        ("block-file-length", 8),
        ("block-file-truncated", len(block) + 1),
    ]
    columns, skipped = parse_block_file(raw, MAGIC)
    assert columns.block_count == 3
    assert [skip.code for skip in skipped] == [gap.code for gap in gaps]


def test_room_kept_ready_at_the_end_of_a_block_file_is_no_gap() -> None:
    block = SMALL[1].read_bytes()
    for zeros in (1, 4, 9, 100_000):
        spans, gaps = find_blocks(record(block) + bytes(zeros), MAGIC)
        assert len(spans) == 1
        assert gaps == []


def test_blocks_inside_a_record_whose_length_lies_are_found() -> None:
    block = SMALL[1].read_bytes()
    raw = bytearray(record(block) * 4)
    raw[4:8] = (3 * len(record(block)) - 11).to_bytes(4, "little")
    columns, skipped = parse_block_file(raw, MAGIC)
    assert columns.block_offset.tolist() == [
        3 * len(record(block)) + 8,
        *(number * len(record(block)) + 8 for number in (1, 2)),
    ]
    assert [skip.code for skip in skipped] == ["block-file-garbage", "block-trailing-bytes"]


def test_columns_come_apart_and_together_again() -> None:
    raws = [path.read_bytes() for path in SMALL] + [segwit_block()]
    whole, _ = parse_blocks(b"".join(raws), spans_of(raws))
    parts = [whole.slice_blocks(i, i + 1) for i in range(len(raws))]
    assert unequal(concat(parts), whole) == []
    assert unequal(concat([whole.slice_blocks(0, 2), whole.slice_blocks(2, 4)]), whole) == []
    with_loose = concat([whole, parse_transaction(segwit_tx()), whole])
    assert with_loose.tx_block.tolist().count(-1) == 1
    assert with_loose.tx_block.max() == 2 * whole.block_count - 1
    assert with_loose.payload_of(with_loose.output_count - 1) == whole.payload_of(
        whole.output_count - 1
    )
    assert unequal(whole.slice_blocks(2, 2), empty()) == []
    with pytest.raises(IndexError):
        whole.slice_blocks(0, 9)


def test_bytes_arrays_and_views_are_read_alike() -> None:
    raw = SMALL[2].read_bytes()
    expected, _ = parse_blocks(raw, [[0, len(raw)]])
    for buffer in (bytearray(raw), memoryview(raw), np.frombuffer(raw, dtype=np.uint8)):
        columns, _ = parse.parse_blocks(buffer, np.array([[0, len(raw)]], dtype=np.uint64))
        assert unequal(columns, expected) == []
