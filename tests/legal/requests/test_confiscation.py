"""The kind `confiscation`."""

from __future__ import annotations

from dataclasses import replace

from kancil.legal.requests.confiscation import KIND
from tests.legal.letters import codes, good, holds


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)


def test_victims_get_no_more_than_is_asked_for() -> None:
    draft = good("confiscation")
    more = replace(draft, shares=(*draft.shares, *draft.shares))
    assert codes(more) == {"shares-more"}
    assert codes(replace(draft, shares=(replace(draft.shares[0], amount="all"),))) == {
        "amount-form"
    }
