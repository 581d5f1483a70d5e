"""What somebody pasted, as starts of a trace: addresses, transactions, outputs, blocks, keys.

From a chat, a payment link (BIP 21), an explorer's address bar or a table's column, to the words
that `resolve_starts` reads, each with the networks it can belong to. Nothing is corrected here:
what is none of these comes back as it stands, so that it can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kancil.bitcoin.network import NETWORKS
from kancil.bitcoin.script.address import is_address

from .same_keys import key_of_text

MOST = 2000
"""So many things are read out of one text."""
_BLOCK = re.compile(r"(?i)\bblock[ \t]*(?:#|no\.?|number|height)?[ \t]*([0-9]{1,8})\b")
_NUMBER = re.compile(r"[0-9]{1,8}")
_URI = re.compile(r"(?i)bitcoin:([^?]+)(?:\?.*)?")
_BETWEEN = re.compile(r"[\s,;|<>\"'()\[\]{}]+")
_TXID = re.compile(r"[0-9a-fA-F]{64}")
_OUTPOINT = re.compile(r"([0-9a-fA-F]{64}):([0-9]{1,10})")
_SAYS = re.compile(r"\w")
_OF_PAGE = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One thing that was pasted."""

    kind: str
    """`address`, `transaction`, `output`, `block`, `key` or `other`."""
    text: str
    """As `resolve_starts` reads it; of a block its height; of what is `other`, as it stood."""
    networks: frozenset[str] = frozenset(NETWORKS)
    """Names of the networks it can belong to."""


def read_pasted(text: str) -> list[Pasted]:
    """Read what was pasted, each thing once, in its order; at most `MOST`.

    A bare number is a block's height only where nothing but numbers stands there: beside addresses
    it may be an amount.
    """
    found = [Pasted("block", height) for height in _BLOCK.findall(text)]
    words = [word for word in _BETWEEN.split(_BLOCK.sub(" ", text)) if _SAYS.search(word)]
    if all(_NUMBER.fullmatch(word) for word in words):
        found += [Pasted("block", word) for word in words]
    else:
        found += [_read(word) for word in words]
    return list(dict.fromkeys(found))[:MOST]


def _read(word: str) -> Pasted:
    uri = _URI.fullmatch(word)
    if uri is not None:
        return _named(uri[1].strip("/")) or Pasted("other", word)
    if _OF_PAGE.fullmatch(word):
        parts = re.split(r"[/?#=&]", word)
        return next(filter(None, map(_named, reversed(parts))), Pasted("other", word))
    trimmed = word.strip(".:!?`*")
    return _named(trimmed) or Pasted("other", trimmed or word)


def _named(word: str) -> Pasted | None:
    """What a word names, or None."""
    output = _OUTPOINT.fullmatch(word)
    if output is not None:
        return Pasted("output", f"{output[1].lower()}:{int(output[2])}")
    if _TXID.fullmatch(word):
        return Pasted("transaction", word.lower())
    if key_of_text(word):
        return Pasted("key", word.lower())
    networks = frozenset(name for name, each in NETWORKS.items() if is_address(word, each))
    if not networks:
        return None
    is_bech32 = any(word.lower().startswith(f"{n.bech32_prefix}1") for n in NETWORKS.values())
    return Pasted("address", word.lower() if is_bech32 else word, networks)
