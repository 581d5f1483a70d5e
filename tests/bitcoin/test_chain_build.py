"""Where islands of blocks stand among one another: heights, block times, or no one knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.holdings.build import DAY_SECONDS, Islands, Placed, place_islands
from kancil.bitcoin.tracing.result import Start
from kancil.bitcoin.tracing.trace import trace
from kancil.ground.plain import plain
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of
from tests.bitcoin.merkle_blocks import build_proof
from tests.bitcoin.regtest import SUBSIDY_SAT, Block, Tx, block_file, coinbase, grow, mine, pay

NOON = 1_300_000_000
HOUR = 3600
TENTH = SUBSIDY_SAT // 10
FIRST, SECOND = b"\x07" * 32, b"\x08" * 32


def silent_coinbase(key: int) -> Tx:
    """Make new coins without the height that BIP 34 asks for."""
    signature = b"\x02\xff\xff" + bytes([key])
    return Tx(((regtest.ZERO, 0xFFFFFFFF),), ((SUBSIDY_SAT, regtest.p2pkh(key)),), signature)


def meeting(coins: Tx) -> Tx:
    """Spend coins together with an output that is not held, and pay more than the coins."""
    return Tx(
        ((coins.txid, 0), (b"\x01" * 32, 0)), ((SUBSIDY_SAT + TENTH, regtest.p2pkh(9)),), b"\x51"
    )


def two_islands(source_time: int, meeting_time: int, heights: Sequence[int] = ()) -> list[Block]:
    """Make a block whose coins have no spend seen, and another where unknown coins come in."""
    makers = [coinbase(height, 1 + place) for place, height in enumerate(heights)]
    source, coins = makers or (silent_coinbase(1), silent_coinbase(2))
    return [
        mine(FIRST, [source], time=source_time),
        mine(SECOND, [coins, meeting(coins)], time=meeting_time),
    ]


def most_in_the_meeting(chain: Chain, blocks: list[Block]) -> int:
    """Trace both blocks' new coins; give the most that the meeting can hold of them, in tenths."""
    starts = [chain.output_row(block.txs[0].txid, 0) for block in blocks]
    result = trace(chain.graph, [Start(row) for row in starts if row is not None], policy="fifo")
    paid = chain.output_row(blocks[1].txs[1].txid, 0)
    (upper,) = (row.upper for row in result.transfers if row.output == paid)
    assert upper % TENTH == 0
    return upper // TENTH


COME_BACK, CANNOT = 11, 10
"""Tenths of a coinbase: with coins of the first block among the unknown ones, and without."""


@pytest.mark.parametrize(
    ("source_time", "meeting_time", "most"),
    [
        (NOON, NOON + DAY_SECONDS, COME_BACK),
        (NOON, NOON + HOUR, COME_BACK),
        (NOON + HOUR, NOON, COME_BACK),
        (NOON + DAY_SECONDS - 1, NOON, COME_BACK),
        (NOON + DAY_SECONDS, NOON, CANNOT),
    ],
)
@pytest.mark.parametrize("names", [("1.raw", "2.raw"), ("2.raw", "1.raw"), ("a", "b")])
def test_block_times_a_day_apart_tell_the_order_and_file_names_never_do(
    tmp_path: Path, source_time: int, meeting_time: int, most: int, names: tuple[str, str]
) -> None:
    blocks = two_islands(source_time, meeting_time)
    files = {name: block.raw for name, block in zip(names, blocks, strict=True)}
    assert most_in_the_meeting(chain_of(tmp_path, files), blocks) == most


@pytest.mark.parametrize("gap", [-10 * DAY_SECONDS, -HOUR, 0, HOUR, 10 * DAY_SECONDS])
@pytest.mark.parametrize(("heights", "most"), [((140, 130), CANNOT), ((130, 140), COME_BACK)])
def test_heights_in_coinbases_win_over_block_times(
    tmp_path: Path, gap: int, heights: tuple[int, int], most: int
) -> None:
    blocks = two_islands(NOON, NOON + gap, heights)
    chain = chain_of(tmp_path, {"7.raw": blocks[0].raw, "9.raw": blocks[1].raw})
    assert most_in_the_meeting(chain, blocks) == most
    assert [one["placed_by"] for one in chain.status().islands] == ["heights", "heights"]


def test_two_islands_that_claim_one_height_have_no_known_order(tmp_path: Path) -> None:
    blocks = two_islands(NOON + 10 * DAY_SECONDS, NOON, (130, 130))
    chain = chain_of(tmp_path, {"blk": block_file(blocks)})
    assert most_in_the_meeting(chain, blocks) == COME_BACK
    assert chain.status().islands_not_placed == 2


def test_a_claim_yields_to_heights_counted_from_genesis(tmp_path: Path) -> None:
    trunk = grow(regtest.GENESIS_HASH, 1, 3)
    other = mine(SECOND, [coinbase(2, 9)], time=NOON)
    status = chain_of(tmp_path, {"blk": block_file([*trunk, other])}).status()
    placed = {one["first"]: one["placed_by"] for one in status.islands}
    assert placed == {trunk[0].shown: "heights", other.shown: None}


def test_claims_that_contradict_one_another_inside_an_island_prove_nothing(tmp_path: Path) -> None:
    one = mine(FIRST, [coinbase(300, 1)], time=NOON)
    two = mine(one.hash, [coinbase(500, 2)], time=NOON + HOUR)
    far = mine(SECOND, [coinbase(400, 3)], time=NOON + 9 * DAY_SECONDS)
    status = chain_of(tmp_path, {"blk": block_file([one, two, far])}).status()
    assert {part["first"]: part["placed_by"] for part in status.islands} == {
        one.shown: "block times",
        far.shown: "heights",
    }


def test_the_status_counts_what_is_placed_by_time_and_what_is_not(tmp_path: Path) -> None:
    far = mine(FIRST, [silent_coinbase(1)], time=NOON - 9 * DAY_SECONDS)
    near = [mine(SECOND, [silent_coinbase(key)], time=NOON + key) for key in (2, 3)]
    near[1] = mine(b"\x09" * 32, list(near[1].txs), time=NOON)
    proved = mine(b"\x0a" * 32, [coinbase(300, 4)], time=NOON + 9 * DAY_SECONDS)
    chain = chain_of(tmp_path, {"1.raw": near[0].raw, "blk": block_file([far, near[1], proved])})
    status = plain(chain.status())
    assert (status["islands_by_time"], status["islands_not_placed"]) == (1, 2)
    assert status["scope"] == "up to height 300 in the blocks held"
    assert chain.graph.tx_run[chain.tx_row(far.txs[0].shown)] == 0
    assert chain.graph.tx_run[chain.tx_row(proved.txs[0].shown)] == 1


def test_an_island_alone_is_as_exact_as_ever_and_its_file_name_is_no_scope(tmp_path: Path) -> None:
    coins = silent_coinbase(1)
    block = mine(FIRST, [coins, pay(coins, 0, (TENTH, 3))], time=NOON)
    chain = chain_of(tmp_path, {"123.raw": block.raw})
    assert chain.graph.tx_run.tolist() == chain.graph.tx_run_after.tolist() == [0, 0]
    assert chain.status().islands[0]["placed_by"] == "only one"
    assert chain.scope == f"up to block {block.shown} in the blocks held"


def test_blocks_without_a_place_stay_linked_whatever_their_times_say(tmp_path: Path) -> None:
    source, spender = silent_coinbase(1), silent_coinbase(2)
    spend = pay(source, 0, (TENTH, 3), (TENTH, 4))
    again = pay(spend, 0, (TENTH, 5))
    blocks = [
        mine(FIRST, [source], time=NOON + HOUR),
        mine(SECOND, [spender, spend, again], time=NOON),
    ]
    chain = chain_of(tmp_path, {"2.raw": blocks[0].raw, "1.raw": blocks[1].raw})
    assert chain.status().unknown_inputs == 0
    assert chain.tx(again.shown).fee_sat == 0
    ranks = [int(chain.graph.tx_rank[chain.tx_row(tx.shown)]) for tx in (source, spend, again)]
    assert ranks == sorted(ranks)
    assert chain.tx(again.shown).block == blocks[1].shown


@pytest.mark.parametrize(
    ("days", "runs"), [(-5, (1, 1, 2)), (5, (0, 0, 1)), (15, (0, 0, 1)), (25, (0, 0, 1))]
)
def test_a_proof_is_compared_with_proved_heights_alone(
    tmp_path: Path, days: int, runs: tuple[int, int, int]
) -> None:
    # Blocks 1 to 3 of one chain ten days apart, 2 not held: a transaction of it came by a proof.
    one = mine(regtest.GENESIS_HASH, [coinbase(1, 1)], time=NOON)
    tx = pay(one.txs[0], 0, (TENTH, 2))
    two = mine(one.hash, [coinbase(2, 2), tx], time=NOON + 10 * DAY_SECONDS)
    three = mine(two.hash, [coinbase(3, 3)], time=NOON + 20 * DAY_SECONDS)
    other = mine(SECOND, [silent_coinbase(4)], time=NOON + days * DAY_SECONDS)
    files = {
        "blk": block_file([one, three]),
        "2.raw": other.raw,
        "tx": tx.raw,
        "proof": build_proof(two.header, [each.txid for each in two.txs], [0, 1]),
    }
    chain = chain_of(tmp_path, files)
    graph, rows = chain.graph, [chain.tx_row(each.shown) for each in (one.txs[0], tx, three.txs[0])]
    assert tuple(graph.tx_run[rows].tolist()) == runs
    assert tuple(graph.tx_run_after[rows].tolist()) == (runs[0], runs[2], runs[2])
    # Nothing but other blocks of that chain can stand between its blocks, whatever the times say.
    lone = chain.tx_row(other.txs[0].shown)
    assert (graph.tx_run[lone] == graph.tx_run_after[lone]) == (days in (-5, 25))


# --- against a slow plain twin --------------------------------------------------------------------


@st.composite
def many_islands(draw: st.DrawFn) -> Islands:
    count = draw(st.integers(1, 8))
    half = DAY_SECONDS // 2
    times = [draw(st.integers(0, 12)) * half for _ in range(count)]
    spans = [draw(st.integers(0, 2)) * half for _ in range(count)]
    heights = draw(st.permutations(range(count)))
    kinds = [draw(st.sampled_from(("proved", "none", "none", "contested"))) for _ in range(count)]
    first = np.array(times, np.int64)
    return Islands(
        of_row=np.arange(count),
        first_height=np.array(heights, np.int64),
        last_height=np.array(heights, np.int64),
        first_time=first,
        last_time=first + np.array(spans, np.int64),
        is_proved=np.array([kind == "proved" for kind in kinds]),
        is_contested=np.array([kind == "contested" for kind in kinds]),
        has_blocks=np.array([draw(st.sampled_from((True, True, False))) for _ in range(count)]),
    )


def comes_before(islands: Islands, one: int, other: int) -> bool | None:
    """What heights, else times, tell of two islands; None: nothing."""
    if islands.is_proved[one] and islands.is_proved[other]:
        return bool(islands.first_height[one] < islands.first_height[other])
    if islands.last_time[one] + DAY_SECONDS <= islands.first_time[other]:
        return True
    return False if islands.last_time[other] + DAY_SECONDS <= islands.first_time[one] else None


@given(islands=many_islands())
def test_an_island_is_placed_only_if_all_that_is_known_of_it_agrees(islands: Islands) -> None:
    placed, place = place_islands(islands)
    held = np.flatnonzero(islands.has_blocks).tolist()
    for one in range(len(place)):
        others = [other for other in held if other != one]
        if one not in held:
            assert placed[one] == Placed.NOT
        elif not others:
            assert placed[one] == Placed.ALONE
        elif islands.is_proved[one]:
            assert placed[one] == Placed.BY_HEIGHT
        else:
            told = {other: comes_before(islands, one, other) for other in others}
            before = [other for other, answer in told.items() if answer is False]
            after = [other for other, answer in told.items() if answer is True]
            agrees = all(comes_before(islands, a, b) is not False for a in before for b in after)
            is_placed = None not in told.values() and agrees and not islands.is_contested[one]
            assert placed[one] == (Placed.BY_TIME if is_placed else Placed.NOT)
    known = [one for one in held if placed[one] != Placed.NOT]
    for one in known:
        for other in known:
            if one != other:
                assert comes_before(islands, one, other) is bool(place[one] < place[other])
    assert sorted(place.tolist()) == list(range(len(place)))
