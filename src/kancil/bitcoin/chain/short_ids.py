"""Transactions by a shortened id, as pages and reports print it: its beginning, or both ends.

A store keeps its ids in the order of the chain, so each is looked at: a chain of more than
`MOST_LOOKED_AT` transactions is not searched.
"""

from __future__ import annotations

import re

import numpy as np

from kancil.bitcoin.blocks.columns import Array

from .chain import Chain

MOST_LOOKED_AT = 50_000_000
LEAST_DIGITS = 6
"""Of a shortened id: fewer name too many transactions."""
_SHORT = re.compile(
    r"([0-9a-f]{4,63})(?:\s?(?:\u2026|\.{2,3})\s?([0-9a-f]{4,60}))?(?::[0-9]{1,10})?"
)
_CHUNK = 1 << 21


def read_short(text: str) -> tuple[str, str] | None:
    """Beginning and end of a shortened id; None for what is none. A number alone is a height."""
    found = _SHORT.fullmatch(text.strip().lower())
    if found is None:
        return None
    head, tail = found[1], found[2] or ""
    if len(head) + len(tail) < LEAST_DIGITS or (not tail and head.isdigit()):
        return None
    return head, tail


def transactions_like(chain: Chain, head: str, tail: str, most: int) -> list[str] | None:
    """The ids that begin and end so, in the order of the rows; None: the chain is too large.

    `most`: no more than these.
    """
    ids, count = chain.columns.tx_id, chain.columns.tx_count
    if count > MOST_LOOKED_AT:
        return None
    found: dict[str, None] = {}
    for start in range(0, count, _CHUNK):
        # The bytes of an id are stored the other way round than people read them.
        part = np.asarray(ids[start : min(start + _CHUNK, count)])[:, ::-1]
        fits = _begins(part, head)
        if tail:
            fits &= _ends(part, tail)
        for row in np.flatnonzero(fits).tolist():
            found.setdefault(part[row].tobytes().hex())
            if len(found) >= most:
                return list(found)
    return list(found)


def _begins(rows: Array, digits: str) -> Array:
    whole, odd = divmod(len(digits), 2)
    wanted = np.frombuffer(bytes.fromhex(digits[: 2 * whole]), np.uint8)
    fits: Array = (rows[:, :whole] == wanted).all(axis=1)
    if odd:
        fits &= rows[:, whole] >> 4 == int(digits[-1], 16)
    return fits


def _ends(rows: Array, digits: str) -> Array:
    whole, odd = divmod(len(digits), 2)
    wanted = np.frombuffer(bytes.fromhex(digits[odd:]), np.uint8)
    fits: Array = (rows[:, 32 - whole :] == wanted).all(axis=1)
    if odd:
        fits &= rows[:, 31 - whole] & 15 == int(digits[0], 16)
    return fits
