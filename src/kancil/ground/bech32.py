"""Bech32 and bech32m, the writing of segregated-witness addresses, with location of errors.

Sources: BIP 173 (code, alphabet), BIP 350 (bech32m). The code is a BCH code over GF(32) that
tells any four wrong characters apart in at most 90; so up to two can be located with certainty,
which `locate` does by looking syndromes up. BIP 173 asks that programs point at the wrong places
and never offer a corrected address; nothing here does.
"""

from __future__ import annotations

from functools import lru_cache

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
VALUE = {character: value for value, character in enumerate(ALPHABET)}
MAX_CHARACTERS = 90
CHECK_CHARACTERS = 6
BECH32 = 1
BECH32M = 0x2BC830A3
NAMES = {BECH32: "bech32", BECH32M: "bech32m"}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _factors_of(top: int) -> int:
    total = 0
    for bit, factor in enumerate(_GENERATOR):
        if (top >> bit) & 1:
            total ^= factor
    return total


_FACTORS = tuple(_factors_of(top) for top in range(32))


def _step(check: int) -> int:
    """Multiply a residue by x in the code's field."""
    return ((check & 0x1FFFFFF) << 5) ^ _FACTORS[check >> 25]


@lru_cache(maxsize=64)
def _prefix_residue(prefix: str) -> int:
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]:
        check = _step(check) ^ value
    return check


def residue(prefix: str, values: list[int]) -> int:
    """The remainder of a whole string, check characters included.

    `values`: 5-bit values of the part after the separator. BECH32 or BECH32M if it is intact.
    """
    check = _prefix_residue(prefix)
    for value in values:
        check = ((check & 0x1FFFFFF) << 5) ^ _FACTORS[check >> 25] ^ value
    return check


def encode(prefix: str, values: list[int], constant: int) -> str:
    """Write a prefix and 5-bit values with their check characters."""
    remainder = residue(prefix, values + [0] * CHECK_CHARACTERS) ^ constant
    check = [(remainder >> 5 * (5 - place)) & 31 for place in range(CHECK_CHARACTERS)]
    return prefix + "1" + "".join(ALPHABET[value] for value in values + check)


def to_bytes(values: list[int]) -> bytes | None:
    """Regroup 5-bit values into bytes; None if padding is over 4 bits or not zero (BIP 173)."""
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 % 8
    if spare > 4 or number & ((1 << spare) - 1):
        return None
    return (number >> spare).to_bytes(len(values) * 5 // 8, "big")


def from_bytes(program: bytes) -> list[int]:
    """Regroup bytes into 5-bit values, zero-padded at the end."""
    count = -(-len(program) * 8 // 5)
    number = int.from_bytes(program, "big") << (count * 5 - len(program) * 8)
    return [(number >> 5 * (count - 1 - place)) & 31 for place in range(count)]


@lru_cache(maxsize=MAX_CHARACTERS)
def _single_errors(length: int) -> dict[int, tuple[int, int]]:
    """Map the syndrome of each single wrong character to its place and its difference."""
    table: dict[int, tuple[int, int]] = {}
    for difference in range(1, 32):
        syndrome = difference
        for place in range(length - 1, -1, -1):
            table[syndrome] = (place, difference)
            syndrome = _step(syndrome)
    return table


def locate(prefix: str, values: list[int]) -> tuple[int, ...]:
    """Find the places (from 0, in `values`) of one or two wrong characters; empty if it is more.

    Both constants are tried; a finding counts only if the witness version that results asks for
    that constant (BIP 350: version 0 bech32, others bech32m), and only if it is the only one.
    """
    remainder = residue(prefix, values)
    found: list[tuple[int, ...]] = []
    for constant in (BECH32, BECH32M):
        found.extend(_located(values, remainder ^ constant, constant))
    fewest = min((len(places) for places in found), default=0)
    best = {places for places in found if len(places) == fewest}
    return best.pop() if len(best) == 1 else ()


def _located(values: list[int], syndrome: int, constant: int) -> list[tuple[int, ...]]:
    table = _single_errors(len(values))

    def asks_for_constant(*errors: tuple[int, int]) -> bool:
        version = values[0]
        for place, difference in errors:
            version ^= difference if place == 0 else 0
        return version <= 16 and (constant == BECH32) == (version == 0)

    single = table.get(syndrome)
    if single is not None:
        return [(single[0],)] if asks_for_constant(single) else []
    found: list[tuple[int, ...]] = []
    for first_syndrome, first in table.items():
        second = table.get(syndrome ^ first_syndrome)
        if second is not None and first[0] < second[0] and asks_for_constant(first, second):
            found.append((first[0], second[0]))
    return found
