"""What a heuristic must do: judge one transaction from what it shows, and say which rule fired.

A heuristic is a guess with a reason, never a fact: it sees values, scripts, order and time, not who
holds which key. Transactions come as `Shown` from the chain (`kancil.bitcoin.chain.chain`) or from
a set of labelled ones (`kancil.bitcoin.evaluation.labelled`); what is known of each member's error
is measured by `kancil.bitcoin.evaluation.evaluate`. Members stand in
`kancil.bitcoin.coinjoins.heuristics`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import pairwise, repeat
from typing import Any, NamedTuple, Protocol

import numpy as np

from kancil.bitcoin.blocks.columns import Array, Columns
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.phrase import Phrase

_made: Any = tuple.__new__
"""Makes a named tuple from one that has its values, without a call in Python."""
_KINDS = {int(kind): kind for kind in ScriptKind}


class Coin(NamedTuple):
    """One input or output as far as it is known."""

    value_sat: int | None
    """Satoshi; None for an input whose source is not held."""
    kind: ScriptKind | None
    """Form of the script that holds the coin; None where it is not known."""
    payload: bytes = b""
    """With `kind` it tells scripts apart; empty for NONSTANDARD, which count as one script."""

    @property
    def is_known(self) -> bool:
        """Whether both value and script are known."""
        return self.value_sat is not None and self.kind is not None


@dataclass(frozen=True)
class Shown:
    """One transaction as a heuristic sees it."""

    txid: str
    inputs: tuple[Coin, ...]
    """In their order; empty for a coinbase."""
    outputs: tuple[Coin, ...]
    """In their order; values and scripts of outputs are always known."""
    time: datetime | None = None
    """Time of its block, aware UTC, the miner's word; None where it is not known."""
    version: int | None = None
    locktime: int | None = None
    spends: tuple[tuple[str, int], ...] | None = None
    """Of each input the transaction and the output's number that it spends, where that is told."""
    sequences: tuple[int, ...] | None = None
    """Of each input; None where the source of the transaction does not tell."""

    @cached_property
    def output_values(self) -> tuple[int, ...]:
        """Satoshi of each output in its order."""
        return tuple([coin.value_sat or 0 for coin in self.outputs])

    @cached_property
    def input_values(self) -> tuple[int, ...] | None:
        """Satoshi of each input in its order; None if one is not known."""
        known = tuple([coin.value_sat for coin in self.inputs if coin.value_sat is not None])
        return known if len(known) == len(self.inputs) else None

    @cached_property
    def has_known_inputs(self) -> bool:
        """Whether value and script of every input are known."""
        return all(coin.is_known for coin in self.inputs)

    @cached_property
    def value_counts(self) -> Counter[int]:
        """How many outputs have each value."""
        return Counter(self.output_values)

    @cached_property
    def most_common(self) -> tuple[int, int]:
        """Value that most outputs share, and how many do; of equals the largest value."""
        if not self.outputs:
            return 0, 0
        return max(self.value_counts.items(), key=lambda pair: (pair[1], pair[0]))

    @cached_property
    def repeated_values(self) -> int:
        """Number of values that two or more outputs share."""
        return sum(count > 1 for count in self.value_counts.values())

    @cached_property
    def equal_halves(self) -> tuple[int, ...]:
        """Values that half of the outputs share, rounded up; the largest first, two at most.

        As many other outputs then, or one fewer, are not of the value. Two or more share it.
        """
        half = (len(self.outputs) + 1) // 2
        found = (value for value, count in self.value_counts.items() if count == half > 1)
        return tuple(sorted(found, reverse=True))

    @cached_property
    def input_scripts(self) -> int:
        """Number of different scripts among the inputs."""
        return distinct_scripts(self.inputs)

    @cached_property
    def output_scripts(self) -> int:
        """Number of different scripts among the outputs."""
        return distinct_scripts(self.outputs)


def paid_coins(rows: Columns, outputs: Array) -> tuple[Coin, ...]:
    """Outputs of the columns, all at once: one by one takes three times as long."""
    start, stop, pool = rows.payloads_of(outputs)
    sizes = stop - start
    ends = np.cumsum(sizes)
    places = np.repeat(start - (ends - sizes), sizes) + np.arange(ends[-1] if len(ends) else 0)
    data = pool[places].tobytes()
    bounds = [0, *ends.tolist()]
    return tuple(
        map(
            _made,
            repeat(Coin),
            zip(
                rows.output_value[outputs].tolist(),
                map(_KINDS.__getitem__, rows.output_script[outputs].tolist()),
                [data[low:high] for low, high in pairwise(bounds)],
                strict=True,
            ),
        )
    )


def distinct_scripts(coins: Iterable[Coin]) -> int:
    """Count different scripts; those not known, and those of no standard form, count as one."""
    return len({(coin.kind, coin.payload) for coin in coins})


def kinds_of(coins: Iterable[Coin]) -> frozenset[ScriptKind | None]:
    """The forms of script that occur."""
    return frozenset(coin.kind for coin in coins)


def falls(values: Sequence[int]) -> bool:
    """Whether values stand from the largest to the smallest."""
    return all(left >= right for left, right in pairwise(values))


class Answer(StrEnum):
    """What a heuristic says of a transaction."""

    YES = "yes"
    """A rule fired: it has the form."""
    UNSURE = "unsure"
    """A rule fired of which much else has the form too, or no published source: it may be one."""
    NO = "no"
    """It has not the form."""
    UNKNOWN = "unknown"
    """What is known here does not tell: a value or script of an input is missing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a heuristic says of one transaction, and why."""

    answer: Answer
    rule: str
    """Code of the rule that fired; empty unless the answer is yes or unsure."""
    why: Phrase
    """The reason with the values it rests on: of a no, the first condition that fails."""

    @property
    def is_fired(self) -> bool:
        """Whether a rule fired, surely or not: what traces stop at, and what joins nothing."""
        return self.answer in (Answer.YES, Answer.UNSURE)


def fired(rule: str, why: Phrase) -> Verdict:
    """The verdict of a rule that fired."""
    return Verdict(Answer.YES, rule, why)


def doubts(rule: str, why: Phrase) -> Verdict:
    """The verdict of a rule by which a transaction may be one, and may be none."""
    return Verdict(Answer.UNSURE, rule, why)


def fails(why: Phrase) -> Verdict:
    """The verdict that a condition is not met."""
    return Verdict(Answer.NO, "", why)


def untold() -> Verdict:
    """The verdict that an input is not known well enough."""
    return Verdict(Answer.UNKNOWN, "", Phrase("why.input-not-known"))


GENESIS = date(2009, 1, 3)
"""Day of the first block."""
SEGWIT = date(2017, 8, 25)
"""First whole day on which segregated witness was in force, from block 481,824 (BIP 141)."""


@dataclass(frozen=True, slots=True)
class Period:
    """When a protocol ran: a dated fact about the world, never a condition of a rule.

    A transaction of the form outside the period is told with that fact beside it: hiding it would
    hide a fault of the rule, or of what is known of the protocol.
    """

    first: date
    """Earliest day the source knows of."""
    last: date | None
    """Last day the source knows of; None while it is said to run."""
    source: str
    """Who says so."""
    again: date | None = None
    """Day from which it is said to run once more, after `last`."""

    def holds(self, time: datetime | None) -> bool | None:
        """Whether a time lies inside; None if it is not known."""
        if time is None:
            return None
        day = time.date()
        if self.again is not None and day >= self.again:
            return True
        return self.first <= day and (self.last is None or day <= self.last)


def outside_period(heuristic: Heuristic) -> Phrase:
    """That a protocol is not known to have run at the time of a transaction."""
    period = heuristic.period
    return Phrase(
        "note.look-outside-period",
        {
            "heuristic": heuristic.name,
            "first": period.first.isoformat(),
            "last": "-" if period.last is None else period.last.isoformat(),
            "again": "-" if period.again is None else period.again.isoformat(),
        },
    )


class Rule(NamedTuple):
    """One rule of a heuristic, and what is known of its error."""

    code: str
    """As `Verdict.rule` names it; codes of one heuristic differ."""
    error: str
    """Key of the sentence on what is known of its error."""
    is_sure: bool = True
    """Whether the answer is yes where it fires; else unsure."""


def error_of(heuristic: Heuristic, rule: str) -> str:
    """The key of what is known of the error of a rule; of the heuristic where none fired."""
    return next((each.error for each in heuristic.rules if each.code == rule), heuristic.words[-1])


class Heuristic(Protocol):
    """The promise of a member of `kancil.bitcoin.coinjoins.heuristics`."""

    @property
    def name(self) -> str:
        """The word of the command line, of records and of `method.<name>.<n>`."""

    @property
    def version(self) -> str:
        """Version of the rules; older ones stay runnable (`heuristics.EARLIER`)."""

    @property
    def says(self) -> str:
        """What a yes says.

        `coinjoin`; `premix`: coins prepared for one; `equal-outputs`: its bare form, which much
        else has too.
        """

    @property
    def source(self) -> str:
        """Where the rules come from: paper with section, protocol documentation, program."""

    @property
    def period(self) -> Period:
        """When the protocol ran."""

    @property
    def possible_from(self) -> date:
        """Earliest day on which the chain allowed what the rules ask for, such as segwit."""

    @property
    def words(self) -> tuple[str, ...]:
        """Keys of the sentences that explain it; the last says what its labels rest on."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Its rules; a yes, and an unsure, is by exactly one."""

    @property
    def protocol(self) -> str:
        """Code of the protocol; heuristics of one protocol share it."""

    @property
    def restates(self) -> str:
        """Program whose labels a rule here restates, so that agreement with them is by making."""

    def judge(self, shown: Shown) -> Verdict:
        """Judge one transaction."""
