"""Whether a text names somebody of the register."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.programme.iati.people import Register

REGISTER = Register(["Ana Example-Person", "Rose", "สมชาย ใจดี", "  ", "Nguyễn Văn A"])


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Training by ANA  example-person, in May", True),
        ("Ana and Example", False),
        ("A course of Rose", True),
        ("prices rose", False),
        ("Roses", False),
        ("กับสมชาย ใจดีครับ", True),
        ("with nguyễn văn a", True),
        ("", False),
        ("Training on tracing", False),
    ],
)
def test_a_name_is_found_as_whole_words(text: str, is_named: bool) -> None:
    assert REGISTER.is_named_in("Something else", text) is is_named


_WORDS = st.text("abcdefgh", min_size=1, max_size=6)


@given(st.lists(_WORDS, min_size=2, max_size=4), st.lists(_WORDS, max_size=4), st.data())
def test_every_name_of_several_words_is_found_wherever_it_stands(
    name: list[str], others: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(others)))
    text = " ".join([*others[:at], *name, *others[at:]])
    assert Register([" ".join(name).upper()]).is_named_in(text)
