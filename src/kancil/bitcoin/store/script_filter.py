"""Which scripts are surely new: most are, and need not be looked for in the runs.

A split block Bloom filter over the keys of all scripts of a store; it errs on one side only. It is
made where an ingest adds much beside what is there, and is gone with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.holdings.scratch import Scratch

from . import growth_kernels

Array = NDArray[Any]
BITS_A_KEY = 12
"""Of keys that were not put in, about one in 200 is then taken for held; where twice as many were
put in as expected, one in ten. Measured (`tests/bitcoin/store/test_growth_kernels.py`)."""
_BLOCK_BITS = 32 * growth_kernels.BLOCK_WORDS
_PART = 1 << 22


class ScriptFilter:
    """Says of keys of scripts whether the store may hold them."""

    def __init__(self, scratch: Scratch, most_keys: int) -> None:
        """Make room for about so many keys. Raises DiskFull, FileNotReadable."""
        blocks = 1 + most_keys * BITS_A_KEY // _BLOCK_BITS
        self._words = scratch.empty(blocks * growth_kernels.BLOCK_WORDS, np.uint32)
        self._words.fill(0)

    def add(self, keys: Array) -> None:
        """Put keys in: uint64, spread evenly."""
        growth_kernels.mark(self._words, keys)

    def add_all(self, every: Iterable[Array]) -> None:
        """Put in the keys of runs, part by part, since they are mapped."""
        for keys in every:
            for first in range(0, len(keys), _PART):
                self.add(keys[first : first + _PART])

    def may_hold(self, keys: Array) -> Array:
        """Of each key whether it may have been put in: bool; False is sure."""
        answer = np.empty(len(keys), np.bool_)
        growth_kernels.may_hold(self._words, keys, answer)
        return answer
