"""Tables of the finder: classes of bytes, last labels of domain names, words of seed phrases."""

from __future__ import annotations

import string
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kancil.ground import base58, bech32

(
    IS_ALNUM, IS_DIGIT, IS_UPPER, IS_LOWER, IS_HEX, IS_BASE58, IS_BECH32, IS_PRINTABLE, IN_EMAIL,
    IN_NAME, IN_URL, IS_BASE64,
) = (1 << bit for bit in range(12))  # fmt: skip
"""Classes of a byte."""
MAY_BE_WORD, MAY_BE_NUMBER, MAY_BE_LABEL, MAY_BE_SHORT, MAY_BE_LONG = 1, 2, 4, 8, 16
"""What a run of letters and digits may be by its length: a word of a seed phrase, its number, the
last label of a domain, the first group of a card's number or IBAN or a bank's code, a long one."""
LABEL_SLOTS, PLAIN_LABEL, CODE_LABEL = 12, 1, 2
"""Bits of a slot's number; a label that counts alone, and one that is also a word of programs."""
_ALNUM = string.ascii_letters + string.digits
_CLASSES = {
    IS_ALNUM: _ALNUM,
    IS_DIGIT: string.digits,
    IS_UPPER: string.ascii_uppercase,
    IS_LOWER: string.ascii_lowercase,
    IS_HEX: string.hexdigits,
    IS_BASE58: base58.ALPHABET,
    IS_BECH32: bech32.ALPHABET + bech32.ALPHABET.upper(),
    IS_PRINTABLE: string.printable.replace("\x0b", "").replace("\x0c", ""),
    IN_EMAIL: _ALNUM + "._%+'-",
    IN_NAME: _ALNUM + ".-",
    IS_BASE64: _ALNUM + "+/",
    IN_URL: _ALNUM + "-._~:/?#[]@!$&'()*+,;=%",
}


def classes() -> npt.NDArray[np.uint16]:
    """The classes of each byte, `[256]`."""
    table = np.zeros(256, np.uint16)
    for bit, characters in _CLASSES.items():
        table[list(characters.encode())] |= bit
    return table


def lengths() -> npt.NDArray[np.uint8]:
    """What a run of so many letters and digits may be, `[64]`; the last is for longer ones too."""
    table = np.zeros(64, np.uint8)
    table[3:9] |= MAY_BE_WORD
    table[1:3] |= MAY_BE_NUMBER
    table[2:9] |= MAY_BE_LABEL
    table[[4, 8, 11]] |= MAY_BE_SHORT
    table[13:] |= MAY_BE_LONG
    return table


@cache
def plain_labels() -> frozenset[str]:
    """Last labels by which a bare name counts as a domain."""
    return frozenset(_words("plain_labels.txt"))


@cache
def second_levels() -> frozenset[str]:
    """Labels before the last that countries use as a second level."""
    return frozenset(_words("second_level.txt"))


@cache
def root_labels() -> frozenset[str]:
    """Every last label of the root zone, in ASCII and small letters."""
    return frozenset(_words("root_labels.txt")) | {"onion"}


@cache
def seed_words() -> dict[str, int]:
    """The English words of BIP 39, each with its number."""
    return {word: number for number, word in enumerate(_words("bip39_english.txt"))}


def label_table() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    """Last labels of at most 8 letters as numbers, by their hash, and the kind of each."""
    keys, kinds = np.zeros(1 << LABEL_SLOTS, np.uint64), np.zeros(1 << LABEL_SLOTS, np.uint8)
    for label in root_labels():
        if len(label) > 8 or not label.isalpha() or label == "onion":
            continue
        key = int.from_bytes(label.encode(), "big")
        slot = (key * 0x9E3779B97F4A7C15 & (1 << 64) - 1) >> (64 - LABEL_SLOTS)
        while keys[slot]:
            slot = (slot + 1) % len(keys)
        keys[slot], kinds[slot] = key, PLAIN_LABEL if label in plain_labels() else CODE_LABEL
    return keys, kinds


def seed_table() -> npt.NDArray[np.uint64]:
    """A bit for the first four letters of each word, 5 bits a letter, the first lowest."""
    bits = np.zeros(1 << 14, np.uint64)
    for word in seed_words():
        key = sum((ord(letter) & 31) << 5 * place for place, letter in enumerate(word[:4]))
        bits[key >> 6] |= np.uint64(1 << (key & 63))
    return bits


def base64_digits() -> npt.NDArray[np.int64]:
    """The value of each character of base64 (RFC 4648, section 4), `[256]`."""
    table = np.zeros(256, np.int64)
    alphabet: Any = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    table[list(alphabet.encode())] = range(64)
    return table


def _words(name: str) -> list[str]:
    return (files(__package__) / "lists" / name).read_text(encoding="ascii").split()
