"""The kind `traffic-data`."""

from __future__ import annotations

from dataclasses import replace

from kancil.legal.requests.traffic import KIND
from tests.legal.letters import DATA, codes, good, holds, problems, without


def test_a_good_letter_passes_and_each_required_field_is_missed() -> None:
    holds(KIND)


def test_a_period_is_needed_and_bounded() -> None:
    draft = good("traffic-data")
    item = draft.items[0]
    assert codes(replace(draft, items=(replace(item, since="", until=""),))) == {"item-no-period"}
    long = replace(item, since="2024-01-01")
    assert codes(replace(draft, items=(long,))) == {"item-long-period"}
    turned = replace(item, since=DATA.until, until=DATA.since)
    assert codes(replace(draft, items=(turned,))) == {"item-period"}


def test_a_preservation_is_advised() -> None:
    bare = without(good("traffic-data"), "preservation_reference")
    assert [each.said.key for each in problems(bare)] == ["problem.request-no-preservation"]
