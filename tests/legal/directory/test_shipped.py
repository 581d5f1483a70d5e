"""What comes with Kancil: sourced, marked, public offices alone, and no channel invented."""

from __future__ import annotations

import re

from kancil.ground.words import has
from kancil.legal.directory.office import Channel, Confidence, Kind
from kancil.legal.directory.shipped import rules, rules_for, shipped_offices

ASEAN = {"BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN"}
PORTALS = {"google": "lers.google.com", "meta": "facebook.com/records",
           "whatsapp": "whatsapp.com/records", "apple": "lep.apple.com"}  # fmt: skip


def test_the_only_channels_are_those_that_a_source_names() -> None:
    known = {each.id: each for each in shipped_offices() if each.channel is not None}
    assert {name: each.address for name, each in known.items() if each.address} == PORTALS
    assert known.keys() - PORTALS.keys() == {"telegram"}
    assert known["telegram"].channel is Channel.EMAIL
    assert {each.confidence for each in known.values()} <= {Confidence.MEDIUM, Confidence.LOW}


def test_nothing_is_verified_and_no_address_of_mail_is_shipped() -> None:
    for each in shipped_offices():
        assert each.verified_on is None
        assert each.source
        assert not re.search(r"\S@\S", f"{each.address} {each.note}")


def test_every_state_of_asean_has_its_three_offices_or_says_that_they_are_not_known() -> None:
    for kind in (Kind.CENTRAL_AUTHORITY, Kind.NETWORK_24_7, Kind.FIU):
        found = [each for each in shipped_offices() if each.kind is kind]
        assert {each.country for each in found} == ASEAN
        unsourced = [each for each in found if "none at hand" in each.source]
        assert all("Not known here" in each.note for each in unsourced)
        assert all(each.confidence is Confidence.VERIFY for each in unsourced)


def test_every_rule_has_its_sentence_and_its_source() -> None:
    assert {each.id for each in rules()} >= {"preserve-first", "snapshot-only", "us-voluntary"}
    for each in rules():
        assert has(f"name.rule-{each.id}")
        assert each.source
    assert all(Kind.PROVIDER in each.kinds for each in rules_for(Kind.PROVIDER))
    assert not rules_for(Kind.COURT)
