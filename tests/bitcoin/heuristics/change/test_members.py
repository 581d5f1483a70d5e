"""The change heuristics by examples: what each names, and where it names none or cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest

import kancil.bitcoin.change.heuristics as folder
from kancil.bitcoin.change.heuristic import ChangeHeuristic, Fate, Named, Seen, Shape
from kancil.bitcoin.change.heuristics import (
    ADDRESS_TYPE,
    CHANGE_HEURISTICS,
    FEE,
    FINGERPRINT,
    LOCKTIME,
    ONE_TIME,
    OPTIMAL_CHANGE,
    PEELING,
    REUSE,
    ROUND_AMOUNT,
    SEQUENCE,
    VERSION,
)
from kancil.bitcoin.coinjoins.heuristic import Coin
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase
from kancil.ground.words import render
from tests.bitcoin.changing import HEAD, OTHER, UNKNOWN, coin, seen, spender

BTC = 100_000_000
OLD, NEW = Fate(paid_before=True), Fate(paid_before=False, paid_again=False)
MINE, THEIRS = Fate(spender(HEAD, fee_sat=200)), Fate(spender(OTHER))
DATA = Coin(0, ScriptKind.OP_RETURN, b"\x01x")


def said(member: ChangeHeuristic, one: Seen) -> int | str:
    """Give the output named, else the answer's word."""
    verdict = member.judge(one)
    assert render(verdict.why.key, **verdict.why.params)
    assert (verdict.answer is Named.CHANGE) == (verdict.output is not None) == bool(verdict.rule)
    return verdict.answer.value if verdict.output is None else verdict.output


def two(*fates: Fate, inputs: list[Coin] | None = None, **more: object) -> Seen:
    """Give a payment of one input and two outputs."""
    paid = [coin(BTC, 1)] if inputs is None else inputs
    return seen(paid, [coin(60_000_000, 2), coin(39_990_000, 3)], *fates, **more)  # type: ignore[arg-type]


def test_the_tuple_names_every_member_of_the_folder() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    assert {type(member).__module__.rpartition(".")[2] for member in CHANGE_HEURISTICS} == files
    assert {member.name.replace("-", "_") for member in CHANGE_HEURISTICS} == files


@pytest.mark.parametrize("member", CHANGE_HEURISTICS, ids=lambda member: member.name)
def test_a_member_cites_a_paper_and_says_where_it_errs(member: ChangeHeuristic) -> None:
    assert any(year in member.source for year in ("2013", "2015", "2017", "2020", "2022"))
    assert "No error rate is known" in render(member.words[-1])


@pytest.mark.parametrize("member", CHANGE_HEURISTICS, ids=lambda member: member.name)
def test_nothing_is_named_of_a_coinbase_or_with_fewer_than_two_candidates(
    member: ChangeHeuristic,
) -> None:
    assert said(member, seen([], [coin(BTC, 2), coin(1, 3)])) == "none"
    assert said(member, seen([coin(BTC, 1)], [coin(BTC, 1), DATA], MINE)) == "none"
    nobody = Coin(5, ScriptKind.WITNESS_FUTURE, b"\x02ab")
    assert said(member, seen([coin(BTC, 1)], [coin(BTC, 1), nobody, Coin(7, ScriptKind.P2A)])) == (
        "none"
    )


def test_reuse_names_the_one_output_to_an_inputs_script() -> None:
    back = [coin(60_000_000, 2), coin(39_990_000, 1)]
    assert said(REUSE, seen([coin(BTC, 1)], back)) == 1
    assert said(REUSE, seen([coin(BTC, 1), coin(5, 2)], back)) == "none"
    assert said(REUSE, two()) == "none"
    assert said(REUSE, seen([coin(BTC, 1), UNKNOWN], back)) == "unknown"
    same_hash = [coin(60_000_000, 2), coin(39_990_000, 1, ScriptKind.P2PKH)]
    assert said(REUSE, seen([coin(BTC, 1)], same_hash)) == "none"


def test_one_time_change_is_definition_4_3_of_meiklejohn_and_others() -> None:
    assert said(ONE_TIME, two(OLD, NEW)) == 1
    assert ONE_TIME.judge(two(OLD, NEW)).rule == "two-outputs"
    three = seen([coin(BTC, 1)], [coin(1, 2), coin(2, 3), coin(3, 4)], OLD, OLD, NEW)
    assert ONE_TIME.judge(three).rule == "one-time"
    assert said(ONE_TIME, two(NEW, NEW)) == "none"  # condition 4: another is new too
    assert said(ONE_TIME, two(OLD, OLD)) == "none"  # condition 1
    back = seen([coin(BTC, 1)], [coin(1, 1), coin(2, 3)], OLD, NEW)
    assert said(ONE_TIME, back) == "none"  # condition 3: no self-change
    again = Fate(paid_before=False, paid_again=True)
    assert said(ONE_TIME, two(OLD, again)) == "none"  # section 4.5


def test_one_time_change_cannot_tell_at_the_edges_of_what_is_held() -> None:
    assert said(ONE_TIME, two(OLD, Fate(paid_before=False))) == "unknown"  # too few later blocks
    assert said(ONE_TIME, two(OLD, Fate())) == "unknown"  # earlier blocks are missing
    assert said(ONE_TIME, two(OLD, NEW, inputs=[UNKNOWN])) == "unknown"


def test_address_type_names_the_one_of_the_inputs_form() -> None:
    outputs = [coin(1, 2, ScriptKind.P2PKH), coin(2, 3)]
    assert said(ADDRESS_TYPE, seen([coin(BTC, 1)], outputs)) == 1
    assert said(ADDRESS_TYPE, two()) == "none"
    mixed = [coin(BTC, 1), coin(BTC, 5, ScriptKind.P2PKH)]
    assert said(ADDRESS_TYPE, seen(mixed, outputs)) == "none"
    assert said(ADDRESS_TYPE, seen([coin(BTC, 1), UNKNOWN], outputs)) == "unknown"


def test_round_amount_names_the_one_that_is_not_round() -> None:
    assert said(ROUND_AMOUNT, two()) == 1
    assert said(ROUND_AMOUNT, two(inputs=[UNKNOWN])) == 1
    odd = [coin(60_000_001, 2), coin(39_990_000, 3)]
    assert said(ROUND_AMOUNT, seen([coin(BTC, 1)], odd)) == "none"
    even = [coin(60_000_000, 2), coin(39_000_000, 3)]
    assert said(ROUND_AMOUNT, seen([coin(BTC, 1)], even)) == "none"


def test_optimal_change_names_the_one_smaller_than_every_input() -> None:
    inputs = [coin(50_000_000, 1), coin(50_000_000, 4)]
    assert said(OPTIMAL_CHANGE, two(inputs=inputs)) == 1
    assert said(OPTIMAL_CHANGE, two()) == "none"  # of one input every output is smaller
    assert said(OPTIMAL_CHANGE, two(inputs=[coin(39_990_000, 1), *inputs])) == "none"
    assert said(OPTIMAL_CHANGE, two(inputs=[*inputs, Coin(None, ScriptKind.P2PKH)])) == "unknown"


def test_peeling_names_the_larger_output_in_a_row_of_peels() -> None:
    peel = Shape(1, 2)
    assert said(PEELING, two(maker=peel)) == 0
    assert PEELING.judge(two(maker=peel)).rule == "peel-before"
    after = Fate(spender(shape=peel))
    assert PEELING.judge(two(Fate(), after)).rule == "peel-after"
    assert said(PEELING, two(THEIRS, THEIRS, maker=Shape(2, 2))) == "none"
    assert said(PEELING, two(THEIRS, THEIRS)) == "unknown"
    assert said(PEELING, two(THEIRS, maker=Shape(2, 2))) == "unknown"
    equal = seen([coin(BTC, 1)], [coin(7, 2), coin(7, 3)], maker=peel)
    assert said(PEELING, equal) == "none"
    assert said(PEELING, two(inputs=[coin(1, 1), coin(2, 4)], maker=peel)) == "none"


@pytest.mark.parametrize(
    "member", [FINGERPRINT, LOCKTIME, VERSION, SEQUENCE, FEE], ids=lambda member: member.name
)
def test_a_mark_names_the_one_output_whose_spender_bears_it(member: ChangeHeuristic) -> None:
    assert said(member, two(THEIRS, MINE)) == 1
    assert said(member, two(MINE, THEIRS)) == 0
    assert said(member, two(MINE, MINE)) == "none"
    assert said(member, two(THEIRS, THEIRS)) == "none"
    assert said(member, two(MINE)) == "unknown"  # no spend of the other is seen
    coinjoin = Fate(spender(HEAD, fee_sat=200, is_excluded=True))
    assert said(member, two(MINE, coinjoin)) == "unknown"
    assert said(member, two(THEIRS, MINE, traits=None, fee_sat=None)) == "unknown"


def test_a_fee_that_is_not_known_is_not_compared() -> None:
    assert said(FEE, two(MINE, Fate(spender(fee_sat=None)))) == "unknown"


def test_one_differing_trait_makes_another_fingerprint() -> None:
    for change in (
        {"version": 1}, {"has_locktime": False}, {"signals_replacement": False},
        {"has_witness": False},
    ):  # fmt: skip
        other = Fate(spender(HEAD._replace(**change)))
        assert said(FINGERPRINT, two(other, MINE)) == 1


def test_the_marks_of_a_fingerprint_are_words_of_the_catalogue_with_values() -> None:
    why = FINGERPRINT.judge(two(Fate(spender(HEAD._replace(version=7))), MINE)).why
    mark = why.params["mark"]
    assert isinstance(mark, Phrase)
    assert mark.params["version"] == HEAD.version
    parts = [mark.params[name] for name in ("locktime", "replacement", "witness")]
    for part, has in zip(parts, HEAD[1:], strict=True):
        assert isinstance(part, Phrase)
        assert ("-no-" in part.key) is not has
    assert f"version {HEAD.version}, " in render(why.key, **why.params)
