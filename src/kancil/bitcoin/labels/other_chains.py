"""Labels of addresses that are not bitcoin's, found by the address in its normal form.

A script has no place here: TRON, Ethereum and all chains that share their addresses are asked by
the address alone, whatever ticker its publisher writes beside it (a sanctions list names one
address under ETH, USDT and USDC). Where Kancil knows no checksum of a chain (Litecoin, Monero,
Zcash), the text must be the same, letter for letter.

Sources: ERC-55 (Ethereum's capitals), tronweb 6.0.4 utils/address.js (TRON), the CashAddr
specification of Bitcoin Cash (its prefix may be left out; no mixed case), BIP 173 (the same of
`ltc1` and Zcash's `zs1`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kancil.records.asset import BITCOIN, ETHEREUM, TRON, chain_named
from kancil.records.identifier import ETHEREUM_CHECK, TRON_CHECK, is_tron_address, read_address

from .label import Label, label_of_fields

if TYPE_CHECKING:
    import pyarrow as pa

_CASHADDR = re.compile(r"(?i:bitcoincash:)?([qp][02-9ac-hj-np-z]{41}|[QP][02-9AC-HJ-NP-Z]{41})")
_BECH32 = re.compile(r"(ltc|zs|u|zt)1[02-9ac-hj-np-z]{30,}|(LTC|ZS|U|ZT)1[02-9AC-HJ-NP-Z]{30,}")
_ETHEREUM = re.compile(r"0[xX][0-9a-fA-F]{40}")
_CHECKS = {"TRX": (TRON_CHECK,), "ETH": (ETHEREUM_CHECK,), "": (TRON_CHECK, ETHEREUM_CHECK)}
_TICKERS = {BITCOIN: "BTC", TRON: "TRX", ETHEREUM: "ETH"}


def normal_address(text: str) -> str:
    """An address as it is compared: two texts of one address are one.

    Ethereum in small letters where its capitals fit their check, or where it has none.
    """
    text = text.strip()
    found = _CASHADDR.fullmatch(text)
    if found is not None:
        return found[1].lower()
    if _BECH32.fullmatch(text):
        return text.lower()
    return read_address(text)[0]


def address_fault(text: str, ticker: str = "") -> str | None:
    """Code of what is wrong with an address of TRON's or Ethereum's form: its check fails.

    `ticker`: of the row that states it. Of other chains nothing is checked: some of Ethereum's form
    have capitals of their own (EIP-1191, such as Rootstock).
    """
    fault = read_address(text)[1]
    return fault if fault in _CHECKS.get(ticker, ()) else None


def ticker_of(currency: str, address: str) -> str:
    """The ticker of an officer's row: of the chain that is named, else of the address's form.

    `currency`: a ticker or a chain's name, `TRON` and `TRX` alike; empty where none is stated.
    """
    if currency:
        return _TICKERS.get(chain_named(currency), currency.upper())
    if is_tron_address(address) or address_fault(address) == TRON_CHECK:
        return _TICKERS[TRON]
    return _TICKERS[ETHEREUM if _ETHEREUM.fullmatch(address) else BITCOIN]


class OtherLabels:
    """The labels of some imports whose addresses are not bitcoin's."""

    def __init__(self, tables: Iterable[pa.Table]) -> None:
        """Take the rows of stored imports, the oldest first."""
        self._by_address: defaultdict[str, list[Label]] = defaultdict(list)
        for table in tables:
            for fields in table.filter(table["kind"].is_null()).to_pylist():
                self._by_address[normal_address(fields["address"])].append(label_of_fields(fields))

    def of(self, address: str) -> tuple[Label, ...]:
        """All labels of an address, in order of import; empty if there are none."""
        return tuple(self._by_address.get(normal_address(address), ()))

    def all_labels(self) -> list[Label]:
        """Every label, address by address."""
        return [label for labels in self._by_address.values() for label in labels]
