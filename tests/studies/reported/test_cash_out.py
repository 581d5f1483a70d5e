"""From victims to cash-out: parts come to their whole, and are what truly happened."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.studies.reported.balances import check_balances
from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.cash_out import CashOut, Ended, cash_out
from kancil.studies.reported.follow import converts
from kancil.studies.reported.tricks import find_tricks
from kancil.studies.reported.victims import complaints_of
from tests.studies.reported.cases import AT_EXCHANGE, FIRST, HOT, MULE, SECOND, Case, cases
from tests.studies.reported.making import book_of, paid
from tests.studies.reported.scam import all_confirmed, scam_book


def found_in(book: Book, conversions: list[tuple[int, int]], reversed_: set[int]) -> CashOut | None:
    aside = find_tricks(book).aside | book.kept_for.keys() | set(complaints_of(book)) | reversed_
    return cash_out(
        book, aside=aside, opening=check_balances(book).opening, conversions=conversions,
        reversed=reversed_,
    )  # fmt: skip


def ends_of(book: Book, found: CashOut, symbol: str) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (end.how.value, "" if end.party == NONE else book.parties[end.party].value): end.amount
        for flow in found.flows if book.assets[flow.asset].symbol == symbol
        for end in flow.ends
    }  # fmt: skip


@given(cases(), st.booleans())
def test_each_payment_of_a_victim_counts_once_from_the_complaint_to_where_it_ended(
    case: Case, joined: bool
) -> None:
    order = case.tellers()
    book = case.book(order, case.joins(order) if joined else [])
    conversions = case.conversions(book) if joined else []
    reversed_ = {
        place for place in range(len(book))
        if joined and case.payment_of(book, place).replace("back", "paid") in case.reversed
    }  # fmt: skip
    found = found_in(book, conversions, reversed_)
    told = {case.payment_of(book, place) for place in complaints_of(book)}
    assert (found is None) == (not told)
    if found is None:
        return
    amounts = {each.id: each.amount for each in case.payments}
    assert set(found.paid.values()) == {sum(amounts[each] for each in told)}
    assert found.is_open == (not joined)
    if not joined:
        assert ends_of(book, found, "THB") == {
            ("unknown", MULE): (sum(amounts[each] for each in told),) * 2
        }, "the number of the complaint is nobody's account yet"
        return
    back = sum(amounts[each] for each in told & case.reversed)
    on = sum(amounts[each] for each in told - case.reversed)
    whole = sum(each.amount for each in case.payments if each.id.startswith("on "))
    expected = {("sent-back", MULE): (back, back), ("converted", AT_EXCHANGE): (on, on)}
    assert ends_of(book, found, "THB") == {key: each for key, each in expected.items() if each[0]}
    share = 90 * on // max(1, whole)
    usdt = ends_of(book, found, "USDT")
    assert set(usdt.values()) == ({(share, share)} if share else set())
    assert {value for _, value in usdt} <= {FIRST, SECOND, HOT}


def test_the_swindle_goes_from_bank_to_bitcoin_in_three_assets() -> None:
    book = scam_book(all_confirmed())
    rows = [book.place_named(f"E4, line {line}") or 0 for line in (2, 3)]
    rows += [book.place_named(f"E6, line {line}") or 0 for line in (2, 3)]
    came, out, second, bitcoin = (book.kept_for.get(each, each) for each in rows)
    found = found_in(book, [(came, out), (second, bitcoin)], set())
    assert found is not None
    assert [book.assets[flow.asset].symbol for flow in found.flows] == [
        "LAK", "USDT", "USDT", "BTC",
    ], "a token without its contract is not told to be the same"  # fmt: skip
    lak = ends_of(book, found, "LAK")
    assert lak["converted", "E4"] == (68_500_000_00, 68_510_638_29)
    assert lak["remains", MULE_ACCOUNT] == (1_489_361_71, 1_500_000_00)


MULE_ACCOUNT = "0305551112"


def test_money_of_one_victim_that_pays_on_as_a_victim_counts_once() -> None:
    notes = {"notes": ("complaint",)}
    book = book_of([
        paid(1, "First", "Second", "10", **notes),
        paid(2, "Second", "Mule", "10", **notes),
    ])  # fmt: skip
    found = cash_out(book, aside=(), opening={})
    assert found is not None
    (flow,) = found.flows
    assert flow.whole == (20, 20)
    assert {(end.how, end.amount[1]) for end in flow.ends} == {
        (Ended.AGAIN, 10), (Ended.UNKNOWN, 10),
    }  # fmt: skip


def test_two_currencies_of_one_service_are_two_ends() -> None:
    notes = {"notes": ("complaint",)}
    book = book_of([
        paid(1, "A", "Service", "10", asset="LAK", **notes),
        paid(2, "B", "Service", "7", asset="THB", **notes),
    ])  # fmt: skip
    service = next(each for each, party in enumerate(book.parties) if party.value == "Service")
    found = cash_out(book, aside=(), opening={}, sinks=[service])
    assert found is not None
    assert [flow.whole for flow in found.flows] == [(10, 10), (7, 7)]
    assert [[end.how for end in flow.ends] for flow in found.flows] == [[Ended.SERVICE]] * 2


@st.composite
def tangled(draw: st.DrawFn) -> tuple[Book, list[tuple[int, int]], list[int], set[int]]:
    """A few payments in three assets among a few, some of them complained of, converted, back."""
    ends = st.sampled_from(["A", "B", "C", "D", None])
    row = st.tuples(ends, ends, st.integers(0, 9), st.sampled_from(["LAK", "USDT", "BTC"]),
                    st.booleans())  # fmt: skip
    rows = draw(st.lists(row, min_size=1, max_size=12))
    book = book_of([
        paid(n, payer, payee, str(amount), asset=asset,
             **({"notes": ("complaint",)} if is_complaint else {}))
        for n, (payer, payee, amount, asset, is_complaint) in enumerate(rows, 1)
    ])  # fmt: skip
    pairs = [(one, other) for one in range(len(book)) for other in range(len(book))
             if converts(book, one, other)]  # fmt: skip
    conversions = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=4)) if pairs else []
    sinks = draw(st.lists(st.sampled_from(range(max(1, len(book.parties)))), max_size=2))
    return book, conversions, sinks, draw(st.sets(st.sampled_from(range(len(book))), max_size=2))


@given(tangled())
def test_parts_come_to_their_whole_however_money_goes_round(
    case: tuple[Book, list[tuple[int, int]], list[int], set[int]],
) -> None:
    book, conversions, sinks, back = case
    found = cash_out(
        book, aside=back, sinks=sinks, opening={}, conversions=conversions, reversed=back
    )  # fmt: skip
    if found is None:
        assert not complaints_of(book)
        return
    for flow in found.flows:
        assert flow.whole[1] >= flow.whole[0] >= 0
        assert sum(end.amount[1] for end in flow.ends) >= flow.whole[0]
        assert all(0 <= end.amount[0] <= end.amount[1] <= flow.whole[1] for end in flow.ends)
    assert set(found.paid) <= {flow.asset for flow in found.flows}
