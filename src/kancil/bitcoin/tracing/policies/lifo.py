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

from kancil.bitcoin.tracing.places import ByPlaces

LIFO = ByPlaces(
    name="lifo",
    source=(
        "Last-in, first-out cost formula of accountancy: IAS 2 Inventories, allowed until the "
        "revision of 2003"
    ),
    words=("method.lifo.1", "method.lifo.2", "method.lifo.3", "method.lifo.4"),
    last_first=True,
)
