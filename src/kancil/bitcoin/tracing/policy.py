"""What a taint policy must do: divide the traced coins of one transaction among its arms.

A policy is a legal choice, not a fact: the chain records that these inputs paid these outputs
together, never which satoshi went where. The trace (`kancil.bitcoin.tracing.trace`) hands each
transaction to a policy as a `Spend` and gets a `Split` back. Members stand in
`kancil.bitcoin.tracing.policies`; the arithmetic and its proofs in `docs/reference/policies.md`.

All amounts are Python integers in satoshi: products of two amounts pass 2^63, and one
transaction has a handful of arms, for which NumPy costs more than it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from kancil.ground.units import MAX_MONEY_SAT

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Places inside a coin: `(first, after the last)` satoshi, disjoint, not touching, ascending."""

UNKNOWN_VALUE = -1


class Coins(NamedTuple):
    """How much of one output's (or input's) value is traced: a lower and an upper bound."""

    lower: int
    """Satoshi, at least."""
    upper: int
    """Satoshi, at most."""
    certain: Spans = ()
    """Places that are traced whatever is not known; empty for policies that know no places."""
    possible: Spans = ()
    """Places that may be traced; holds `certain`."""

    @property
    def is_determined(self) -> bool:
        """Whether the amount is one number."""
        return self.lower == self.upper


NOTHING = Coins(0, 0)


@dataclass(frozen=True, slots=True)
class Spend:
    """One transaction as a policy sees it.

    Forward, `traced` has one entry an input; backward, one an output. A doubtful arm is one
    whose traced share nobody here can know (its source, or its spender, is not held): its
    `Coins` say 0 to at most what could be there, and all doubtful arms together hold at most
    `doubtful_cap` (None: no common limit).
    """

    input_values: Sequence[int]
    """Satoshi of each input in its order; `UNKNOWN_VALUE` where not known."""
    output_values: Sequence[int]
    """Satoshi of each output in its order."""
    traced: Sequence[Coins]
    doubtful: Sequence[bool]
    doubtful_cap: int | None = None
    is_reversed: bool = False
    """Read inputs and outputs in the opposite order (places only)."""

    @property
    def output_total(self) -> int:
        """Satoshi paid out, without the fee."""
        return sum(self.output_values)

    @property
    def known_total(self) -> int:
        """Satoshi of all inputs whose value is known."""
        return sum(value for value in self.input_values if value != UNKNOWN_VALUE)

    @property
    def unknown_count(self) -> int:
        """Number of inputs whose value is not known."""
        return sum(value == UNKNOWN_VALUE for value in self.input_values)

    def unknown_range(self) -> tuple[int, int]:
        """The least and the most that all inputs of unknown value hold together.

        A transaction never pays out more than it takes in, and there are never more than
        21 million bitcoin (MAX_MONEY, src/consensus/amount.h of Bitcoin Core).
        """
        if not self.unknown_count:
            return 0, 0
        known = self.known_total
        least = max(0, self.output_total - known)
        return least, max(least, MAX_MONEY_SAT - known)

    def traced_range(self) -> tuple[int, int]:
        """The bounds of all traced coins that enter this transaction."""
        lower = sure = doubt = 0
        for coins, doubtful in zip(self.traced, self.doubtful, strict=True):
            lower += coins.lower
            if doubtful:
                doubt += coins.upper
            else:
                sure += coins.upper
        if self.doubtful_cap is not None:
            doubt = min(doubt, self.doubtful_cap)
        return lower, sure + doubt


class Split(NamedTuple):
    """What a policy makes of a `Spend`."""

    arms: list[Coins]
    """Forward: one an output; backward: one an input."""
    fee: Coins
    """Forward: what leaves to fees and is not followed; backward: nothing, fees are not asked."""
    reason: str
    """Code of why any of the amounts is a range, `note.bounds-<code>`; empty when none is."""


class Policy(Protocol):
    """The promise of a member of `kancil.bitcoin.tracing.policies`."""

    @property
    def name(self) -> str:
        """The word of the command line and of `method.<name>.<n>`."""

    @property
    def version(self) -> str:
        """Version of the arithmetic; an older version stays runnable beside a newer one."""

    @property
    def source(self) -> str:
        """Where the rule comes from: paper, judgment, standard."""

    @property
    def words(self) -> tuple[str, ...]:
        """Keys of the sentences that explain it and say what is known of its error."""

    @property
    def conserves(self) -> bool:
        """Whether amounts add up: what goes in comes out."""

    @property
    def has_order(self) -> bool:
        """Whether the answer depends on the order of inputs and outputs in a transaction."""

    def begin(self, value: int, share: int) -> Coins:
        """The coins of a start: `share` satoshi, not said which, of an output of `value`."""

    def doubt(self, value: int, most: int) -> Coins:
        """The coins of an arm of which nothing is known but that it holds at most `most`.

        `value` may be `UNKNOWN_VALUE`.
        """

    def join(self, flow: Coins, start: Coins, value: int) -> Coins:
        """What an output of `value` holds when traced coins flow into a start."""

    def forward(self, spend: Spend) -> Split:
        """Divide the traced coins of the inputs among outputs and fee."""

    def backward(self, spend: Spend) -> Split:
        """Divide the traced coins of the outputs among the inputs they came from."""


def join_amounts(flow: Coins, start: Coins, value: int) -> tuple[int, int]:
    """The bounds of two amounts in one output that may or may not be the same coins."""
    lower = max(flow.lower, start.lower)
    return lower, max(lower, min(value, flow.upper + start.upper))


def tighten(bounds: list[tuple[int, int]], lower: int, upper: int) -> list[tuple[int, int]]:
    """Narrow bounds of parts whose true sum lies between `lower` and `upper`.

    Each part is at most the whole less what the others surely have, and at least the whole
    less what the others can have.
    """
    lower_sum = sum(low for low, _ in bounds)
    upper_sum = sum(high for _, high in bounds)
    if lower_sum == upper_sum:
        return bounds
    return [
        (max(low, lower - (upper_sum - high)), min(high, upper - (lower_sum - low)))
        for low, high in bounds
    ]


def reason_of(spend: Spend, split: Sequence[Coins], *, by_place: bool, backward: bool) -> str:
    """Why the amounts of a split are ranges: the first cause that applies, or no cause."""
    if all(coins.lower == coins.upper for coins in split):
        return ""
    if spend.unknown_count:
        return "unknown-value"
    if any(spend.doubtful):
        return "unknown-spender" if backward else "unknown-source"
    if any(coins.lower != coins.upper for coins in spend.traced):
        return "carried"
    return "share-place" if by_place else "carried"
