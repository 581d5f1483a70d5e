"""Whirlpool mixes: the published conditions one by one, and real rounds."""

from __future__ import annotations

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Coin, Shown, error_of
from kancil.bitcoin.coinjoins.heuristics import WHIRLPOOL, WHIRLPOOL_1
from kancil.bitcoin.coinjoins.whirlpool_pools import MOST_ABOVE_SAT, POOLS_SAT
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.words import render, speaking
from tests.bitcoin.made_coinjoins import key, made, of_set, sample

POOL = 1_000_000
OTHER = {"five-other-scripts", "surge-other-scripts"}
LANGUAGES = ("id", "km", "lo", "my", "th", "vi")
SPOKEN = (
    "why.whirlpool-mix-other-scripts",
    "method.whirlpool.other-scripts",
    "method.whirlpool.any-script",
)
ROUND = [POOL, POOL, POOL, POOL + 3_000, POOL + 3_400]


@pytest.mark.parametrize("pool", POOLS_SAT)
def test_five_in_and_five_of_the_pools_size_out_is_a_round(pool: int) -> None:
    verdict = WHIRLPOOL.judge(made([pool] * 3 + [pool + 5_000] * 2, [pool] * 5))
    assert (verdict.answer, verdict.rule) == (Answer.YES, "five")
    assert verdict.why.params == {
        "count": 5, "pool": pool, "again": 3, "fresh": 2, "most": 5_000
    }  # fmt: skip


@pytest.mark.parametrize("count", [6, 7, 8, 9, 10])
def test_a_surge_round_has_up_to_ten(count: int) -> None:
    shown = made([POOL] * (count - 2) + [POOL + 2_000] * 2, [POOL] * count)
    assert key(WHIRLPOOL, shown) == "surge"


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        (ROUND[:4], [POOL] * 4, "why.whirlpool-size"),
        ([POOL] * 9 + [POOL + 1] * 2, [POOL] * 11, "why.whirlpool-size"),
        ([*ROUND, POOL], [POOL] * 5, "why.whirlpool-as-many"),
        (ROUND, [POOL] * 4 + [POOL - 1], "why.whirlpool-pool"),
        ([2_000_000] * 3 + [2_003_000] * 2, [2_000_000] * 5, "why.whirlpool-pool"),
        ([POOL] * 5, [POOL] * 5, "why.whirlpool-both"),
        ([POOL + 3_000] * 5, [POOL] * 5, "why.whirlpool-both"),
        ([*ROUND[:4], POOL + MOST_ABOVE_SAT + 1], [POOL] * 5, "why.whirlpool-above"),
        ([*ROUND[:4], POOL - 1], [POOL] * 5, "why.whirlpool-above"),
        ([*ROUND[:4], None], [POOL] * 5, "why.input-not-known"),
    ],
)
def test_each_condition_is_asked(inputs: list[int | None], outputs: list[int], why: str) -> None:
    assert key(WHIRLPOOL, made(inputs, outputs)) == why


def test_the_largest_entrant_allowed_is_allowed() -> None:
    assert key(WHIRLPOOL, made([*ROUND[:4], POOL + MOST_ABOVE_SAT], [POOL] * 5)) == "five"


def test_inputs_of_another_form_are_none_of_whirlpools() -> None:
    assert key(WHIRLPOOL, made(ROUND, [POOL] * 5, kind=ScriptKind.P2SH)) == "why.whirlpool-inputs"
    pkh = made(ROUND, [POOL] * 5, out_kind=ScriptKind.P2PKH)
    assert key(WHIRLPOOL, pkh) == "why.whirlpool-outputs"


@pytest.mark.parametrize("kind", [ScriptKind.P2WSH, ScriptKind.P2TR])
@pytest.mark.parametrize(("count", "rule"), [(5, "five-other-scripts"), (8, "surge-other-scripts")])
@pytest.mark.parametrize("others", [1, 2, 5])
def test_a_mix_into_other_scripts_has_a_rule_of_its_own(
    kind: ScriptKind, count: int, rule: str, others: int
) -> None:
    """A participant may mix straight into a multisig wallet; the published rule has no such."""
    more = tuple(Coin(POOL, kind, bytes([place]) * 32) for place in range(others))
    shown = made([POOL] * (count - 2) + ROUND[3:], [POOL] * (count - others), more=more)
    verdict = WHIRLPOOL.judge(shown)
    assert (verdict.answer, verdict.rule) == (Answer.YES, rule)
    assert (verdict.why.key, verdict.why.params["others"]) == (
        "why.whirlpool-mix-other-scripts", others
    )  # fmt: skip
    assert error_of(WHIRLPOOL, rule) == "method.whirlpool.other-scripts"
    before = WHIRLPOOL_1.judge(shown)
    assert (before.rule, before.why.key) == (rule.split("-")[0], "why.whirlpool-mix")


def test_what_is_known_of_the_error_is_no_more_than_the_lists_show() -> None:
    """Version 1 has one rule for all scripts: the published rule's agreement is not all of its."""
    assert error_of(WHIRLPOOL, "five") == error_of(WHIRLPOOL, "surge") == "method.whirlpool.3"
    for rule in ("five", "surge"):
        assert error_of(WHIRLPOOL_1, rule) == "method.whirlpool.any-script"
    before = render("method.whirlpool.any-script")
    assert "also covers mixes that pay other scripts than P2WPKH" in before
    own = render("method.whirlpool.other-scripts")
    assert own.startswith("No published source has this rule")
    assert "as the published coordinator does" in own
    for told in (before, own):
        assert "every such transaction in the lists held is labelled as no mix" in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SPOKEN)
def test_what_is_told_of_other_scripts_is_told_in_each_language(language: str, key: str) -> None:
    names = dict.fromkeys(("count", "pool", "others", "again", "fresh", "most"), "7")
    with speaking(language):
        told = render(key, **names)
    assert told != render(key, **names)
    assert "P2WPKH" in told


def test_version_1_calls_the_same_and_gives_its_own_reasons() -> None:
    assert (WHIRLPOOL_1.name, WHIRLPOOL_1.version) == ("whirlpool", "1")
    for one in sample().sets:
        for shown in one.transactions():
            assert isinstance(shown, Shown)
            now, before = WHIRLPOOL.judge(shown), WHIRLPOOL_1.judge(shown)
            assert now.answer is before.answer
            assert before.rule == now.rule.removesuffix("-other-scripts")
            assert (now == before) == (now.rule == before.rule)


def test_the_same_script_twice_is_no_round() -> None:
    shown = made(ROUND, [POOL] * 4, more=(Coin(POOL, ScriptKind.P2WPKH, (100_000).to_bytes(20)),))
    assert key(WHIRLPOOL, shown) == "why.whirlpool-outputs"


def test_real_rounds_are_found_and_real_spends_of_them_are_not() -> None:
    assert {key(WHIRLPOOL, shown) for shown in of_set("SamouraiCoinJoins")} == {"five", "surge"}
    after = of_set("SamouraiPostMixTxs")
    called = [each for each in after if WHIRLPOOL.judge(each).answer is Answer.YES]
    # Rounds that Dumplings' own rule leaves out: each pays at least one output to P2WSH.
    assert len(called) == 4
    assert {key(WHIRLPOOL, shown) for shown in called} <= OTHER
    for shown in called:
        assert any(coin.kind is ScriptKind.P2WSH for coin in shown.outputs)
