"""JoinMarket: a taker's amount paid out equally to each participant, and change to all makers.

Source: JoinMarket's own test for transactions of its pattern (joinmarket-clientserver,
`jmbitcoin/secp256k1_transaction.py`, `is_jm_tx`: one value shared by at least three outputs and
worth at least 75,000 sat, as many other outputs or one fewer, no fewer inputs than participants);
Goldfeder, Kalodner, Reisman, Narayanan, "When the cookie meets the blockchain", PETS 2018, section
on CoinJoin, and BlockSci's `isCoinjoin` after it (inputs of no fewer scripts than participants);
Möser, Böhme, "Join Me on a Market for Anonymity", WEIS 2016. Besides: a JoinMarket wallet holds
scripts of one form (P2PKH, then P2SH, now P2WPKH) and its makers offer coins of that form, so all
but the taker's one payment have it.

Makers are paid: each gets out a little more than it put in (`kancil.bitcoin.coinjoins.balance`).
Where at least half the change outputs balance so with one or two inputs, the rule `makers-paid`
fires; else only `form`. Payments to many people may have the form by chance.

Version 2 differs from `is_jm_tx`, and so from version 1, in two places. Makers of equal balance get
equal change, so further values may be shared: `makers-paid-equal-change`, and, if nobody is seen to
earn, *unsure* by `form-equal-change`. And the program lets people join with less than 75,000 sat,
which the pattern leaves out since much else pays small equal amounts: *unsure* by `small`. These
three rules are Kancil's own.

Transactions with two participants are not told here, as in JoinMarket's own test: too much else
looks the same. `equal-output` tells them, without a protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.bitcoin.coinjoins.balance import are_makers_paid, balanced
from kancil.bitcoin.coinjoins.heuristic import (
    GENESIS,
    Period,
    Rule,
    Shown,
    Verdict,
    doubts,
    fails,
    fired,
    kinds_of,
    untold,
)
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase

LEAST_EQUAL = 3
LEAST_SAT = 75_000
WALLETS = frozenset({ScriptKind.P2PKH, ScriptKind.P2SH, ScriptKind.P2WPKH})

PUBLISHED, OWN = "method.joinmarket.3", "method.joinmarket.own"
PERIOD = Period(
    date(2015, 1, 9),
    None,
    "Announced on 9 January 2015; the first known transaction is of 7 May 2015 (Dumplings, "
    "Constants.cs). The program is archived; its market still runs",
)


@dataclass(frozen=True, slots=True)
class JoinMarket:
    """The member; see the module."""

    name: str = "joinmarket"
    version: str = "2"
    says: str = "coinjoin"
    source: str = (
        "joinmarket-clientserver, is_jm_tx; Goldfeder, Kalodner, Reisman, Narayanan: When the "
        "cookie meets the blockchain. PETS 2018(4); BlockSci, isCoinjoin; Möser, Böhme: Join Me "
        "on a Market for Anonymity. WEIS 2016"
    )
    period: Period = PERIOD
    possible_from: date = GENESIS
    words: tuple[str, ...] = (
        "method.joinmarket.1",
        "method.joinmarket.2",
        OWN,
        PUBLISHED,
    )
    rules: tuple[Rule, ...] = (
        Rule("makers-paid", PUBLISHED),
        Rule("form", PUBLISHED),
        Rule("makers-paid-equal-change", OWN),
        Rule("form-equal-change", OWN, is_sure=False),
        Rule("small", OWN, is_sure=False),
    )
    protocol: str = "joinmarket"
    restates: str = ""
    has_doubts: bool = True
    """Whether change may be equal too, and amounts small: from version 2."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; the scripts of its inputs are needed, their values help."""
        value, count = _equal(shown) if self.has_doubts else shown.most_common
        others = len(shown.outputs) - count
        is_alike = shown.repeated_values > 1
        if count < LEAST_EQUAL or shown.repeated_values < 1 or (is_alike and not self.has_doubts):
            return fails(
                Phrase(
                    "why.joinmarket-equal",
                    {"count": count, "values": shown.repeated_values, "least": LEAST_EQUAL},
                )
            )
        if value < LEAST_SAT and not self.has_doubts:
            return fails(Phrase("why.joinmarket-small", {"value": value, "least": LEAST_SAT}))
        if others not in (count, count - 1):
            return fails(Phrase("why.joinmarket-change", {"count": count, "others": others}))
        if len(shown.inputs) < count:
            return fails(Phrase("why.fewer-inputs", {"inputs": len(shown.inputs), "count": count}))
        if shown.output_scripts != len(shown.outputs):
            return fails(Phrase("why.joinmarket-again", {"scripts": shown.output_scripts}))
        if None in kinds_of(shown.inputs):
            return untold()
        if shown.input_scripts < count:
            return fails(
                Phrase("why.few-scripts", {"scripts": shown.input_scripts, "count": count})
            )
        kinds = kinds_of(shown.inputs)
        kind = min(kinds, key=str)
        if len(kinds) != 1 or kind not in WALLETS:
            return fails(Phrase("why.joinmarket-wallets", {"kinds": len(kinds)}))
        strange = [coin for coin in shown.outputs if coin.kind is not kind]
        if len(strange) > 1 or any(coin.value_sat != value for coin in strange):
            return fails(Phrase("why.joinmarket-outputs", {"count": len(strange)}))
        return _fired(shown, value, count, is_alike=is_alike)


def _equal(shown: Shown) -> tuple[int, int]:
    """The equal amount and how many outputs have it.

    Where half of the outputs share one value and half another, it is the one beside which makers
    are paid.
    """
    halves = shown.equal_halves
    if not halves:
        return shown.most_common
    count = (len(shown.outputs) + 1) // 2
    paid = (value for value in halves if are_makers_paid(shown, len(shown.outputs) - count, value))
    return next(paid, halves[0]), count


def _fired(shown: Shown, value: int, count: int, *, is_alike: bool) -> Verdict:
    """The verdict on what has the form; `is_alike`: further values are shared."""
    others = len(shown.outputs) - count
    params = {
        "count": count,
        "value": value,
        "others": others,
        "inputs": len(shown.inputs),
        "paid": balanced(shown, equal=value),
    }
    if value < LEAST_SAT:
        return doubts("small", Phrase("why.joinmarket-low", {**params, "least": LEAST_SAT}))
    is_paid = are_makers_paid(shown, others, value)
    if not is_alike:
        if is_paid:
            return fired("makers-paid", Phrase("why.joinmarket-paid", params))
        return fired("form", Phrase("why.joinmarket-form", params))
    params["values"] = shown.repeated_values
    if is_paid:
        return fired("makers-paid-equal-change", Phrase("why.joinmarket-paid-alike", params))
    return doubts("form-equal-change", Phrase("why.joinmarket-form-alike", params))


JOINMARKET = JoinMarket()
JOINMARKET_1 = JoinMarket(
    version="1",
    words=("method.joinmarket.1", "method.joinmarket.2", PUBLISHED),
    rules=(Rule("makers-paid", PUBLISHED), Rule("form", PUBLISHED)),
    has_doubts=False,
)
