"""Counting answers against labels: what counts as what, and what the count may be called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kancil.bitcoin.coinjoins.heuristic import (
    Answer,
    Heuristic,
    Rule,
    Shown,
    Verdict,
    doubts,
    falls,
    fired,
    untold,
)
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS, WASABI1, WHIRLPOOL, WHIRLPOOL_TX0
from kancil.bitcoin.coinjoins.heuristics.whirlpool import Whirlpool
from kancil.bitcoin.coinjoins.heuristics.whirlpool_tx0 import WhirlpoolTx0
from kancil.bitcoin.evaluation.evaluate import Evaluation, evaluate
from kancil.bitcoin.evaluation.interval import Interval
from kancil.bitcoin.evaluation.labelled import (
    Labelled,
    LabelledSet,
    ListedFalse,
    Meaning,
    Truth,
    open_labelled,
)
from kancil.bitcoin.evaluation.measure import CALLED, Called, Counts, Measure, Part, Share
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from tests.bitcoin.made_coinjoins import SAMPLE, labelled_set, sample

SCRIPT = "0014"
OWN, OTHER = f"{SCRIPT}{100:040x}+", f"0020{100:064x}+"
"""Script of the first output, and one of another form."""


def line(number: int, *, is_mix: bool, is_known: bool = True) -> str:
    """A Whirlpool round, or a round with one output too small, as Dumplings writes it."""
    values = [100_000] * 3 + [105_000] * 2
    inputs = "}{".join(
        f"{'bb' * 32}-{place}-{value}+{SCRIPT}{place + 1:040x}+T"
        for place, value in enumerate(values)
    )
    outs = [100_000] * 5 if is_mix else [100_000] * 4 + [99_000]
    outputs = "}{".join(f"{value}+{SCRIPT}{place + 100:040x}+T" for place, value in enumerate(outs))
    return f"{number:064x}:::::::::1700000000:::{inputs}:::{outputs}"


MINED = datetime.fromtimestamp(1_700_000_000, UTC)
YES, NO = Meaning(("whirlpool",)), Meaning((), ("whirlpool",))


def measured(*sets: LabelledSet, false: tuple[ListedFalse, ...] = ()) -> list[Measure]:
    return list(evaluate(Labelled(sets, false, ()), [WHIRLPOOL]).measures)


def four(measure: Measure) -> tuple[int, int, int, int]:
    counts = measure.labelled
    return counts.found, counts.missed, counts.wrong, counts.left


def test_the_four_counts_are_what_their_names_say() -> None:
    yes = labelled_set("yes", YES, Truth.HEURISTIC, *(line(n, is_mix=n < 4) for n in range(1, 6)))
    no = labelled_set("no", NO, Truth.HEURISTIC, *(line(n, is_mix=n < 9) for n in range(8, 15)))
    other = labelled_set("other", Meaning(), Truth.HEURISTIC, line(99, is_mix=True))
    (measure,) = measured(yes, no, other)
    assert four(measure) == (3, 2, 1, 6)
    assert measure.labelled.recall == Share(3, 5)
    assert measure.labelled.wrongly_called == Share(1, 7)
    assert measure.labelled.base_rate == Share(5, 12)
    assert measure.positives == (Part("yes", 5, 3, 0, MINED, MINED),)
    assert measure.negatives == (Part("no", 7, 1, 0, MINED, MINED),)
    assert measure.elsewhere == (Part("other", 1, 1, 0, MINED, MINED),)
    assert measure.rules == {"five": 5}
    alone = {rule.rule: (rule.labelled, rule.elsewhere) for rule in measure.by_rule}
    assert alone["five"] == (Counts(3, 2, 1, 6), 1)
    assert alone["surge"] == (Counts(0, 5, 0, 7), 0)
    assert measure.by_clean is None, "the one rule that fired calls one of the others"
    assert [each.stated for each in measure.disagreements] == [False, True, True]
    assert measure.labelled.recall.bounds == Interval(146_632, 947_256)


@dataclass(frozen=True, slots=True)
class Hesitant(Whirlpool):
    """A heuristic that is unsure of what another calls."""

    rules: tuple[Rule, ...] = (Rule("perhaps", "method.whirlpool.3", is_sure=False),)

    def judge(self, shown: Shown) -> Verdict:
        verdict = WHIRLPOOL.judge(shown)
        return doubts("perhaps", verdict.why) if verdict.is_fired else verdict


def test_what_a_heuristic_is_unsure_of_is_no_call_and_is_counted_apart() -> None:
    yes = labelled_set("yes", YES, Truth.HEURISTIC, *(line(n, is_mix=n < 4) for n in range(1, 6)))
    no = labelled_set("no", NO, Truth.HEURISTIC, line(8, is_mix=True), line(9, is_mix=False))
    (measure,) = evaluate(Labelled((yes, no), (), ()), [Hesitant()]).measures
    assert measure.labelled == Counts(0, 5, 0, 2, unsure_missed=3, unsure_left=1)
    assert measure.positives == (Part("yes", 5, 0, 3, MINED, MINED),)
    (rule,) = measure.by_rule
    assert (rule.is_sure, rule.labelled.found, rule.labelled.wrong) == (False, 3, 1)
    assert measure.clean == ()
    told = plain(measure)
    assert (told["unsure_of_false_negatives"], told["unsure_of_true_negatives"]) == (3, 1)
    assert [row["unsure"] for row in told["positives"]] == [3]


def test_a_transaction_in_two_sets_counts_once_and_a_contradiction_not_at_all() -> None:
    one = labelled_set("one", NO, Truth.HEURISTIC, line(1, is_mix=True), line(2, is_mix=False))
    two = labelled_set("two", NO, Truth.HEURISTIC, line(1, is_mix=True))
    three = labelled_set("three", YES, Truth.HEURISTIC, line(2, is_mix=False))
    (measure,) = measured(one, two, three)
    assert four(measure) == (0, 0, 1, 0)
    assert measure.contradictory == 1
    assert measure.negatives == (
        Part("one", 1, 1, 0, MINED, MINED),
        Part("two", 1, 1, 0, MINED, MINED),
    )


def test_a_listed_false_positive_counts_as_a_negative_and_only_where_it_is_here() -> None:
    yes = labelled_set("yes", YES, Truth.HEURISTIC, line(1, is_mix=True), line(2, is_mix=False))
    ids = {"manual": frozenset({f"{2:064x}", f"{77:064x}"})}
    (measure,) = measured(yes, false=(ListedFalse("f.json", "whirlpool", ids),))
    assert four(measure) == (1, 0, 0, 1)
    (listed,) = measure.listed
    assert (listed.listed, listed.here, listed.called) == (2, 1, 0)


@pytest.mark.parametrize("truth", Truth)
def test_only_an_owner_or_a_protocol_makes_an_error_rate(truth: Truth) -> None:
    one = labelled_set("one", YES, truth, line(1, is_mix=True))
    (measure,) = measured(one)
    rate = truth in (Truth.OWNER, Truth.PROTOCOL)
    assert (measure.called is Called.ERROR_RATE) == rate
    assert (measure.truth, measure.called) == (truth, CALLED[truth])


def test_labels_known_in_different_ways_are_never_counted_together() -> None:
    one = labelled_set("one", YES, Truth.HEURISTIC, line(1, is_mix=True))
    two = labelled_set("two", YES, Truth.PROTOCOL, line(2, is_mix=False))
    first, second = measured(one, two)
    assert (first.truth, four(first)) == (Truth.PROTOCOL, (0, 1, 0, 0))
    assert (second.truth, four(second)) == (Truth.HEURISTIC, (1, 0, 0, 0))
    # That agreement with a restated rule is by making is said only of that rule's labels.
    assert (first.restates, second.restates) == ("", "Dumplings")


def test_without_labels_nothing_is_known_of_the_error() -> None:
    one = labelled_set("one", YES, Truth.HEURISTIC, line(1, is_mix=True))
    (measure,) = evaluate(Labelled((one,), (), ()), [WASABI1]).measures
    assert (measure.truth, measure.called) == (None, Called.NOTHING)
    assert four(measure) == (0, 0, 0, 0)
    assert measure.labelled.recall.bounds is None
    assert plain(measure)["found"]["low_ppm"] is None


def test_the_period_is_counted_and_hides_nothing() -> None:
    late = line(1, is_mix=True).replace(":::1700000000:::", ":::1730000000:::")
    (measure,) = measured(labelled_set("one", YES, Truth.HEURISTIC, late))
    assert four(measure) == (1, 0, 0, 0)
    assert measure.outside_period == 1


def test_rules_that_call_no_other_are_counted_together() -> None:
    yes = labelled_set("yes", YES, Truth.HEURISTIC, *(line(n, is_mix=n < 4) for n in range(1, 5)))
    no = labelled_set("no", NO, Truth.HEURISTIC, line(8, is_mix=True).replace(OWN, OTHER))
    (measure,) = measured(yes, no)
    assert four(measure) == (3, 1, 1, 0)
    assert [rule.rule for rule in measure.clean] == ["five"]
    assert measure.by_clean == Counts(3, 1, 0, 1)
    assert measure.by_clean.is_goal_met is False, "three of four are not 99 %"
    told = plain(measure)
    assert told["rules_that_call_no_other"]["rules"] == ["five"]
    assert told["rules_that_call_no_other"]["alone"]["true_positives"] == 3
    (other,) = [rule for rule in told["by_rule"] if rule["false_positives"]]
    assert (other["rule"], other["elsewhere"]) == ("five-other-scripts", 0)


@pytest.mark.parametrize(
    ("counts", "met"),
    [
        (Counts(99, 1, 0, 5), True),
        (Counts(98, 2, 0, 5), False),
        (Counts(197, 2, 0, 0), False),
        (Counts(198, 2, 0, 0), True),
        (Counts(99, 1, 1, 5), False),
        (Counts(0, 0, 0, 5), None),
        (Counts(0, 0, 1, 5), None),
    ],
)
def test_the_goal_is_99_percent_found_and_no_other_called(
    counts: Counts, *, met: bool | None
) -> None:
    assert counts.is_goal_met is met


def test_a_protocol_is_found_by_any_of_its_heuristics() -> None:
    mix, none = line(1, is_mix=True), line(2, is_mix=False)
    tx0s = Meaning(("whirlpool-tx0",), ("whirlpool",))
    sets = (
        labelled_set("mixes", YES, Truth.HEURISTIC, line(3, is_mix=True)),
        labelled_set("tx0s", tx0s, Truth.HEURISTIC, mix, none),
        labelled_set("after", NO, Truth.HEURISTIC, mix, line(4, is_mix=False)),
    )
    both: list[Heuristic] = [WHIRLPOOL, WHIRLPOOL_TX0]
    (whole,) = evaluate(Labelled(sets, (), ()), both).protocols
    # Listed as a tx0, called a mix: of the protocol it is found, of each heuristic it is wrong.
    assert whole.labelled == whole.uncontested == Counts(2, 1, 0, 1)
    assert whole.heuristics == (("whirlpool", "2"), ("whirlpool-tx0", "1"))
    told = plain(whole)
    assert (told["protocol"], told["called"], told["goal_met"]) == ("whirlpool", "agreement", False)
    assert evaluate(Labelled(sets, (), ()), [WHIRLPOOL]).protocols == ()


def test_what_one_heuristic_is_silent_on_is_neither_right_nor_wrong_of_the_protocol() -> None:
    """A transaction after a mix may be a tx0: that it is called one is not judged."""
    labelled = sample()
    (after,) = [one for one in labelled.sets if one.name == "SamouraiPostMixTxs"]
    (measure,) = evaluate(Labelled((after,), (), ()), [WHIRLPOOL, WHIRLPOOL_TX0]).protocols
    shown = [each for each in after.transactions() if isinstance(each, Shown)]
    mixes = sum(WHIRLPOOL.judge(each).answer is Answer.YES for each in shown)
    tx0s = sum(WHIRLPOOL_TX0.judge(each).answer is Answer.YES for each in shown)
    assert (measure.labelled.wrong, measure.unjudged) == (mixes, tx0s)
    assert mixes + tx0s + measure.labelled.left == len(shown)
    assert tx0s > 0


class Untelling(Whirlpool):
    """A heuristic of mixes that can never tell."""

    __slots__ = ()

    def judge(self, shown: Shown) -> Verdict:
        return untold()


class Calling(WhirlpoolTx0):
    """A heuristic of tx0s that calls all."""

    __slots__ = ()

    def judge(self, shown: Shown) -> Verdict:
        return fired("tx0", Phrase("why.tx0-no-pieces"))


def test_a_call_of_another_kind_is_not_judged_where_the_kind_spoken_of_is_not_told() -> None:
    after = labelled_set("after", NO, Truth.HEURISTIC, line(1, is_mix=True))
    (one,) = evaluate(Labelled((after,), (), ()), [Untelling(), Calling()]).protocols
    assert (one.unjudged, one.untold, one.labelled) == (1, 0, Counts(0, 0, 0, 0))
    (none,) = evaluate(Labelled((after,), (), ()), [Untelling(), WHIRLPOOL_TX0]).protocols
    assert (none.unjudged, none.untold) == (0, 1)


def by_name(evaluation: Evaluation) -> dict[str, Measure]:
    return {measure.heuristic: measure for measure in evaluation.measures}


def test_the_sample_in_the_tree_gives_these_counts() -> None:
    found = by_name(evaluate(sample(), HEURISTICS))
    assert {name: four(measure) for name, measure in found.items()} == {
        "whirlpool": (4, 0, 8, 49),
        "whirlpool-tx0": (27, 4, 0, 4),
        "wasabi1": (2, 2, 0, 16),
        "wasabi2": (4, 0, 0, 1),
        "joinmarket": (17, 20, 18, 50),
        "equal-output": (37, 0, 24, 44),
    }


def test_the_wide_sets_give_these_counts(shared_data: Path) -> None:
    """At least 99 % of each protocol's set, less lines that their own form contradicts."""
    folder = shared_data / "bitcoin" / "coinjoin"
    paths = [*sorted(folder.glob("*.zip")), folder / "Wasabi2CoinJoins_first17.txt"]
    lists = [folder / "wasabi2_false_cjtxs.json", SAMPLE / "wasabi1_false_cjtxs_extract.json"]
    evaluation = evaluate(open_labelled(paths + lists), HEURISTICS)
    assert not evaluation.skipped
    found = by_name(evaluation)
    assert {name: four(measure) for name, measure in found.items()} == {
        "whirlpool": (1_403, 0, 327, 3_134),
        "whirlpool-tx0": (749, 151, 0, 1_403),
        "wasabi1": (186, 5, 0, 360),
        "wasabi2": (16, 0, 0, 1),
        "joinmarket": (56, 511, 92, 963),
        "equal-output": (567, 0, 178, 877),
    }
    # Of each protocol's own set; the rest of Wasabi 1's and of the tx0s have another's form.
    reasons = {
        name: {each.verdict.why.key for each in found[name].disagreements if each.stated}
        for name in ("whirlpool", "whirlpool-tx0", "wasabi1", "wasabi2")
    }
    assert reasons == {
        "whirlpool": set(),
        "whirlpool-tx0": {"why.tx0-note"},
        "wasabi1": {"why.wasabi1-earned"},
        "wasabi2": set(),
    }
    mixes = {each.txid for each in found["whirlpool"].disagreements}
    assert {each.txid for each in found["whirlpool-tx0"].disagreements} <= mixes
    (listed,) = found["wasabi2"].listed
    assert (listed.listed, listed.here, listed.called) == (4_413, 1, 0)


def test_rules_and_protocols_of_the_wide_sets_give_these_counts(shared_data: Path) -> None:
    folder = shared_data / "bitcoin" / "coinjoin"
    evaluation = evaluate(open_labelled(sorted(folder.glob("*.zip"))), HEURISTICS)
    found = by_name(evaluation)
    assert {
        rule.rule: (rule.labelled.found, rule.labelled.wrong, rule.uncontested.wrong)
        for rule in found["whirlpool"].by_rule
    } == {
        "five": (155, 0, 0),
        "surge": (1_248, 0, 0),
        "five-other-scripts": (0, 33, 24),
        "surge-other-scripts": (0, 294, 174),
    }
    assert found["whirlpool"].by_clean == Counts(1_403, 0, 0, 3_461)
    assert found["whirlpool"].uncontested == Counts(1_403, 0, 198, 3_134)
    assert found["whirlpool-tx0"].uncontested == Counts(749, 23, 0, 1_403)
    protocols = {each.protocol: each for each in evaluation.protocols}
    assert protocols["whirlpool"].labelled == Counts(2_303, 0, 176, 2_380)
    assert (protocols["whirlpool"].contested, protocols["whirlpool"].unjudged) == (1, 5)
    assert protocols["joinmarket"].labelled == Counts(56, 511, 92, 963)


def test_what_the_facts_contest_of_the_wide_sets_no_rule_chose(shared_data: Path) -> None:
    """All contested mixes have the whole form; larger coins come from uncontested tx0s alone."""
    folder = shared_data / "bitcoin" / "coinjoin"
    texts: dict[str, dict[str, Shown]] = {}
    for one in open_labelled(sorted(folder.glob("*.zip"))).sets:
        texts[one.name] = {
            shown.txid: shown for shown in one.transactions() if isinstance(shown, Shown)
        }
    mixes, tx0s = texts["SamouraiCoinJoins"], texts["SamouraiTx0s"]
    after = texts["SamouraiPostMixTxs"]
    found = by_name(evaluate(open_labelled(sorted(folder.glob("*.zip"))), HEURISTICS))
    contested = {each.txid for each in found["whirlpool"].contested}
    assert len(contested) == 129
    assert {each.txid for each in found["whirlpool-tx0"].contested} == contested & set(tx0s)
    for txid in contested:
        assert WHIRLPOOL.judge((after | tx0s)[txid]).rule.endswith("-other-scripts")
    told: Counter[tuple[bool, str]] = Counter()
    for mix in mixes.values():
        pool, _ = mix.most_common
        assert mix.spends is not None
        for (source, _), coin in zip(mix.spends, mix.inputs, strict=True):
            kinds = {"mix": mixes, "contested": contested, "tx0": tx0s, "after": after}
            kind = next((name for name, ids in kinds.items() if source in ids), None)
            if kind is not None:
                told[coin.value_sat == pool, kind] += 1
    assert told == {(True, "mix"): 2_718, (True, "contested"): 245, (False, "tx0"): 2_792}
    rounds = texts["WasabiCoinJoins"]
    ordered = {
        txid for txid, shown in rounds.items() if falls(shown.output_values[::-1])
    }  # fmt: skip
    called = {txid for txid, shown in rounds.items() if WASABI1.judge(shown).rule}
    assert ordered == called
    assert (len(ordered), len(rounds)) == (186, 196)
