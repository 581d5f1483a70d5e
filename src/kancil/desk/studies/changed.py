"""Change of a transaction for whoever may not wait: the command's answer, or none.

How much is to be read is counted before anything is judged: half an answer would look like a whole
one.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from enum import Enum

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change.combine import COMBINATIONS, Combination
from kancil.bitcoin.change.seen import coins_read, payments_read
from kancil.bitcoin.change.views import ChangeView, ask_change

from .errors import AnswerTakesLong

MOST_COINS = 5_000
"""Of a transaction and of those that spend its outputs: more are not read while a page waits."""
MOST_PAYMENTS = 500_000
"""To the addresses that it pays: more are not gone through while a page waits."""


class TooMuch(Enum):
    """What of a transaction is too much to be read while a page or a program waits."""

    COINS = "coins"
    """More than `MOST_COINS`."""
    PAYMENTS = "payments"
    """More than `MOST_PAYMENTS`."""


def too_much(chain: Chain, tx: int) -> TooMuch | None:
    """What is too much of the transaction in this row of the columns, None if nothing is."""
    if coins_read(chain, tx) > MOST_COINS:
        return TooMuch.COINS
    return TooMuch.PAYMENTS if payments_read(chain, tx) > MOST_PAYMENTS else None


def command_of(chain: Chain, tx: int, combinations: Sequence[Combination] = COMBINATIONS) -> str:
    """The command that answers the same question, however long it takes."""
    words = ["kancil", "bitcoin", "change", chain.name, chain.txid(tx)]
    for each in combinations if tuple(combinations) != COMBINATIONS else ():
        words += ["--combine", each.name]
    return shlex.join(words)


def change_soon(chain: Chain, txid: str, combinations: Sequence[Combination]) -> ChangeView:
    """Ask as the command does, or not at all.

    Raises AnswerTakesLong, NameNotReadable, NotInChain.
    """
    tx = chain.tx_row(txid)
    if too_much(chain, tx) is not None:
        raise AnswerTakesLong(command=command_of(chain, tx, combinations))
    return ask_change(chain, txid, combinations)
