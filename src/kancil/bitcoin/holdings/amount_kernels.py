"""Numba kernels that compare what transactions pay out with what they take in.

Arrays in, arrays out; `kancil.bitcoin.holdings.amounts` says what the answers mean. Sources:
Bitcoin Core, consensus/tx_check.cpp (CheckTransaction), consensus/tx_verify.cpp (CheckTxInputs),
validation.cpp (ConnectBlock: `bad-cb-amount`).
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, kernels_of, part, stamp_of

from .amount_state import AmountState

_SOURCES = ("compiled/memory", "holdings/amount_state", "holdings/amount_kernels")
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))


RIGHT, NOT_KNOWN, OVERSPENT, REWARD, RANGE = map(int, AmountState)
_MAX_MONEY = 2_100_000_000_000_000


@part
def _paid(value, first, last):
    """Sum of outputs first to last - 1; -1 if one of them or the sum is no amount."""
    total = np.int64(0)
    for row in range(first, last):
        if value[row] < 0 or value[row] > _MAX_MONEY:
            return np.int64(-1)
        total += value[row]
        if total > _MAX_MONEY:
            return np.int64(-1)
    return total


@part
def _judged(paid, input_value, first, last):
    """Verdict on a transaction that makes no new coins, and its fee, 0 where it is not known."""
    if paid < 0:
        return np.uint8(RANGE), np.int64(0)
    taken = np.int64(0)
    for row in range(first, last):
        if input_value[row] < 0:
            return np.uint8(NOT_KNOWN), np.int64(0)
        taken += input_value[row]
    if paid > taken:
        return np.uint8(OVERSPENT), np.int64(0)
    return np.uint8(RIGHT), taken - paid


@kernel
def judge_blocks(blocks, txs, amounts, allowed, verdict):
    """Judge every transaction of blocks.

    `blocks`: int64 `[nb + 1]`, where the transactions of each begin, its coinbase first. `txs`:
    int64 `[nt + 1]` twice, where the inputs and the outputs of each begin. `amounts`: int64, what
    each input takes (negative: not known) and what each output holds, satoshi. `allowed`: int64
    `[nb]`, the most new coins, and bool `[nb]`, whether that is for this very height. `verdict`:
    uint8 `[nt]`, written for these transactions.
    """
    input_start, output_start = txs
    input_value, output_value = amounts
    subsidy, is_exact = allowed
    for block in range(len(blocks) - 1):
        fees, is_known = np.int64(0), True
        for tx in range(blocks[block] + 1, blocks[block + 1]):
            paid = _paid(output_value, output_start[tx], output_start[tx + 1])
            verdict[tx], fee = _judged(paid, input_value, input_start[tx], input_start[tx + 1])
            fees += fee
            is_known &= verdict[tx] == RIGHT
        coinbase = blocks[block]
        reward = _paid(output_value, output_start[coinbase], output_start[coinbase + 1])
        if reward < 0:
            verdict[coinbase] = RANGE
        elif is_known and reward > subsidy[block] + fees:
            verdict[coinbase] = REWARD
        else:
            verdict[coinbase] = RIGHT if is_known and is_exact[block] else NOT_KNOWN


@kernel
def judge_alone(first, txs, amounts, verdict):
    """Judge transactions from `first` on that stand in no block; else as `judge_blocks`."""
    input_start, output_start = txs
    input_value, output_value = amounts
    for tx in range(first, len(input_start) - 1):
        paid = _paid(output_value, output_start[tx], output_start[tx + 1])
        verdict[tx], _ = _judged(paid, input_value, input_start[tx], input_start[tx + 1])
