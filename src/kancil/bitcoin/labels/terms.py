"""The terms labels are sorted by, and which of them stop a trace.

Terms are those of INTERPOL's Darknet and Virtual Assets Taxonomy (`taxonomy/`, Apache-2.0, version
of 2022-02-23). Publishers use their own; `_PUBLISHED` says which INTERPOL term each means. A word
found in neither stays as published and has no INTERPOL term: nothing is guessed.

**Stops.** A trace stops where coins of many people meet under one owner's keys, because what leaves
there is not what came in, whatever a policy computes. Three reasons, each with its words
(`note.stops-<code>`):

- *pooled*: it keeps coins for customers and pays them out of one pool (exchange, hosted wallet,
  payment service, escrow, gambling house, market with accounts, mining pool, cash machine, bank);
- *mixing*: its business is to part coins from their past (tumbler, mixer);
- *swapped*: it takes coins in and gives another currency or another chain out (swap service,
  decentralised exchange, bridge).

A CoinJoin does not stop a trace: all coins stay under their owners' keys, and the rows say
that the label is there. Neither do persons, organisations, victims, vendors or sellers who simply
own what they are paid (forum, hosting, e-mail), nor a sanctions listing or an abuse by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

POOLED, MIXING, SWAPPED = "pooled", "mixing", "swapped"

_STOPS = {
    # INTERPOL terms
    "exchange": POOLED,
    "peer_to_peer_exchange": POOLED,
    "hosted-wallet": POOLED,
    "escrow": POOLED,
    "dark_market": POOLED,
    "crypto_atm": POOLED,
    "bank": POOLED,
    "ico": POOLED,
    "service": POOLED,
    "service-provider": POOLED,
    "virtual_asset_service_provider": POOLED,
    "tumbler": MIXING,
    "coin_swapping": SWAPPED,
    "dex": SWAPPED,
    "defi": SWAPPED,
    "bridge": SWAPPED,
    # publishers' words that have no INTERPOL term
    "gambling": POOLED,
    "miner": POOLED,
    "mining_service": POOLED,
    "payment_processor": POOLED,
}

_PUBLISHED = {
    # GraphSense TagPacks (entity terms of 2021 to 2024) and words officers write in tables
    "wallet_service": "hosted-wallet",
    "hosted_wallet": "hosted-wallet",
    "mixing_service": "tumbler",
    "mixer": "tumbler",
    "market": "dark_market",
    "marketplace": "dark_market",
    "darknet_market": "dark_market",
    "user": "cryptocurrencies_user",
    "swap_service": "coin_swapping",
    "atm": "crypto_atm",
    "vasp": "virtual_asset_service_provider",
    "p2p_exchange": "peer_to_peer_exchange",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the taxonomy."""

    name: str
    shown: str
    description: str
    broader: str
    """The wider term, empty at the top."""


@cache
def entity_terms() -> dict[str, Term]:
    """The terms for owners and things, by name (INTERPOL entities.yaml)."""
    return _terms("entities.yaml")


@cache
def abuse_terms() -> dict[str, Term]:
    """The terms for abuses, by name (INTERPOL abuses.yaml)."""
    return _terms("abuses.yaml")


def _terms(name: str) -> dict[str, Term]:
    text = (files(__package__) / "taxonomy" / name).read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {
        key: Term(
            name=key,
            shown=row["prefLabel"],
            description=" ".join(str(row.get("description", "")).split()),
            broader=row.get("broader", ""),
        )
        for key, row in rows.items()
        if row.get("type") == "concept"
    }


def category_of(published: str) -> str:
    """The INTERPOL term of a publisher's word; empty if there is none."""
    word = published.strip()
    if word in entity_terms():
        return word
    folded = word.casefold().replace(" ", "_")
    if folded in entity_terms():
        return folded
    return _PUBLISHED.get(folded, "")


def stop_reason(category: str) -> str:
    """The code of why a trace stops at this kind of owner; empty if it does not."""
    word = category.strip().casefold().replace(" ", "_")
    return _STOPS.get(word) or _STOPS.get(_PUBLISHED.get(word, ""), "")


def stopping_terms() -> dict[str, str]:
    """List every word that stops a trace, with the code of its reason."""
    published = {word: _STOPS[term] for word, term in _PUBLISHED.items() if term in _STOPS}
    return dict(sorted({**_STOPS, **published}.items()))
