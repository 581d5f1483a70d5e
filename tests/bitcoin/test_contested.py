"""Contested labels: only what the protocol's own rules contradict, computed by no heuristic."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kancil.bitcoin.coinjoins.heuristic import Answer, Shown, Verdict, untold
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS, WHIRLPOOL_TX0
from kancil.bitcoin.coinjoins.heuristics.whirlpool import Whirlpool
from kancil.bitcoin.evaluation.contested import Seen
from kancil.bitcoin.evaluation.evaluate import Evaluation, evaluate
from kancil.bitcoin.evaluation.labelled import Labelled, LabelledSet, ListedFalse, Meaning, Truth
from kancil.bitcoin.evaluation.measure import Counts, Measure
from kancil.ground.plain import plain
from kancil.ground.words import render
from tests.bitcoin.made_coinjoins import labelled_set

POOL = 1_000_000
MIX, NO_MIX = Meaning(("whirlpool",)), Meaning((), ("whirlpool",))
TX0 = Meaning(("whirlpool-tx0",), ("whirlpool",))
ROUND = Meaning(("wasabi1",))
SUMMER_2021 = 1_627_000_000


def named(number: int) -> str:
    return f"{number:064x}"


def line(
    number: int,
    spends: Sequence[tuple[int, int]],
    outputs: Sequence[int],
    seconds: int = SUMMER_2021,
) -> str:
    """A transaction as Dumplings writes it; `spends`: number of the source, and satoshi."""
    inputs = "}{".join(
        f"{named(source)}-{place}-{value}+0014{number:020x}{place:020x}+T"
        for place, (source, value) in enumerate(spends)
    )
    paid = "}{".join(
        f"{value}+0014{number:030x}{place:010x}+T" for place, value in enumerate(outputs)
    )
    return f"{named(number)}:::::::::{seconds}:::{inputs}:::{paid}"


def mix(number: int, *sources: int) -> str:
    """A mix that takes a coin of the pool's size from each source, and two new ones."""
    spends = [(source, POOL) for source in sources] + [(900, POOL + 3_000), (901, POOL + 3_000)]
    return line(number, spends, [POOL] * len(spends))


def judged(*sets: LabelledSet, false: tuple[ListedFalse, ...] = ()) -> Evaluation:
    return evaluate(Labelled(sets, false, ()), HEURISTICS)


def measure_of(evaluation: Evaluation, name: str, truth: Truth = Truth.HEURISTIC) -> Measure:
    (one,) = [
        each for each in evaluation.measures if (each.heuristic, each.truth) == (name, truth)
    ]  # fmt: skip
    return one


def facts(evaluation: Evaluation, name: str) -> dict[str, str]:
    return {each.txid: each.fact.key for each in measure_of(evaluation, name).contested}


def test_a_coin_of_the_pools_size_into_a_listed_mix_contests_that_its_source_is_none() -> None:
    """The source has no form of a mix at all: the fact asks nothing of it but that coin."""
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    after = labelled_set(
        "after", NO_MIX, Truth.HEURISTIC, line(10, [(50, 7)], [POOL, 5]), line(20, [(1, POOL)], [9])
    )
    found = judged(mixes, after)
    one = measure_of(found, "whirlpool")
    assert facts(found, "whirlpool") == {named(10): "why.contested-pool-coin"}
    (contest,) = one.contested
    assert (contest.sets, contest.stated, contest.answer) == (("after",), False, Answer.NO)
    assert contest.fact.params == {"mix": named(1)}
    assert named(1) in render(contest.fact.key, **contest.fact.params)
    assert (one.labelled, one.uncontested) == (Counts(1, 0, 0, 2), Counts(1, 0, 0, 1))
    told = plain(one)
    assert told["contested_left_out"]["true_negatives"] == 1
    assert told["contested"] == [
        {
            "txid": named(10),
            "sets": ["after"],
            "stated": "no",
            "answer": "no",
            "fact": {"key": "why.contested-pool-coin", "params": {"mix": named(1)}},
        }
    ]
    assert all("contested_left_out" in rule for rule in told["by_rule"])


def test_whoever_spends_a_mix_is_not_contested_by_that() -> None:
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    after = labelled_set("after", NO_MIX, Truth.HEURISTIC, mix(20, 1, 1, 1))
    found = judged(mixes, after)
    assert facts(found, "whirlpool") == {}
    assert measure_of(found, "whirlpool").labelled == Counts(1, 0, 1, 0)


def test_a_coin_above_the_pools_size_contests_nothing() -> None:
    """That is how a tx0's coins come into a mix."""
    made = line(1, [(10, POOL), (11, POOL), (12, POOL), (30, POOL + 1), (31, POOL + 9)], [POOL] * 5)
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, made)
    tx0s = labelled_set("tx0s", TX0, Truth.HEURISTIC, line(30, [(60, 5 * POOL)], [POOL + 1, 4_000]))
    found = judged(mixes, tx0s)
    assert facts(found, "whirlpool-tx0") == {}
    assert facts(found, "whirlpool") == {}


def test_a_listed_tx0_that_pays_the_pools_size_into_a_mix_is_contested_as_both() -> None:
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 30, 11, 12))
    tx0s = labelled_set("tx0s", TX0, Truth.HEURISTIC, mix(30, 70, 71, 72))
    found = judged(mixes, tx0s)
    assert set(facts(found, "whirlpool")) == set(facts(found, "whirlpool-tx0")) == {named(30)}
    assert measure_of(found, "whirlpool").labelled == Counts(1, 0, 1, 0)
    assert measure_of(found, "whirlpool").uncontested == Counts(1, 0, 0, 0)
    assert measure_of(found, "whirlpool-tx0").labelled == Counts(0, 1, 0, 0)
    assert measure_of(found, "whirlpool-tx0").uncontested == Counts(0, 0, 0, 0)
    (protocol,) = [each for each in found.protocols if each.protocol == "whirlpool"]
    # Mix or tx0, it is of the protocol: nothing contradicts that.
    assert protocol.labelled == protocol.uncontested == Counts(2, 0, 0, 0)
    assert protocol.contested == 0


def test_of_the_protocol_only_what_is_listed_as_none_of_it_is_contested() -> None:
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    after = labelled_set("after", NO_MIX, Truth.HEURISTIC, mix(10, 70, 71, 72))
    (protocol,) = [
        each for each in judged(mixes, after).protocols if each.protocol == "whirlpool"
    ]  # fmt: skip
    assert protocol.labelled == Counts(1, 0, 1, 0)
    assert (protocol.uncontested, protocol.contested) == (Counts(1, 0, 0, 0), 1)


def test_what_is_shown_a_mix_shows_its_own_sources_to_be_mixes() -> None:
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    after = labelled_set(
        "after", NO_MIX, Truth.HEURISTIC, mix(10, 20, 1), mix(20, 40), mix(40, 10), mix(50, 10)
    )
    assert facts(judged(mixes, after), "whirlpool") == {
        named(10): "why.contested-pool-coin",
        named(20): "why.contested-pool-coin-further",
        named(40): "why.contested-pool-coin-further",
    }


def test_a_listed_mix_that_is_doubted_itself_shows_nothing() -> None:
    """Not one that another set calls none, nor a listed false positive, nor one of odd outputs."""
    after = labelled_set("after", NO_MIX, Truth.HEURISTIC, mix(10, 70), mix(1, 10, 11, 12))
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    found = judged(mixes, after)
    assert measure_of(found, "whirlpool").contradictory == 1
    assert facts(found, "whirlpool") == {}
    only = labelled_set("after", NO_MIX, Truth.HEURISTIC, mix(10, 70))
    listed = ListedFalse("f.json", "whirlpool", {"manual": frozenset({named(1)})})
    assert facts(judged(mixes, only, false=(listed,)), "whirlpool") == {}
    odd = labelled_set("mixes", MIX, Truth.HEURISTIC, line(1, [(10, POOL)], [POOL, POOL, POOL - 1]))
    assert facts(judged(odd, only), "whirlpool") == {}


def test_a_label_is_contested_only_by_labels_known_in_the_same_way() -> None:
    """What a program lists cannot contest what an owner says."""
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    own = labelled_set("own", NO_MIX, Truth.OWNER, mix(10, 70, 71, 72))
    found = judged(mixes, own)
    assert measure_of(found, "whirlpool", Truth.OWNER).contested == ()
    assert measure_of(found, "whirlpool", Truth.OWNER).labelled == Counts(0, 0, 1, 0)


@pytest.mark.parametrize(
    ("outputs", "seconds", "output"),
    [
        ([5, 9, 9, 10], SUMMER_2021, None),
        ([5, 9, 8, 10], SUMMER_2021, 2),
        ([10, 9, 9, 5], SUMMER_2021, 1),
        ([5, 9, 8, 10], 1_577_836_799, None),
        ([5, 9, 8, 10], 1_577_836_800, 2),
        ([5], SUMMER_2021, None),
    ],
)
def test_a_round_of_wasabi_1_whose_outputs_are_out_of_order_is_contested(
    outputs: list[int], seconds: int, output: int | None
) -> None:
    rounds = labelled_set("rounds", ROUND, Truth.HEURISTIC, line(1, [(2, 99)], outputs, seconds))
    one = measure_of(judged(rounds), "wasabi1")
    assert one.labelled == Counts(0, 1, 0, 0)
    expected = [] if output is None else [(named(1), {"output": output})]
    assert [(each.txid, each.fact.params) for each in one.contested] == expected
    assert one.uncontested == Counts(0, int(output is None), 0, 0)


def test_order_contests_rounds_alone() -> None:
    """What is listed as no round may have any order; and without a time none is asked."""
    none = labelled_set(
        "none", Meaning((), ("wasabi1",)), Truth.HEURISTIC, line(1, [(2, 9)], [5, 4])
    )
    assert measure_of(judged(none), "wasabi1").contested == ()
    timeless = line(1, [(2, 9)], [5, 4]).replace(f":::{SUMMER_2021}:::", "::::::")
    rounds = labelled_set("rounds", ROUND, Truth.HEURISTIC, timeless)
    assert measure_of(judged(rounds), "wasabi1").contested == ()


class Untelling(Whirlpool):
    """A heuristic of mixes that can never tell."""

    __slots__ = ()

    def judge(self, shown: Shown) -> Verdict:
        return untold()


def test_a_label_of_which_the_heuristic_cannot_tell_is_not_counted_as_left_out() -> None:
    """It stands in neither set of counts, so nothing of it is left out."""
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    after = labelled_set("after", NO_MIX, Truth.HEURISTIC, mix(10, 70, 71, 72))
    found = evaluate(Labelled((mixes, after), (), ()), [Untelling(), WHIRLPOOL_TX0])
    one = measure_of(found, "whirlpool")
    assert (one.contested, one.untold) == ((), 2)
    (protocol,) = found.protocols
    assert (protocol.contested, protocol.untold) == (0, 2)
    assert protocol.labelled == protocol.uncontested == Counts(0, 0, 0, 0)


def test_it_is_never_the_taker_whose_label_is_left_out() -> None:
    """So leaving out takes wrong calls away; every label of a mix stays."""
    mixes = labelled_set("mixes", MIX, Truth.HEURISTIC, mix(1, 10, 11, 12))
    first, further = mix(10, 20, 71, 72), mix(20, 1, 73, 74)
    after = labelled_set("after", NO_MIX, Truth.HEURISTIC, first, further)
    one = measure_of(judged(mixes, after), "whirlpool")
    assert {each.stated for each in one.contested} == {False}
    assert one.labelled.recall == one.uncontested.recall
    assert (one.labelled.wrong, one.uncontested.wrong) == (2, 0)
    assert "never that its taker is a mix" in render("note.evaluate-contested", count=2)
    why = render("why.contested-pool-coin-further", mix=named(10))
    assert "which by the same fact would be a mix" in why


def test_where_it_is_not_told_what_is_spent_nothing_is_contested() -> None:
    seen = Seen()
    seen.see(Shown("ab" * 32, (), ()))
    assert (seen.taken, seen.unsorted) == ({}, {})
