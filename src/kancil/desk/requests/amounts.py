"""Amounts that an answer states: held, paid back, confiscated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kancil.evidence.tables.amount import AmountForm, read_amount
from kancil.ground.phrase import Phrase

from .errors import AmountsNotUsable

AMOUNTS = ("held", "returned", "confiscated")
_PLAIN = AmountForm(".", ",")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much, as the other side says."""

    what: str
    """One of `AMOUNTS`."""
    amount: str
    asset: str


def check_amounts(amounts: Iterable[Amount]) -> None:
    """Raise AmountsNotUsable for one that is no number, or has no asset."""
    for each in amounts:
        read = read_amount(each.amount, _PLAIN)
        if each.what not in AMOUNTS or not each.asset or read is None or read.value < 0:
            raise AmountsNotUsable(why=Phrase("why.answer-amount"))
