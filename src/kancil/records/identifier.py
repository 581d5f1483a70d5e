"""Transaction ids and addresses as a table writes them, each held to its own grammar.

Normal forms, so that equal things are written alike. What is checked: hex digits and lengths, and
the check bytes of TRON addresses. What is not: the mixed-case check of Ethereum addresses (EIP-55
needs Keccak-256, which Python does not bring) and bitcoin addresses, which are read where a table
is joined to a chain.
"""

from __future__ import annotations

import re

from kancil.ground import base58

_HASH = re.compile(r"(0[xX])?([0-9a-fA-F]{64})")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_TRON = re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")
_TRON_VERSION = 0x41
TRON_CHECK = "tron-check"
"""Code of an address of TRON's form whose check bytes are wrong."""


def read_txid(text: str) -> str | None:
    """Give a transaction id in small letters, with `0x` if it was written so; None if it is none.

    64 hex digits are an id on Bitcoin, TRON and (with `0x`) Ethereum; the text does not say which.
    """
    found = _HASH.fullmatch(text.strip())
    if found is None:
        return None
    return ("0x" if found[1] else "") + found[2].lower()


def is_tron_address(text: str) -> bool:
    """Say whether a text is a whole and right address of TRON.

    Base58check of 21 bytes that begin with 0x41 (tronweb 6.0.4, utils/address.js).
    """
    if _TRON.fullmatch(text) is None:
        return False
    body = base58.decode_check(text)
    return body is not None and len(body) == 21 and body[0] == _TRON_VERSION


def read_address(text: str) -> tuple[str, str | None]:
    """Give an address in its normal form, and the code of what is wrong with it, if anything.

    Ethereum: small letters. TRON: check bytes are verified. Any other text stays as it is.
    """
    text = text.strip()
    if _ETHEREUM.fullmatch(text):
        return text.lower(), None
    if _TRON.fullmatch(text) and not is_tron_address(text):
        return text, TRON_CHECK
    return text, None
