"""What a trace answers: rows and totals, plain integers in satoshi, no rendering.

Numbers of transactions, inputs and outputs are rows of the columns that the graph was made
from. Codes are words for people: `note.bounds-<reason>`, `note.rests-<state>`,
`note.stopped-<limit>`, `note.fetch-<kind>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class Label(Protocol):
    """What the trace needs to know of a label: its publisher's allegation about an output."""

    @property
    def category(self) -> str:
        """Kind of owner or abuse, as the publisher says."""

    @property
    def publisher(self) -> str:
        """Who says so."""

    @property
    def is_service(self) -> bool:
        """Whether coins of many customers mix here, so that a trace must stop."""


class Bounds(NamedTuple):
    """An amount: at least and at most, in satoshi; one number when both are equal."""

    lower: int
    upper: int

    def __add__(self, other: tuple[Any, ...]) -> Bounds:
        """Add bound to bound."""
        return Bounds(self.lower + other[0], self.upper + other[1])


ZERO = Bounds(0, 0)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a trace begins: a share of one output."""

    output: int
    share_sat: int | None = None
    """Satoshi of it that are meant; None: all; 0: change of an address that was asked about."""
    reference: str = ""
    """The victim's or deposit's reference, as the officer wrote it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A coin that went into (forward) or was asked of (backward) a transaction."""

    output: int
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row: traced coins on one output, and the transaction that moved them.

    Forward, `output` was made by `tx`. Backward, `output` was spent by `tx` in `input`; there it
    is -1 (source not held) or -2 (newly issued coins).
    """

    number: int
    hop: int
    """Transactions away from the nearest start."""
    tx: int
    input: int
    """Backward: the input of `tx`; forward: -1."""
    output: int
    value_sat: int
    """Whole value of the output; -1 not known."""
    lower: int
    upper: int
    reason: str
    """Why lower and upper differ; empty when they do not."""
    after_service: bool
    """A labelled service was passed on the way: mixed with other customers' coins since."""
    labels: tuple[Label, ...]
    links: tuple[Link, ...]
    """Forward: traced outputs that `tx` spent. Backward: outputs of `tx` that are asked about."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of the trace, and what of the traced coins it paid in fees."""

    tx: int
    hop: int
    fee_lower: int
    fee_upper: int
    reason: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Where traced coins end.

    `state`: `no-spend-seen` (in the blocks held), `unspendable` (the script allows no spend),
    `newly-issued` (backward: new coins and fees of a block), `unknown-source` (backward).
    """

    state: str
    output: int
    """-1 for a source that is not held."""
    input: int
    """Backward: the input it was reached by; forward: -1."""
    value_sat: int
    lower: int
    upper: int
    hop: int
    after_service: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Coins not followed further.

    `limit`: `hops`, `min-sat`, `since`, `until`, `service`, `coinjoin` (a heuristic takes the next
    transaction on the way for one).
    """

    limit: str
    output: int
    lower: int
    upper: int
    hop: int
    spend_seen: bool
    """Forward: whether a transaction held here spends it."""
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fetch:
    """Something to ask of a machine that holds the chain. `kind`: `spender` or `source`."""

    kind: str
    output: int
    """The output whose spender is asked; -1 otherwise."""
    input: int
    """The input whose source transaction is asked; -1 otherwise."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of distinct coins, so that an upper bound is never more than `start`.

    With `adds_up`: start = overlap + resting + newly issued + unknown source + fees + left out +
    undetermined, taking the lower bound of each.
    """

    adds_up: bool
    """False for a policy whose amounts are whole values and must not be added."""
    start: int
    """Satoshi of all starts as declared."""
    overlap: Bounds
    """Declared on an output that already held traced coins, so counted once, not twice."""
    resting: Bounds
    newly_issued: Bounds
    unknown_source: Bounds
    fees: Bounds
    left_out: Bounds
    undetermined: int
    """Satoshi whose place is not determined by what is held here."""
    may_return: int
    """At most so many satoshi may have left the blocks held and come back into transactions held
    here that this trace does not show (backward: may have come through them)."""


@dataclass(frozen=True, slots=True)
class TraceResult:
    """A whole answer under one policy."""

    parameters: dict[str, Any]
    """Canonical-JSON-ready; satoshi as strings; enough to run it again over the same graph."""
    starts: tuple[Start, ...]
    transfers: tuple[Transfer, ...]
    steps: tuple[Step, ...]
    holdings: tuple[Holding, ...]
    left_out: tuple[LeftOut, ...]
    fetch_list: tuple[Fetch, ...]
    totals: Totals
    reversed_order: TraceResult | None = field(default=None)
    """The same under the opposite order inside each transaction, where that can matter."""
