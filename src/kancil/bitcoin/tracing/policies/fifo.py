"""FIFO: first in, first out; the first satoshi of the inputs is the first of the outputs.

Source: Clayton's case (Devaynes v Noble (1816) 35 ER 767, 781), applied to Bitcoin by Anderson,
Shumailov, Ahmed, "Making Bitcoin Legal", Security Protocols Workshop 2018 (LNCS 11286). Outputs
are paid first, in their order; the fee is what is left, as the last place.

The order of inputs and outputs inside a transaction is chosen by the wallet that made it, often
at random or sorted (BIP 69): the reversed order is computed beside it and shown.
"""

from __future__ import annotations

from kancil.bitcoin.tracing.places import ByPlaces

FIFO = ByPlaces(
    name="fifo",
    source=(
        "Devaynes v Noble (Clayton's case) (1816) 35 ER 767, 781; Anderson, Shumailov, Ahmed: "
        "Making Bitcoin Legal. Security Protocols XXVI (2018), LNCS 11286"
    ),
    words=("method.fifo.1", "method.fifo.2", "method.fifo.3", "method.fifo.4"),
    last_first=False,
)
