"""Bitcoin's kinds of selector: an address, held to its checksum, and a transaction id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kancil.bitcoin.network import NETWORKS
from kancil.ground import base58

from .address import decode_address, encode_address, is_address

ADDRESS = "bitcoin-address"
TXID = "bitcoin-txid"
_TXID = re.compile(r"[0-9a-f]{64}")


class BitcoinAddress:
    """An address of any network; its normal form is the one that Kancil writes."""

    name = ADDRESS

    def read(self, text: str, country: str = "") -> str | None:
        """The address as Kancil writes it; None where its checksum or form is wrong."""
        text = text.strip()
        prefix = text.lower().partition("1")[0]
        of_prefix = [each for each in NETWORKS.values() if each.bech32_prefix == prefix]
        if not of_prefix and base58.decode_check(text) is None:
            return None  # at once: to name the wrong character would take its time
        for network in of_prefix[:1] or NETWORKS.values():
            if is_address(text, network):
                return encode_address(*decode_address(text, network), network)
        return None

    def parts(self, cell: str) -> Iterator[str]:
        """The addresses of a cell."""
        yield from cell.split()


class BitcoinTxid:
    """A transaction id: 64 hex digits, which have no checksum."""

    name = TXID

    def read(self, text: str, country: str = "") -> str | None:
        """The id in small letters."""
        small = text.strip().lower()
        return small if _TXID.fullmatch(small) else None

    def parts(self, cell: str) -> Iterator[str]:
        """The ids of a cell that names transactions or outputs (`txid:n`)."""
        for word in cell.split():
            txid = word.partition(":")[0]
            if _TXID.fullmatch(txid):
                yield txid


SELECTORS = (BitcoinAddress(), BitcoinTxid())
