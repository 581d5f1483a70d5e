"""What the side panel tells of a box: the facts of a transaction, an output or an address.

From an open chain and the name of a thing; to plain values. Of an address only sums are told, never
its deposits one by one, so that one with a million of them is as quick as any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.activity import activity_of, coins_of_scripts
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.bitcoin.holdings.graph import COINBASE
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.studies.moneygraph.heard import Heard, heard_of
from kancil.studies.moneygraph.net import spender_of

from .paths import output_of

MOST_SHOWN = 8
"""Inputs and outputs of a transaction that are told one by one: the largest."""


@dataclass(frozen=True, slots=True)
class OutputFacts:
    """One output."""

    outpoint: str
    value_sat: int
    address: str
    made_by: str
    made_at: int | None
    """Block time, seconds since 1970."""
    spent_by: str
    """Empty: no spend in the blocks held."""
    spent_at: int | None
    is_spendable: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """One transaction."""

    txid: str
    height: int | None
    time: int | None
    fee_sat: int | None
    inputs: int
    input_sat: int | None
    """None: the value of an input is not known."""
    outputs: int
    output_sat: int
    is_coinbase: bool
    sources: tuple[OutputFacts, ...]
    """Of the inputs the largest, as far as they are held."""
    paid: tuple[OutputFacts, ...]
    """The largest outputs."""
    heard: tuple[Heard, ...]
    """What the CoinJoin heuristics say of it."""


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """One address, as far as the blocks held show it."""

    address: str
    received: int
    """Outputs that pay it."""
    received_sat: int
    sent: int
    """Transactions that spend from it."""
    sent_sat: int
    balance_sat: int
    """What is unspent in the blocks held."""
    first: int | None
    """Block time of its first transaction, seconds since 1970."""
    last: int | None
    labels: tuple[Label, ...]
    scope: str


def output_facts(chain: Chain, labels: LabelIndex, outpoint: str) -> OutputFacts:
    """The facts of an output; raises OutpointNotHeld."""
    return _output(chain, labels, output_of(chain, outpoint))


def _output(chain: Chain, labels: LabelIndex, row: int) -> OutputFacts:
    graph = chain.graph
    maker, spender = graph.tx_of_output(row), spender_of(graph, row)
    return OutputFacts(
        outpoint=chain.outpoint(row),
        value_sat=int(graph.output_value[row]),
        address=chain.address_of(row) or "",
        made_by=chain.txid(maker),
        made_at=chain.height_and_time_of_tx(maker)[1],
        spent_by=chain.txid(spender) if spender >= 0 else "",
        spent_at=chain.height_and_time_of_tx(spender)[1] if spender >= 0 else None,
        is_spendable=bool(graph.output_spendable[row]),
        labels=labels.of(*chain.columns.script_at(row)),
    )


def transaction_facts(chain: Chain, labels: LabelIndex, txid: str) -> TransactionFacts:
    """The facts of a transaction; raises NotInChain, NameNotReadable."""
    tx, graph = chain.tx_row(txid), chain.graph
    inputs, outputs = graph.inputs_of(tx), graph.outputs_of(tx)
    sources = np.asarray(graph.input_source[inputs.start : inputs.stop])
    values = np.asarray(graph.input_value[inputs.start : inputs.stop])
    is_coinbase = bool((sources == COINBASE).any())
    is_known = not is_coinbase and not bool((values < 0).any())
    height, time = chain.height_and_time_of_tx(tx)
    held = np.unique(sources[sources >= 0])
    rows = np.arange(outputs.start, outputs.stop)
    return TransactionFacts(
        txid=chain.txid(tx),
        height=height,
        time=time,
        fee_sat=graph.fee_of(tx),
        inputs=len(inputs),
        input_sat=int(values.sum()) if is_known else None,
        outputs=len(outputs),
        output_sat=int(np.asarray(graph.output_value[rows]).sum()),
        is_coinbase=is_coinbase,
        sources=tuple(_output(chain, labels, row) for row in _largest(chain, held)),
        paid=tuple(_output(chain, labels, row) for row in _largest(chain, rows)),
        heard=heard_of(CoinjoinLooks(chain).of(tx)),
    )


def _largest(chain: Chain, rows: Array) -> Iterable[int]:
    values = np.asarray(chain.graph.output_value[rows])
    found: list[int] = rows[np.argsort(-values, kind="stable")[:MOST_SHOWN]].tolist()
    return found


def address_facts(chain: Chain, labels: LabelIndex, address: str) -> AddressFacts:
    """The facts of an address, or of a public key; raises what `script_of_text` raises."""
    script = script_of_text(address, chain.network)
    found = activity_of(chain, coins_of_scripts(chain, [script]))
    ends = [int(found.txs[0]), int(found.txs[-1])] if len(found.txs) else []
    first, last = [chain.height_and_time_of_tx(tx)[1] for tx in ends] or (None, None)
    return AddressFacts(
        address=address,
        received=found.deposits,
        received_sat=found.received_sat,
        sent=int(found.outgoing.sum()),
        sent_sat=found.spent_sat,
        balance_sat=found.balance_sat,
        first=first,
        last=last,
        labels=labels.of(*script),
        scope=chain.scope,
    )
