"""Looking for patterns over a whole chain and around something; thresholds by dated prices."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from kancil.bitcoin.evaluation.patterns import Generated
from kancil.bitcoin.laundering.ground import Ground, Threshold, frozen
from kancil.bitcoin.laundering.pattern import Found, Pattern
from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import (
    MOST_NEAR,
    chosen_of,
    find_patterns,
    has_part,
    patterns_around,
    threshold_in,
)
from kancil.bitcoin.laundering.views import findings_view
from kancil.ground.errors import OptionNotUsable
from kancil.records.price import Price, PriceBook
from tests.bitcoin.tiny_chain import satoshi

START = datetime(2024, 3, 1, tzinfo=UTC)
SHORT = {"dormant-burst.least-rest": 6, "donation-campaign.least-days": 0,
         "donation-campaign.least-gifts": 5, "donation-campaign.least-payers": 5}  # fmt: skip


def price(day: int, value: str, source: str = "bank", currency: str = "THB") -> Price:
    start = START + timedelta(days=day)
    end = start + timedelta(days=1)
    dated = start.date().isoformat()
    return Price("BTC", currency, Decimal(value), start, end, dated, source, "", None, "", "line 1")


def bands(threshold: Threshold) -> list[tuple[int, int]]:
    return list(zip(threshold.start.tolist(), threshold.sat.tolist(), strict=True))


def test_a_threshold_is_so_many_satoshi_on_each_day_that_has_a_price() -> None:
    book = PriceBook([price(0, "1000000"), price(1, "3000000"), price(3, "2000000")])
    found = threshold_in(Decimal(2_000_000), "THB", book)
    assert found is not None
    day, first = 86_400, int(START.timestamp())
    assert bands(found) == [
        (0, -1), (first, 200_000_000), (first + day, 66_666_667), (first + 2 * day, -1),
        (first + 3 * day, 100_000_000), (first + 4 * day, -1),
    ]  # fmt: skip
    # 66,666,666 sat are worth 1,999,999.98 THB, which is under it; one more is not.
    assert 66_666_666 * 3_000_000 < 2_000_000 * 10**8 <= 66_666_667 * 3_000_000
    assert dict(found.told)["rows"] == 3


def test_where_sources_differ_there_is_no_price() -> None:
    book = PriceBook([price(0, "1000000"), price(0, "1000001", "broker")])
    found = threshold_in(Decimal(5), "THB", book)
    assert found is not None
    assert set(found.sat.tolist()) == {-1}


def test_bitcoin_needs_no_price_and_another_currency_does() -> None:
    found = threshold_in(Decimal("0.1"), "BTC", None)
    assert found is not None
    assert bands(found) == [(0, 10_000_000)]
    assert threshold_in(Decimal(5), "LAK", PriceBook([price(0, "1000000")])) is None
    band = found.bands(85)
    assert (band.low.tolist(), band.high.tolist()) == ([8_500_000], [10_000_000])


def test_parameters_are_given_for_all_patterns_or_for_one() -> None:
    chosen = chosen_of(PATTERNS, {"least-links": 9, "fan-in.most-hours": 5})
    assert chosen["peel-chain"]["least-links"] == chosen["layering"]["least-links"] == 9
    assert (chosen["fan-in"]["most-hours"], chosen["peel-chain"]["most-hours"]) == (5, 168)


@pytest.mark.parametrize(
    ("name", "value"), [("least-everything", 3), ("fan-in.least-links", 3), ("most-peel", 50)]
)
def test_a_parameter_that_is_none_or_out_of_range_is_refused(name: str, value: int) -> None:
    with pytest.raises(OptionNotUsable):
        chosen_of(PATTERNS, {name: value})


@pytest.fixture(scope="module")
def whole(generated: Generated) -> Ground:
    return replace(generated.ground, threshold=satoshi(2_000_000))


def keyed(found: Found) -> tuple[str, int, tuple[int, ...]]:
    return found.rule, found.at, tuple(sorted(set(found.outputs)))


@pytest.mark.parametrize("member", PATTERNS, ids=lambda member: member.name)
def test_around_its_transactions_a_finding_is_found_again(member: Pattern, whole: Ground) -> None:
    given = {name: value for name, value in SHORT.items() if name.startswith(member.name)}
    (every,) = find_patterns(whole, [member], given, None)
    assert every.found, "the chain has none of these: what would this test show?"
    for one in every.found[:: max(1, len(every.found) // 4)]:
        around = patterns_around(whole, transactions=[one.at], members=[member], given=given,
                                 most=None)  # fmt: skip
        (near,) = around.findings
        assert keyed(one) in {keyed(other) for other in near.found}
        assert all(has_part(whole, other, {one.at}) for other in near.found)
        assert around.looked_at <= MOST_NEAR


def test_the_cap_keeps_the_first_and_says_how_many_more(whole: Ground) -> None:
    given = {**SHORT}
    every = find_patterns(whole, PATTERNS, given, None)
    capped = find_patterns(whole, PATTERNS, given, 2)
    for long, short in zip(every, capped, strict=True):
        assert short.found == long.found[:2]
        assert short.total == long.total == len(long.found)
        ranks = [int(whole.flow.tx_rank[one.at]) for one in long.found]
        assert ranks == sorted(ranks)


def test_a_span_of_time_leaves_out_what_lies_outside(whole: Ground) -> None:
    times = whole.flow.tx_time
    middle = int(np.median(times))
    early = replace(whole, span=frozen(np.array([0, middle], np.int64)))
    for findings in find_patterns(early, PATTERNS, SHORT, None):
        assert all(int(times[one.at]) <= middle for one in findings.found)


def test_an_address_is_asked_by_its_outputs(whole: Ground) -> None:
    fan_in = next(one for one in PATTERNS if one.name == "fan-in")
    (every,) = find_patterns(whole, [fan_in], {}, None)
    address = whole.chain.address_of(every.found[0].outputs[0])
    assert address is not None
    outputs = whole.chain.outputs_of_address(address).tolist()
    around = patterns_around(whole, outputs, members=[fan_in])
    assert every.found[0].at in {one.at for one in around.findings[0].found}


def test_what_is_told_is_json_and_has_no_score(whole: Ground) -> None:
    for member, findings in zip(PATTERNS, find_patterns(whole, PATTERNS, SHORT, 2), strict=True):
        view = findings_view(whole.chain, member, findings)
        text = json.dumps(view)
        assert "score" not in text
        assert view["indicator"]["checked"] == "no"
        for one in view["findings"]:
            assert one["proves_nothing"]
            assert one["transactions"]
            assert len(one["outputs"]) <= one["outputs_total"]
            assert one["first"] <= one["last"]


def test_more_neighbours_than_are_looked_at_are_told(
    whole: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan_out = next(one for one in PATTERNS if one.name == "fan-out")
    (every,) = find_patterns(whole, [fan_out], {}, 1)
    monkeypatch.setattr("kancil.bitcoin.laundering.search.MOST_NEAR", 5)
    around = patterns_around(whole, transactions=[every.found[0].at], members=[fan_out])
    assert around.is_cut
    assert around.looked_at == 5
    assert every.found[0].at in {one.at for one in around.findings[0].found}


class Watch:
    """What a search tells of how far it is; it may be stopped after so many words."""

    def __init__(self, most: int) -> None:
        self.most, self.stages, self.told = most, [], []  # type: ignore[var-annotated]

    def start(self, total: int | None, unit: str, label: str) -> None:
        self.stages.append((total, unit, label))

    def advance(self, amount: int) -> None:
        self.told.append(amount)
        if len(self.told) == self.most:
            raise KeyboardInterrupt

    def finish(self) -> None:
        self.stages.append(None)


def test_a_search_tells_how_far_it_is_of_how_much(whole: Ground) -> None:
    watch = Watch(-1)
    find_patterns(replace(whole, progress=watch), PATTERNS)
    total = len(PATTERNS) * whole.chain.graph.tx_count
    assert watch.stages == [(total, "transactions", "progress.patterns"), None]
    assert sum(watch.told) == total


def test_a_search_can_be_stopped_at_each_word(whole: Ground) -> None:
    words = Watch(-1)
    find_patterns(replace(whole, progress=words), PATTERNS)
    assert len(words.told) > len(PATTERNS)
    for most in (1, len(words.told) // 2, len(words.told)):
        with pytest.raises(KeyboardInterrupt):
            find_patterns(replace(whole, progress=Watch(most)), PATTERNS)
