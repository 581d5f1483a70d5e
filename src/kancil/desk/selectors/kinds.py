"""The kinds of selector that the index knows; adding one touches its craft and this tuple."""

from __future__ import annotations

from collections.abc import Iterator

from kancil.bitcoin.script import selectors as bitcoin
from kancil.records.asset import BITCOIN, ETHEREUM, TRON
from kancil.records.selector import Selector, SelectorKind
from kancil.records.selectors import SELECTORS
from kancil.records.transfer import StatedTransfer

KINDS: tuple[SelectorKind, ...] = (*bitcoin.SELECTORS, *SELECTORS)
_OF_CHAIN = {
    BITCOIN: (bitcoin.ADDRESS, bitcoin.TXID),
    TRON: ("tron-address", "tron-txid"),
    ETHEREUM: ("ethereum-address", "ethereum-txid"),
}
"""Kinds of an address and a transaction by the chain that a reported transfer names."""
_ADDRESSES = tuple(address for address, _ in _OF_CHAIN.values())
_ACCOUNTS = ("iban", "bank-account")


def read_selectors(text: str, country: str = "") -> list[Selector]:
    """What a typed text may be: one selector of each kind whose grammar and check it keeps."""
    found = ((kind.name, kind.read(text, country)) for kind in KINDS)
    return [Selector(name, value) for name, value in found if value is not None]


def selectors_of(transfer: StatedTransfer) -> Iterator[Selector]:
    """What a reported transfer names; an address of no chain is tried as each chain's."""
    addresses, txids = _ADDRESSES, tuple(txid for _, txid in _OF_CHAIN.values())
    if transfer.chain in _OF_CHAIN:
        address, txid = _OF_CHAIN[transfer.chain]
        addresses, txids = (address,), (txid,)
    for text in (transfer.from_address, transfer.to_address):
        yield from _read(text, addresses)
    for text in (transfer.from_account, transfer.to_account):
        yield from _read(text, _ACCOUNTS)
    yield from _read(transfer.txid, txids)


def _read(text: str | None, kinds: tuple[str, ...]) -> Iterator[Selector]:
    for kind in KINDS:
        value = kind.read(text) if text and kind.name in kinds else None
        if value is not None:
            yield Selector(kind.name, value)
