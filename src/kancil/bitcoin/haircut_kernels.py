"""Numba kernel of the haircut over a whole graph: how much of each output is traced, all at once.

Arrays in and out; the slow twin is the policy itself (`kancil.bitcoin.policies.haircut`), asked
transaction by transaction in `tests/bitcoin/test_haircut_kernels.py`. Imported only where it runs,
for Numba is slow to import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.memory import kernel, part


@part
def _share(amount, weight, whole, ratio):
    """Give amount * weight // whole and the rest, exactly; all up to 2^51, weight <= whole.

    The quotient is guessed with the machine's floating point (`ratio`: amount by whole), which errs
    by two at most; the rest of the guess is computed modulo 2^64, where it is exact since it is
    small, and puts it right.
    """
    guess = np.int64(np.float64(weight) * ratio)
    rest = amount * weight - guess * whole
    while rest < 0:
        guess -= 1
        rest += whole
    while rest >= whole:
        guess += 1
        rest -= whole
    return guess, rest


@part
def _divide(amount, fee, first, last, whole, output_value, traced, rests):
    """Divide an amount over outputs and fee by value, by the largest remainder."""
    count = last - first
    left = amount
    ratio = np.float64(amount) / np.float64(whole)
    for place in range(count):
        share, rests[place] = _share(amount, output_value[first + place], whole, ratio)
        traced[first + place] = share
        left -= share
    share, rests[count] = _share(amount, fee, whole, ratio)
    left -= share
    while left > 0:
        best = 0
        for place in range(1, count + 1):
            if rests[place] > rests[best]:
                best = place
        rests[best] = -1
        if best < count:
            traced[first + best] += 1
        left -= 1


@kernel
def haircut_all(starts, source, output_value, stops, traced, rests):
    """Carry traced coins through all transactions in their order; gives -1 when done.

    `starts`: `tx_input_start`, `tx_output_start`; transactions stand in the order of the chain.
    `source`: int64 `[inputs]`, outputs spent. `stops`: uint8 `[outputs]`, not 0 where coins are not
    followed further; empty for nowhere. `traced`: int64 `[outputs]`, satoshi: what is declared of
    outputs before, what is found of all after. `rests`: int64, room for the outputs of one
    transaction and one more.

    Gives the first transaction whose answer would not be exact: traced coins meet an input of
    unknown source, or an output with coins declared of its own, or outputs are too many.
    """
    tx_input_start, tx_output_start = starts
    has_stops = len(stops) > 0
    for tx in range(len(tx_input_start) - 1):
        amount = np.int64(0)
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            output = source[number]
            if output >= 0 and traced[output] > 0 and not (has_stops and stops[output]):
                amount += traced[output]
        if amount == 0:
            continue
        first, last = tx_output_start[tx], tx_output_start[tx + 1]
        whole = np.int64(0)
        for number in range(tx_input_start[tx], tx_input_start[tx + 1]):
            if source[number] < 0:
                return tx
            whole += output_value[source[number]]
        fee = whole
        for output in range(first, last):
            fee -= output_value[output]
            if traced[output] > 0:
                return tx
        if last - first >= len(rests) or fee < 0:
            return tx
        if amount == whole:
            for output in range(first, last):
                traced[output] = output_value[output]
        else:
            _divide(amount, fee, first, last, whole, output_value, traced, rests)
    return -1
