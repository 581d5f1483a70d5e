"""The kind `voluntary`."""

from __future__ import annotations

from dataclasses import replace

from kancil.legal.request import Sought
from kancil.legal.requests.voluntary import KIND
from tests.legal.letters import codes, good, holds


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)


def test_content_is_refused_by_this_way() -> None:
    draft = good("voluntary")
    content = replace(draft, items=(replace(draft.items[0], sought=Sought.CONTENT),))
    assert codes(content) == {"item-content-route"}
