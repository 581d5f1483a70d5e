"""One registration: ages, addresses, and what makes two rows one person."""

from __future__ import annotations

import pytest

from kancil.programme.ages import is_child, is_email
from kancil.programme.registration.registrant import (
    RefusedRow,
    Registrant,
    registrant_of,
    same_person,
)
from kancil.records.described import one_line


@pytest.mark.parametrize(
    ("age", "child"),
    [("17", True), ("18", False), ("under-18", True), ("18-29", False), ("", False), ("0", True)],
)
def test_who_is_under_eighteen_is_a_child(age: str, child: bool) -> None:
    assert is_child(age) is child


def test_texts_lose_what_nobody_sees() -> None:
    assert one_line(" A\u202e\tB\x00 \ud800C\n") == "A B C"
    assert is_email("a@b.example")
    assert [each for each in ("a@b", "a b@c.d", "@b.c", "a@b.", "<a@b.c>") if is_email(each)] == []


@pytest.mark.parametrize(
    ("age", "band"), [("18", "18-29"), ("29", "18-29"), ("30", "30-44"), ("59", "45-59"),
                      ("60", "60-over"), ("", "not-stated"), ("45-59", "45-59")]
)  # fmt: skip
def test_an_age_in_years_becomes_its_band(age: str, band: str) -> None:
    found = registrant_of(1, {"name": "A", "country": "XKA", "age_band": age}, "X")
    assert isinstance(found, Registrant)
    assert found.age_band.value == band


def test_an_age_that_is_none_is_refused() -> None:
    found = registrant_of(1, {"name": "A", "country": "XKA", "age_band": "200"}, "X")
    assert isinstance(found, RefusedRow)


def test_one_name_in_one_country_is_one_person_unless_addresses_differ() -> None:
    one = Registrant(row=1, name="Sok Dara", country="XKA", email="a@b.c")
    assert same_person(one, Registrant(row=2, name="SOK DARA", country="XKA"))
    assert not same_person(one, Registrant(row=2, name="Sok Dara", country="XBO"))
    assert not same_person(one, Registrant(row=2, name="Sok Dara", country="XKA", email="x@b.c"))
    assert not same_person(one, Registrant(row=2, name="Dara Sok", country="XKA", email="a@b.c"))
