"""Ethereum and the chains that share its addresses: an address, and a transaction hash."""

from __future__ import annotations

import re

from kancil.records.identifier import ETHEREUM_CHECK, read_address
from kancil.records.selector import OneInACell

_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")
_TXID = re.compile(r"0x[0-9a-f]{64}")


class EthereumAddress(OneInACell):
    """`0x` and 40 hex digits; capitals among them are a checksum (ERC-55)."""

    name = "ethereum-address"

    def read(self, text: str, country: str = "") -> str | None:
        """The address in small letters; None where its capitals are not those of its check."""
        text = text.strip()
        if _ADDRESS.fullmatch(text) is None:
            return None
        address, fault = read_address(text)
        return None if fault == ETHEREUM_CHECK else address


class EthereumTxid(OneInACell):
    """`0x` and 64 hex digits, which have no checksum."""

    name = "ethereum-txid"

    def read(self, text: str, country: str = "") -> str | None:
        """The hash in small letters."""
        small = text.strip().lower()
        return small if _TXID.fullmatch(small) else None


ETHEREUM_ADDRESS, ETHEREUM_TXID = EthereumAddress(), EthereumTxid()
