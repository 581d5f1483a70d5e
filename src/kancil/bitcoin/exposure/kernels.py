"""Numba kernel of the haircut over a whole graph: how much of each output is traced, all at once.

Arrays in and out; the slow twin is the policy itself (`kancil.bitcoin.tracing.policies.haircut`),
asked transaction by transaction in `tests/bitcoin/test_haircut_kernels.py`. Imported only where it
runs, for Numba is slow to import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import ask, kernel, nth, part

_AHEAD = 64
"""How many inputs ahead the memory of what they spend is asked for."""
_MOST_RANKED = 64
"""Outputs of a transaction up to which each rest is compared with each."""


@part
def _share(amount, weight, whole, ratio):
    """Amount * weight // whole and the rest, exactly; all up to 2^51, weight <= whole.

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
def _before(one, other):
    """Say, as 1 or 0, whether the first of two rests, the earlier one, is served before."""
    return np.int64(one >= other)


@part
def _divide_one(amount, fee, first, whole, output_value, traced):
    """Divide an amount over one output and the fee: what is left is one satoshi at most."""
    ratio = np.float64(amount) / np.float64(whole)
    share, rest = _share(amount, output_value[nth(first)], whole, ratio)
    fee_share, fee_rest = _share(amount, fee, whole, ratio)
    left = amount - share - fee_share
    traced[nth(first)] = share + (left & _before(rest, fee_rest))


@part
def _divide_two(amount, fee, first, whole, output_value, traced):
    """Divide an amount over two outputs and the fee: what is left is two satoshi at most.

    The rank of each rest is counted, not branched upon: it cannot be foretold.
    """
    ratio = np.float64(amount) / np.float64(whole)
    one, one_rest = _share(amount, output_value[nth(first)], whole, ratio)
    two, two_rest = _share(amount, output_value[nth(first + 1)], whole, ratio)
    fee_share, fee_rest = _share(amount, fee, whole, ratio)
    left = amount - one - two - fee_share
    one_two = _before(one_rest, two_rest)
    one_fee, two_fee = _before(one_rest, fee_rest), _before(two_rest, fee_rest)
    traced[nth(first)] = one + np.int64(2 - one_two - one_fee < left)
    traced[nth(first + 1)] = two + np.int64(one_two + 1 - two_fee < left)


@part
def _divide(amount, fee, first, last, whole, output_value, traced, rests):
    """Divide an amount over outputs and fee by value, by the largest remainder."""
    count = last - first
    left = amount
    ratio = np.float64(amount) / np.float64(whole)
    for place in range(count):
        share, rest = _share(amount, output_value[nth(first + place)], whole, ratio)
        rests[nth(place)] = rest
        traced[nth(first + place)] = share
        left -= share
    share, rest = _share(amount, fee, whole, ratio)
    rests[nth(count)] = rest
    left -= share
    if left == 0:
        return
    if count > _MOST_RANKED:
        _serve(left, first, count, traced, rests)
        return
    for place in range(count):
        rest = rests[nth(place)]
        rank = np.int64(0)
        for other in range(place):
            rank += np.int64(rests[nth(other)] >= rest)
        for other in range(place + 1, count + 1):
            rank += np.int64(rests[nth(other)] > rest)
        traced[nth(first + place)] += np.int64(rank < left)


@part
def _count_from(rests, count, least):
    """Count the rests of at least so much."""
    found = np.int64(0)
    for place in range(count):
        found += np.int64(rests[nth(place)] >= least)
    return found


@part
def _serve(left, first, count, traced, rests):
    """One satoshi each to the largest rests, `left` of them, equal ones in their order.

    `rests`: of the outputs and, last, of the fee. The smallest rest that is served is found by
    halving, since there may be thousands.
    """
    low, high = np.int64(0), np.int64(0)
    for place in range(count + 1):
        high = max(high, rests[nth(place)])
    while low < high:
        middle = (low + high + 1) >> 1
        if _count_from(rests, count + 1, middle) >= left:
            low = middle
        else:
            high = middle - 1
    equal = left - _count_from(rests, count + 1, low + 1)
    for place in range(count):
        rest = rests[nth(place)]
        if rest > low:
            traced[nth(first + place)] += 1
        elif rest == low and equal > 0:
            traced[nth(first + place)] += 1
            equal -= 1


@part
def _ask_ahead(number, source, output_value, traced):
    """Ask for what an input soon to come will need, whether anything is traced there or not."""
    ask(traced, np.int64(source[nth(number + _AHEAD)]))
    ask(output_value, np.int64(source[nth(number + _AHEAD // 2)]))


@part
def _traced_in(begin, end, source, output_value, stops, traced):
    """Sum what is traced of the outputs that inputs spend and where coins do not stop.

    Those of unknown source hold nothing.
    """
    asked = len(source) - _AHEAD
    amount = np.int64(0)
    for number in range(begin, end):
        if number < asked:
            _ask_ahead(number, source, output_value, traced)
        output = np.int64(source[nth(number)])
        if output >= 0 and (len(stops) == 0 or stops[nth(output)] == 0):
            amount += traced[nth(output)]
    return amount


@part
def _value_in(begin, end, source, output_value):
    """Sum the values of the outputs that inputs spend; -1 if the source of one is not known."""
    whole = np.int64(0)
    for number in range(begin, end):
        output = np.int64(source[nth(number)])
        if output < 0:
            return np.int64(-1)
        whole += output_value[nth(output)]
    return whole


@part
def _traced_out(first, last, traced):
    """Whether an output has coins declared of its own."""
    met = False
    for output in range(first, last):
        met |= traced[nth(output)] > 0
    return met


@part
def _value_out(first, last, output_value):
    """Sum the values of outputs."""
    whole = np.int64(0)
    for output in range(first, last):
        whole += output_value[nth(output)]
    return whole


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
    for tx in range(len(tx_input_start) - 1):
        begin, end = tx_input_start[nth(tx)], tx_input_start[nth(tx + 1)]
        amount = _traced_in(begin, end, source, output_value, stops, traced)
        if amount == 0:
            continue
        first, last = tx_output_start[nth(tx)], tx_output_start[nth(tx + 1)]
        whole = _value_in(begin, end, source, output_value)
        fee = whole - _value_out(first, last, output_value)
        met = _traced_out(first, last, traced)
        if whole < 0 or fee < 0 or met or last - first >= len(rests):
            return tx
        if amount == whole:
            for output in range(first, last):
                traced[nth(output)] = output_value[nth(output)]
        elif last - first == 2:
            _divide_two(amount, fee, first, whole, output_value, traced)
        elif last - first == 1:
            _divide_one(amount, fee, first, whole, output_value, traced)
        else:
            _divide(amount, fee, first, last, whole, output_value, traced, rests)
    return -1
