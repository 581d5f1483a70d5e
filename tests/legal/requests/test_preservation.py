"""The kind `preservation`."""

from __future__ import annotations

from kancil.legal.requests.preservation import KIND
from tests.legal.letters import holds


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)
