"""Terms: INTERPOL's taxonomy, publishers' words, and which of them stop a trace."""

from __future__ import annotations

import hashlib

import pytest

from kancil.bitcoin.labels.terms import (
    abuse_terms,
    category_of,
    entity_terms,
    stop_reason,
    stopping_terms,
)
from kancil.ground import canonical
from kancil.ground.words import has


def test_the_taxonomy_of_interpol_is_shipped_with_its_terms() -> None:
    terms = entity_terms()
    assert terms["exchange"].broader == "service"
    assert terms["tumbler"].shown
    assert {"ransomware", "sextortion", "ponzi_scheme", "service_hack"} <= set(abuse_terms())
    assert all(term.broader in terms for term in terms.values() if term.broader)


@pytest.mark.parametrize(
    ("published", "term"),
    [
        ("exchange", "exchange"),
        ("mixing_service", "tumbler"),
        ("wallet_service", "hosted-wallet"),
        ("market", "dark_market"),
        ("user", "cryptocurrencies_user"),
        ("coinjoin", "coinjoin"),
        ("Crypto ATM", "crypto_atm"),
        ("gambling", ""),
        ("miner", ""),
        ("organization", ""),
        ("", ""),
    ],
)
def test_publishers_words_find_their_interpol_term_or_none(published: str, term: str) -> None:
    assert category_of(published) == term


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        ("exchange", "pooled"),
        ("Exchange", "pooled"),
        ("wallet_service", "pooled"),
        ("gambling", "pooled"),
        ("market", "pooled"),
        ("mixing_service", "mixing"),
        ("bridge", "swapped"),
        ("coinjoin", ""),
        ("user", ""),
        ("organization", ""),
        ("darknet_forum", ""),
        ("bulletproof_hosting", ""),
        ("victim", ""),
        ("", ""),
    ],
)
def test_only_places_where_many_peoples_coins_meet_stop_a_trace(
    published: str, reason: str
) -> None:
    assert stop_reason(published) == reason


def test_every_reason_to_stop_has_words() -> None:
    assert set(stopping_terms().values()) == {"pooled", "mixing", "swapped"}
    for code in stopping_terms().values():
        assert has(f"note.stops-{code}")


def test_what_stops_a_recorded_trace_does_not_change() -> None:
    # No recorded trace names these terms, so whoever changes them must add a version of them that
    # new traces name, and leave this one to those recorded before.
    stops = canonical.dumps(stopping_terms())
    assert hashlib.sha256(stops).hexdigest() == (
        "8ab552bd245501db8c1601618c952b8dc1ce70b53f6d4c8723e9dc050b8a1698"
    )
