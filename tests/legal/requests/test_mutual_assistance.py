"""The kind `mutual-assistance`."""

from __future__ import annotations

from dataclasses import replace

from kancil.legal.requests.mutual_assistance import KIND
from tests.legal.letters import OFFENCES, codes, good, holds, problems


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)


def test_a_preservation_that_is_over_stops_it() -> None:
    draft = good("mutual-assistance")
    over = replace(draft, texts={**draft.texts, "preserved_until": "2026-03-01"})
    assert codes(over) == {"preserved-over"}


def test_one_law_alone_is_advised_against() -> None:
    draft = good("mutual-assistance")
    alone = replace(draft, offences=OFFENCES[:1])
    said = [each.said.key.removeprefix("problem.request-") for each in problems(alone)]
    assert said == ["no-pair", "one-law"]
