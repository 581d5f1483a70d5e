"""TRON: an address, held to its check bytes, and a transaction id, which has no checksum."""

from __future__ import annotations

import re

from kancil.records.identifier import is_tron_address
from kancil.records.selector import OneInACell

_TXID = re.compile(r"[0-9a-f]{64}")


class TronAddress(OneInACell):
    """`T` and 33 further characters, Base58Check (tronweb 6.0.4, utils/address.js)."""

    name = "tron-address"

    def read(self, text: str, country: str = "") -> str | None:
        """The address; None where its check bytes are wrong."""
        text = text.strip()
        return text if is_tron_address(text) else None


class TronTxid(OneInACell):
    """64 hex digits: the text does not say whether it is bitcoin's or TRON's."""

    name = "tron-txid"

    def read(self, text: str, country: str = "") -> str | None:
        """The id in small letters."""
        small = text.strip().lower()
        return small if _TXID.fullmatch(small) else None


TRON_ADDRESS, TRON_TXID = TronAddress(), TronTxid()
