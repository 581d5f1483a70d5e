"""Transaction ids and addresses as a table writes them, each held to its own grammar.

Normal forms, so that equal things are written alike. What is checked: hex digits and lengths, the
check bytes of TRON addresses, and the mixed case of Ethereum addresses (EIP-55). Bitcoin addresses
are read where a table is joined to a chain.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kancil.ground import base58
from kancil.ground.keccak import keccak256

_HASH = re.compile(r"(0[xX])?([0-9a-fA-F]{64})")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_TRON = re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")
_TRON_VERSION = 0x41
TRON_CHECK = "tron-check"
"""Code of an address of TRON's form whose check bytes are wrong."""
ETHEREUM_CHECK = "ethereum-check"
"""Code of an address of Ethereum's form whose capital letters are not those of its check."""
ETHEREUM_UNCHECKED = "ethereum-unchecked"
"""Code of an Ethereum address all in small or all in capital letters: nothing can be checked."""


def read_txid(text: str) -> str | None:
    """A transaction id in small letters, with `0x` if it was written so; None if it is none.

    64 hex digits are an id on Bitcoin, TRON and (with `0x`) Ethereum; the text does not say which.
    """
    found = _HASH.fullmatch(text.strip())
    if found is None:
        return None
    return ("0x" if found[1] else "") + found[2].lower()


def is_tron_address(text: str) -> bool:
    """Whether a text is a whole and right address of TRON.

    Base58check of 21 bytes that begin with 0x41 (tronweb 6.0.4, utils/address.js).
    """
    if _TRON.fullmatch(text) is None:
        return False
    body = base58.decode_check(text)
    return body is not None and len(body) == 21 and body[0] == _TRON_VERSION


@lru_cache(maxsize=1 << 16)
def with_capitals(address: str) -> str:
    """Write an Ethereum address (`0x` and 40 small hex digits) with the capitals of its check.

    A letter is a capital where the digit at its place of the Keccak-256 of the 40 digits is 8 or
    more (ERC-55, Mixed-case checksum address encoding).
    """
    digits = address[2:]
    check = keccak256(digits.encode("ascii")).hex()
    return "0x" + "".join(
        letter.upper() if told >= "8" else letter
        for letter, told in zip(digits, check[: len(digits)], strict=True)
    )


def _read_ethereum(text: str) -> tuple[str, str | None]:
    small = text.lower()
    digits = text[2:]
    if digits in (digits.lower(), digits.upper()):
        return small, ETHEREUM_UNCHECKED
    return (small, None) if with_capitals(small)[2:] == digits else (text, ETHEREUM_CHECK)


def read_address(text: str, *, with_case: bool = True) -> tuple[str, str | None]:
    """An address in its normal form, and the code of what is wrong with it, if anything.

    Ethereum: small letters, after its capitals were compared with its check (not so in readings
    by the first rules, without `with_case`); one whose check fails stays as it was written. TRON:
    check bytes are verified. Any other text stays as it is.
    """
    text = text.strip()
    if _ETHEREUM.fullmatch(text):
        return _read_ethereum(text) if with_case else (text.lower(), None)
    if _TRON.fullmatch(text) and not is_tron_address(text):
        return text, TRON_CHECK
    return text, None
