"""The rank of keepers is a rule with its reason, and amounts never exceed what was followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kancil.ground.words import render_phrase
from kancil.records.price import Price, PriceBook
from kancil.studies.keepers.keeper import Arrival, Keeper, Met, keepers_table
from kancil.studies.keepers.ranking import ranked
from kancil.studies.keepers.rest import Rest
from tests.examples import examples

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def met(name: str, amount: int, hours: int, *, followed: int = 1000, asset: str = "THB") -> Met:
    at = NOW - timedelta(hours=hours)
    arrival = Arrival(f"E4, line {hours}", amount, amount, amount, "", at, at, reported_by="Bank A",
                      source="aa", row=hours)  # fmt: skip
    keeper = Keeper(name, "bank", name, "statement")
    return Met(keeper, f"0{name}", "bank-account", asset, "", "", 2, followed, (arrival,))


def test_what_arrived_within_72_hours_comes_first_then_the_larger_part() -> None:
    late, small, large = met("late", 900, 72), met("small", 100, 1), met("large", 800, 71)
    other = met("other", 10, 2, followed=10, asset="USDT")
    order = ranked([late, small, large, other], NOW)
    assert [each.keeper.name for each in order.met] == ["other", "large", "small", "late"]
    assert order.is_mixed, "no price: amounts of two assets are not compared"
    reasons = [render_phrase(each.reason(NOW)) for each in (large, late)]
    assert reasons[0].startswith("71 hours ago, within 72 hours. Nothing in this case shows")
    assert reasons[1].startswith("3 days ago. Nothing in this case shows")


def test_a_day_without_a_time_counts_to_its_end_and_no_time_ranks_last() -> None:
    whole = NOW - timedelta(hours=80)
    day = Arrival("E1, line 2", 5, 5, 5, "2026-03-06 (Asia/Bangkok)", None,
                  whole + timedelta(hours=24), reported_by="A", source="aa", row=2)  # fmt: skip
    undated = Arrival("E1, line 3", 5, 5, 5, "", None, None, reported_by="A", source="aa", row=3)
    keeper = Keeper("A", "bank", "A", "statement")
    found = [Met(keeper, each.place, "bank-account", "THB", "", "", 0, 10, (each,))
             for each in (undated, day)]  # fmt: skip
    first, last = ranked(found, NOW).met
    assert first.hours_since(NOW) == 56
    assert last.hours_since(NOW) is None
    assert render_phrase(last.reason(NOW)).startswith("Time not known")
    table = keepers_table((first, last), NOW).as_rows()
    assert [(row["last_arrival"], row["hours_since"]) for row in table] == [
        ("2026-03-06 (Asia/Bangkok)", 56), (None, None),
    ]  # fmt: skip


@examples(100)
@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 200)), min_size=1, max_size=12))
def test_the_order_does_not_depend_on_the_order_of_the_rows(rows: list[tuple[int, int]]) -> None:
    found = [met(f"k{n}", amount, hours) for n, (amount, hours) in enumerate(rows)]
    order = [each.id for each in ranked(found, NOW).met]
    assert order == [each.id for each in ranked(found[::-1], NOW).met]
    fresh = [each.is_fresh(NOW) for each in ranked(found, NOW).met]
    assert fresh == sorted(fresh, reverse=True)
    assert all(each.most <= each.followed for each in found)


def test_several_payments_are_summed_but_never_beyond_what_was_followed() -> None:
    one = met("a", 700, 3)
    two = Met(one.keeper, one.identifier, one.identifier_kind, "THB", "", "", 2, 1000,
              (one.arrivals[0], met("a", 600, 2).arrivals[0]))  # fmt: skip
    assert (two.least, two.most) == (1000, 1000)
    again = Met(two.keeper, two.identifier, two.identifier_kind, "THB", "", "", 2, 1000,
                (two.arrivals[0], replace(two.arrivals[1], may_be_again=True)))  # fmt: skip
    assert (again.least, again.most) == (700, 1000), "what came back is not counted twice"
    (row,) = keepers_table([two], NOW, unsigned=list(two.arrivals)).as_rows()
    assert (row["amount_least"], row["amount_most"], row["to_sign"]) == ("10", "10", 2)


def price(asset: str, of: str) -> Price:
    return Price(asset, "USD", Decimal(of), NOW - timedelta(days=9), NOW, "2026-03", "Example Bank",
                 "", None, "", "line 2")  # fmt: skip


def test_seventy_million_kip_stand_above_three_hundred_usdt_where_prices_value_both() -> None:
    kip = met("kip", 7_000_000_000, 3, followed=7_000_000_000, asset="LAK")
    usdt = met("usdt", 30_050, 1, followed=30_050, asset="USDT")
    prices = PriceBook([price("LAK", "0.000046"), price("USDT", "1.00")])
    order = ranked([usdt, kip], NOW, prices)
    assert [each.keeper.name for each in order.met] == ["kip", "usdt"]
    assert (order.currency, order.is_mixed) == ("USD", False)
    assert {str(each.shown) for each in order.values.values()} == {"3220.00", "300.50"}
    one = ranked([usdt, kip], NOW, PriceBook([price("LAK", "0.000046")]))
    assert (one.currency, one.is_mixed) == ("", True), "one has no price: neither is compared"


def test_an_end_address_stands_before_one_that_passed_the_money_on_and_the_empty_last() -> None:
    rests = {
        "gone": Rest(0, 900, 0, timedelta(minutes=1)),
        "quick": Rest(300, 900, 300, timedelta(minutes=1)),
        "slow": Rest(200, 900, 200, timedelta(hours=20)),
        "stays": Rest(100, 100, 100),
        "exchanged": Rest(900, 900, 900, timedelta(hours=7), "USDT"),
    }
    found = [replace(met(name, 900, 5), rest=rest) for name, rest in rests.items()]
    order = ranked(found, NOW).met
    assert [each.keeper.name for each in order] == ["stays", "slow", "exchanged", "quick", "gone"]
    told = {each.keeper.name: render_phrase(each.reason(NOW)) for each in order}
    assert told["gone"].endswith("All of it went on, the first 1 min later.")
    assert told["quick"].endswith("6 THB of 9 THB went on, the first 1 min later.")
    assert told["exchanged"].endswith("paid out USDT 7 h later: the money may have been exchanged.")


def test_old_money_is_a_year_old() -> None:
    assert not met("a", 1, 365 * 24 - 1).is_old(NOW)
    assert met("a", 1, 365 * 24).is_old(NOW)
