"""Chain facts are believed only as far as the bytes show them."""

from __future__ import annotations

import dataclasses

import pytest

from kancil.bitcoin.blocks.merkle_proof import sha256d
from kancil.reports.casework.bundle.material import (
    LINKED_WORK,
    OWN_TARGET,
    CitedTransaction,
    Material,
    shown,
)
from kancil.reports.casework.bundle.rawtx import RawTransactionWrong, read_transaction
from kancil.reports.casework.bundle.verify_chain import check_chain, climb
from tests.reports.make_sample_bundle import make_sample
from tests.reports.tiny_chain import first_600, merkle_path

BLOCK_170 = "00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee"


def material() -> Material:
    return make_sample().answers.material


def first_payment() -> CitedTransaction:
    return next(t for t in material().transactions if t.txid.startswith("f4184fc5"))


def with_first_payment(**changes: object) -> Material:
    """Change what the material says of the first payment."""
    changed = dataclasses.replace(first_payment(), **changes)  # type: ignore[arg-type]
    every = [changed if t.txid == first_payment().txid else t for t in material().transactions]
    return dataclasses.replace(material(), transactions=tuple(every))


def with_block(number: int, **changes: object) -> Material:
    blocks = list(material().blocks)
    blocks[number] = dataclasses.replace(blocks[number], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(material(), blocks=tuple(blocks))


def codes(changed: Material) -> set[str]:
    return {problem.code for problem in check_chain(changed).problems}


def test_the_first_payment_stands_in_block_170_with_difficulty_checked() -> None:
    check = check_chain(material())
    assert check.problems == []
    cited = {block.hash: block for block in material().blocks}
    assert cited[BLOCK_170].height == 170
    assert cited[BLOCK_170].work == LINKED_WORK
    assert first_payment().block == BLOCK_170
    assert [output.value_sat for output in check.read[first_payment().txid].outputs] == [
        1_000_000_000,
        4_000_000_000,
    ]


def test_a_path_climbs_to_the_root_of_every_real_block() -> None:
    for block in first_600():
        leaves = [tx.txid for tx in block.transactions]
        for place, leaf in enumerate(leaves):
            assert climb(leaf, place, merkle_path(place, leaves)) == block.header[36:68]


def test_a_right_node_equal_to_its_left_neighbour_is_refused() -> None:
    leaf = sha256d(b"leaf")
    assert climb(leaf, 0, [leaf]) == sha256d(leaf + leaf)
    assert climb(leaf, 1, [leaf]) is None


def test_an_index_beyond_the_depth_is_refused() -> None:
    assert climb(sha256d(b"leaf"), 2, [sha256d(b"other")]) is None


def test_a_wrong_path_place_or_block_is_told() -> None:
    assert "merkle-path" in codes(with_first_payment(path=(bytes(32),)))
    assert "merkle-path" in codes(with_first_payment(index=3))
    assert "block-not-listed" in codes(with_first_payment(block="0" * 64))


def test_a_coinbase_path_of_other_length_is_told() -> None:
    block = next(b for b in first_600() if shown(b.hash) == BLOCK_170)
    pair = block.transactions[0].txid + block.transactions[1].txid
    assert "coinbase-depth" in codes(
        with_first_payment(coinbase_path=(), coinbase_txid=shown(sha256d(pair)))
    )
    other = with_first_payment(coinbase_path=(bytes(32),))
    assert "coinbase-path" in codes(other)


def test_a_missing_coinbase_path_is_said_and_wrong_only_where_the_block_was_held() -> None:
    outside = with_first_payment(coinbase_path=(), coinbase_txid=None, run=(-1, 0))
    check = check_chain(outside)
    assert "coinbase-path-missing" not in {problem.code for problem in check.problems}
    assert "coinbase-path-not-given" in {remark.code for remark in check.not_checked}
    assert "coinbase-path-missing" in codes(
        with_first_payment(coinbase_path=(), coinbase_txid=None)
    )


def test_statements_that_contradict_what_is_shown_are_told() -> None:
    assert codes(with_first_payment(unknown_inputs=(0,))) == {"statement-contradicts"}
    assert codes(with_first_payment(unspent_outputs=(0, 1))) == {"statement-contradicts"}
    assert codes(with_first_payment(unspent_outputs=(0, 5))) == {"statement-contradicts"}


def test_bytes_that_are_not_the_transaction_are_told() -> None:
    raw = bytearray(first_payment().raw)
    raw[-1] ^= 1
    assert codes(with_first_payment(raw=bytes(raw), base=bytes(raw))) == {"transaction-id"}
    assert codes(with_first_payment(raw=bytes(raw))) >= {"transaction-base"}
    assert codes(with_first_payment(raw=b"\0" * 40)) == {"transaction-form"}


def test_a_transaction_of_64_bytes_is_refused() -> None:
    padded = bytes(4) + b"\1" + bytes(36) + b"\0" + bytes(4)
    padded += b"\1" + bytes(8) + b"\4" + bytes(4) + bytes(4)
    assert len(padded) == 64
    assert "transaction-64-bytes" in codes(with_first_payment(raw=padded, base=padded))


def test_a_header_of_another_block_or_height_is_told() -> None:
    assert "header-hash" in codes(with_block(1, hash="f" * 64))
    assert "block-height" in codes(with_block(1, height=171))
    assert "header-hash" in codes(with_block(1, place=3))


def test_headers_that_do_not_reach_a_checkpoint_prove_only_their_own_target() -> None:
    blocks = material().blocks[1:]
    own = b"".join(material().header(block) for block in blocks)
    moved = tuple(dataclasses.replace(block, place=n) for n, block in enumerate(blocks))
    transactions = tuple(t for t in material().transactions if t.block != material().blocks[0].hash)
    wrong = codes(
        dataclasses.replace(material(), headers=own, blocks=moved, transactions=transactions)
    )
    assert wrong == {"header-not-linked"}


def alone(height: int | None, block: str) -> Material:
    """One block of the material with its header only, its work on its own target, said linked."""
    (held,) = (one for one in material().blocks if one.hash == block)
    assert held.height_source == "linked"
    placed = dataclasses.replace(held, place=0, work=OWN_TARGET, height=height)
    return dataclasses.replace(
        material(),
        headers=material().header(held),
        blocks=(placed,),
        transactions=tuple(one for one in material().transactions if one.block == block),
    )


def test_a_height_that_no_header_here_leads_to_is_not_shown_and_not_wrong() -> None:
    loose = next(one for one in material().blocks if one.height == 181)
    check = check_chain(alone(loose.height, loose.hash))
    assert "block-height" not in {problem.code for problem in check.problems}
    assert ("height-not-shown", loose.hash) in {(one.code, one.place) for one in check.not_checked}


def test_a_height_that_a_pinned_block_contradicts_is_wrong() -> None:
    assert "block-height" not in codes(alone(170, BLOCK_170))
    assert "block-height" in codes(alone(171, BLOCK_170))


def test_blocks_and_transactions_out_of_order_are_told() -> None:
    turned = dataclasses.replace(material(), blocks=material().blocks[::-1])
    assert "block-order" in codes(turned)
    turned = dataclasses.replace(material(), transactions=material().transactions[::-1])
    assert codes(turned) >= {"transaction-order", "source-after-spender"}
    doubled = dataclasses.replace(
        material(), transactions=(*material().transactions, material().transactions[-1])
    )
    assert "transaction-doubled" in codes(doubled)


def test_a_stated_value_that_contradicts_a_shown_output_is_told() -> None:
    assert "stated-value" in codes(with_first_payment(stated_values={0: 5}))
    assert "stated-value" in codes(with_first_payment(stated_values={7: 5}))


def test_an_unknown_network_is_told() -> None:
    assert codes(dataclasses.replace(material(), network="nonet")) == {"network-unknown"}


@pytest.mark.parametrize("length", range(0, 275, 9))
def test_a_transaction_cut_short_is_refused(length: int) -> None:
    with pytest.raises(RawTransactionWrong):
        read_transaction(first_payment().raw[:length])


def test_a_transaction_with_bytes_behind_it_is_refused() -> None:
    with pytest.raises(RawTransactionWrong):
        read_transaction(first_payment().raw + b"\0")


def test_a_witness_is_parted_from_the_bytes_that_the_id_is_of() -> None:
    base = first_payment().base
    raw = base[:4] + b"\0\1" + base[4:-4] + b"\1\2\xab\xcd" + base[-4:]
    assert read_transaction(raw).base == base
    with pytest.raises(RawTransactionWrong):
        read_transaction(base[:4] + b"\0\1" + base[4:-4] + b"\0" + base[-4:])


def test_a_length_that_lies_is_refused() -> None:
    raw = first_payment().raw
    with pytest.raises(RawTransactionWrong):
        read_transaction(raw[:4] + b"\xff" + b"\xff" * 8 + raw[5:])
    with pytest.raises(RawTransactionWrong):
        read_transaction(raw[:4] + b"\xfd\1\0" + raw[5:])


@pytest.mark.parametrize(
    ("script", "height"),
    [
        (b"\x03\xa4\x4c\x03", 0x034CA4),
        (b"\x51", 1),
        (b"\x60", 16),
        (b"\x01", None),
        (b"\x02\0\x80", None),
        (b"\x09" + bytes(9), None),
    ],
)
def test_the_height_in_a_coinbase_is_read_as_bip_34_says(script: bytes, height: int | None) -> None:
    raw = bytes(4) + b"\1" + bytes(32) + b"\xff" * 4 + bytes([len(script)]) + script
    raw += b"\xff" * 4 + b"\1" + bytes(8) + b"\0" + bytes(4)
    assert read_transaction(raw).claimed_height() == height
