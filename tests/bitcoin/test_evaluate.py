"""Counting answers against labels: what counts as what, and what the count may be called."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from kancil.bitcoin.evaluate import CALLED, Called, Evaluation, Measure, Part, Share, evaluate
from kancil.bitcoin.heuristics import HEURISTICS, WASABI1, WHIRLPOOL
from kancil.bitcoin.interval import Interval
from kancil.bitcoin.labelled import (
    Labelled,
    LabelledSet,
    ListedFalse,
    Meaning,
    Truth,
    open_labelled,
    shown_of_line,
)
from kancil.bitcoin.scriptkind import ScriptKind
from tests.bitcoin.coinjoins import SAMPLE, sample

SCRIPT = "0014"


def line(number: int, *, is_mix: bool, is_known: bool = True) -> str:
    """Give a Whirlpool round, or a round with one output too small, as Dumplings writes it."""
    values = [100_000] * 3 + [105_000] * 2
    inputs = "}{".join(
        f"{'bb' * 32}-{place}-{value}+{SCRIPT}{place + 1:040x}+T"
        for place, value in enumerate(values)
    )
    outs = [100_000] * 5 if is_mix else [100_000] * 4 + [99_000]
    outputs = "}{".join(f"{value}+{SCRIPT}{place + 100:040x}+T" for place, value in enumerate(outs))
    return f"{number:064x}:::::::::1700000000:::{inputs}:::{outputs}"


def labelled_set(name: str, meaning: Meaning, truth: Truth, *lines: str) -> LabelledSet:
    def opened() -> AbstractContextManager[IO[bytes]]:
        return nullcontext(BytesIO("\n".join(lines).encode()))

    known_by = "Dumplings" if truth is Truth.HEURISTIC else "the owner"
    return LabelledSet(name, f"{name}.txt", meaning, truth, known_by, opened)


YES, NO = Meaning(("whirlpool",)), Meaning((), ("whirlpool",))


def measured(*sets: LabelledSet, false: tuple[ListedFalse, ...] = ()) -> list[Measure]:
    return list(evaluate(Labelled(sets, false, ()), [WHIRLPOOL]).measures)


def four(measure: Measure) -> tuple[int, int, int, int]:
    return measure.found, measure.missed, measure.wrong, measure.left


def test_the_four_counts_are_what_their_names_say() -> None:
    yes = labelled_set("yes", YES, Truth.HEURISTIC, *(line(n, is_mix=n < 4) for n in range(1, 6)))
    no = labelled_set("no", NO, Truth.HEURISTIC, *(line(n, is_mix=n < 9) for n in range(8, 15)))
    other = labelled_set("other", Meaning(), Truth.HEURISTIC, line(99, is_mix=True))
    (measure,) = measured(yes, no, other)
    assert four(measure) == (3, 2, 1, 6)
    assert measure.recall == Share(3, 5)
    assert measure.wrongly_called == Share(1, 7)
    assert measure.base_rate == Share(5, 12)
    assert measure.positives == (Part("yes", 5, 3),)
    assert measure.negatives == (Part("no", 7, 1),)
    assert measure.elsewhere == (Part("other", 1, 1),)
    assert measure.rules == {"five": 5}
    assert [each.stated for each in measure.disagreements] == [False, True, True]
    assert measure.recall.bounds == Interval(146_632, 947_256)


def test_a_transaction_in_two_sets_counts_once_and_a_contradiction_not_at_all() -> None:
    one = labelled_set("one", NO, Truth.HEURISTIC, line(1, is_mix=True), line(2, is_mix=False))
    two = labelled_set("two", NO, Truth.HEURISTIC, line(1, is_mix=True))
    three = labelled_set("three", YES, Truth.HEURISTIC, line(2, is_mix=False))
    (measure,) = measured(one, two, three)
    assert four(measure) == (0, 0, 1, 0)
    assert measure.contradictory == 1
    assert measure.negatives == (Part("one", 1, 1), Part("two", 1, 1))


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
    assert measure.recall.bounds is None
    assert measure.as_dict()["found"]["low_ppm"] is None


def test_the_period_is_counted_and_hides_nothing() -> None:
    late = line(1, is_mix=True).replace(":::1700000000:::", ":::1730000000:::")
    (measure,) = measured(labelled_set("one", YES, Truth.HEURISTIC, late))
    assert four(measure) == (1, 0, 0, 0)
    assert measure.outside_period == 1


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


def test_the_mixes_among_the_negatives_are_tied_to_listed_mixes(shared_data: Path) -> None:
    """Why they are taken for mixes: the form, P2WSH, and coins that go from mix to mix."""
    path = shared_data / "bitcoin" / "coinjoin" / "dumplings__sw_202403.zip"
    texts = {}
    for one in open_labelled([path]).sets:
        with one.open_stream() as stream:
            texts[one.name] = stream.read().decode("utf-8-sig").split()
    sources: dict[str, set[str]] = {}
    doubtful = {}
    for name, lines in texts.items():
        for text in lines:
            shown = shown_of_line(text)
            assert shown is not None
            pool, _ = shown.most_common
            spent = text.split(":::")[4].split("}{")
            sources[shown.txid] = {coin[:64] for coin in spent if f"-{pool}+" in coin}
            if name != "SamouraiCoinJoins" and WHIRLPOOL.judge(shown).rule:
                doubtful[shown.txid] = shown
    mixes = {text[:64] for text in texts["SamouraiCoinJoins"]}
    assert len(doubtful) == 327
    for shown in doubtful.values():
        assert 1 <= sum(coin.kind is ScriptKind.P2WSH for coin in shown.outputs) <= 2
    into = {source for mix in mixes for source in sources[mix]}
    assert len(into & set(doubtful)) == 125
    assert sum(bool(sources[txid] & mixes) for txid in doubtful) == 154
