"""Sentences of an office: the way first, then what this unit knows of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kancil.ground.words import render_phrase
from kancil.legal.directory.office import Channel, Listing, Origin
from kancil.legal.directory.told import addressee, answer, listing_table
from tests.legal.directory.sample import DAY, office

BANK = "Requests to Example Bank go by e-mail: legal@exb.example."


@pytest.mark.parametrize(
    ("listing", "after", "expected"),
    [
        (Listing(office(), Origin.OWN), 1, [BANK, "This unit verified it on 2026-03-09."]),
        (Listing(office(), Origin.OWN), 181,
         [BANK, ("This unit verified it on 2026-03-09, more than 180 days ago; verify it again"
                 " before use.")]),
        (Listing(office(), Origin.UNIT, "Unit A"), 1,
         [BANK, ("Unit A verified this on 2026-03-09. It is not verified by this unit; verify"
                 " before first use.")]),
        (Listing(office(channel=None, address="", verified_on=None), Origin.SHIPPED), 1,
         ["How a request reaches Example Bank is not known here.",
          "It is not verified by this unit; verify before first use."]),
        (Listing(office(channel=Channel.POST, address=""), Origin.OWN), 1,
         ["Requests to Example Bank go by post; the address is not known here.",
          "It is not verified by this unit; verify before first use."]),
    ],
)  # fmt: skip
def test_the_way_comes_first_then_its_age(
    listing: Listing, after: int, expected: list[str]
) -> None:
    assert [render_phrase(each) for each in answer(listing, DAY + timedelta(after))] == expected


def test_every_channel_has_its_words() -> None:
    for channel in Channel:
        (way, _) = answer(Listing(office(channel=channel), Origin.OWN), DAY)
        assert "note." not in render_phrase(way)


def test_the_table_says_whose_word_a_row_is() -> None:
    (row,) = listing_table([Listing(office(), Origin.UNIT, "Unit A")], date(2026, 3, 10)).as_rows()
    assert (row["office_id"], row["office_origin"], row["stating_unit"]) == (
        "la-example-bank", "unit", "Unit A",
    )  # fmt: skip
    assert (row["office_standing"], row["office_verified_on"]) == ("never", "2026-03-09")


def test_a_letter_says_verified_only_of_what_this_unit_verified_lately() -> None:
    own, theirs = Listing(office(), Origin.OWN), Listing(office(), Origin.UNIT, "Unit A")
    found = addressee(own, DAY, "en")
    assert (found.office, found.kind, found.channel, found.language, found.verified_on) == (
        "la-example-bank", "bank", "e-mail", "en", DAY,
    )  # fmt: skip
    assert addressee(own, DAY, "th").language == "lo"
    assert addressee(own, DAY + timedelta(181)).verified_on is None
    assert addressee(theirs, DAY).verified_on is None
    assert addressee(Listing(office(languages=()), Origin.OWN), DAY).language == ""
