"""Labels that a fact of the protocol itself contradicts: read from the labelled data, by no rule.

Labels come from `kancil.bitcoin.evaluation.evaluate`, facts go back there. A fact counts only if it
follows from what the protocol's published program does, and if no heuristic that is measured asks
for it: else a rule would choose what it is measured by. Which of two labels is wrong a fact does
not say; a contested label is not a wrong one.

**A coin of the pool's size into a mix** (Whirlpool). The published coordinator takes a coin of
exactly the pool's size from mixes alone; a tx0's coins must be larger, by the least mining fee
(whirlpool-server, README, *UTXO amounts*; `Pool.checkInputBalance`, `InputValidationService`:
*joined as liquidity but is a mustMix*). So where a listed mix takes such a coin from a transaction
that is listed as none, or as a tx0, the two labels contradict each other; and so on for the coins
of that size which that transaction took. The other way round nothing follows: whoever spends a mix
takes coins of the pool's size. So contesting goes one way: the label of the giver is left out,
never that of the taker, though that may be the wrong one. What is left out may lower the count of
false positives of `whirlpool`, and of false negatives of `whirlpool-tx0`; it can raise none.

**Outputs out of order** (Wasabi 1). The coordinator puts the outputs of a round in order, from the
smallest to the largest, since July 2019 (WalletWasabi, pull request 1719; `CoordinatorRound`,
`SortByAmount`), and participants sign it so. What is listed as a round and is not in that order
would be another program's. Asked from January 2020 on, when that version had long been out.

That the coordinators ran the published programs, with a least mining fee that is not zero, is
assumed; `docs/reference/heuristics.md` says what the sets show of it, and what they cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.ground.phrase import Phrase

SORTED_FROM = date(2020, 1, 1)
"""First day from which rounds of Wasabi 1 are taken to be in order."""
WHIRLPOOL, WHIRLPOOL_TX0, WASABI1 = "whirlpool", "whirlpool-tx0", "wasabi1"
"""Names of the heuristics whose kinds the facts are about."""

LabelOf = Callable[[str, str], bool | None]
"""Says by txid and heuristic what the sets say; None: nothing, or one this and another that."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What contradicts a label."""

    why: Phrase
    shows: str
    """Heuristic of whose kind the transaction then is; empty where the fact does not tell."""


@dataclass(slots=True)
class Seen:
    """What the facts need of labelled transactions, kept as they are read."""

    taken: dict[str, frozenset[str]] = field(default_factory=dict)
    """Of a transaction whose outputs all have one value, sources of its coins of that value."""
    unsorted: dict[str, int] = field(default_factory=dict)
    """Of a transaction since `SORTED_FROM`, first output that is smaller than the one before."""

    def see(self, shown: Shown) -> None:
        """Keep what is needed of a transaction; each may be seen once or more."""
        values = shown.output_values
        if shown.spends is not None and values and len(set(values)) == 1:
            sources = frozenset(
                txid
                for (txid, _), coin in zip(shown.spends, shown.inputs, strict=True)
                if coin.value_sat == values[0]
            )
            if sources:
                self.taken[shown.txid] = sources
        if shown.time is not None and shown.time.date() >= SORTED_FROM:
            places = (n for n, (before, after) in enumerate(pairwise(values), 1) if before > after)
            if (place := next(places, None)) is not None:
                self.unsorted[shown.txid] = place

    def contested(self, label_of: LabelOf) -> dict[tuple[str, bool], dict[str, Fact]]:
        """By heuristic and label the transactions whose label a fact contradicts."""
        mixes = self._shown_mixes(label_of)
        rounds = {
            txid: Fact(Phrase("why.contested-order", {"output": place}), "")
            for txid, place in self.unsorted.items()
        }
        return {
            (heuristic, label): {
                txid: fact for txid, fact in facts.items() if label_of(txid, heuristic) is label
            }
            for heuristic, label, facts in (
                (WHIRLPOOL, False, mixes),
                (WHIRLPOOL_TX0, True, mixes),
                (WASABI1, True, rounds),
            )
        }

    def _shown_mixes(self, label_of: LabelOf) -> dict[str, Fact]:
        """What by the fact would be a mix: by the coins that listed mixes take from it."""
        key = "why.contested-pool-coin"
        takers = sorted(txid for txid in self.taken if label_of(txid, WHIRLPOOL) is True)
        shown: dict[str, Fact] = {}
        while takers:
            found: dict[str, Fact] = {}
            for taker in takers:
                for source in sorted(self.taken.get(taker, ())):
                    is_new = source not in shown and source not in found
                    if is_new and label_of(source, WHIRLPOOL) is not True:
                        found[source] = Fact(Phrase(key, {"mix": taker}), WHIRLPOOL)
            shown |= found
            takers = sorted(found)
            key = "why.contested-pool-coin-further"
        return shown
