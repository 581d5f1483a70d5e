"""Wasabi 2 (WabiSabi): many coins, largest first, almost all outputs of standard denominations.

Source: the rule for Wasabi 2 in crocs-muni/Dumplings (Scanner.cs), used by Švenda, Gavenda,
Mavroudis, Hicks, "CoinJoin ecosystem insights for Wasabi 1.x, Wasabi 2.x and Whirlpool
coordinator-based privacy mixers", PETS 2026; the denominations are those of Wasabi's
`DenominationBuilder` (powers of 2, of 3 and twice those, of 10 and 2 and 5 times those, from 5,000
sat). The protocol: Ficsór, Kogman, Ontivero, Seres, "WabiSabi: Centrally Coordinated CoinJoins
with Variable Amounts" (2021).

Clients take a fresh script for each output. A transaction that pays the same few scripts again and
again is none of theirs though it has the denominations: crocs-muni/coinjoin-analysis (README, on
false positives) discards those with 70 % and more of the scripts used again; so does this rule.

The published rule asks for twenty inputs, as the first coordinator asked for 21. Others run rounds
of fewer (WalletWasabi 2, WabiSabiConfig: the least number of inputs is the coordinator's to set).
Version 2 is *unsure* of three to nineteen inputs with all else, by `few-inputs`, where two or more
different denominations occur: with one alone it has Whirlpool's form. It is Kancil's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.bitcoin.coinjoins.heuristic import (
    SEGWIT,
    Period,
    Rule,
    Shown,
    Verdict,
    doubts,
    fails,
    falls,
    fired,
    kinds_of,
    untold,
)
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase

LEAST_INPUTS = 20
LEAST_FEW_INPUTS = 3
"""With so many and fewer than LEAST_INPUTS it is unsure."""
LEAST_DIFFERENT = 2
"""Different standard denominations among the outputs of a round of few inputs."""
STANDARD_PERCENT = 80
"""More than this share of the outputs has a standard denomination."""
AGAIN_PERCENT = 70
"""From this share of scripts used again, in inputs or in outputs, it is none."""
LEAST_SAT, MOST_SAT = 5_000, 134_375_000_000
NATIVE = frozenset({ScriptKind.P2WPKH, ScriptKind.P2TR})


def denominations() -> frozenset[int]:
    """The standard denominations in satoshi."""
    found = set()
    for base, times in ((2, (1,)), (3, (1, 2)), (10, (1, 2, 5))):
        power = 1
        while power <= MOST_SAT:
            found |= {power * each for each in times if LEAST_SAT <= power * each <= MOST_SAT}
            power *= base
    return frozenset(found)


STANDARD = denominations()

PUBLISHED, OWN = "method.wasabi2.3", "method.wasabi2.own"
PERIOD = Period(
    date(2022, 6, 15),
    None,
    "Wasabi 2.0 came out in June 2022 (Dumplings scans from block 741,213, 18 June 2022); "
    "zkSNACKs ended its coordinator on 1 June 2024, others run since",
)


@dataclass(frozen=True, slots=True)
class Wasabi2:
    """The member; see the module."""

    name: str = "wasabi2"
    version: str = "2"
    says: str = "coinjoin"
    source: str = (
        "Švenda, Gavenda, Mavroudis, Hicks: CoinJoin ecosystem insights for Wasabi 1.x, Wasabi "
        "2.x and Whirlpool coordinator-based privacy mixers. PETS 2026; crocs-muni/Dumplings, "
        "Scanner.cs; Ficsór, Kogman, Ontivero, Seres: WabiSabi (2021)"
    )
    period: Period = PERIOD
    possible_from: date = SEGWIT
    words: tuple[str, ...] = ("method.wasabi2.1", "method.wasabi2.few", OWN, PUBLISHED)
    rules: tuple[Rule, ...] = (
        Rule("standard-denominations", PUBLISHED),
        Rule("few-inputs", OWN, is_sure=False),
    )
    protocol: str = "wasabi2"
    restates: str = "Dumplings"
    knows_few: bool = True
    """Whether rounds of fewer than twenty inputs are told: from version 2."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; values and scripts of its inputs are needed."""
        inputs, outputs = len(shown.inputs), len(shown.outputs)
        is_small = inputs < LEAST_INPUTS
        least = LEAST_FEW_INPUTS if self.knows_few else LEAST_INPUTS
        if inputs < least:
            return fails(Phrase("why.wasabi2-inputs", {"inputs": inputs, "least": least}))
        if not shown.repeated_values:
            return fails(Phrase("why.no-equal-outputs"))
        if not falls(shown.output_values):
            return fails(Phrase("why.wasabi2-order"))
        standard = sum(value in STANDARD for value in shown.output_values)
        if standard * 100 <= outputs * STANDARD_PERCENT:
            return fails(Phrase("why.wasabi2-standard", {"standard": standard, "outputs": outputs}))
        different = len(STANDARD & set(shown.output_values))
        if is_small and different < LEAST_DIFFERENT:
            return fails(Phrase("why.wasabi2-alike"))
        if _mostly_again(shown.output_scripts, outputs):
            return fails(
                Phrase("why.wasabi2-again", {"scripts": shown.output_scripts, "coins": outputs})
            )
        values = shown.input_values
        if values is None or not shown.has_known_inputs:
            return untold()
        if not kinds_of(shown.inputs) <= NATIVE:
            return fails(Phrase("why.wasabi2-kinds"))
        if not falls(values):
            return fails(Phrase("why.wasabi2-order"))
        if _mostly_again(shown.input_scripts, inputs):
            return fails(
                Phrase("why.wasabi2-again", {"scripts": shown.input_scripts, "coins": inputs})
            )
        params = {"standard": standard, "outputs": outputs, "inputs": inputs}
        if is_small:
            return doubts(
                "few-inputs", Phrase("why.wasabi2-few", {**params, "least": LEAST_INPUTS})
            )
        return fired("standard-denominations", Phrase("why.wasabi2-round", params))


def _mostly_again(scripts: int, coins: int) -> bool:
    return (coins - scripts) * 100 >= coins * AGAIN_PERCENT


WASABI2 = Wasabi2()
WASABI2_1 = Wasabi2(
    version="1",
    words=("method.wasabi2.1", "method.wasabi2.2", PUBLISHED),
    rules=(Rule("standard-denominations", PUBLISHED),),
    knows_few=False,
)
