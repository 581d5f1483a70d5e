"""Handling codes: each forbids what it says, names what lifts it, and cites where it comes from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.words import has
from kancil.legal.handling import Use, Way, handling_codes, is_forbidden

DAY = date(2026, 12, 31)


@pytest.mark.parametrize("code", handling_codes())
def test_each_code_has_words_and_a_source(code: str) -> None:
    known = handling_codes()[code]
    assert (bool(known.law), bool(known.source), known.confidence) == (True, True, "verify")
    assert has(f"name.handling-{code}")
    assert all(has(f"note.handling-{about}-{code}") for about in ("is", "lift"))
    assert Way.MISTAKE not in known.lifted_by
    assert bool(known.forbids) == bool(known.lifted_by)


@pytest.mark.parametrize("use", Use)
def test_evidence_forbids_nothing_and_an_unknown_code_everything(use: Use) -> None:
    given = {"case": "c1", "cases": (), "until": None, "on": DAY}
    assert not is_forbidden("evidence", use, **given)  # type: ignore[arg-type]
    assert is_forbidden("code-of-next-year", use, **given)  # type: ignore[arg-type]


def test_intelligence_may_lead_in_another_case_and_police_channel_may_not() -> None:
    given = {"case": "c1", "cases": (), "until": None, "on": DAY}
    assert not is_forbidden("intelligence-only", Use.OTHER_CASE, **given)  # type: ignore[arg-type]
    assert is_forbidden("police-channel", Use.OTHER_CASE, **given)  # type: ignore[arg-type]


def test_speciality_allows_the_stated_case_alone() -> None:
    def forbids(case: str) -> bool:
        return is_forbidden("speciality", Use.BUNDLE, case=case, cases=("c1",), until=None, on=DAY)

    assert (forbids("c1"), forbids("c2")) == (False, True)


@given(st.integers(-400, 400))
def test_what_is_confidential_until_a_day_is_free_from_the_day_after(days: int) -> None:
    on = DAY + timedelta(days=days)
    found = is_forbidden("confidential-until", Use.REPORT, case="c", cases=(), until=DAY, on=on)
    assert found == (on <= DAY)
