"""What is looked for is found whatever the case of its letters, in every script."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phone", "PHONE"), ("Élodie", "ÉLODIE"), ("E\u0301lodie", "élodie"), ("Петров", "ПЕТРОВ"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Straße", "STRASSE"), ("Ấn Độ", "ẤN ĐỘ"),
        ("\uff21\uff22\uff23\uff11", "abc1"),
        ("ភស្តុតាង\u200bទូរស័ព្ទ", "ភស្តុតាងទូរស័ព្ទ"), ("ตำรวจ", "ต\u0e4d\u0e32รวจ"),
        ("\u200b", ""), ("", ""),
    ],
)  # fmt: skip
def test_texts_that_differ_in_case_or_form_alone_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_every_character_folds_to_what_folds_to_itself() -> None:
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert not [each for each in every if folded(folded(each)) != folded(each)]


@given(st.text(max_size=20))
def test_folding_again_changes_nothing_and_no_ascii_capital_is_left(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert not any("A" <= each <= "Z" for each in once)
