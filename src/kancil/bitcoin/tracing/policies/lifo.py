"""LIFO: last in, first out; the last satoshi of the inputs is the first of the outputs.

Source: the last-in, first-out cost formula of accountancy, allowed by IAS 2 until its revision
of 2003 and not since; no judgment is known that follows Bitcoin by it. It stands here as the
opposite of FIFO: where both agree, the order inside the transaction did not matter. The inputs
are a stack of single satoshi: the last one of the last input pays the first output; the fee is
what is left at the bottom, the first satoshi of the first input.

The order of inputs and outputs inside a transaction is chosen by the wallet that made it, often
at random or sorted (BIP 69): the reversed order is computed beside it and shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.tracing import places
from kancil.bitcoin.tracing.policy import Coins, Spend, Split


@dataclass(frozen=True, slots=True)
class Lifo:
    """The member; see the module."""

    name: str = "lifo"
    version: str = "1"
    source: str = (
        "Last-in, first-out cost formula of accountancy: IAS 2 Inventories, allowed until the "
        "revision of 2003"
    )
    words: tuple[str, ...] = (
        "method.lifo.1",
        "method.lifo.2",
        "method.lifo.3",
        "method.lifo.4",
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
        """Pay the outputs from the inputs' last satoshi backwards, the fee last."""
        return places.forward(spend, last_first=True)

    def backward(self, spend: Spend) -> Split:
        """The inputs whose places the asked satoshi had."""
        return places.backward(spend, last_first=True)


LIFO = Lifo()
