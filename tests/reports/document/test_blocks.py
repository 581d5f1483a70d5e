"""Texts of a document that are cut to their place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.reports.document.blocks import cut


def test_a_text_is_cut_between_words_and_its_quotation_ended() -> None:
    assert (
        cut("To “attacks on computer systems, data” we say no", 30) == "To “attacks on computer…”"
    )
    assert cut("«ataques a los sistemas de otros»", 24) == "«ataques a los…»"
    assert cut("a whole text", 12) == "a whole text"
    assert cut("onewordthatgoesonandon", 12) == "onewordth…"


@given(st.text(max_size=80), st.integers(min_value=8, max_value=60))
def test_a_cut_text_is_never_longer_than_its_place(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most
