"""Wasabi 1 (ZeroLink): ten or more equal outputs of about 0.1 BTC, change beside them, all P2WPKH.

Source: Ficsór's rule in Dumplings (nopara73/Dumplings, Scanner.cs, from block 610,000), published
as the Wasabi CoinJoin detection heuristic by Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei,
"Adoption and Actual Privacy of Decentralized CoinJoin Implementations in Bitcoin", AFT 2022 (arXiv
2109.10229). The base denomination began at 0.1 BTC and moved a little from round to round; larger
participants also received doubles of it. The protocol: Ficsór, TDevD, "ZeroLink: The Bitcoin
Fungibility Framework" (2017).

Unlike Dumplings', the rule leaves out what has JoinMarket's form (one value shared, as many other
outputs or one fewer) and in which participants earn (`kancil.bitcoin.balance`): everyone in a
Wasabi round pays. Dumplings' list holds such transactions, some of them on the list of false ones
of crocs-muni/coinjoin-analysis.

Rounds before block 610,000 (January 2020) are told by Dumplings from fixed addresses of the
coordinator; this rule sees them only where they have the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.bitcoin.balance import are_makers_paid
from kancil.bitcoin.heuristic import (
    SEGWIT,
    Period,
    Rule,
    Shown,
    Verdict,
    fails,
    fired,
    kinds_of,
    untold,
)
from kancil.bitcoin.scriptkind import ScriptKind
from kancil.ground.phrase import Phrase

BASE_SAT, OFF_SAT = 10_000_000, 2_000_000
"""0.1 BTC, give or take 0.02."""
LEAST_EQUAL = 10
LEAST_SINGLE = 2
"""Outputs of a value no other has: change, and the coordinator's fee."""

PERIOD = Period(
    date(2018, 7, 5),
    date(2024, 6, 1),
    "Dumplings scans from block 530,500 (5 July 2018); zkSNACKs ended its coordinators on "
    "1 June 2024",
)


@dataclass(frozen=True, slots=True)
class Wasabi1:
    """The member; see the module."""

    name: str = "wasabi1"
    version: str = "1"
    says: str = "coinjoin"
    source: str = (
        "Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei: Adoption and Actual Privacy of "
        "Decentralized CoinJoin Implementations in Bitcoin. AFT 2022 (arXiv 2109.10229); "
        "Dumplings, Scanner.cs; Ficsór, TDevD: ZeroLink (2017)"
    )
    period: Period = PERIOD
    possible_from: date = SEGWIT
    words: tuple[str, ...] = ("method.wasabi1.1", "method.wasabi1.2", "method.wasabi1.3")
    rules: tuple[Rule, ...] = (Rule("base-denomination", "method.wasabi1.3"),)
    protocol: str = "wasabi1"
    restates: str = "Dumplings"

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; the scripts of its inputs are needed, at times their values."""
        value, count = shown.most_common
        if count < LEAST_EQUAL:
            return fails(Phrase("why.wasabi1-equal", {"count": count, "least": LEAST_EQUAL}))
        if abs(value - BASE_SAT) > OFF_SAT:
            return fails(Phrase("why.wasabi1-base", {"value": value, "base": BASE_SAT}))
        if len(shown.inputs) < count:
            return fails(Phrase("why.fewer-inputs", {"inputs": len(shown.inputs), "count": count}))
        single = sum(times == 1 for times in shown.value_counts.values())
        if single < LEAST_SINGLE:
            return fails(Phrase("why.wasabi1-single", {"single": single}))
        if kinds_of(shown.outputs) != {ScriptKind.P2WPKH}:
            return fails(Phrase("why.wasabi1-kinds"))
        if None in kinds_of(shown.inputs):
            return untold()
        if kinds_of(shown.inputs) != {ScriptKind.P2WPKH}:
            return fails(Phrase("why.wasabi1-kinds"))
        others = len(shown.outputs) - count
        if shown.repeated_values == 1 and others in (count, count - 1):
            if shown.input_values is None:
                return untold()
            if are_makers_paid(shown, others):
                return fails(Phrase("why.wasabi1-earned", {"count": count, "others": others}))
        return fired(
            "base-denomination",
            Phrase(
                "why.wasabi1-round",
                {"count": count, "value": value, "inputs": len(shown.inputs), "single": single},
            ),
        )


WASABI1 = Wasabi1()
