"""An office's age: what counts as verified, on which day it no longer does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kancil.legal.directory.office import Channel, Kind, Listing, Origin, Standing
from tests.legal.directory.sample import DAY, office


@pytest.mark.parametrize(
    ("origin", "days", "expected"),
    [
        (Origin.OWN, 0, Standing.VERIFIED),
        (Origin.OWN, 180, Standing.VERIFIED),
        (Origin.OWN, 181, Standing.OLD),
        (Origin.UNIT, 0, Standing.NEVER),
        (Origin.SHIPPED, 0, Standing.NEVER),
    ],
)
def test_only_an_own_verification_of_the_last_180_days_counts(
    origin: Origin, days: int, expected: Standing
) -> None:
    assert Listing(office(), origin).standing(DAY + timedelta(days)) is expected


def test_an_own_entry_without_a_day_was_never_verified() -> None:
    assert Listing(office(verified_on=None), Origin.OWN).standing(DAY) is Standing.NEVER


def test_a_name_without_a_way_to_it_never_counts_as_verified() -> None:
    for nowhere in (office(channel=None), office(address="")):
        assert not nowhere.has_way
        assert Listing(nowhere, Origin.OWN).standing(DAY) is Standing.NEVER
    assert office(channel=Channel.PLATFORM, address="").has_way


def test_those_who_hold_money_or_data_are_keepers() -> None:
    keepers = {each for each in Kind if office(kind=each, as_of=date(2026, 1, 1)).is_keeper}
    assert keepers == {Kind.BANK, Kind.PAYMENT_SERVICE, Kind.EXCHANGE, Kind.ISSUER, Kind.PROVIDER}
