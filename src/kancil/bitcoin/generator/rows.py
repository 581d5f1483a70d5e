"""The plan of one block as arrays: its transactions, what they spend, what they pay, and to whom.

The economy and the stage fill the rows; the writer turns them into bytes, the truth keeps them.
Transactions, addresses and owners are counted through the whole chain; a transaction's number is
also its row in the table of ids, where the writer finds what an input spends.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np

from kancil.bitcoin.generator.compiled import part
from kancil.bitcoin.generator.form import (
    HAS_WITNESS,
    INPUT_WEIGHT,
    OUTPUT_WEIGHT,
    TX_WEIGHT,
    Form,
)

MAX_WEIGHT = 3_900_000
"""A block is closed before its plan weighs more; the rule is 4,000,000 (BIP 141)."""
ROOM_WEIGHT = 400_000
"""No single transaction weighs more."""
_TX_ROWS, _INPUT_ROWS, _OUTPUT_ROWS = 1 << 15, 1 << 15, 1 << 16

TXS, INPUTS, OUTPUTS, WEIGHT, FEES, FIRST_TX, HEIGHT, OPEN_WEIGHT, IN_TOTAL = range(9)
NO_PLANT = -1


class TxRole(IntEnum):
    """What a transaction is."""

    COINBASE = 0
    PAYMENT = 1
    """One wallet pays another, or its account at an exchange."""
    SWEEP = 2
    """An exchange gathers its deposits."""
    BATCH = 3
    """An exchange pays many customers at once."""
    SALE = 4
    """A miner pays new coins in at an exchange."""
    ENTRY = 5
    """An ordinary wallet pays into a planted instance."""
    STEP = 6
    """A planted instance's own transaction."""
    COINJOIN = 7
    """A CoinJoin."""


class OutputRole(IntEnum):
    """What an output is, as its maker knows."""

    REWARD = 0
    PAYMENT = 1
    CHANGE = 2
    """Back to whoever pays."""
    DEPOSIT = 3
    """To a customer's address at an exchange; the exchange owns it."""
    SWEEP = 4
    """An exchange's own coins, gathered."""
    PAYOUT = 5
    """An exchange to its customer."""
    DATA = 6
    """OP_RETURN, nobody's."""
    JOINED = 7
    """One of the equal or standard outputs of a CoinJoin; it stays with its participant."""
    OWN = 8
    """A planted actor moves its own coins, not as change."""


class Rows(NamedTuple):
    """One block's plan."""

    counts: Any
    """int64 `[9]`: transactions, inputs, outputs, weight, fees, number of the first transaction,
    height; of the transaction being made: weight, value of its inputs."""
    tx_version: Any
    tx_locktime: Any
    tx_role: Any
    tx_plant: Any
    tx_fee: Any
    tx_in: Any
    """int64 `[n + 1]`: first input of each transaction."""
    tx_out: Any
    in_tx: Any
    """int64: number of the transaction whose output is spent."""
    in_n: Any
    in_address: Any
    in_form: Any
    in_value: Any
    in_sequence: Any
    out_value: Any
    out_address: Any
    """int64: number of the address; key material comes from it."""
    out_form: Any
    out_owner: Any
    """int64: who holds the keys; -1 for nobody."""
    out_role: Any
    out_is_new: Any
    """uint8: whether the address is paid for the first time."""


def new_rows() -> Rows:
    """Make room for the largest block."""
    tx, one, two = _TX_ROWS, _INPUT_ROWS, _OUTPUT_ROWS
    wide, small = np.int64, np.uint8
    return Rows(
        np.zeros(9, wide), np.zeros(tx, wide), np.zeros(tx, wide), np.zeros(tx, small),
        np.zeros(tx, wide), np.zeros(tx, wide), np.zeros(tx + 1, wide), np.zeros(tx + 1, wide),
        np.zeros(one, wide), np.zeros(one, wide), np.zeros(one, wide), np.zeros(one, small),
        np.zeros(one, wide), np.zeros(one, wide),
        np.zeros(two, wide), np.zeros(two, wide), np.zeros(two, small), np.zeros(two, wide),
        np.zeros(two, small), np.zeros(two, small),
    )  # fmt: skip


@part
def begin_tx(rows):
    """Begin a transaction; it counts only when it is ended."""
    rows.counts[OPEN_WEIGHT] = TX_WEIGHT
    rows.counts[IN_TOTAL] = 0


@part
def drop_tx(rows):
    """Forget the transaction that was begun."""
    rows.counts[INPUTS] = rows.tx_in[rows.counts[TXS]]
    rows.counts[OUTPUTS] = rows.tx_out[rows.counts[TXS]]


@part
def add_input(rows, tx, n, address, form, value, sequence):
    """Spend an output."""
    i = rows.counts[INPUTS]
    rows.in_tx[i], rows.in_n[i], rows.in_address[i] = tx, n, address
    rows.in_form[i], rows.in_value[i], rows.in_sequence[i] = form, value, sequence
    rows.counts[INPUTS] = i + 1
    rows.counts[OPEN_WEIGHT] += INPUT_WEIGHT[form]
    rows.counts[IN_TOTAL] += value


@part
def add_output(rows, value, address, form, owner, role, is_new):
    """Pay; gives the output's row."""
    i = rows.counts[OUTPUTS]
    rows.out_value[i], rows.out_address[i], rows.out_form[i] = value, address, form
    rows.out_owner[i], rows.out_role[i], rows.out_is_new[i] = owner, role, is_new
    rows.counts[OUTPUTS] = i + 1
    rows.counts[OPEN_WEIGHT] += OUTPUT_WEIGHT[form]
    return i


@part
def end_tx(rows, version, locktime, role, plant):
    """Count the transaction; its fee is what is left. Gives its number in the whole chain."""
    counts, i = rows.counts, rows.counts[TXS]
    rows.tx_version[i], rows.tx_locktime[i] = version, locktime
    rows.tx_role[i], rows.tx_plant[i] = role, plant
    fee = counts[IN_TOTAL]
    for out in range(rows.tx_out[i], counts[OUTPUTS]):
        fee -= rows.out_value[out]
    rows.tx_fee[i] = fee
    counts[TXS] = i + 1
    rows.tx_in[i + 1], rows.tx_out[i + 1] = counts[INPUTS], counts[OUTPUTS]
    counts[WEIGHT] += counts[OPEN_WEIGHT]
    counts[FEES] += fee
    return counts[FIRST_TX] + i


@part
def is_segwit(rows, tx):
    """Whether any input of the transaction has witness data."""
    found = False
    for i in range(rows.tx_in[tx], rows.tx_in[tx + 1]):
        found |= HAS_WITNESS[rows.in_form[i]] != 0
    return found


def begin_block(rows: Rows, first_tx: int, height: int) -> None:
    """Empty the rows; row 0 of the transactions is kept for the coinbase, which is written last."""
    rows.counts[:] = 0
    rows.counts[FIRST_TX], rows.counts[HEIGHT], rows.counts[TXS] = first_tx, height, 1
    rows.counts[WEIGHT] = 2000
    # The coinbase has no input here, and two outputs: its reward and the witness commitment.
    rows.tx_in[:2], rows.tx_out[0] = 0, 0
    rows.tx_out[1] = rows.counts[OUTPUTS] = 2
    rows.tx_version[0], rows.tx_locktime[0], rows.tx_fee[0] = 2, 0, 0
    rows.tx_role[0], rows.tx_plant[0] = int(TxRole.COINBASE), NO_PLANT


def fill_coinbase(rows: Rows, value: int, address: int, form: int, owner: int) -> None:
    """Whom the block's reward pays; the last thing planned, when its fees are known."""
    for i, what in enumerate(
        (
            (value, address, form, owner, int(OutputRole.REWARD), 1),
            (0, -1, int(Form.DATA), -1, int(OutputRole.DATA), 0),
        )
    ):
        rows.out_value[i], rows.out_address[i], rows.out_form[i] = what[:3]
        rows.out_owner[i], rows.out_role[i], rows.out_is_new[i] = what[3:]
