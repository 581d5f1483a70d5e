"""Numba kernels of the change heuristics: one member over many transactions.

Arrays in and out. The plain twin of each kernel is its member's `judge`; the tests hold the two
together. Imported only where a chain is swept (`kancil.bitcoin.change.run`), for Numba is slow to
import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from kancil.bitcoin.chain.address_ids import WITH_ID
from kancil.bitcoin.compiled.memory import CHECKED, kernels_of, part, stamp_of
from kancil.bitcoin.holdings.address_kernels import is_same
from kancil.bitcoin.holdings.graph import COINBASE

from .codes import FINAL_SEQUENCE, LEAST_CANDIDATES, NONE, NOT_ASKED, UNKNOWN

_SOURCES = (
    "compiled/memory", "change/kernels", "change/codes", "chain/address_ids",
    "holdings/address_kernels", "holdings/graph", "script/kind",
)  # fmt: skip
"""The modules whose text goes into the kernels."""
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))

_NO_MARK = -(1 << 62)
_NO_KIND = 255
_KINDS = sum(1 << int(kind) for kind in WITH_ID)
_LOCKTIME, _SIGNAL, _WITNESS = 1 << 32, 1 << 33, 1 << 34
VERSION_BITS = (1 << 32) - 1
LOCKTIME_BITS, SEQUENCE_BITS = _LOCKTIME, _SIGNAL
ALL_BITS = VERSION_BITS | _LOCKTIME | _SIGNAL | _WITNESS


class Ground(NamedTuple):
    """What every member reads: columns and graph of the whole chain, mapped as they lie."""

    tx_in: Any
    """int64 `[nt + 1]`: first input of each transaction."""
    tx_out: Any
    tx_rank: Any
    tx_version: Any
    tx_locktime: Any
    tx_segwit: Any
    in_source: Any
    in_value: Any
    in_sequence: Any
    out_value: Any
    out_kind: Any
    out_spender: Any
    out_start: Any
    """int64 `[no + 1]`: where each payload begins in the pool."""
    pool: Any
    stated_in: Any
    """int64, ascending: inputs whose script only a spent-outputs file states."""
    stated_kind: Any
    stated_start: Any
    """int64: where its payload begins in `stated_pool`."""
    stated_stop: Any
    stated_pool: Any
    excluded: Any
    """uint8 `[nt]`: 1 for CoinJoins; empty if nobody looked for any."""


class History(NamedTuple):
    """What one-time change reads besides."""

    address: Any
    """`[no]`: address id of each output, -1 none."""
    stated_address: Any
    first_rank: Any
    """int64 `[addresses]`: rank of the first transaction that pays it."""
    last_rank: Any
    tx_block: Any
    is_whole: Any
    """uint8 `[blocks + 1]`: whether all blocks before are held; the last row is for none."""
    is_settled: Any
    """uint8 `[blocks + 1]`: whether enough later blocks are held."""


@part
def _is_excluded(g, tx):
    return len(g.excluded) > 0 and g.excluded[tx] != 0


@part
def _can_be_change(g, out):
    return ((_KINDS >> np.int64(g.out_kind[out])) & 1) != 0 and g.out_value[out] > 0


@part
def _asked(g, tx):
    """0 if the members judge it, else the answer: NOT_ASKED, or NONE of too few outputs."""
    if g.tx_rank[tx] < 0 or _is_excluded(g, tx):
        return NOT_ASKED
    first, last = g.tx_in[tx], g.tx_in[tx + 1]
    if last == first or g.in_source[first] == COINBASE:
        return NOT_ASKED
    count = 0
    for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
        count += _can_be_change(g, out)
    return np.int64(0) if count >= LEAST_CANDIDATES else np.int64(NONE)


@part
def _stated(g, number):
    """The place of an input among the stated scripts, -1 if none states it."""
    low, high = 0, len(g.stated_in)
    while low < high:
        middle = (low + high) >> 1
        if g.stated_in[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low if low < len(g.stated_in) and g.stated_in[low] == number else -1


@part
def _kind(g, number):
    """The kind of script that an input spends, _NO_KIND if it is not known."""
    source = g.in_source[number]
    if source >= 0:
        return np.int64(g.out_kind[source])
    place = _stated(g, number)
    return np.int64(g.stated_kind[place]) if place >= 0 else np.int64(_NO_KIND)


@part
def _knows_scripts(g, tx):
    is_known = True
    for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
        is_known &= _kind(g, number) != _NO_KIND
    return is_known


@part
def _pays_input(g, tx, out):
    """Whether an output pays a script that the transaction spends from."""
    start = g.out_start[out]
    length, kind = g.out_start[out + 1] - start, g.out_kind[out]
    for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
        source = g.in_source[number]
        if source >= 0:
            other = g.out_start[source]
            is_alike = g.out_kind[source] == kind and g.out_start[source + 1] - other == length
            if is_alike and is_same(g.pool, start, g.pool, other, length):
                return True
            continue
        place = _stated(g, number)
        if place >= 0 and g.stated_kind[place] == kind:
            other = g.stated_start[place]
            is_alike = g.stated_stop[place] - other == length
            if is_alike and is_same(g.pool, start, g.stated_pool, other, length):
                return True
    return False


@kernel
def reuse(g, first, last, answer):
    """Name the one candidate that pays an input's script."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            if not _knows_scripts(g, tx):
                said = UNKNOWN
            else:
                said = NONE
                count = 0
                for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                    if _can_be_change(g, out) and _pays_input(g, tx, out):
                        count += 1
                        said = out if count == 1 else NONE
        answer[tx - first] = said


@kernel
def address_type(g, first, last, answer):
    """Name the one candidate whose kind is that of all inputs."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            kind, is_known, is_mixed = np.int64(-1), True, False
            for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
                other = _kind(g, number)
                is_known &= other != _NO_KIND
                if kind >= 0 and kind != other:
                    is_mixed = True
                kind = other
            if not is_known:
                said = UNKNOWN
            elif not is_mixed:
                count = 0
                for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                    if np.int64(g.out_kind[out]) == kind and _can_be_change(g, out):
                        count += 1
                        said = out if count == 1 else NONE
        answer[tx - first] = said


@kernel
def round_amount(g, step, first, last, answer):
    """Name the one candidate that is no multiple of `step`, satoshi."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            count = 0
            for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                if _can_be_change(g, out) and g.out_value[out] % step != 0:
                    count += 1
                    said = out if count == 1 else NONE
        answer[tx - first] = said


@kernel
def optimal_change(g, first, last, answer):
    """Name the one candidate that is smaller than every input, of two inputs or more."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            if g.tx_in[tx + 1] - g.tx_in[tx] > 1:
                least = np.int64(1) << 62
                for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
                    least = min(least, g.in_value[number])
                if least < 0:
                    said = UNKNOWN
                else:
                    count = 0
                    for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                        if _can_be_change(g, out) and g.out_value[out] < least:
                            count += 1
                            said = out if count == 1 else NONE
        answer[tx - first] = said


@part
def _tx_of(start, number):
    """The transaction of an input or output; `start`: the first of each transaction."""
    low, high = 0, len(start) - 1
    while low < high:
        middle = (low + high) >> 1
        if start[middle + 1] <= number:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _is_peel(g, tx):
    first, last = g.tx_in[tx], g.tx_in[tx + 1]
    return (
        last - first == 1
        and g.tx_out[tx + 1] - g.tx_out[tx] == 2
        and g.in_source[first] != COINBASE
    )


@kernel
def peeling(g, first, last, answer):
    """Name the larger of two outputs where the step before, or one after, has the same shape."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            one = g.tx_out[tx]
            if _is_peel(g, tx) and g.out_value[one] != g.out_value[one + 1]:
                larger = one if g.out_value[one] > g.out_value[one + 1] else one + 1
                source = g.in_source[g.tx_in[tx]]
                is_known = source >= 0
                is_found = is_known and _is_peel(g, _tx_of(g.tx_out, source))
                for out in range(one, one + 2):
                    spender = g.out_spender[out]
                    if spender < 0:
                        is_known = False
                    elif not is_found:
                        is_found = _is_peel(g, _tx_of(g.tx_in, spender))
                if is_found:
                    said = larger
                elif not is_known:
                    said = UNKNOWN
        answer[tx - first] = said


@part
def _traits(g, tx):
    """Version, lock time, signal and witness as the bits of one number."""
    mark = np.int64(g.tx_version[tx]) & VERSION_BITS
    if g.tx_locktime[tx] > 0:
        mark |= _LOCKTIME
    for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
        if np.int64(g.in_sequence[number]) < FINAL_SEQUENCE:
            mark |= _SIGNAL
            break
    if g.tx_segwit[tx] != 0:
        mark |= _WITNESS
    return mark


@part
def _fee(g, tx):
    """The fee in satoshi, _NO_MARK if the value of an input is not known."""
    fee = np.int64(0)
    for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
        if g.in_value[number] < 0 or g.in_source[number] == COINBASE:
            return np.int64(_NO_MARK)
        fee += g.in_value[number]
    for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
        fee -= g.out_value[out]
    return fee


@kernel
def by_traits(g, bits, first, last, answer):
    """Name the one candidate whose spender has the same traits, of those that `bits` ask for."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            own, count = _traits(g, tx) & bits, 0
            for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                if not _can_be_change(g, out):
                    continue
                number = g.out_spender[out]
                spender = _tx_of(g.tx_in, number) if number >= 0 else np.int64(-1)
                if spender < 0 or _is_excluded(g, spender):
                    said = UNKNOWN
                    break
                if _traits(g, spender) & bits == own:
                    count += 1
                    said = out if count == 1 else NONE
        answer[tx - first] = said


@kernel
def by_fee(g, first, last, answer):
    """Name the one candidate whose spender pays the same fee."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = NONE
            own, count = _fee(g, tx), 0
            if own == _NO_MARK:
                said = UNKNOWN
            else:
                for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
                    if not _can_be_change(g, out):
                        continue
                    number = g.out_spender[out]
                    spender = _tx_of(g.tx_in, number) if number >= 0 else np.int64(-1)
                    if spender < 0 or _is_excluded(g, spender):
                        said = UNKNOWN
                        break
                    theirs = _fee(g, spender)
                    if theirs == _NO_MARK:
                        said = UNKNOWN
                        break
                    if theirs == own:
                        count += 1
                        said = out if count == 1 else NONE
        answer[tx - first] = said


@kernel
def paid_span(g, address, first_rank, last_rank):
    """Fill the rank of the first and of the last transaction that pays each address."""
    for tx in range(len(g.tx_rank)):
        rank = g.tx_rank[tx]
        if rank < 0:
            continue
        for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
            number = address[out]
            if number < 0:
                continue
            if first_rank[number] < 0 or rank < first_rank[number]:
                first_rank[number] = rank
            last_rank[number] = max(last_rank[number], rank)


@part
def _spends_from(g, h, tx, wanted):
    """Whether a transaction spends from an address."""
    for number in range(g.tx_in[tx], g.tx_in[tx + 1]):
        source = g.in_source[number]
        if source >= 0:
            if h.address[source] == wanted:
                return True
        else:
            place = _stated(g, number)
            if place >= 0 and h.stated_address[place] == wanted:
                return True
    return False


@part
def _one_time(g, h, tx):
    if not _knows_scripts(g, tx):
        return numba.int64(UNKNOWN)
    rank, block = g.tx_rank[tx], h.tx_block[tx]
    if block < 0:
        block = len(h.is_whole) - 1
    found, count = NONE, 0
    for out in range(g.tx_out[tx], g.tx_out[tx + 1]):
        if not _can_be_change(g, out):
            continue
        number = h.address[out]
        if _spends_from(g, h, tx, number):
            return numba.int64(NONE)
        if h.first_rank[number] >= rank:
            found, count = out, count + 1
    if count and h.is_whole[block] == 0:
        return numba.int64(UNKNOWN)
    if count != 1:
        return numba.int64(NONE)
    if h.last_rank[h.address[found]] > rank:
        return numba.int64(NONE)
    return found if h.is_settled[block] else numba.int64(UNKNOWN)


@kernel
def one_time(g, h, first, last, answer):
    """Name the one candidate whose address is new, and never paid again."""
    for tx in range(first, last):
        said = _asked(g, tx)
        if said == 0:
            said = _one_time(g, h, tx)
        answer[tx - first] = said
