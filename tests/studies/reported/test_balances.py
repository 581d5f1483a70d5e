"""A statement's own balance leads from row to row, or the row is told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.balances import check_balances
from tests.studies.reported.making import book_of, row


def statement(moves: list[int], opening: int = 100) -> list[StatedTransfer]:
    """A statement of one account that adds up."""
    found = []
    for number, moved in enumerate(moves, 1):
        opening += moved
        found.append(
            row(number, str(abs(moved)), balance=str(opening), asset="LAK",
                direction="in" if moved >= 0 else "out",
                **{"to_account" if moved >= 0 else "from_account": "0101200300"})
        )  # fmt: skip
    return found


def test_a_balance_that_does_not_add_up_is_told_with_its_row() -> None:
    rows = statement([5, -20, 30])
    wrong = [*rows[:2], row(3, "30", balance="125.50", asset="LAK", direction="in",
                            to_account="0101200300")]  # fmt: skip
    found = check_balances(book_of(wrong))
    (told,) = found.mismatches.as_rows()
    assert (told["place"], told["balance_computed"], told["balance_stated"]) == (
        "E1, line 4", "115.00", "125.50",
    )  # fmt: skip
    assert told["difference"] == "10.50"
    assert (found.compared, list(found.opening.values())) == (2, [10000])


def test_a_statement_that_begins_with_the_newest_row_adds_up_too() -> None:
    rows = statement([5, -20, 30, 7])[::-1]
    book = book_of([row(n, each.amount, balance=each.balance, asset="LAK", time=each.time,
                        direction=each.direction, from_account=each.from_account,
                        to_account=each.to_account) for n, each in enumerate(rows, 1)])  # fmt: skip
    found = check_balances(book)
    assert found.mismatches.rows == ()
    assert list(found.opening.values()) == [100]


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12), st.data())
def test_of_any_statement_one_changed_balance_is_seen(
    moves: list[int], data: st.DataObject
) -> None:
    rows = statement(moves)
    assert check_balances(book_of(rows)).mismatches.rows == ()
    at = data.draw(st.integers(1, len(rows) - 1))
    balance = str(int(rows[at].balance or "0") + 1)
    changed = row(at + 1, rows[at].amount, balance=balance, asset="LAK",
                  direction=rows[at].direction, from_account=rows[at].from_account,
                  to_account=rows[at].to_account)  # fmt: skip
    wrong = check_balances(book_of([*rows[:at], changed, *rows[at + 1 :]]))
    assert wrong.mismatches.rows


def test_what_an_account_held_before_is_told_by_the_earlier_of_two_statements() -> None:
    early, late = statement([5, 5], 100), statement([7], 110)
    late = [replace(each, day="2026-04-15", time="2026-04-15T00:00:01.000000Z") for each in late]
    for tables in ((early, late), (late, early)):
        assert list(check_balances(book_of(*tables)).opening.values()) == [100]
