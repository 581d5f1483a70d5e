"""How long data stay: until the latest audit term that still runs."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.retention import restricted_until

DAY = date(2027, 3, 9)


def test_without_a_term_that_runs_nothing_holds_the_data() -> None:
    assert restricted_until([], DAY) is None
    assert restricted_until([date(2027, 3, 8)], DAY) is None
    assert restricted_until([DAY], DAY) == DAY


@given(st.lists(st.dates()), st.dates())
def test_the_day_is_the_latest_term_and_never_past(terms: list[date], asked_on: date) -> None:
    until = restricted_until(terms, asked_on)
    if until is None:
        assert all(each < asked_on for each in terms)
    else:
        assert until == max(terms) >= asked_on
