"""An amount is read as its writer meant it, or asked again; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.planning.amounts import amount_text, read_amount
from kancil.ground.phrase import Phrase
from tests.examples import examples


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("45000", 4_500_000),
        ("45,000", 4_500_000),
        ("45 000", 4_500_000),
        ("45\u00a0000", 4_500_000),
        ("45\u202f000.5", 4_500_050),
        ("45'000.50", 4_500_050),
        ("45\u2019000", 4_500_000),
        (" 1,234,567.89 ", 123_456_789),
        ("0.07", 7),
        ("0", 0),
        ("\u0664\u0665\u0660\u0660\u0660", 4_500_000),
        ("\u0664\u0665\u066c\u0660\u0660\u0660\u066b\u0665\u0660", 4_500_050),
        ("៤៥០០០", 4_500_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: str, minor: int) -> None:
    assert read_amount(written) == minor


@pytest.mark.parametrize(
    "written",
    ["45.000,50", "45.000", "45,50", "1,2345", "1 000,000", "1,000 000", "45.000.000", "12.345"],
)
def test_what_can_be_read_in_two_ways_is_asked_again(written: str) -> None:
    assert read_amount(written) == Phrase("why.amount-two-ways", {"written": written})


@pytest.mark.parametrize(
    "written", ["", " ", "much", "-1", "1e3", "USD 45", "45-", "½", "²", "NaN", "0x10", "9" * 41]
)
def test_what_is_no_amount_is_said_to_be_none(written: str) -> None:
    found = read_amount(written)
    assert isinstance(found, Phrase)
    assert len(str(found.params["written"])) <= 40


@examples(50)
@given(st.integers(0, 10**15 - 1), st.sampled_from([",", " ", "'", "\u202f", ""]))
def test_what_is_written_with_any_mark_comes_back(minor: int, mark: str) -> None:
    assert read_amount(amount_text(minor)) == minor
    whole = f"{minor // 100:,}".replace(",", mark)
    assert read_amount(f"{whole}.{minor % 100:02d}") == minor
