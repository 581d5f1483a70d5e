"""Whirlpool tx0: one owner's coins cut into equal pieces, each a little larger than a pool's size.

Source: whirlpool-server's documentation (pools: an entrant's coin holds the pool's size plus a
share of the mining fee; fee paid to the coordinator once a tx0) and Schnoering, Vazirgiannis,
"Heuristics for Detecting CoinJoin Transactions on the Bitcoin Blockchain" (arXiv 2311.12491), on
Whirlpool. The OP_RETURN holds the encrypted payment code and counters: 64 bytes, later 80.

A tx0 is no CoinJoin: inputs and outputs belong to one wallet, but for the coordinator's fee. It
shows that the owner prepared coins for Whirlpool, not that they were mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.bitcoin.coinjoins.heuristic import (
    SEGWIT,
    Coin,
    Period,
    Rule,
    Shown,
    Verdict,
    fails,
    fired,
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

MESSAGE_BYTES = (65, 82)
"""Bytes after OP_RETURN: a push of 64, or a push of 80 by OP_PUSHDATA1."""
MOST_PIECES = 70
"""Most equal pieces of one tx0 in the clients' code (whirlpool-client, `Tx0Service`)."""
MOST_OTHERS = 3
"""The fee, and change of one or two kinds."""
FEE_PERCENT = 5
"""The coordinator's fee was 3.5 to 5 % of the pool's size, or less by a discount code."""

PERIOD = Period(
    FIRST_DAY,
    LAST_DAY,
    "As Whirlpool's mixes: Dumplings scans from block 570,000 (April 2019); the coordinator "
    "was seized on 24 April 2024; another was announced on 23 June 2025 (ashigaru.rs)",
    AGAIN_FROM,
)


@dataclass(frozen=True, slots=True)
class WhirlpoolTx0:
    """The member; see the module."""

    name: str = "whirlpool-tx0"
    version: str = "1"
    says: str = "premix"
    source: str = (
        "whirlpool-server, README: pools and tx0 fees; Schnoering, Vazirgiannis: Heuristics for "
        "Detecting CoinJoin Transactions on the Bitcoin Blockchain (2023), arXiv 2311.12491"
    )
    period: Period = PERIOD
    possible_from: date = SEGWIT
    words: tuple[str, ...] = (
        "method.whirlpool-tx0.1",
        "method.whirlpool-tx0.2",
        "method.whirlpool-tx0.3",
    )
    rules: tuple[Rule, ...] = (Rule("tx0", "method.whirlpool-tx0.3"),)
    protocol: str = "whirlpool"
    restates: str = ""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction; nothing need be known of its inputs."""
        notes = [coin for coin in shown.outputs if coin.kind is ScriptKind.OP_RETURN]
        if len(notes) != 1 or len(notes[0].payload) not in MESSAGE_BYTES or notes[0].value_sat:
            return fails(Phrase("why.tx0-note", {"count": len(notes)}))
        paid = [coin for coin in shown.outputs if coin.kind is not ScriptKind.OP_RETURN]
        for pool in POOLS_SAT:
            pieces = _pieces(paid, pool)
            others = len(paid) - len(pieces)
            if not pieces or not 1 <= others <= MOST_OTHERS or len(pieces) > MOST_PIECES:
                continue
            fees = [
                value
                for coin in paid
                if (value := coin.value_sat or 0) <= pool * FEE_PERCENT // 100
            ]
            if fees:
                return fired(
                    "tx0",
                    Phrase(
                        "why.tx0-pieces",
                        {"count": len(pieces), "value": pieces[0].value_sat or 0, "pool": pool,
                         "fee": max(fees)},
                    ),
                )  # fmt: skip
        return fails(Phrase("why.tx0-no-pieces"))


def _pieces(paid: list[Coin], pool: int) -> list[Coin]:
    """The largest group of equal P2WPKH outputs a little above the pool's size."""
    groups: dict[int, list[Coin]] = {}
    for coin in paid:
        value = coin.value_sat or 0
        if coin.kind is ScriptKind.P2WPKH and pool < value <= pool + MOST_ABOVE_SAT:
            groups.setdefault(value, []).append(coin)
    return max(groups.values(), key=len, default=[])


WHIRLPOOL_TX0 = WhirlpoolTx0()
