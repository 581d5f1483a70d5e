"""The header tree: real first blocks, mined regtest forks, and chains that lie about their work."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.headers import (
    Headers,
    HeaderTree,
    HeightSource,
    WorkReason,
    WorkVerdict,
    build_tree,
    headers_for_proof,
)
from kancil.bitcoin.blocks.work import bits_of_target, retargeted_bits, work_of_bits
from kancil.bitcoin.network import (
    GENESIS_MERKLE_ROOT,
    MAINNET,
    REGTEST,
    TESTNET3,
    TESTNET4,
    Checkpoint,
    Network,
)
from tests.examples import examples

VECTORS = Path(__file__).parent.parent / "data" / "bitcoin" / "vectors"
FIRST_600 = (VECTORS / "first_600_headers.bin").read_bytes()
ONLY_GENESIS = replace(MAINNET, checkpoints=MAINNET.checkpoints[:1])
EASY = REGTEST.pow_limit_bits


def best_tip(tree: HeaderTree, island: int) -> int:
    """The last row of an island's best chain; -1 if every block of it failed."""
    rows = np.flatnonzero(tree.on_best & (tree.island == island))
    return max((int(row) for row in rows), key=lambda row: tree.chain_work[row], default=-1)


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def mined(prev: bytes, time: int, bits: int = EASY, salt: int = 0, good: bool = True) -> bytes:
    """Make a header whose hash is (or, if not good, is not) at or below the regtest target."""
    for nonce in range(1000):
        header = struct.pack("<i32s32sIII", 4, prev, bytes([salt]) * 32, time, bits, nonce)
        if (sha256d(header)[31] < 0x7F) is good:
            return header
    raise AssertionError("no nonce")


def regtest_genesis() -> bytes:
    return struct.pack(
        "<i32s32sIII",
        1,
        bytes(32),
        GENESIS_MERKLE_ROOT,
        REGTEST.genesis_time,
        REGTEST.genesis_bits,
        REGTEST.genesis_nonce,
    )


def grown(start: bytes, length: int, salt: int = 0) -> list[bytes]:
    """Mine a chain on top of a header, which is not repeated."""
    chain, top = [], start
    for _ in range(length):
        time = struct.unpack_from("<I", top, 68)[0] + 600
        top = mined(sha256d(top), time, salt=salt)
        chain.append(top)
    return chain


def tree_of(*headers: bytes, network: Network = REGTEST) -> HeaderTree:
    return build_tree(Headers.from_raw(b"".join(headers)), network)


def verdicts(tree: HeaderTree) -> set[int]:
    return {int(v) for v in tree.verdict}


# --- real blocks ----------------------------------------------------------------------------------


def test_first_600_blocks_are_linked_and_checked_from_the_genesis_block() -> None:
    tree = tree_of(FIRST_600, network=ONLY_GENESIS)
    assert tree.height.tolist() == list(range(600))
    assert set(tree.height_source.tolist()) == {HeightSource.LINKED}
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    assert tree.reason.tolist() == [WorkReason.IS_PINNED] + [WorkReason.RECOMPUTED] * 599
    assert tree.on_best.all()
    assert tree.islands == [0]
    # Every one of them has difficulty 1, the work of which is 2**32 + 2**16 + 1.
    assert tree.chain_work[599] == 600 * 0x100010001
    assert headers_for_proof(tree, 170) == list(range(171))


def test_published_hashes_of_early_blocks_carry_all_before_them() -> None:
    tree = tree_of(FIRST_600, network=MAINNET)
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    pinned = np.flatnonzero(tree.reason == WorkReason.IS_PINNED)
    assert pinned.tolist() == [0, 9, 170, 496]
    assert (tree.reason == WorkReason.BELOW_PINNED).sum() == 496 - 3
    assert set(tree.reason[497:].tolist()) == {WorkReason.RECOMPUTED}
    assert headers_for_proof(tree, 170) == [170]
    assert headers_for_proof(tree, 171) == list(range(171, 497))


def test_real_blocks_without_the_first_one_show_only_their_own_target() -> None:
    tree = tree_of(FIRST_600[80 * 200 :], network=ONLY_GENESIS)
    assert verdicts(tree) == {WorkVerdict.OWN_TARGET_ONLY}
    assert set(tree.reason.tolist()) == {WorkReason.NO_CHECKPOINT_REACHED}
    assert set(tree.height_source.tolist()) == {HeightSource.NONE}
    assert set(tree.height.tolist()) == {-1}
    assert tree.on_best.all()


def test_a_missing_block_splits_the_chain_into_two_islands() -> None:
    raw = FIRST_600[: 80 * 100] + FIRST_600[80 * 101 :]
    tree = tree_of(raw, network=ONLY_GENESIS)
    assert tree.islands == [0, 100]
    assert (tree.verdict[:100] == WorkVerdict.CHECKED).all()
    assert (tree.verdict[100:] == WorkVerdict.OWN_TARGET_ONLY).all()
    assert best_tip(tree, 0) == 99
    assert best_tip(tree, 100) == 598


def test_order_of_holding_does_not_change_any_answer() -> None:
    straight = tree_of(FIRST_600, network=MAINNET)
    shuffled = np.random.default_rng(7).permutation(600)
    rows = [FIRST_600[80 * int(row) : 80 * int(row) + 80] for row in shuffled]
    tree = tree_of(*rows, network=MAINNET)
    assert tree.height.tolist() == shuffled.tolist()
    assert (tree.verdict == straight.verdict[shuffled]).all()
    assert tree.chain_work == [straight.chain_work[row] for row in shuffled]


def test_descendants_of_a_held_block_below_a_checkpoint_are_carried_by_it() -> None:
    headers = Headers.from_raw(FIRST_600)
    pins = (Checkpoint(550, headers.block_hash[550].tobytes(), "test"),)
    network = replace(MAINNET, checkpoints=pins)
    tree = tree_of(FIRST_600[80 * 500 :], network=network)
    assert tree.height.tolist() == list(range(500, 600))
    expected = [WorkReason.BELOW_PINNED] * 50 + [WorkReason.IS_PINNED]
    assert tree.reason.tolist() == expected + [WorkReason.RECOMPUTED] * 49
    assert headers_for_proof(tree, 10) == list(range(10, 51))
    assert headers_for_proof(tree, 60) == list(range(61))


def test_a_pinned_block_named_only_as_predecessor_gives_heights_but_no_check() -> None:
    headers = Headers.from_raw(FIRST_600)
    pins = (Checkpoint(299, headers.block_hash[299].tobytes(), "test"),)
    tree = tree_of(FIRST_600[80 * 300 :], network=replace(MAINNET, checkpoints=pins))
    assert tree.height.tolist() == list(range(300, 600))
    assert set(tree.height_source.tolist()) == {HeightSource.LINKED}
    assert set(tree.reason.tolist()) == {WorkReason.RETARGET_NOT_HELD}
    assert headers_for_proof(tree, 5) == []


def test_testnet_blocks_of_bip158_are_pinned_or_meet_their_own_target() -> None:
    rows = json.loads((VECTORS / "bip158_testnet-19.json").read_text())[1:]
    raw = b"".join(bytes.fromhex(row[2])[:80] for row in rows)
    headers = Headers.from_raw(raw)
    assert [h.tobytes()[::-1].hex() for h in headers.block_hash] == [row[1] for row in rows]
    tree = build_tree(headers, TESTNET3)
    assert WorkVerdict.FAILED not in verdicts(tree)
    assert tree.verdict[0] == WorkVerdict.CHECKED


def test_real_hash_beside_a_changed_byte_fails_and_so_does_all_that_follows() -> None:
    changed = bytearray(FIRST_600)
    changed[80 * 300 + 76] ^= 1
    tree = tree_of(bytes(changed), network=ONLY_GENESIS)
    assert (tree.verdict[:300] == WorkVerdict.CHECKED).all()
    assert tree.verdict[300] == WorkVerdict.FAILED
    assert tree.reason[300] == WorkReason.HASH_ABOVE_TARGET
    # The next block names another predecessor, so it is an island of its own.
    assert set(tree.reason[301:].tolist()) == {WorkReason.NO_CHECKPOINT_REACHED}


# --- forks ----------------------------------------------------------------------------------------


def test_the_longer_of_two_regtest_branches_is_best_and_the_other_is_stale() -> None:
    genesis = regtest_genesis()
    trunk = grown(genesis, 5)
    short = grown(trunk[-1], 2, salt=1)
    long = grown(trunk[-1], 3, salt=2)
    tree = tree_of(genesis, *trunk, *short, *long)
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    assert tree.stale.tolist() == [6, 7]
    assert best_tip(tree, 0) == 10
    assert tree.height.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8]
    assert tree.chain_to(10) == [0, 1, 2, 3, 4, 5, 8, 9, 10]
    assert tree.tied_tips == ()


def test_equal_work_goes_to_the_branch_held_first_and_the_tie_is_told() -> None:
    genesis = regtest_genesis()
    tree = tree_of(genesis, *grown(genesis, 2, salt=1), *grown(genesis, 2, salt=2))
    assert best_tip(tree, 0) == 2
    assert tree.tied_tips == (4,)
    assert tree.stale.tolist() == [3, 4]


def test_a_failed_block_is_never_in_the_best_chain_however_long_its_branch() -> None:
    genesis = regtest_genesis()
    bad = mined(sha256d(genesis), REGTEST.genesis_time + 1, good=False)
    after_bad = grown(bad, 5, salt=3)
    good = grown(genesis, 2, salt=4)
    tree = tree_of(genesis, bad, *after_bad, *good)
    assert tree.reason[1] == WorkReason.HASH_ABOVE_TARGET
    assert set(tree.reason[2:7].tolist()) == {WorkReason.FOLLOWS_FAILED}
    assert best_tip(tree, 0) == 8
    assert not tree.on_best[1:7].any()
    assert tree.stale.tolist() == []


def test_a_chain_with_its_own_genesis_block_contradicts_the_checkpoint() -> None:
    own = mined(bytes(32), 1)
    tree = tree_of(own, *grown(own, 3))
    assert tree.reason.tolist() == [
        WorkReason.CONTRADICTS_CHECKPOINT,
        *[WorkReason.FOLLOWS_FAILED] * 3,
    ]
    assert best_tip(tree, 0) == -1


def test_another_block_at_a_pinned_height_fails() -> None:
    genesis = regtest_genesis()
    right = grown(genesis, 4, salt=1)
    wrong = grown(right[0], 5, salt=2)
    pins = (*REGTEST.checkpoints, Checkpoint(3, sha256d(right[2]), "test"))
    tree = tree_of(genesis, *right, *wrong, network=replace(REGTEST, checkpoints=pins))
    assert (tree.verdict[:5] == WorkVerdict.CHECKED).all()
    assert tree.reason[5] == WorkReason.RECOMPUTED  # height 2, beside the pinned chain
    assert tree.reason[6] == WorkReason.CONTRADICTS_CHECKPOINT
    assert set(tree.reason[7:].tolist()) == {WorkReason.FOLLOWS_FAILED}
    assert best_tip(tree, 0) == 4


def test_a_block_held_twice_is_told_and_counted_once() -> None:
    genesis = regtest_genesis()
    chain = grown(genesis, 3)
    tree = tree_of(genesis, *chain, chain[1])
    assert tree.duplicate_of.tolist() == [-1, -1, -1, -1, 2]
    assert tree.height[4] == tree.height[2] == 2
    assert tree.verdict[4] == WorkVerdict.CHECKED
    assert not tree.on_best[4]
    assert 4 not in tree.order


# --- heights --------------------------------------------------------------------------------------


def with_heights(raw: bytes, claimed: dict[int, int], stated: dict[int, int]) -> Headers:
    headers = Headers.from_raw(raw)
    for row, height in claimed.items():
        headers.claimed_height[row] = height
    for row, height in stated.items():
        headers.stated_height[row] = height
    return headers


def test_claimed_height_serves_the_whole_island_and_linked_height_beats_it() -> None:
    chain = grown(mined(b"\x01" * 32, 1), 4)
    raw = b"".join(chain)
    tree = build_tree(with_heights(raw, {1: 1001, 3: 1003}, {0: 5}), REGTEST)
    assert tree.height.tolist() == [1000, 1001, 1002, 1003]
    assert set(tree.height_source.tolist()) == {HeightSource.CLAIMED}
    assert tree.height_disputed.tolist() == [True, False, False, False]

    genesis = regtest_genesis()
    raw = genesis + b"".join(grown(genesis, 3))
    tree = build_tree(with_heights(raw, {2: 77}, {}), REGTEST)
    assert tree.height.tolist() == [0, 1, 2, 3]
    assert set(tree.height_source.tolist()) == {HeightSource.LINKED}
    assert tree.height_disputed.tolist() == [False, False, True, False]


def test_claims_that_disagree_are_each_kept_for_their_own_block_only() -> None:
    raw = b"".join(grown(mined(b"\x01" * 32, 1), 4))
    tree = build_tree(with_heights(raw, {0: 50, 1: 60}, {2: 9}), REGTEST)
    assert tree.height.tolist() == [50, 60, 9, -1]
    assert tree.height_source.tolist() == [
        HeightSource.CLAIMED,
        HeightSource.CLAIMED,
        HeightSource.STATED,
        HeightSource.NONE,
    ]


def test_two_islands_of_the_same_height_are_contested() -> None:
    one = mined(b"\x01" * 32, 1, salt=1)
    two = mined(b"\x02" * 32, 1, salt=2)
    tree = build_tree(with_heights(one + two, {0: 500}, {1: 500}), REGTEST)
    assert tree.height_contested.tolist() == [True, True]


# --- difficulty along a made-up chain -------------------------------------------------------------

PERIOD = 2016


def invented(times: list[int], bits: list[int], network: Network) -> Headers:
    """Make linked headers whose hashes are small invented numbers; only links and rules count."""
    count = len(times)
    hashes = np.zeros((count, 32), np.uint8)
    hashes[:, :4] = np.arange(1, count + 1, dtype="<u4").view(np.uint8).reshape(count, 4)
    hashes[0] = np.frombuffer(network.genesis_hash, np.uint8)
    prev = np.zeros_like(hashes)
    prev[1:] = hashes[:-1]
    none = np.full(count, -1, np.int32)
    return Headers(
        hashes, prev, np.array(times, np.uint32), np.array(bits, np.uint32), none, none.copy()
    )


def right_chain(count: int, spacing: int) -> tuple[list[int], list[int]]:
    times = [MAINNET.genesis_time + spacing * row for row in range(count)]
    bits = [0x1D00FFFF] * count
    for start in range(PERIOD, count, PERIOD):
        new = retargeted_bits(bits[start - 1], times[start - PERIOD], times[start - 1], MAINNET)
        bits[start : start + PERIOD] = [new] * len(bits[start : start + PERIOD])
    return times, bits


def test_retargets_are_recomputed_along_the_chain() -> None:
    times, bits = right_chain(3 * PERIOD, 300)
    assert len(set(bits)) == 3
    tree = build_tree(invented(times, bits, MAINNET), ONLY_GENESIS)
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    assert tree.chain_work[-1] == sum(work_of_bits(b) for b in bits)


@pytest.mark.parametrize("row", [1000, PERIOD, PERIOD + 1, 2 * PERIOD])
def test_a_target_the_rules_do_not_ask_for_fails(row: int) -> None:
    times, bits = right_chain(2 * PERIOD + 10, 300)
    bits[row] = bits_of_target((1 << 224) // 7)
    tree = build_tree(invented(times, bits, MAINNET), ONLY_GENESIS)
    assert (tree.verdict[:row] == WorkVerdict.CHECKED).all()
    assert tree.reason[row] == WorkReason.DIFFICULTY_WRONG
    assert set(tree.reason[row + 1 :].tolist()) == {WorkReason.FOLLOWS_FAILED}


def test_the_off_by_one_of_the_rule_is_kept() -> None:
    """A period lasts 2,016 blocks, and the rule measures the 2,015 intervals inside it."""
    times = [MAINNET.genesis_time + 400 * row for row in range(PERIOD + 1)]
    two_weeks = 14 * 24 * 3600
    for intervals, answer in (
        (PERIOD - 1, WorkReason.RECOMPUTED),
        (PERIOD, WorkReason.DIFFICULTY_WRONG),
    ):
        target = (0xFFFF << 208) * (400 * intervals) // two_weeks
        bits = [0x1D00FFFF] * PERIOD + [bits_of_target(target)]
        tree = build_tree(invented(times, bits, MAINNET), ONLY_GENESIS)
        assert tree.reason[PERIOD] == answer


def test_a_period_whose_first_header_is_not_held_leaves_the_next_one_untold() -> None:
    times, bits = right_chain(3 * PERIOD, 300)
    whole = invented(times, bits, MAINNET)
    start = PERIOD + 500
    pin = Checkpoint(start, whole.block_hash[start].tobytes(), "test")
    part = Headers(
        *(
            getattr(whole, name)[start:]
            for name in ("block_hash", "prev", "time", "bits", "claimed_height", "stated_height")
        )
    )
    tree = build_tree(part, replace(MAINNET, checkpoints=(pin,)))
    boundary = 2 * PERIOD - start
    assert set(tree.reason[1:boundary].tolist()) == {WorkReason.RECOMPUTED}
    assert set(tree.reason[boundary:].tolist()) == {WorkReason.RETARGET_NOT_HELD}
    assert (tree.verdict[boundary:] == WorkVerdict.OWN_TARGET_ONLY).all()


TESTNET_LIKE = replace(TESTNET3, checkpoints=TESTNET3.checkpoints[:1])
HARD = 0x1C00FFFF


def chain_on_testnet(tail: list[tuple[int, int]]) -> HeaderTree:
    """One fast period, then blocks given as (seconds after the one before, bits)."""
    times = [TESTNET3.genesis_time + 60 * row for row in range(PERIOD)]
    bits = [0x1D00FFFF] * PERIOD
    for seconds, block_bits in tail:
        times.append(times[-1] + seconds)
        bits.append(block_bits)
    return build_tree(invented(times, bits, TESTNET3), TESTNET_LIKE)


def test_testnet_allows_the_easiest_target_after_twenty_minutes_and_then_returns() -> None:
    new = retargeted_bits(0x1D00FFFF, 0, 60 * (PERIOD - 1), TESTNET3)
    easy = TESTNET3.pow_limit_bits
    assert new != easy
    tree = chain_on_testnet(
        [(60, new), (1201, easy), (60, new), (1201, easy), (1201, easy), (60, new)]
    )
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    for tail in ([(60, new), (1200, easy)], [(60, new), (1201, new)], [(1201, easy)]):
        assert chain_on_testnet(tail).reason[-1] == WorkReason.DIFFICULTY_WRONG
    tree = chain_on_testnet([(60, new), (1201, easy), (60, easy)])
    assert tree.reason[-1] == WorkReason.DIFFICULTY_WRONG


@pytest.mark.parametrize("network", [TESTNET3, TESTNET4], ids=lambda n: n.name)
def test_a_last_block_at_the_easiest_target_makes_the_next_period_easy_but_on_testnet4(
    network: Network,
) -> None:
    easy = network.pow_limit_bits
    hard = retargeted_bits(easy, 0, 60 * (PERIOD - 1), network)
    times = [network.genesis_time + 60 * row for row in range(2 * PERIOD)]
    times[-1] = times[-2] + 1_201
    bits = [easy] * PERIOD + [hard] * (PERIOD - 1) + [easy]
    span = times[PERIOD], times[-1]
    next_bits = {base: retargeted_bits(base, *span, network) for base in (easy, hard)}
    right = hard if network is TESTNET4 else easy
    assert next_bits[easy] != next_bits[hard]
    rules = replace(network, checkpoints=network.checkpoints[:1])
    for base, found in next_bits.items():
        last = (times[-1] + 60, found)
        tree = build_tree(invented([*times, last[0]], [*bits, last[1]], network), rules)
        wrong = WorkReason.DIFFICULTY_WRONG
        assert bool(tree.reason[-1] == wrong) is (base != right)
        assert wrong not in tree.reason[:-1].tolist()


def test_targets_beyond_the_limit_or_malformed_fail() -> None:
    times, bits = right_chain(20, 600)
    for row, wrong in ((5, 0x1E00FFFF), (10, 0x1D80FFFF), (12, 0)):
        changed = list(bits)
        changed[row] = wrong
        tree = build_tree(invented(times, changed, MAINNET), ONLY_GENESIS)
        assert tree.reason[row] == WorkReason.TARGET_INVALID


# --- properties -----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.randoms(use_true_random=False))
@examples(40)
def test_any_tree_has_one_best_chain_of_most_work_in_any_order(
    parents: list[int], random: Random
) -> None:
    genesis = regtest_genesis()
    made = [genesis]
    for salt, parent in enumerate(parents, 1):
        made += grown(made[parent % len(made)], 1, salt=salt)
    order = list(range(len(made)))
    random.shuffle(order)
    tree = tree_of(*(made[row] for row in order))
    depths = [len(tree.chain_to(row)) for row in range(len(made))]
    assert tree.on_best.sum() == max(depths)
    assert tree.height.tolist() == [depth - 1 for depth in depths]
    assert verdicts(tree) == {WorkVerdict.CHECKED}
    assert len(tree.stale) + tree.on_best.sum() == len(made)


def test_no_headers_make_an_empty_tree() -> None:
    tree = tree_of()
    assert len(tree.order) == 0
    assert tree.islands == []


def test_real_blocks_of_many_years_meet_their_own_target_and_two_are_linked(
    shared_data: Path,
) -> None:
    blocks = sorted((shared_data / "bitcoin" / "blocks" / "mainnet").glob("[0-9]*[0-9].raw"))
    raw = b"".join(path.read_bytes()[:80] for path in blocks)
    stated = {row: int(path.stem) for row, path in enumerate(blocks)}
    tree = build_tree(with_heights(raw, {}, stated), MAINNET)
    assert len(blocks) == 12
    assert verdicts(tree) == {WorkVerdict.OWN_TARGET_ONLY}
    assert len(tree.islands) == 11
    assert tree.height.tolist() == [int(path.stem) for path in blocks]
    assert set(tree.height_source.tolist()) == {HeightSource.STATED}
    assert tree.parent[blocks.index(blocks[0].with_name("227836.raw"))] == 1
