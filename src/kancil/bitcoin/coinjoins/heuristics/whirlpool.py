"""Whirlpool mix: as many outputs as inputs, all of one pool's size, paid for by new entrants.

Source: the rule for Samourai in Ficsór's Dumplings (nopara73/Dumplings, Scanner.cs), published as
the Samourai CoinJoin detection heuristic by Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei,
"Adoption and Actual Privacy of Decentralized CoinJoin Implementations in Bitcoin", AFT 2022
(arXiv 2109.10229): five equal outputs of a pool's size p, five inputs, one to three of them p, the
others up to p + 0.0011 BTC. Since 15 May 2023 rounds may be larger ("surge cycles", Samourai's own
announcement); crocs-muni/Dumplings takes 5 to 10.

The published rule asks for P2WPKH outputs: `five`, and `surge` for 6 to 10. Where some outputs go
to other native segwit scripts, `five-other-scripts` and `surge-other-scripts` fire: no source has
these, they are Kancil's own. A client may mix straight into another wallet, such as a multisig
one's P2WSH. The lists held label every such transaction as no mix; of some of them listed mixes
take coins of exactly the pool's size, which the published coordinator takes from mixes alone
(whirlpool-server: `Pool.checkInputBalance`, `InputValidationService`). Version 1 calls the same
transactions, all `five` or `surge`, so what is known of the published rule's error is not all that
is to be known of version 1's: it has a sentence of its own.

What it proves: that the transaction has this form. It does not show which output is whose. Pools
of other sizes (later coordinators') are not covered.
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
    fails,
    fired,
    kinds_of,
    untold,
)
from kancil.bitcoin.coinjoins.whirlpool_pools import (
    AGAIN_FROM,
    FIRST_DAY,
    LAST_DAY,
    MOST_ABOVE_SAT,
    POOLS_SAT,
)
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase

LEAST_INPUTS, MOST_INPUTS = 5, 10
NATIVE = frozenset({ScriptKind.P2WPKH, ScriptKind.P2WSH, ScriptKind.P2TR})

PUBLISHED, ANY_SCRIPT = "method.whirlpool.3", "method.whirlpool.any-script"
OTHER_SCRIPTS = "method.whirlpool.other-scripts"

PERIOD = Period(
    FIRST_DAY,
    LAST_DAY,
    "Dumplings scans from block 570,000 (April 2019), two months before the announcement of "
    "17 June 2019; the coordinator was seized on 24 April 2024. Another coordinator was "
    "announced on 23 June 2025 (ashigaru.rs)",
    AGAIN_FROM,
)


@dataclass(frozen=True, slots=True)
class Whirlpool:
    """The member; see the module."""

    name: str = "whirlpool"
    version: str = "2"
    says: str = "coinjoin"
    source: str = (
        "Stütz, Stockinger, Haslhofer, Moreno-Sanchez, Maffei: Adoption and Actual Privacy of "
        "Decentralized CoinJoin Implementations in Bitcoin. AFT 2022 (arXiv 2109.10229); "
        "Dumplings, Scanner.cs; Samourai: Introducing Whirlpool Surge Cycles (2023)"
    )
    period: Period = PERIOD
    possible_from: date = SEGWIT
    words: tuple[str, ...] = (
        "method.whirlpool.1",
        "method.whirlpool.2",
        OTHER_SCRIPTS,
        PUBLISHED,
    )
    rules: tuple[Rule, ...] = (
        Rule("five", PUBLISHED),
        Rule("surge", PUBLISHED),
        Rule("five-other-scripts", OTHER_SCRIPTS),
        Rule("surge-other-scripts", OTHER_SCRIPTS),
    )
    protocol: str = "whirlpool"
    restates: str = "Dumplings"
    tells_scripts: bool = True
    """Whether outputs to other scripts than P2WPKH have rules of their own: from version 2."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; input values are needed."""
        pool, count = shown.most_common
        if not LEAST_INPUTS <= len(shown.outputs) <= MOST_INPUTS:
            return fails(
                Phrase(
                    "why.whirlpool-size",
                    {"outputs": len(shown.outputs), "least": LEAST_INPUTS, "most": MOST_INPUTS},
                )
            )
        if len(shown.inputs) != len(shown.outputs):
            return fails(
                Phrase(
                    "why.whirlpool-as-many",
                    {"inputs": len(shown.inputs), "outputs": len(shown.outputs)},
                )
            )
        if pool not in POOLS_SAT or count != len(shown.outputs):
            return fails(Phrase("why.whirlpool-pool", {"count": count, "value": pool}))
        if not kinds_of(shown.outputs) <= NATIVE or shown.output_scripts != count:
            return fails(Phrase("why.whirlpool-outputs", {"scripts": shown.output_scripts}))
        values = shown.input_values
        if values is None or not shown.has_known_inputs:
            return untold()
        if kinds_of(shown.inputs) != {ScriptKind.P2WPKH} or shown.input_scripts != count:
            return fails(Phrase("why.whirlpool-inputs", {"scripts": shown.input_scripts}))
        again = values.count(pool)
        fresh = [value for value in values if value != pool]
        if not again or not fresh:
            return fails(Phrase("why.whirlpool-both", {"again": again, "fresh": len(fresh)}))
        if not pool < min(fresh) <= max(fresh) <= pool + MOST_ABOVE_SAT:
            return fails(
                Phrase("why.whirlpool-above", {"most": max(fresh) - pool, "cap": MOST_ABOVE_SAT})
            )
        rule = "five" if count == LEAST_INPUTS else "surge"
        params = {
            "count": count,
            "pool": pool,
            "again": again,
            "fresh": len(fresh),
            "most": max(fresh) - pool,
        }
        others = sum(coin.kind is not ScriptKind.P2WPKH for coin in shown.outputs)
        if others and self.tells_scripts:
            why = Phrase("why.whirlpool-mix-other-scripts", {**params, "others": others})
            return fired(f"{rule}-other-scripts", why)
        return fired(rule, Phrase("why.whirlpool-mix", params))


WHIRLPOOL = Whirlpool()
WHIRLPOOL_1 = Whirlpool(
    version="1",
    words=("method.whirlpool.1", "method.whirlpool.2", ANY_SCRIPT),
    rules=(Rule("five", ANY_SCRIPT), Rule("surge", ANY_SCRIPT)),
    tells_scripts=False,
)
