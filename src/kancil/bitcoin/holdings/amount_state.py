"""What is known of the amounts of a transaction: the codes of `amounts` and its kernels."""

from __future__ import annotations

from enum import IntEnum


class AmountState(IntEnum):
    """What is known of the amounts of a transaction."""

    RIGHT = 0
    NOT_KNOWN = 1
    """An output it spends is not held; or, for new coins, a fee or the height is not known."""
    OVERSPENT = 2
    """It pays out more than it takes in."""
    REWARD = 3
    """New coins: more than the height allows and the block's fees."""
    RANGE = 4
    """It pays out more than 21 million bitcoin."""
