"""What heuristics say of transactions of a chain: as of the same ones in a labelled set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.notes import notes_of
from kancil.bitcoin.change.views import ask_change
from kancil.bitcoin.coinjoins.heuristic import Answer
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks, looks_of, shown_at
from kancil.bitcoin.network import MAINNET
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.clock import to_text
from kancil.ground.plain import plain
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, mine

POOL = 1_000_000
ENTRIES = [POOL, POOL, POOL, POOL + 4_000, POOL + 4_400]
IN_PERIOD = 1_690_000_000


def p2wpkh(number: int) -> bytes:
    return b"\x00\x14" + number.to_bytes(20, "big")


def p2wsh(number: int) -> bytes:
    return b"\x00\x20" + number.to_bytes(32, "big")


def mixing(
    folder: Path, time: int, *, knows_sources: bool = True, others: int = 0
) -> tuple[Chain, Tx, Tx]:
    """A chain in which five coins are made and then mixed, and both transactions.

    `others`: of how many outputs of the mix the script is a P2WSH.
    """
    new = coinbase(1, 1)
    made = Tx(((new.txid, 0),), tuple((value, p2wpkh(n)) for n, value in enumerate(ENTRIES)))
    mix = Tx(
        tuple((made.txid, n) for n in range(5)),
        tuple((POOL, p2wsh(n) if n < others else p2wpkh(90 + n)) for n in range(5)),
    )
    first = mine(GENESIS_HASH, [new, made], time=time)
    second = mine(first.hash, [coinbase(2, 2), mix], time=time + 600)
    blocks = [first, second] if knows_sources else [second]
    return chain_of(folder, {"blk": block_file(blocks)}), made, mix


def test_a_mix_of_a_chain_is_told_with_its_reason_and_what_is_known_of_the_error(
    tmp_path: Path,
) -> None:
    chain, made, mix = mixing(tmp_path, IN_PERIOD)
    (look,) = looks_of(chain, chain.tx_row(mix.shown))
    value = plain(look)
    assert (value["heuristic"], value["answer"], value["rule"]) == ("whirlpool", "yes", "five")
    assert value["why"]["params"] == {
        "count": 5, "pool": POOL, "again": 3, "fresh": 2, "most": 4_400
    }  # fmt: skip
    assert (value["in_period"], value["error"]) == (True, "method.whirlpool.3")
    assert not looks_of(chain, chain.tx_row(made.shown))


def test_outside_the_period_it_is_told_all_the_same(tmp_path: Path) -> None:
    chain, _, mix = mixing(tmp_path, 1_300_000_000)
    (look,) = looks_of(chain, chain.tx_row(mix.shown))
    assert (look.verdict.answer, look.in_period) == (Answer.YES, False)


@pytest.mark.parametrize("is_inside", [True, False])
def test_an_answer_about_change_says_that_a_protocol_is_not_known_to_have_run_then(
    tmp_path: Path, *, is_inside: bool
) -> None:
    chain, _, mix = mixing(tmp_path, IN_PERIOD if is_inside else 1_300_000_000)
    notes = notes_of(ask_change(chain, mix.shown, COMBINATIONS))
    assert notes[0].key == "note.change-not-applicable"
    told = [note.params["heuristic"] for note in notes if note.key == "note.look-outside-period"]
    assert told == ([] if is_inside else ["whirlpool"])


def test_without_its_sources_it_cannot_be_told(tmp_path: Path) -> None:
    chain, _, mix = mixing(tmp_path, IN_PERIOD, knows_sources=False)
    (look,) = looks_of(chain, chain.tx_row(mix.shown))
    assert (look.heuristic.name, look.verdict.answer) == ("whirlpool", Answer.UNKNOWN)


def test_what_a_heuristic_sees_is_what_the_chain_shows(tmp_path: Path) -> None:
    chain, made, mix = mixing(tmp_path, IN_PERIOD)
    row = chain.tx_row(mix.shown)
    shown, view = shown_at(chain, row), chain.tx_at(row)
    assert shown.txid == mix.shown
    assert shown.input_values == tuple(ENTRIES)
    assert shown.inputs == shown_at(chain, chain.tx_row(made.shown)).outputs
    assert shown.output_values == (POOL,) * 5
    assert {coin.kind for coin in shown.outputs} == {ScriptKind.P2WPKH}
    assert shown.sequences == (0xFFFFFFFF,) * 5
    assert (shown.version, shown.locktime) == (view.version, view.locktime)
    assert shown.time is not None
    assert to_text(shown.time) == plain(view)["time"]
    new = shown_at(chain, chain.tx_row(coinbase(1, 1).shown))
    assert (new.inputs, len(new.outputs)) == ((), 1)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        # The spent outputs of this block are here, so nothing in it may be left open.
        (300025, {("equal-output", "yes"): 2, ("joinmarket", "unsure"): 1}),
        # Of September 2021, without the sources of its inputs: nothing is guessed.
        (702861, {("equal-output", "unknown"): 3, ("wasabi1", "unknown"): 1,
                  ("whirlpool", "unknown"): 7}),
    ],
)  # fmt: skip
def test_every_transaction_of_a_real_block_is_judged(
    height: int, expected: dict[tuple[str, str], int], tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    files = {f"{height}.raw": (folder / f"{height}.raw").read_bytes()}
    stated = folder / f"{height}.spent-outputs.raw"
    spent = [stated] if stated.is_file() else []
    chain = chain_of(tmp_path, files, network=MAINNET, spent=spent)
    looks = [look for tx in range(chain.graph.tx_count) for look in looks_of(chain, tx)]
    said = Counter((look.heuristic.name, look.verdict.answer.value) for look in looks)
    assert said == expected


def small_join(folder: Path) -> tuple[Chain, Tx, Tx]:
    """A chain with three coins, and a join of them in which the amount is small."""
    values, change = (900_000, 800_000, 700_000), (850_300, 750_300, 648_000)
    new = coinbase(1, 1)
    made = Tx(((new.txid, 0),), tuple((value, p2wpkh(n)) for n, value in enumerate(values)))
    paid = [(50_000, p2wpkh(50 + n)) for n in range(3)]
    paid += [(value, p2wpkh(70 + n)) for n, value in enumerate(change)]
    join = Tx(tuple((made.txid, n) for n in range(3)), tuple(paid))
    first = mine(GENESIS_HASH, [new, made], time=IN_PERIOD)
    second = mine(first.hash, [coinbase(2, 2), join], time=IN_PERIOD + 600)
    return chain_of(folder, {"blk": block_file([first, second])}), made, join


def test_a_trace_stops_at_what_a_heuristic_is_unsure_of_and_not_by_its_earlier_version(
    tmp_path: Path,
) -> None:
    chain, _, join = small_join(tmp_path)
    tx, looks = chain.tx_row(join.shown), CoinjoinLooks(chain)
    (stop,) = looks.stops(tx, [("joinmarket", "2"), ("wasabi1", "2")])
    assert (stop.verdict.answer, stop.verdict.rule) == (Answer.UNSURE, "small")
    assert (stop.is_yes, stop.is_fired, stop.manner) == (False, True, "unsure")
    assert stop.error == "method.joinmarket.own"
    assert looks.stops(tx, [("joinmarket", "1"), ("wasabi1", "1")]) == ()
    notes = notes_of(ask_change(chain, join.shown, COMBINATIONS))
    assert notes[0].key == "note.change-not-applicable", "as of any CoinJoin"
