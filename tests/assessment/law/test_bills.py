"""A draft statute is no law: it confirms nothing, and the gaps that it would close stay open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.assessment.answer import BILL, Evidence, Settled
from kancil.assessment.law.bills import cites_law, closed_by, gaps_closed
from kancil.assessment.law.matrix import Row, RowStatus, extract_json, make_matrix
from kancil.assessment.method import best_grade, graded_by
from kancil.assessment.methods import METHODS
from kancil.assessment.protocol_files.library import named_protocol
from tests.assessment import small
from tests.assessment.law.test_matrix import X1, X2

LEGAL = named_protocol("legal")
DRAFT = replace(X2, id="b1", is_bill=True)
LAW_ITEM = Evidence("e1", "a", "Code, 12", "statute", extract="x1")
BILL_ITEM = Evidence("e2", "a", "Bill, 3", BILL, extract="b1")


def answered(value: int, *items: Evidence, name: str = "budapest.2") -> dict[str, Settled]:
    made = small.agreed(name, value)
    assert made.answer is not None
    answer = replace(made.answer, evidence=items)
    return {name: replace(made, answer=answer)}


def row_of(value: int, *items: Evidence) -> tuple[Row, tuple[str, ...]]:
    extracts = {"x1": X1, "b1": DRAFT}
    matrix = make_matrix(LEGAL, answered(value, *items), "XAA", extracts)
    row = next(each for each in matrix.rows if each.indicator == "budapest.2")
    closed = gaps_closed(LEGAL, matrix, "b1")
    assert [each.indicator for each in closed] in ([], ["budapest.2"])
    assert bool(closed) == bool(closed_by(LEGAL, matrix, row))
    assert cites_law(matrix, row) == (LAW_ITEM in items)
    return row, tuple(each.key for each in row.contradictions)


@pytest.mark.parametrize("value", [0, 1])
def test_a_gap_that_a_bill_would_close_keeps_its_answer(value: int) -> None:
    row, odd = row_of(value, BILL_ITEM)
    assert (row.status, row.extracts, odd) == (RowStatus.UNCITED, ("b1",), ())
    matrix = make_matrix(LEGAL, answered(value, BILL_ITEM, LAW_ITEM), "XAA", {"b1": DRAFT})
    (gap,) = gaps_closed(LEGAL, matrix, "b1")
    assert (gap.given, gap.status) == (row.given, RowStatus.AGREED)
    assert gaps_closed(LEGAL, matrix, "x1") == ()


def test_in_law_by_a_bill_alone_is_remarked() -> None:
    assert row_of(2, BILL_ITEM)[1] == ("why.law-bill-alone",)
    assert row_of(2, BILL_ITEM, LAW_ITEM)[1] == ()
    assert row_of(2, LAW_ITEM)[1] == ()


def test_a_bill_confirms_nothing_in_figures() -> None:
    assert graded_by(LEGAL, LAW_ITEM) == "a"
    assert graded_by(LEGAL, BILL_ITEM) is None
    assert best_grade(LEGAL, answered(2, BILL_ITEM)["budapest.2"]) == (None, False)
    figures = [
        METHODS[0].profile(LEGAL, answered(2, *items)).figures
        for items in ((), (BILL_ITEM,), (LAW_ITEM,))
    ]
    assert figures[0] == figures[1] != figures[2]


def test_nothing_is_said_of_bills_where_there_is_none() -> None:
    assert "is_bill" not in extract_json(X1)
    assert extract_json(DRAFT)["is_bill"] is True
