"""Equal outputs: the bare form of a CoinJoin, without a protocol.

Source: Maxwell's proposal (bitcointalk, "CoinJoin: Bitcoin privacy for the real world", 2013); the
counts are those of Goldfeder, Kalodner, Reisman, Narayanan, "When the cookie meets the blockchain",
PETS 2018, and of the rule for other CoinJoins in Dumplings (Scanner.cs): exactly one value is
shared by several outputs, as many outputs or one fewer are not of it, and neither inputs nor
outputs have fewer scripts than there are participants. Dumplings' further test, that no input is
larger than the equal amount and the largest change less 0.0001 BTC, is left out: a JoinMarket maker
is paid, so it fails where the form is purest.

Version 2 lets further values be shared, since those who bring equal coins get equal change: of
three and more participants `equal-change` fires. Two equal outputs beside two others that are equal
say less: *unsure*, by `two-pairs`. Both rules are Kancil's own.

The form is common outside CoinJoins: two people paid alike, and trades of tokens and inscriptions,
in which buyer and seller sign together. A yes therefore says that several owners may be at work,
and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
from kancil.ground.phrase import Phrase

LEAST_EQUAL = 2

PUBLISHED, OWN = "method.equal-output.3", "method.equal-output.own"
PERIOD = Period(
    date(2013, 8, 22),
    None,
    "Proposed on 22 August 2013; no single protocol",
)


@dataclass(frozen=True, slots=True)
class EqualOutput:
    """The member; see the module."""

    name: str = "equal-output"
    version: str = "2"
    says: str = "equal-outputs"
    source: str = (
        "Maxwell: CoinJoin: Bitcoin privacy for the real world (2013); Goldfeder, Kalodner, "
        "Reisman, Narayanan: When the cookie meets the blockchain. PETS 2018(4); Dumplings, "
        "Scanner.cs"
    )
    period: Period = PERIOD
    possible_from: date = GENESIS
    words: tuple[str, ...] = (
        "method.equal-output.1",
        "method.equal-output.2",
        OWN,
        PUBLISHED,
    )
    rules: tuple[Rule, ...] = (
        Rule("equal-amounts", PUBLISHED),
        Rule("equal-change", OWN),
        Rule("two-pairs", OWN, is_sure=False),
    )
    protocol: str = "equal-output"
    restates: str = "Dumplings"
    has_doubts: bool = True
    """Whether change may be equal too: from version 2."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; the scripts of its inputs are needed, not their values."""
        value, count = shown.most_common
        others = len(shown.outputs) - count
        is_alike = shown.repeated_values > 1
        if count < LEAST_EQUAL or (is_alike and not self.has_doubts):
            return fails(
                Phrase("why.equal-one-value", {"count": count, "values": shown.repeated_values})
            )
        if others not in (count, count - 1):
            return fails(Phrase("why.equal-change", {"count": count, "others": others}))
        if len(shown.inputs) < count:
            return fails(Phrase("why.fewer-inputs", {"inputs": len(shown.inputs), "count": count}))
        if shown.output_scripts < count:
            return fails(
                Phrase("why.few-scripts", {"scripts": shown.output_scripts, "count": count})
            )
        if None in kinds_of(shown.inputs):
            return untold()
        if shown.input_scripts < count:
            return fails(
                Phrase("why.few-scripts", {"scripts": shown.input_scripts, "count": count})
            )
        params = {"count": count, "value": value, "others": others, "scripts": shown.input_scripts}
        if not is_alike:
            return fired("equal-amounts", Phrase("why.equal-amounts", params))
        why = Phrase("why.equal-amounts-alike", {**params, "values": shown.repeated_values})
        return doubts("two-pairs", why) if count == LEAST_EQUAL else fired("equal-change", why)


EQUAL_OUTPUT = EqualOutput()
EQUAL_OUTPUT_1 = EqualOutput(
    version="1",
    words=("method.equal-output.1", "method.equal-output.2", PUBLISHED),
    rules=(Rule("equal-amounts", PUBLISHED),),
    has_doubts=False,
)
