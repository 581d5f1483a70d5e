"""What scripts received and sent in the blocks held, counted at once: for profiles.

From a chain's graph, array by array, so that an address of a million deposits costs a second and
no Python object a deposit. The scripts are one subject, an address or a cluster. A transaction that
spends from the subject is *outgoing*, all others that pay it are *incoming*: so change is neither
an income nor a payment to somebody else.

**Counterparties.** Of an incoming transaction each script that it spends from, with all that the
subject got from it; of an outgoing one each other script that it pays, with what that got. Where a
transaction has several payers, which satoshi came from whom is not a chain fact: so the amounts of
several counterparties may be counted more than once, and are never added up.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.holdings.graph import COINBASE, NO_TIME, UNKNOWN, Graph
from kancil.bitcoin.script.kind import ScriptKind

from .chain import Chain

Script = tuple[ScriptKind, bytes]
_WORD = 8
_SEEDS = np.array([secrets.randbits(64) | 1 for _ in range(64)], np.uint64)
"""Of the hash by which scripts are told apart; other ones in each process."""


@dataclass(frozen=True, slots=True, eq=False)
class Coins:
    """The outputs that pay a subject, and the inputs that spend it, as rows of the graph."""

    outputs: Array
    """int64, ascending; in the graph alone, so none of stale blocks."""
    stated: Array
    """int64: inputs that spend it by a spent-outputs file, their source not held."""


@dataclass(frozen=True, slots=True)
class Counterparty:
    """Another script that stood in transactions of a subject."""

    output: int
    """A row that pays it, by which it is named."""
    value_sat: int
    transactions: int


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """The counterparties of one direction."""

    largest: tuple[Counterparty, ...]
    """By value."""
    count: int
    """How many different ones are held."""
    unknown: int
    """Transactions with a counterparty that is not held here, or whose script has no name."""
    newly_issued: int
    """Incoming: transactions that paid newly issued coins."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What a subject received and sent."""

    received_sat: int
    spent_sat: int
    """Of what it received here."""
    stated_sat: int
    """Spent besides, by spent-outputs files: received outside of the blocks held."""
    deposits: int
    """Outputs that pay it."""
    txs: Array
    """int64: its transactions in the order of the chain."""
    in_sat: Array
    """int64, of each transaction: paid to it."""
    out_sat: Array
    """int64, of each transaction: spent from it, stated amounts among them."""

    @property
    def balance_sat(self) -> int:
        """Unspent in the blocks held."""
        return self.received_sat - self.spent_sat

    @property
    def incoming(self) -> Array:
        """Of each transaction whether it pays the subject and spends nothing of it."""
        found: Array = (self.in_sat > 0) & (self.out_sat == 0)
        return found

    @property
    def outgoing(self) -> Array:
        """Of each transaction whether it spends from the subject."""
        found: Array = self.out_sat > 0
        return found


def coins_of_scripts(chain: Chain, scripts: Iterable[Script]) -> Coins:
    """The coins of a subject whose scripts are few."""
    outputs, stated = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for kind, payload in scripts:
        outputs.append(chain.find_outputs_in_graph(kind, payload))
        stated.append(chain.find_stated_in_graph(kind, payload))
    return Coins(np.sort(np.concatenate(outputs)), np.sort(np.concatenate(stated)))


def activity_of(chain: Chain, coins: Coins) -> Activity:
    """Add up what a subject received and sent."""
    graph = chain.graph
    values = graph.output_value[coins.outputs].astype(np.int64)
    spender = graph.output_spender[coins.outputs].astype(np.int64)
    is_spent = spender >= 0
    paid = _owners(graph.tx_output_start, coins.outputs)
    spent = _owners(graph.tx_input_start, spender[is_spent])
    named = _owners(graph.tx_input_start, coins.stated)
    stated = np.maximum(graph.input_value[coins.stated].astype(np.int64), 0)
    txs, place = np.unique(np.concatenate((paid, spent, named)), return_inverse=True)
    place = place.reshape(-1)
    in_sat, out_sat = np.zeros(len(txs), np.int64), np.zeros(len(txs), np.int64)
    middle, last = len(paid), len(paid) + len(spent)
    np.add.at(in_sat, place[:middle], values)
    np.add.at(out_sat, place[middle:last], values[is_spent])
    np.add.at(out_sat, place[last:], stated)
    order = np.argsort(graph.tx_rank[txs], kind="stable")
    return Activity(
        received_sat=int(values.sum()),
        spent_sat=int(values[is_spent].sum()),
        stated_sat=int(stated.sum()),
        deposits=len(coins.outputs),
        txs=txs[order],
        in_sat=in_sat[order],
        out_sat=out_sat[order],
    )


def payers_of(chain: Chain, coins: Coins, activity: Activity, most: int) -> Parties:
    """From whom a subject got coins, the largest first."""
    graph = chain.graph
    is_in = activity.incoming
    inputs, owner = _expanded(graph.tx_input_start, activity.txs[is_in])
    source = graph.input_source[inputs].astype(np.int64)
    value = activity.in_sat[is_in][owner]
    issued = len(np.unique(owner[source == COINBASE]))
    unknown = owner[source == UNKNOWN]
    is_held = source >= 0
    return _parties(chain, source[is_held], owner[is_held], value[is_held], most,
                    unknown=unknown, issued=issued, once=True)  # fmt: skip


def payees_of(chain: Chain, coins: Coins, activity: Activity, most: int) -> Parties:
    """To whom coins went in transactions that spend from a subject, the largest first."""
    graph = chain.graph
    txs = activity.txs[activity.outgoing]
    outputs, owner = _expanded(graph.tx_output_start, txs)
    place = np.searchsorted(coins.outputs, outputs)
    is_own = np.zeros(len(outputs), np.bool_)
    inside = place < len(coins.outputs)
    is_own[inside] = coins.outputs[place[inside]] == outputs[inside]
    is_real = ~is_own & np.asarray(graph.output_spendable[outputs], np.bool_)
    value = graph.output_value[outputs].astype(np.int64)
    return _parties(chain, outputs[is_real], owner[is_real], value[is_real], most,
                    unknown=owner[:0], issued=0, once=False)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """What a subject received and sent in one part of its time."""

    first: int
    """Seconds since 1970, its beginning."""
    in_sat: int
    out_sat: int
    transactions: int


def spans_of(graph: Graph, activity: Activity, most: int) -> list[Span]:
    """A subject's time in at most so many equal parts, the empty ones too.

    Transactions without a block are left out.
    """
    times = np.asarray(graph.tx_time[activity.txs], np.int64)
    known = times != NO_TIME
    if not known.any():
        return []
    times = times[known]
    first, last = int(times.min()), int(times.max())
    length = max(1, -(-(last - first + 1) // most))
    place = (times - first) // length
    count = int(place.max()) + 1
    sums = [np.zeros(count, np.int64) for _ in range(2)]
    np.add.at(sums[0], place, activity.in_sat[known])
    np.add.at(sums[1], place, activity.out_sat[known])
    how_many = np.bincount(place, minlength=count)
    return [
        Span(first + part * length, int(sums[0][part]), int(sums[1][part]), int(how_many[part]))
        for part in range(count)
    ]


# --- who ------------------------------------------------------------------------------------------


def _parties(
    chain: Chain, rows: Array, owner: Array, value: Array, most: int, *,
    unknown: Array, issued: int, once: bool,
) -> Parties:  # fmt: skip
    """Group rows by the script that they pay.

    `once`: a value belongs to the transaction, so it counts once for a script that stands in it
    several times.
    """
    kind = np.asarray(chain.columns.output_script[rows])
    is_named = kind != ScriptKind.NONSTANDARD
    unnamed = owner[~is_named]
    rows, owner, value = rows[is_named], owner[is_named], value[is_named]
    left = len(np.unique(np.concatenate((unknown, unnamed))))
    if not len(rows):
        return Parties((), 0, left, issued)
    scripts = script_numbers(chain, rows)
    order = np.lexsort((owner, scripts))
    scripts, owner, value, rows = scripts[order], owner[order], value[order], rows[order]
    is_new = np.concatenate(([True], scripts[1:] != scripts[:-1]))
    is_new_tx = is_new | np.concatenate(([True], owner[1:] != owner[:-1]))
    starts = np.flatnonzero(is_new)
    sums = np.add.reduceat(np.where(is_new_tx, value, 0) if once else value, starts)
    counts = np.add.reduceat(is_new_tx.astype(np.int64), starts)
    largest = _largest(sums, rows[starts], most)
    return Parties(
        tuple(
            Counterparty(int(rows[starts[each]]), int(sums[each]), int(counts[each]))
            for each in largest
        ),
        len(starts),
        left,
        issued,
    )


def _largest(sums: Array, rows: Array, most: int) -> list[int]:
    """The places of the largest sums; of equal ones the earlier row."""
    order = np.lexsort((rows, -sums))[:most]
    return [int(each) for each in order]


def script_numbers(chain: Chain, rows: Array) -> Array:
    """Numbers by which scripts of outputs are told apart: the same only for the same script.

    A store numbers its scripts. Else it is a hash of 64 bits with seeds that nobody knows.
    """
    numbers = getattr(chain.columns, "output_script_id", None)
    if numbers is not None:
        return np.asarray(numbers[rows], np.int64)
    starts, stops, pool = chain.columns.payloads_of(rows)
    starts, length = np.asarray(starts, np.int64), np.asarray(stops - starts, np.int64)
    kind = np.asarray(chain.columns.output_script[rows], np.uint64)
    hashed = _mixed(kind * np.uint64(1 << 32) + length.astype(np.uint64), _SEEDS[0])
    for each in np.unique(length).tolist():
        of_length = np.flatnonzero(length == each)
        words = -(-each // _WORD)
        padded = np.zeros((len(of_length), words * _WORD), np.uint8)
        padded[:, :each] = pool[starts[of_length][:, None] + np.arange(each)]
        value = hashed[of_length]
        for number, word in enumerate(padded.view("<u8").T):
            value = _mixed(value ^ word, _SEEDS[(number + 1) % len(_SEEDS)])
        hashed[of_length] = value
    return hashed.view(np.int64)


def _mixed(values: Array, seed: np.uint64) -> Array:
    """Mix 64 bits (the steps of splitmix64, Steele and others 2014), with a seed."""
    mixed: Array = values + seed
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _owners(starts: Array, rows: Array) -> Array:
    """The transaction of each input or output."""
    found: Array = np.searchsorted(starts, rows, side="right").astype(np.int64) - 1
    return found


def _expanded(starts: Array, txs: Array) -> tuple[Array, Array]:
    """All inputs or outputs of transactions, and the place of its transaction for each."""
    first = np.asarray(starts[txs], np.int64)
    count = np.asarray(starts[txs + 1], np.int64) - first
    owner = np.repeat(np.arange(len(txs), dtype=np.int64), count)
    before = np.cumsum(count) - count
    rows = np.arange(len(owner), dtype=np.int64) + np.repeat(first - before, count)
    return rows, owner


__all__ = [
    "Activity", "Coins", "Counterparty", "Parties", "Span", "activity_of", "coins_of_scripts",
    "payees_of", "payers_of", "script_numbers", "spans_of",
]  # fmt: skip
