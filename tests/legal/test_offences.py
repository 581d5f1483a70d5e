"""Two offences side by side: an officer pairs, and nothing says that dual criminality is met."""

from __future__ import annotations

import pytest

from kancil.ground.words import render_phrase
from kancil.legal.errors import ElementNotFound
from kancil.legal.lawfile import read_law
from kancil.legal.offences import OffenceText, Part, side_by_side
from tests.legal.lawfiles import LAW


def both() -> tuple[OffenceText, OffenceText]:
    one, other = read_law(LAW.encode(), "law.yaml").offences.values()
    return one, other


def test_what_an_officer_pairs_stands_together_and_the_rest_alone() -> None:
    compared = side_by_side(*both(), pairs=[("input", "deceit"), ("intent", "gain")])
    assert [
        (row.part, row.left and row.left.id, row.right and row.right.id) for row in compared.rows
    ] == [
        (Part.CONDUCT, "input", "deceit"),
        (Part.RESULT, "loss", None),
        (Part.MENTAL, "intent", "gain"),
    ]
    assert compared.alone == 1
    said = render_phrase(compared.answer)
    assert said.startswith("Elements paired: 2. Alone: 1.")
    assert "stated by an officer, with a reason" in said


def test_without_a_tick_nothing_is_paired_however_alike() -> None:
    compared = side_by_side(*both())
    assert not any(row.is_paired for row in compared.rows)
    assert compared.alone == 5
    assert "nothing here decides it" in render_phrase(compared.answer)


def test_an_element_that_is_none_is_refused() -> None:
    with pytest.raises(ElementNotFound):
        side_by_side(*both(), pairs=[("input", "loss")])
