"""A verdict holds where exactly the expected rows were found."""

from __future__ import annotations

from kancil.evidence.validation.verdict import Verdict


def test_rows_in_any_order_hold() -> None:
    assert Verdict("contents", "x.E01", (("a", 1), ("b", None)), (("b", None), ("a", 1))).holds


def test_missing_repeated_and_different_rows_do_not_hold() -> None:
    found = Verdict("contents", "x.E01", (("a", 1), ("b", 2)), (("a", 1), ("a", 1), ("b", 3)))
    assert not found.holds
    assert found.missing == (("b", 2),)
    assert found.extra == (("a", 1), ("b", 3))
