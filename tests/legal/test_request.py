"""Drafts as they are stored."""

from __future__ import annotations

import pytest

from kancil.legal.errors import DraftNotReadable
from kancil.legal.fields import fields, questions
from kancil.legal.request import read_draft
from kancil.legal.requests import kinds
from tests.legal.letters import good


@pytest.mark.parametrize("name", kinds().names)
def test_a_draft_comes_back_as_it_was_written(name: str) -> None:
    draft = good(name)
    assert read_draft(draft.data) == draft


@pytest.mark.parametrize(
    "bent",
    [
        b"",
        b"{}",
        good("freeze").data[:-1],
        good("freeze").data.replace(b'"hold"', b'"hug"'),
        good("freeze").data.replace(b"kancil-request/1", b"kancil-request/9"),
        good("freeze").data.replace(b'"case":"C1"', b'"case":"C1","cast":"x"'),
        good("freeze").data.replace(b'"2026-03-02"', b'"2026-3-2"'),
    ],
)
def test_a_bent_draft_is_refused(bent: bytes) -> None:
    with pytest.raises(DraftNotReadable):
        read_draft(bent)


def test_every_field_of_every_kind_is_described_and_answers_a_question() -> None:
    for kind in kinds():
        assert len(set(kind.fields)) == len(kind.fields)
        for name in kind.fields:
            assert fields()[name].asks in questions()
