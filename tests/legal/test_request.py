"""Drafts as they are stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.legal.errors import DraftNotReadable
from kancil.legal.fields import fields, questions
from kancil.legal.request import read_draft
from kancil.legal.requests import kinds
from tests.legal.letters import OFFENCES, good

OLD_DIGEST = "6542495da669d32e472df689e1bdd848566fefd84902c27113b97ad3aedcece1"
"""Of a freeze letter as it was written before the human-rights check came to every kind."""


@pytest.mark.parametrize("name", kinds().names)
def test_a_draft_comes_back_as_it_was_written(name: str) -> None:
    draft = good(name)
    assert read_draft(draft.data) == draft


def test_a_draft_of_before_opens_and_keeps_its_digest() -> None:
    """It names nobody who checked rights, and no text has a counterpart or a day."""
    now = replace(good("freeze"), rights={}, offences=OFFENCES)
    now = replace(now, texts={k: v for k, v in now.texts.items() if k != "rights_checked_by"})
    value = canonical.loads(now.data)
    assert set(value["offences"][0]) == {"country", "law", "article", "text", "maximum_penalty",
                                         "source", "language", "translation"}  # fmt: skip
    assert read_draft(now.data).data == now.data
    assert sha256_hex(now.data) == OLD_DIGEST


def test_an_empty_key_that_would_not_be_written_is_refused() -> None:
    empty = good("freeze").data.replace(b'"country":"LA","language"',
                                        b'"counterpart":"","country":"LA","language"')  # fmt: skip
    assert empty != good("freeze").data
    with pytest.raises(DraftNotReadable):
        read_draft(empty)


def test_the_own_law_of_a_pair_stands_first() -> None:
    draft = good("mutual-assistance")
    assert [each.country for each in draft.pairs[0]] == ["LA", "TH"]
    theirs = replace(OFFENCES[1], counterpart=OFFENCES[0].label)
    turned = replace(draft, offences=(theirs, OFFENCES[0]))
    assert [each.country for each in turned.pairs[0]] == ["LA", "TH"]


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
