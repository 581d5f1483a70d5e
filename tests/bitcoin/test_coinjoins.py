"""The pass for CoinJoins against its slow twins, the heuristics, transaction by transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters import coinjoins
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins, find_coinjoins, judge_chain
from kancil.bitcoin.clusters.notes import notes_of
from kancil.bitcoin.clusters.views import ask_cluster
from kancil.bitcoin.coinjoins import kernels
from kancil.bitcoin.coinjoins.heuristic import Answer, Coin, Heuristic, Shown
from kancil.bitcoin.coinjoins.heuristics import EARLIER, EQUAL_OUTPUT, HEURISTICS, WHIRLPOOL
from kancil.bitcoin.coinjoins.heuristics.wasabi1 import COORDINATOR
from kancil.bitcoin.coinjoins.verdicts import (
    LEAST_INPUTS,
    LEAST_OUTPUTS,
    PROTOCOLS,
    CoinjoinLooks,
    could_speak,
    looks_of,
    shown_at,
)
from kancil.bitcoin.evaluation.labelled import open_labelled
from kancil.bitcoin.generator.generate import Wishes, generate
from kancil.bitcoin.holdings.graph import COINBASE, UNKNOWN
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.plain import plain
from tests.bitcoin.chains import chain_of
from tests.bitcoin.made_coinjoins import SAMPLE
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, mine
from tests.bitcoin.test_looks import IN_PERIOD, mixing, p2wpkh
from tests.examples import examples

Said = tuple[int, str, str]
"""Transaction, heuristic, rule."""
EVERY = (*HEURISTICS, *EARLIER)
BITS = [kernels.BITS[each.name, each.version] for each in EVERY]
NEAR = (
    99_999, 100_000, 100_001, 210_000, 210_001, 1_000_000, 1_004_000, 50_000_000, 50_110_000,
    7_999_999, 8_000_000, 10_000_000, 12_000_000, 12_000_001, 74_999, 75_000, 5_000, 6_561, 16_384,
    0, 40_000, 2_500_000,
)  # fmt: skip
"""Values at the edges of the rules."""
KINDS = (
    ScriptKind.P2WPKH, ScriptKind.P2TR, ScriptKind.P2WSH, ScriptKind.P2SH, ScriptKind.P2PKH,
    ScriptKind.NONSTANDARD,
)  # fmt: skip


def could_be(transactions: Sequence[Shown], *, are_coinbases: bool = False) -> list[int]:
    """Lay transactions out as columns and ask the kernel."""
    outputs = [coin for shown in transactions for coin in shown.outputs]
    inputs = [len(shown.inputs) for shown in transactions]
    counts = [len(shown.outputs) for shown in transactions]
    could = np.full(len(transactions), 255, np.uint8)
    source = np.full(sum(inputs), COINBASE if are_coinbases else UNKNOWN, np.int64)
    kernels.could_be(
        0,
        np.cumsum([0, *inputs]).astype(np.int64),
        np.cumsum([0, *counts]).astype(np.int64),
        source,
        (
            np.array([coin.value_sat or 0 for coin in outputs], np.int64),
            np.array([int(coin.kind or 0) for coin in outputs], np.uint8),
            np.cumsum([0, *(len(coin.payload) for coin in outputs)]).astype(np.int64),
        ),
        np.empty(max([1, *counts]), np.int64),
        could,
    )
    return could.tolist()


def unheard(transactions: Sequence[Shown]) -> list[tuple[str, str]]:
    """The heuristics that would speak of a transaction that the kernel does not let by."""
    return [
        (shown.txid, heuristic.name)
        for shown, bits in zip(transactions, could_be(transactions), strict=True)
        for heuristic, bit in zip(EVERY, BITS, strict=True)
        if not bits & bit and heuristic.judge(shown).answer is not Answer.NO
    ]


def coin(value: int, script: int, kind: ScriptKind | None) -> Coin:
    return Coin(value, kind, script.to_bytes(20, "big"))


def forms(draw: st.DrawFn) -> tuple[list[int], int, ScriptKind]:
    """Draw values paid out, how many inputs, and a form of script: near what a rule asks for."""
    count = draw(st.integers(2, 12))
    change = [40_000 + 977 * n for n in range(count)]
    pool = draw(st.sampled_from((100_000, 1_000_000, 50_000_000)))
    aim = draw(st.sampled_from(("whirlpool", "tx0", "wasabi1", "wasabi2", "joinmarket", "any")))
    if aim == "whirlpool":
        return [pool] * count, count, draw(st.sampled_from(KINDS[:4]))
    if aim == "tx0":
        above = draw(st.sampled_from((0, 1, 4_000, 110_000, 110_001)))
        fee = draw(st.sampled_from((pool // 20, pool // 20 + 1)))
        return [pool + above] * count + [fee, 7_777_777][: draw(st.integers(0, 2))], 1, KINDS[0]
    if aim == "wasabi1":
        base = draw(st.sampled_from((7_999_999, 8_000_000, 12_000_000, 12_000_001)))
        return [base] * max(count, 9) + change, max(count, 9) + 1, ScriptKind.P2WPKH
    if aim == "wasabi2":
        paid = sorted((2**n for n in range(13, 13 + count)), reverse=True)
        return [paid[0], *paid], draw(st.sampled_from((19, 20, 22))), ScriptKind.P2TR
    if aim == "joinmarket":
        equal = draw(st.sampled_from((74_999, 75_000, 2_500_000)))
        return [equal] * count + change[draw(st.integers(0, 1)) :], count, ScriptKind.P2PKH
    values = st.sampled_from(NEAR) | st.integers(0, 60_000_000)
    kind: ScriptKind = draw(st.sampled_from(KINDS))
    return draw(st.lists(values, max_size=20)), draw(st.integers(0, 23)), kind


@st.composite
def transactions(draw: st.DrawFn) -> Shown:
    """Draw transactions of the forms that the rules ask for, and of forms one step beside them."""
    paid, wanted, kind = forms(draw)
    outputs = [coin(value, n, kind) for n, value in enumerate(paid)]
    has_note: bool = draw(st.booleans())
    if has_note:
        size = draw(st.sampled_from((64, 65, 66, 81, 82, 83)))
        outputs.append(Coin(draw(st.sampled_from((0, 0, 0, 1))), ScriptKind.OP_RETURN, bytes(size)))
    spends = sorted((draw(st.sampled_from(NEAR)) for _ in range(wanted)), reverse=True)
    if draw(st.booleans()) and outputs:
        spends = [(outputs[0].value_sat or 0) + 4_000 * (n % 3 == 0) for n in range(wanted)]
        spends.sort(reverse=True)
    inputs = [coin(value, 900 + n, kind) for n, value in enumerate(spends)]
    if draw(st.integers(0, 3)) == 0 and inputs:
        inputs[-1] = Coin(None, None)
    if draw(st.integers(0, 3)) == 0 and outputs:
        place = draw(st.integers(0, len(outputs) - 1))
        value = draw(st.sampled_from((outputs[place].value_sat or 0, *NEAR)))
        outputs[place] = coin(value, 77, draw(st.sampled_from(KINDS)))
    return Shown("00" * 32, tuple(inputs), tuple(outputs))


@examples(150)
@given(st.lists(transactions(), min_size=1, max_size=8))
def test_the_kernel_never_drops_what_a_heuristic_speaks_of(drawn: list[Shown]) -> None:
    assert unheard(drawn) == []


@given(st.lists(st.sampled_from(NEAR), max_size=40), st.integers(0, 45))
def test_a_value_shared_by_half_is_found_as_by_counting(paid: list[int], inputs: int) -> None:
    shown = Shown(
        "00" * 32,
        tuple(coin(1, n, ScriptKind.P2SH) for n in range(inputs)),
        tuple(coin(value, n, ScriptKind.P2SH) for n, value in enumerate(paid)),
    )
    _, count = shown.most_common
    is_form = (
        bool(shown.equal_halves)
        and len(paid) - count in (count, count - 1)
        and inputs >= count
        and len(paid) >= LEAST_OUTPUTS
    )
    assert bool(could_be([shown])[0] & kernels.EQUAL_OUTPUT) == is_form


def test_new_coins_are_no_inputs() -> None:
    pool = tuple(coin(1_000_000, n, ScriptKind.P2WPKH) for n in range(5))
    shown = Shown("00" * 32, pool, pool)
    assert could_be([shown])[0] == kernels.WHIRLPOOL
    assert could_be([shown], are_coinbases=True) == [0]


def test_no_transaction_of_the_labelled_sets_is_dropped() -> None:
    labelled = open_labelled([*sorted(SAMPLE.glob("*.txt")), *sorted(SAMPLE.glob("*.json"))])
    read = [one for each in labelled.sets for one in each.transactions() if isinstance(one, Shown)]
    assert unheard(read) == []
    assert len({heuristic.name for heuristic in HEURISTICS for one in read
                if heuristic.judge(one).rule}) == len(HEURISTICS)  # fmt: skip


def test_no_transaction_of_the_wider_sets_is_dropped(shared_data: Path) -> None:
    folder = shared_data / "bitcoin" / "coinjoin"
    labelled = open_labelled([*sorted(folder.glob("*.zip")), *sorted(folder.glob("*.txt"))])
    read = [one for each in labelled.sets for one in each.transactions() if isinstance(one, Shown)]
    assert len(read) > 5_000
    assert unheard(read) == []


# --- over a chain ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """A small generated chain with CoinJoins of every protocol."""
    folder = tmp_path_factory.mktemp("mixed")
    rates = {
        "whirlpool": 60_000, "wasabi-1": 10_000, "wasabi-2": 10_000, "joinmarket": 30_000,
        "equal-output": 30_000,
    }  # fmt: skip
    generate(folder / "made", Wishes(seed=5, transactions=1_200, patterns={}, coinjoins=rates))
    blocks = (folder / "made" / "blocks" / "blk00000.dat").read_bytes()
    return chain_of(folder, {"blk00000.dat": blocks})


def slowly(chain: Chain, heuristics: Sequence[Heuristic] = HEURISTICS) -> list[Said]:
    """Judge every transaction by every heuristic."""
    found = []
    for tx in range(chain.graph.tx_count):
        shown = shown_at(chain, tx)
        for heuristic in heuristics:
            verdict = heuristic.judge(shown)
            if verdict.answer is not Answer.NO:
                found.append((tx, heuristic.name, verdict.rule))
    return found


def quickly(chain: Chain, heuristics: Sequence[Heuristic] = HEURISTICS) -> list[Said]:
    judged = judge_chain(chain, heuristics)
    rows = zip(judged.tx.tolist(), judged.heuristic.tolist(), judged.rule.tolist(), strict=True)
    return [(tx, judged.heuristics[which].name, judged.rules[rule]) for tx, which, rule in rows]


def test_every_transaction_of_a_generated_chain_gets_its_answer(
    mixed: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = slowly(mixed)
    assert {rule for _, _, rule in expected} >= {
        "five", "tx0", "base-denomination", "standard-denominations", "makers-paid",
        "equal-amounts",
    }  # fmt: skip
    assert quickly(mixed) == expected
    monkeypatch.setattr(coinjoins, "_SLICE", 97)
    assert quickly(mixed) == expected, "slices change nothing"
    judged = judge_chain(mixed)
    assert judged.asked < mixed.graph.tx_count // 5


@pytest.mark.parametrize("height", [300025, 702861])
def test_every_transaction_of_a_real_block_gets_its_answer(
    height: int, tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "bitcoin" / "blocks" / "mainnet"
    stated = folder / f"{height}.spent-outputs.raw"
    chain = chain_of(
        tmp_path,
        {f"{height}.raw": (folder / f"{height}.raw").read_bytes()},
        network=MAINNET,
        spent=[stated] if stated.is_file() else [],
    )
    expected = slowly(chain)
    assert expected
    assert quickly(chain) == expected


@dataclass(frozen=True)
class Other:
    """A heuristic that the kernel knows nothing of."""

    name: str = "other"
    version: str = "7"

    def judge(self, shown: Shown) -> Any:
        return replace(WHIRLPOOL.judge(shown), answer=Answer.YES, rule=f"{len(shown.outputs)}")


def test_a_heuristic_unknown_to_the_kernel_is_asked_of_every_transaction(tmp_path: Path) -> None:
    chain, _, _ = mixing(tmp_path, IN_PERIOD)
    other: Any = Other()
    assert quickly(chain, (other, WHIRLPOOL)) == slowly(chain, (other, WHIRLPOOL))
    assert judge_chain(chain, (other,)).asked == chain.graph.tx_count


# --- in clusters ----------------------------------------------------------------------------------


def address_of(chain: Chain, txid: str, place: int = 0) -> str:
    found = chain.address_of(chain.graph.outputs_of(chain.tx_row(txid))[place])
    assert found
    return found


def test_a_mix_joins_nothing_and_says_why(tmp_path: Path) -> None:
    chain, made, _ = mixing(tmp_path, IN_PERIOD)
    asked = address_of(chain, made.shown)
    labels = LabelIndex([], REGTEST)
    joined = ask_cluster(chain, build_clusters(chain), labels, asked)
    assert (joined.size, joined.set_aside_total) == (5, 0)
    apart = ask_cluster(chain, build_clusters(chain, excluding=exclude_coinjoins()), labels, asked)
    assert (apart.size, apart.set_aside_total) == (1, 1)
    (row,) = apart.set_aside
    assert row["reason"] == "whirlpool 2 five"
    assert row["heuristic"]["rule"] == "five"
    assert row["heuristic"]["why"]["params"]["pool"] == 1_000_000
    assert row["heuristic"]["error"] == "method.whirlpool.3"


def test_of_what_cannot_be_told_nothing_is_excluded_and_it_is_counted(
    tmp_path: Path, shared_data: Path
) -> None:
    block = shared_data / "bitcoin" / "blocks" / "mainnet" / "702861.raw"
    chain = chain_of(tmp_path, {"702861.raw": block.read_bytes()}, network=MAINNET)
    clusters = build_clusters(chain, excluding=exclude_coinjoins())
    assert len(clusters.untold) == len({tx for tx, _, _ in slowly(chain)}) > 0
    assert clusters.told["excluded"] == 0


def test_what_is_taken_for_coinjoins_is_the_same_whoever_else_judged(mixed: Chain) -> None:
    found = find_coinjoins(mixed)
    assert found.sum() > 0
    assert np.array_equal(coinjoins.called_coinjoins(mixed, judge_chain(mixed)), found)
    called = {tx for tx, _, rule in slowly(mixed, PROTOCOLS) if rule}
    assert set(np.flatnonzero(found).tolist()) == called


def test_of_two_heuristics_the_protocol_s_word_stands(mixed: Chain) -> None:
    found = exclude_coinjoins().find(mixed)
    sure = {rule.code for each in coinjoins.KEPT_OUT for rule in each.rules if rule.is_sure}
    called: dict[int, list[tuple[bool, int, str]]] = {}
    for tx, name, rule in slowly(mixed, coinjoins.KEPT_OUT):
        if rule:
            voices = called.setdefault(tx, [])
            voices.append((rule not in sure, len(voices), name))
    assert np.flatnonzero(found.excluded).tolist() == sorted(called)
    assert {tx: found.reasons[found.reason[tx]].split(" ")[0] for tx in called} == {
        tx: min(voices)[-1] for tx, voices in called.items()
    }
    unsure = [tx for tx, voices in called.items() if min(voices)[0]]
    assert found.unsure.tolist() == sorted(unsure)
    with_unsure = exclude_coinjoins(unsure_join=True)
    assert with_unsure.method != exclude_coinjoins().method
    left = with_unsure.find(mixed).excluded
    assert np.flatnonzero(left).tolist() == sorted(set(called) - set(unsure))
    assert coinjoins.KEPT_OUT[-1] is EQUAL_OUTPUT
    assert WHIRLPOOL in coinjoins.KEPT_OUT


@pytest.mark.parametrize("others", [1, 2])
def test_a_mix_into_other_scripts_is_told_alike_by_pass_look_trace_and_clusters(
    others: int, tmp_path: Path
) -> None:
    chain, _, mix = mixing(tmp_path, IN_PERIOD, others=others)
    tx = chain.tx_row(mix.shown)
    said = [(tx, "whirlpool", "five-other-scripts")]
    assert quickly(chain) == slowly(chain) == said
    (look,) = looks_of(chain, tx)
    assert plain(look)["error"] == "method.whirlpool.other-scripts"
    assert look.verdict.why.params["others"] == others
    looks = CoinjoinLooks(chain)
    assert looks.stops(tx, [("whirlpool", "2")]) == (look,)
    (before,) = looks.stops(tx, [("whirlpool", "1")])
    assert (before.key, before.verdict.rule) == (("whirlpool", "1"), "five")
    assert looks.stops(tx, [("whirlpool", "0")]) == ()
    assert quickly(chain, EARLIER) == slowly(chain, EARLIER) == [(tx, "whirlpool", "five")]
    found = exclude_coinjoins().find(chain)
    assert found.reasons[found.reason[tx]] == "whirlpool 2 five-other-scripts"


def test_a_trace_s_quick_look_leaves_out_nothing_that_speaks(mixed: Chain) -> None:
    looks = CoinjoinLooks(mixed)
    for tx in range(mixed.graph.tx_count):
        whole = looks_of(mixed, tx)
        said = {look.key for look in whole if look.is_yes or look.heuristic.says == "coinjoin"}
        assert {look.key for look in looks.of(tx)} == said
        called = {look.key for look in whole if look.is_yes}
        assert {look.key for look in looks.stops(tx, [("whirlpool", "2"), ("wasabi1", "0")])} == {
            key for key in called if key == ("whirlpool", "2")
        }


@examples(150)
@given(st.lists(transactions(), min_size=1, max_size=8))
def test_both_quick_filters_let_by_what_a_heuristic_speaks_of(
    drawn: list[Shown],
) -> None:
    for shown, bits in zip(drawn, could_be(drawn), strict=True):
        values = [each.value_sat or 0 for each in shown.outputs]
        kinds = [int(each.kind or 0) for each in shown.outputs]
        could = could_speak(len(shown.inputs), values, kinds)
        if any(each.judge(shown).answer is not Answer.NO for each in HEURISTICS):
            assert could
            assert bits
        if not could:
            assert bits == 0


@given(transactions())
def test_what_has_neither_equal_outputs_nor_a_note_is_spoken_of_by_none(shown: Shown) -> None:
    """The quick look rests on this."""
    has_note = any(each.kind is ScriptKind.OP_RETURN for each in shown.outputs)
    is_small = len(shown.outputs) < LEAST_OUTPUTS and len(shown.inputs) < LEAST_INPUTS
    if is_small or not (shown.repeated_values or has_note):
        assert {each.judge(shown).answer for each in HEURISTICS} == {Answer.NO}


@pytest.mark.parametrize("slice_size", [1, 1 << 18])
def test_an_early_wasabi_round_is_found_by_pass_trace_and_clusters(
    slice_size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its script's bytes the kernel knows nothing: who is paid is looked up."""
    monkeypatch.setattr(coinjoins, "_SLICE", slice_size)
    (_, payload), *_ = sorted(COORDINATOR)
    new = coinbase(1, 1)
    made = Tx(((new.txid, 0),), tuple((40_000_000 + n, p2wpkh(n)) for n in range(4)))
    paid = [(12_345_678, p2wpkh(50 + n)) for n in range(4)]
    paid += [(27_000_000 + n, p2wpkh(70 + n)) for n in range(4)] + [(90_000, b"\x00\x14" + payload)]
    early = Tx(tuple((made.txid, n) for n in range(4)), tuple(paid))
    fee = Tx(((early.txid, 8),), ((80_000, b"\x00\x14" + payload),))
    first = mine(GENESIS_HASH, [new, made])
    second = mine(first.hash, [coinbase(2, 2), early, fee])
    chain = chain_of(tmp_path, {"blk": block_file([first, second])})
    tx = chain.tx_row(early.shown)
    assert quickly(chain) == slowly(chain)
    assert (tx, "wasabi1", "coordinator-paid") in quickly(chain)
    looks = CoinjoinLooks(chain)
    assert [look.key for look in looks.stops(tx, [("wasabi1", "3")])] == [("wasabi1", "3")]
    assert looks.stops(tx, [("wasabi1", "1")]) == ()
    found = exclude_coinjoins().find(chain)
    assert found.reasons[found.reason[tx]] == "wasabi1 3 coordinator-paid"
    assert np.flatnonzero(found.excluded).tolist() == [tx]


def small_round() -> tuple[list[int], list[int]]:
    """Inputs and outputs of a round of Wasabi 2 with seven inputs, the largest first."""
    outputs = sorted([2**20] * 3 + [3**12] * 3 + [50_000] * 3 + [123_457], reverse=True)
    return [800_000 - 1_001 * place for place in range(7)], outputs


@pytest.mark.parametrize(
    ("said", "inputs", "outputs"),
    [
        ("wasabi1 3 one-other", [5_100_000] * 14, [5_000_000] * 14 + [350_000]),
        ("wasabi2 2 few-inputs", *small_round()),
    ],
)
def test_an_unsure_round_joins_no_strangers_and_the_cluster_says_so(
    said: str, inputs: list[int], outputs: list[int], tmp_path: Path
) -> None:
    new = coinbase(1, 1)
    made = Tx(((new.txid, 0),), tuple((value, p2wpkh(n)) for n, value in enumerate(inputs)))
    round_ = Tx(
        tuple((made.txid, n) for n in range(len(inputs))),
        tuple((value, p2wpkh(100 + n)) for n, value in enumerate(outputs)),
    )
    first = mine(GENESIS_HASH, [new, made])
    second = mine(first.hash, [coinbase(2, 2), round_])
    chain = chain_of(tmp_path, {"blk": block_file([first, second])})
    assert quickly(chain) == slowly(chain)
    tx = chain.tx_row(round_.shown)
    found = exclude_coinjoins().find(chain)
    assert found.reasons[found.reason[tx]] == said
    assert found.unsure.tolist() == [tx]
    labels = LabelIndex([], REGTEST)
    clusters = build_clusters(chain, excluding=exclude_coinjoins())
    address = chain.address_of(chain.output_row(made.txid, 0) or 0) or ""
    view = ask_cluster(chain, clusters, labels, address)
    assert view.size == 1
    told = [each.key for each in notes_of({**plain(view), "labels": []})]
    assert "note.cluster-coinjoins-unsure" in told
