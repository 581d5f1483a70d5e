"""Payments in which a change heuristic names an output, names none, or cannot tell."""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, Fate, Named, Seen
from kancil.bitcoin.coinjoins.heuristic import Coin
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.words import render
from tests.bitcoin.changing import HEAD, OTHER, coin, seen, spender

BTC = 100_000_000
OLD, NEW = Fate(paid_before=True), Fate(paid_before=False, paid_again=False)
MINE, THEIRS = Fate(spender(HEAD, fee_sat=200)), Fate(spender(OTHER))
DATA = Coin(0, ScriptKind.OP_RETURN, b"\x01x")


def said(member: ChangeHeuristic, one: Seen) -> int | str:
    """The output named, else the answer's word."""
    verdict = member.judge(one)
    assert render(verdict.why.key, **verdict.why.params)
    assert (verdict.answer is Named.CHANGE) == (verdict.output is not None) == bool(verdict.rule)
    return verdict.answer.value if verdict.output is None else verdict.output


def two(*fates: Fate, inputs: list[Coin] | None = None, **more: object) -> Seen:
    """A payment of one input and two outputs."""
    paid = [coin(BTC, 1)] if inputs is None else inputs
    return seen(paid, [coin(60_000_000, 2), coin(39_990_000, 3)], *fates, **more)  # type: ignore[arg-type]


def names_the_output_whose_spender_bears_the_mark(member: ChangeHeuristic) -> None:
    assert said(member, two(THEIRS, MINE)) == 1
    assert said(member, two(MINE, THEIRS)) == 0
    assert said(member, two(MINE, MINE)) == "none"
    assert said(member, two(THEIRS, THEIRS)) == "none"
    assert said(member, two(MINE)) == "unknown"  # no spend of the other is seen
    coinjoin = Fate(spender(HEAD, fee_sat=200, is_excluded=True))
    assert said(member, two(MINE, coinjoin)) == "unknown"
    assert said(member, two(THEIRS, MINE, traits=None, fee_sat=None)) == "unknown"
