"""Two computations of one trace: Kancil's writes the tables, the page's must find the same."""

from __future__ import annotations

import pytest

from tests.page.browser import Desk
from tests.page.bundle_maker import Plan, make_bundle
from tests.page.random_material import hiding_sources, random_analysis

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

BUNDLES = 60
HIDING = 25


@pytest.mark.thorough
def test_the_page_computes_random_traces_as_kancil_does(desk: Desk) -> None:
    wrong, rows, bundles = [], 0, 0
    for seed in range(BUNDLES):
        analysis = random_analysis(seed)
        if analysis is None:
            continue
        bundles += 1
        rows += sum(data.count(b"\n") - 1 for name, data in analysis.items() if "transfers" in name)
        answer = desk.check(make_bundle(Plan(analysis=analysis, network="regtest")))
        if answer.states["table"] != "ok":
            wrong.append((seed, answer.states, answer.texts["table"], answer.texts["chain"]))
    assert wrong == []
    assert bundles > BUNDLES // 2
    assert rows > BUNDLES


def test_rows_that_lean_on_what_is_not_shown_are_refused_as_kancil_refuses_them(desk: Desk) -> None:
    told = set()
    for seed in range(HIDING):
        analysis, problems = hiding_sources(seed)
        if "trace-refused" in problems:
            continue
        answer = desk.check(make_bundle(Plan(analysis=analysis, network="regtest")))
        expected = "bad" if "trace-source-not-shown" in problems else "ok"
        assert answer.states["table"] == expected, (seed, problems, answer.texts["table"])
        told.add(expected)
    assert told == {"bad", "ok"}


def test_the_network_is_named_where_it_is_not_bitcoin(desk: Desk) -> None:
    analysis = random_analysis(1)
    assert analysis is not None
    answer = desk.check(make_bundle(Plan(analysis=analysis, network="regtest")))
    assert "This is the network regtest, not bitcoin" in answer.texts["chain"]
