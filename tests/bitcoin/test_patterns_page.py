"""The page of patterns is what the members, their words and the simulation give."""

from __future__ import annotations

from kancil.bitcoin.evaluation.patterns import Generated
from tools.build_patterns import PAGE, page


def test_the_page_is_made_from_members_and_simulation(generated: Generated) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(generated) == text, "run: python -m tools.build_patterns"
