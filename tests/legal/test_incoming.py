"""What is looked at before a request of others is carried out."""

from __future__ import annotations

import pytest

from kancil.ground.words import has
from kancil.legal.incoming import ANSWERS, in_the_way, questions
from kancil.legal.request import RequestKind
from kancil.legal.requests import kinds

KINDS = list(kinds())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_asks_who_sent_it_and_for_the_human_rights_check(kind: RequestKind) -> None:
    asked = [each.id for each in questions(kind)]
    assert asked[:2] == ["signed", "confirmed"]
    assert asked[-1] == "rights"
    assert all(has(f"name.incoming-{each.id}") and each.source for each in questions(kind))
    assert all(has(f"name.incoming-answer-{each}") for each in ANSWERS)


def test_a_preservation_asks_no_dual_criminality_and_assistance_does() -> None:
    """Budapest Convention, article 29(3): it is no condition of a preservation."""
    asked = {kind.name: {each.id for each in questions(kind)} for kind in KINDS}
    assert "dual-criminality" not in asked["preservation"]
    assert "dual-criminality" in asked["mutual-assistance"]
    assert "danger" in asked["emergency"]


def test_only_yes_and_not_needed_let_a_request_be_carried_out() -> None:
    kind = kinds().named("preservation")
    ids = [each.id for each in questions(kind)]
    assert [each.id for each in in_the_way(kind, {})] == ids
    for answer, stands in (("yes", []), ("not-needed", []), ("no", ids), ("not-known", ids)):
        given = dict.fromkeys(ids, answer)
        assert [each.id for each in in_the_way(kind, given)] == stands
