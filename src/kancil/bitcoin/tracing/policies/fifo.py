"""FIFO: first in, first out; the first satoshi of the inputs is the first of the outputs.

Source: Clayton's case (Devaynes v Noble (1816) 35 ER 767, 781), applied to Bitcoin by Anderson,
Shumailov, Ahmed, "Making Bitcoin Legal", Security Protocols Workshop 2018 (LNCS 11286). Outputs
are paid first, in their order; the fee is what is left, as the last place.

The order of inputs and outputs inside a transaction is chosen by the wallet that made it, often
at random or sorted (BIP 69): the reversed order is computed beside it and shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.tracing import places
from kancil.bitcoin.tracing.policy import Coins, Spend, Split


@dataclass(frozen=True, slots=True)
class Fifo:
    """The member; see the module."""

    name: str = "fifo"
    version: str = "1"
    source: str = (
        "Devaynes v Noble (Clayton's case) (1816) 35 ER 767, 781; Anderson, Shumailov, Ahmed: "
        "Making Bitcoin Legal. Security Protocols XXVI (2018), LNCS 11286"
    )
    words: tuple[str, ...] = (
        "method.fifo.1",
        "method.fifo.2",
        "method.fifo.3",
        "method.fifo.4",
    )
    conserves: bool = True
    has_order: bool = True

    def begin(self, value: int, share: int) -> Coins:
        """The places of a start: all of them, or not known which."""
        return places.begin(value, share)

    def doubt(self, value: int, most: int) -> Coins:
        """An arm that may hold up to `most`, anywhere in it."""
        return places.doubt(value, most)

    def join(self, flow: Coins, start: Coins, value: int) -> Coins:
        """The places of either."""
        return places.join(flow, start, value)

    def forward(self, spend: Spend) -> Split:
        """Pay the outputs from the inputs in their order, the fee last."""
        return places.forward(spend, last_first=False)

    def backward(self, spend: Spend) -> Split:
        """The inputs whose places the asked satoshi had."""
        return places.backward(spend, last_first=False)


FIFO = Fifo()
