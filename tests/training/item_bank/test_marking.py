"""What an answer earns, kind by kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.item_bank.bank import Item
from kancil.training.item_bank.gift import read_bank
from kancil.training.item_bank.marking import mark_item, number_of, offered, order_of

BANK = """
::one:: Which? {=right ~wrong ~%50%half ~%-50%worse}

::many:: Which name a continent? {~%33.33333%Africa ~%33.33333%Asia ~%-100%China
~%33.33333%Antarctica ~America}

::truth:: So? {FALSE}

::near:: Pi? {#3.14:0.01}

::between:: From 1 to 5? {#1..5}

::parts:: Year? {#=1822:0 =%50%1822:2 ~#None of these}

::short:: Animal? {=Frog =%50%Cat =%0%*}

::open:: Where? {=in * vault}

::match:: Match. {=digest -> bytes =seal -> bag = -> court}
"""
ITEMS = {str(each.title): each for each in read_bank(BANK.encode(), "bank.gift").asked}
CASES: list[tuple[str, Any, Fraction | int]] = [
    ("one", 0, 1), ("one", 1, 0), ("one", 2, Fraction(1, 2)), ("one", 3, 0), ("one", 4, 0),
    ("one", -1, 0), ("one", True, 0), ("one", "0", 0), ("one", None, 0), ("one", [0], 0),
    ("many", [0, 1, 3], 1), ("many", [0], Fraction(1, 3)), ("many", [0, 1, 3, 2], 0),
    ("many", [0, 1, 3, 4], 1), ("many", [0, 0, 0], Fraction(1, 3)), ("many", [], 0),
    ("many", [9], 0), ("many", 0, 0),
    ("truth", False, 1), ("truth", True, 0), ("truth", 0, 0),
    ("near", "3.14", 1), ("near", "3.15", 1), ("near", "3.13", 1), ("near", "3.151", 0),
    ("near", " 3.14 ", 1), ("near", "3,14", 0), ("near", "pi", 0), ("near", "3e0", 0),
    ("near", "៣.១៤", 1), ("near", "", 0), ("near", 3.14, 0),
    ("between", "1", 1), ("between", "5.0", 1), ("between", "5.01", 0), ("between", "\u22121", 0),
    ("parts", "1822", 1), ("parts", "1824", Fraction(1, 2)), ("parts", "1825", 0),
    ("short", "frog", 1), ("short", "  FROG ", 1), ("short", "cat", Fraction(1, 2)),
    ("short", "dog", 0), ("open", "in the  Vault", 1), ("open", "in vault", 1),
    ("open", "vault", 0),
    ("match", ["bytes", "bag"], 1), ("match", ["bytes", "court"], Fraction(1, 2)),
    ("match", ["bytes"], 0), ("match", ["", ""], 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "earned"), CASES)
def test_an_answer_earns(name: str, answer: Any, earned: Fraction | int) -> None:
    assert mark_item(ITEMS[name], answer) == earned


_ONE = st.none() | st.booleans() | st.integers(-2, 9) | st.text("1a. *", max_size=5)
_JSON = _ONE | st.lists(_ONE, max_size=5) | st.dictionaries(st.just("a"), _ONE)


@settings(max_examples=60)
@given(st.sampled_from(list(ITEMS.values())), _JSON)
def test_whatever_is_posted_earns_between_nothing_and_all(item: Item, answer: Any) -> None:
    assert 0 <= mark_item(item, answer) <= 1


def test_a_long_number_is_not_computed() -> None:
    assert number_of("1" * 31) is None
    assert number_of("1e999999999") is None


def test_what_is_offered_to_match_says_nothing_of_the_pairs() -> None:
    assert offered(ITEMS["match"]) == ("bag", "bytes", "court")


def test_the_order_of_options_is_that_of_the_sitting() -> None:
    orders = {order_of(ITEMS["many"], str(seed)) for seed in range(40)}
    assert len(orders) > 10
    assert all(sorted(each) == [0, 1, 2, 3, 4] for each in orders)
    assert order_of(ITEMS["many"], "x") == order_of(ITEMS["many"], "x")
