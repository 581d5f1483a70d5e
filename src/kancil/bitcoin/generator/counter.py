"""Numbers from a counter: the same for the same seed on any machine, in any order of asking.

The generator is SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast Splittable Pseudorandom Number
Generators", OOPSLA 2014, section 4 with the constants of Stafford's variant 13. Its n-th output is
a function of the seed and n alone, so it is used as a counter: `word(key, n)`. Integers only. It is
no source of secrets: whoever knows the seed knows every key of a generated chain, and is meant to.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from kancil.bitcoin.generator.compiled import part

ItemT = TypeVar("ItemT")

MAX_SEED = 2**64 - 1
MILLION = 1_000_000
_GAMMA = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = 2**64 - 1

STREAM_LIFE = 1
STREAM_KEYS = 2
STREAM_SIGNATURES = 3
STREAM_TIMES = 4
STREAM_PLANS = 5
STREAM_PLANTS = 1 << 32
"""The stream of plant i is this number plus i."""


def word(key: int, n: int) -> int:
    """Output n (from 0) of SplitMix64 seeded with key: 64 bits."""
    z = (key + (n + 1) * _GAMMA) & _MASK
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def stream_key(seed: int, stream: int) -> int:
    """The key of one stream of numbers; streams of one seed do not depend on each other."""
    return word(word(seed, 0), stream)


_U_GAMMA, _U_FIRST, _U_SECOND = np.uint64(_GAMMA), np.uint64(_FIRST), np.uint64(_SECOND)
_U27, _U30, _U31, _U32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@part
def word_of(key, n):
    """What `word` gives, compiled. Both arguments and the result: uint64."""
    z = np.uint64(key + (np.uint64(n) + np.uint64(1)) * _U_GAMMA)
    z = np.uint64((z ^ (z >> _U30)) * _U_FIRST)
    z = np.uint64((z ^ (z >> _U27)) * _U_SECOND)
    return np.uint64(z ^ (z >> _U31))


@part
def below(numbers, bound):
    """Draw an integer from 0 to bound - 1, bound below 2^32.

    `numbers`: uint64 `[2]`, key and counter of a stream; the counter goes up by one. The high half
    of the 128-bit product of a word and the bound; no value is off its share by more than 2^-32.
    """
    drawn = word_of(numbers[0], numbers[1])
    numbers[1] += np.uint64(1)
    wide = np.uint64(bound)
    low = np.uint64((drawn & _LOW) * wide) >> _U32
    return np.int64(np.uint64((drawn >> _U32) * wide + low) >> _U32)


class Draw:
    """One stream of numbers, drawn one after another."""

    def __init__(self, seed: int, stream: int) -> None:
        """Begin at the stream's first number."""
        self.key = stream_key(seed, stream)
        self.n = 0

    def word(self) -> int:
        """The next 64 bits."""
        self.n += 1
        return word(self.key, self.n - 1)

    def below(self, bound: int) -> int:
        """An integer from 0 to bound - 1."""
        return (self.word() * bound) >> 64

    def between(self, first: int, last: int) -> int:
        """An integer from first to last, both included."""
        return first + self.below(last - first + 1)

    def chance(self, per_million: int) -> bool:
        """Say yes so many times in a million."""
        return self.below(MILLION) < per_million

    def pick(self, items: Sequence[ItemT]) -> ItemT:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[ItemT]) -> list[ItemT]:
        """The items in a drawn order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def parts(self, total: int, count: int) -> list[int]:
        """Cut a total into parts, each at least a third of an equal share."""
        weights = [self.between(500, 1500) for _ in range(count)]
        whole = sum(weights)
        cut = [total * weight // whole for weight in weights]
        cut[-1] += total - sum(cut)
        return cut
