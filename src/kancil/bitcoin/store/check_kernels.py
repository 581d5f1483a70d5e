"""Numba kernels that check what follows from other columns of a store, and make it anew.

Arrays in and out; slow twins in `tests/bitcoin/store/test_store_kernels.py`. Imported only where a
store is checked or made anew, for Numba is slow to import.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment"

from __future__ import annotations

import numpy as np

from kancil.bitcoin.compiled.memory import CHECKED, kernels_of, stamp_of

_SOURCES = ("compiled/memory", "store/check_kernels")
kernel = kernels_of(stamp_of(_SOURCES, f"checked {CHECKED}"))
NONE = -1


@kernel
def spends_that_differ(source, spender, told):
    """Count inputs that are not the spender of their source, and spenders without such an input.

    `told`: int64 `[2]`, the first input and the first output of them, -1 none.
    """
    wrong, spent = 0, 0
    for number in range(len(source)):
        output = source[number]
        if output >= len(spender):
            wrong += 1
            if told[0] < 0:
                told[0] = number
        elif output >= 0:
            spent += 1
            if spender[output] != number:
                wrong += 1
                if told[0] < 0:
                    told[0] = number
    for output in range(len(spender)):
        number = spender[output]
        if number != NONE:
            spent -= 1
            if number < 0 or number >= len(source) or source[number] != output:
                wrong += 1
                if told[1] < 0:
                    told[1] = output
    return wrong


@kernel
def links_that_differ(script, before, seen):
    """Count outputs whose link is not the output before that pays the same script.

    `seen`: int64 `[scripts]`, all -1; afterwards the last output of each.
    """
    wrong = 0
    for output in range(len(script)):
        number = np.int64(script[output])
        if number >= len(seen):
            wrong += 1
            continue
        if before[output] != seen[number]:
            wrong += 1
        seen[number] = output
    return wrong


@kernel
def fill_spenders(source, spender):
    """Write the spender of every output anew."""
    for output in range(len(spender)):
        spender[output] = NONE
    for number in range(len(source)):
        if source[number] >= 0:
            spender[source[number]] = number


@kernel
def fill_last(script, last):
    """Write the last output of every script anew."""
    for number in range(len(last)):
        last[number] = NONE
    for output in range(len(script)):
        last[script[output]] = output


@kernel
def falls_at(starts, most):
    """The first place where starts fall or leave their table, -1 if there is none."""
    if len(starts) and starts[0] != 0:
        return 0
    for place in range(1, len(starts)):
        if starts[place] < starts[place - 1] or starts[place] > most:
            return place
    return NONE
