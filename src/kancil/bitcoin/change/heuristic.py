"""What a change heuristic is: it says which output of one transaction goes back to who pays.

A guess with a reason, never a fact. Transactions come as `Seen`: from a chain (`seen`), or
from a set of labelled ones. Members stand in `kancil.bitcoin.change.heuristics`; a whole chain is
swept by `kancil.bitcoin.change.run`; several are put together by `kancil.bitcoin.change.combine`;
what is known of their error is measured by `kancil.bitcoin.evaluation.change`.

**Candidates.** Only an output of value, whose script somebody's key can spend and has an address id
(`kancil.bitcoin.chain.address_ids`), can be change; OP_RETURN, non-standard scripts and what
anybody can spend cannot. With fewer than two candidates no member names one: nothing can be told
apart. A coinbase has no change.

**Three answers.** *change*: the rule names one output. *none*: all that the rule needs is held, and
it names no output; that is no sign that there is no change. *unknown*: what is held does not tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kancil.bitcoin.chain.address_ids import WITH_ID
from kancil.bitcoin.coinjoins.heuristic import Coin, Shown
from kancil.ground.phrase import Param, Phrase

from .codes import LEAST_CANDIDATES

if TYPE_CHECKING:
    from kancil.bitcoin.blocks.columns import Array

    from .run import Sweep


Mark = TypeVar("Mark")
"""What is compared between a transaction and those that spend from it."""


class Traits(NamedTuple):
    """What the software that made a transaction leaves in its head."""

    version: int
    has_locktime: bool
    """Whether the lock time is above 0."""
    signals_replacement: bool
    """Whether an input's sequence is below 0xfffffffe (BIP 125)."""
    has_witness: bool


class Shape(NamedTuple):
    """How many inputs that spend something, and how many outputs."""

    inputs: int
    outputs: int

    @property
    def is_peel(self) -> bool:
        """Whether it looks like a step of a peel chain: one input, two outputs."""
        return self == (1, 2)


@dataclass(frozen=True, slots=True)
class Spender:
    """The transaction that spends an output, in the blocks held."""

    txid: str
    traits: Traits
    shape: Shape
    fee_sat: int | None
    """None where the value of an input is not known."""
    is_excluded: bool = False
    """Whether a detector takes it for a CoinJoin: its head is then not one wallet's."""


class Fate(NamedTuple):
    """What the blocks held show of an output beyond its own transaction."""

    spender: Spender | None = None
    """None: no spend seen in the blocks held."""
    paid_before: bool | None = None
    """Whether its script was paid earlier; None: not seen, and earlier blocks are not all held."""
    paid_again: bool | None = None
    """Whether its script is paid later; None: not seen, and too few later blocks are held."""


@dataclass(frozen=True)
class Seen:
    """One transaction as a change heuristic sees it."""

    shown: Shown
    fates: tuple[Fate, ...]
    """One an output."""
    traits: Traits | None = None
    """None where the source of the transaction does not tell."""
    fee_sat: int | None = None
    maker: Shape | None = None
    """Of the transaction that made the first input; None where it is not held."""

    @cached_property
    def candidates(self) -> tuple[int, ...]:
        """Numbers of the outputs that can be change."""
        return tuple(n for n, coin in enumerate(self.shown.outputs) if can_be_change(coin))

    @cached_property
    def input_scripts(self) -> frozenset[tuple[object, bytes]]:
        """The known scripts of the inputs."""
        return frozenset((c.kind, c.payload) for c in self.shown.inputs if c.kind is not None)

    @cached_property
    def has_known_scripts(self) -> bool:
        """Whether the script of every input is known."""
        return all(coin.kind is not None for coin in self.shown.inputs)

    def pays_input_script(self, n: int) -> bool:
        """Whether an output pays a known script of an input."""
        coin = self.shown.outputs[n]
        return (coin.kind, coin.payload) in self.input_scripts

    def value_of(self, n: int) -> int:
        """The satoshi of an output."""
        return self.shown.outputs[n].value_sat or 0


def can_be_change(coin: Coin) -> bool:
    """Whether an output can be change: it has value, and its script an address id."""
    return coin.kind in WITH_ID and bool(coin.value_sat)


class Named(StrEnum):
    """What a change heuristic says of a transaction."""

    CHANGE = "change"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChangeVerdict:
    """What one member says of one transaction, and why."""

    answer: Named
    output: int | None
    """Number of the output named; None unless the answer is change."""
    rule: str
    """Code of the rule that fired; empty unless the answer is change."""
    why: Phrase
    """The reason with the values it rests on."""


def names(output: int, rule: str, key: str, **params: Param) -> ChangeVerdict:
    """The verdict that an output is change."""
    return ChangeVerdict(Named.CHANGE, output, rule, Phrase(key, {"output": output, **params}))


def names_none(key: str, **params: Param) -> ChangeVerdict:
    """The verdict that the rule names no output."""
    return ChangeVerdict(Named.NONE, None, "", Phrase(key, params))


def untold(key: str, **params: Param) -> ChangeVerdict:
    """The verdict that what is held does not tell."""
    return ChangeVerdict(Named.UNKNOWN, None, "", Phrase(key, params))


def too_few(seen: Seen) -> ChangeVerdict | None:
    """The verdict on a transaction of which nothing can be told apart, else None."""
    if not seen.shown.inputs:
        return names_none("why.change-coinbase")
    if len(seen.candidates) < LEAST_CANDIDATES:
        return names_none("why.change-candidates", count=len(seen.candidates))
    return None


def only_one(found: list[int], seen: Seen, rule: str, key: str, **params: Param) -> ChangeVerdict:
    """Name the output if exactly one was found; `key` is the sentence for it."""
    if len(found) == 1:
        return names(found[0], rule, key, **params)
    count, of = len(found), len(seen.candidates)
    return names_none("why.change-not-one", count=count, of=of)


def as_it_is(mark: Any) -> Any:
    """A mark as it is: a number."""
    return mark


def by_mark(
    seen: Seen,
    own: Mark | None,
    mark: Callable[[Spender], Mark | None],
    rule: str,
    told: Callable[[Mark], Param] = as_it_is,
) -> ChangeVerdict:
    """Name the one candidate whose spender bears the same mark as the transaction.

    `own`: the mark of the transaction, None if it is not known; `mark` gives a spender's. All
    candidates' spends must have been seen: an output not spent yet may be the wallet's own. `told`
    gives the mark as it stands in the reason.
    """
    few = too_few(seen)
    if few is not None:
        return few
    if own is None:
        return untold("why.change-own-mark")
    found = []
    for n in seen.candidates:
        spender = seen.fates[n].spender
        if spender is None:
            return untold("why.change-no-spend-seen", output=n)
        theirs = None if spender.is_excluded else mark(spender)
        if theirs is None:
            return untold("why.change-spender-mark", output=n, txid=spender.txid)
        if theirs == own:
            found.append(n)
    return only_one(found, seen, rule, f"why.change-{rule}", mark=told(own))


@dataclass(frozen=True, kw_only=True)
class ChangeHeuristic:
    """A member of `kancil.bitcoin.change.heuristics`."""

    name: str
    """The word of the command line, of records and of `method.change-<name>.<n>`."""
    version: str = "1"
    """Version of the rule; an older version stays runnable beside a newer one."""
    source: str
    """Where the rule comes from: papers with their sections, programs."""
    looks_ahead: bool = False
    """Whether it uses later transactions, so that it speaks only of the blocks held."""
    judge: Callable[[Seen], ChangeVerdict]
    """Judges one transaction."""
    kernel: str
    """Name of its kernel in `kancil.bitcoin.change.kernels`, with the answers of `judge`."""
    takes: Callable[[Sweep, Any], tuple[Any, ...]] = lambda _over, _kernels: ()
    """What the kernel takes after the ground; gets the module of the kernels too."""

    @property
    def words(self) -> tuple[str, ...]:
        """Keys of the sentences that explain it: what it says, where it errs."""
        return f"method.change-{self.name}.1", f"method.change-{self.name}.2"

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge the transactions in rows first to last - 1 by the kernel.

        `answer`: int64 `[last - first]`, filled with rows of outputs or the codes of
        `kancil.bitcoin.change.codes`.
        """
        from . import kernels  # Numba is slow to import

        given = self.takes(over, kernels)
        getattr(kernels, self.kernel)(over.ground, *given, first, last, answer)
