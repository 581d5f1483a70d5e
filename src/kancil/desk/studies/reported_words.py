"""What the tables of a case report, in sentences to be read aloud, and what they do not say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped
from kancil.studies.reported.book import NONE, Book
from kancil.studies.reported.joins import PARTY
from kancil.studies.reported.totals import Sum, entered, least_of
from kancil.studies.reported.victims import complaints_of

from .reported import CaseBook

_NAMED = 3


@lru_cache(maxsize=4)
def answer_of(found: CaseBook) -> list[Phrase]:
    """The answer: who reports how much and of when; then the sums, and what needs a look."""
    book = found.book
    rows = [place for place in book.order if place not in found.aside]
    again = found.twice.again()
    days = sorted(book.day_of(place) for place in rows) or [""]
    publishers = list(dict.fromkeys(table.publisher for table in book.tables))
    params: dict[str, Param] = {
        "publishers": few(publishers, _NAMED),
        "rows": grouped(len(rows)),
        "since": days[0],
        "until": days[-1],
        "count": grouped(len(again)),
    }
    first = "web.reported.answer-twice" if again else "web.reported.answer"
    said = [Phrase(first, params), *_sums(found)]
    if found.twice.sent_back:
        back = grouped(len(found.twice.sent_back) // 2)
        said.append(Phrase("web.reported.answer-sent-back", {"count": back}))
    complaints = complaints_of(book)
    if complaints:
        told: dict[str, Param] = {"count": grouped(len(complaints)),
                                  "loss": _loss(book, complaints)}  # fmt: skip
        said.append(Phrase("web.reported.answer-victims", told))
    needs = looks(found)
    if needs:
        said.append(Phrase("web.reported.answer-looks", {"count": grouped(needs)}))
    return said


def _sums(found: CaseBook) -> list[Phrase]:
    """Of one statement what came in and went out of its account; else what moved of each asset."""
    book = found.book
    own = {
        book.rows.payee[place] if direction == "in" else book.rows.payer[place]
        for place, direction in enumerate(book.texts["direction"])
        if direction is not None
    } - {NONE}
    if len(book.tables) == 1 and len(own) == 1:
        party = next(iter(own))
        sums_of_it = [each for each in found.sums if each[0] == party]
        return [account_said(found, *each) for each in sums_of_it[:_NAMED]]
    sums: dict[str, list[int]] = {}
    for place in book.order:
        if place not in found.aside:
            asset = book.rows.asset[place]
            sums.setdefault(book.assets[asset].symbol, []).append(place)
    without = found.twice.least_without()
    is_open = bool(without) or any(each.what == PARTY for each in found.suggestions)
    once = {} if is_open else entered(book, found.aside)
    said = []
    for places in sorted(sums.values(), key=lambda each: -len(each))[:_NAMED]:
        at_least = [place for place in places if place not in without]
        params: dict[str, Param] = {
            "amount": sum_said(book, _sum(book, places)),
            "rows": grouped(len(places)),
        }
        if len(at_least) < len(places):
            nothing = dict.fromkeys((book.rows.asset[place] for place in places), 0)
            params |= {
                "least": sum_said(book, nothing | _sum(book, at_least)),
                "fewest": grouped(len(at_least)),
            }
            said.append(Phrase("web.reported.answer-moved-range", params))
        elif once:
            assets = {book.rows.asset[place] for place in places}
            params["once"] = sum_said(book, {asset: once.get(asset, 0) for asset in assets})
            said.append(Phrase("web.reported.answer-moved-once", params))
        else:
            said.append(Phrase("web.reported.answer-moved", params))
    return said


def _sum(book: Book, places: list[int]) -> dict[int, int]:
    """Amounts of rows, by asset."""
    found: dict[int, int] = {}
    for place in places:
        asset = book.rows.asset[place]
        found[asset] = found.get(asset, 0) + book.rows.amount[place]
    return found


def account_said(found: CaseBook, party: int, asset: int, total: Sum) -> Phrase:
    """What came in and went out of an account; a range where rows may report one payment."""
    book = found.book
    came, went = least_of(book, party, asset, found.aside, found.twice)
    params: dict[str, Param] = {
        "account": book.name_of(party),
        "came": book.said_amount(asset, total.came),
        "went": book.said_amount(asset, total.went),
        "came_least": book.said_amount(asset, came),
        "went_least": book.said_amount(asset, went),
    }
    is_range = (came, went) != (total.came, total.went)
    return Phrase(
        "web.reported.answer-account-range" if is_range else "web.reported.answer-account", params
    )


def sum_said(book: Book, amounts: Mapping[int, int]) -> str:
    """A sum over assets of one symbol, in the finest digit among them; `amounts`: by asset."""
    finest = max(amounts, key=lambda asset: book.digits[asset])
    digits = book.digits[finest]
    total = sum(each * 10 ** (digits - book.digits[asset]) for asset, each in amounts.items())
    return book.said_amount(finest, total)


def _loss(book: Book, places: list[int]) -> str:
    by_symbol: dict[str, dict[int, int]] = {}
    for asset, amount in _sum(book, places).items():
        by_symbol.setdefault(book.assets[asset].symbol, {})[asset] = amount
    return few([sum_said(book, of) for of in by_symbol.values()], _NAMED)


def looks(found: CaseBook) -> int:
    """How many things an officer should look at."""
    tricks = found.tricks
    tables = (tricks.false_tokens, tricks.look_alikes, found.balances.mismatches)
    return sum(len(table.rows) for table in tables)


@lru_cache(maxsize=4)
def limits_of(found: CaseBook) -> list[Phrase]:
    """What these tables do not say, each with its number where it has one."""
    tricks, book = found.tricks, found.book
    said = [Phrase("note.stated-not-proved")]
    for key, count in (
        ("web.reported.limit-false", len(tricks.false_rows)),
        ("web.reported.limit-dust", len(tricks.dust)),
        ("web.reported.limit-repeated", len(tricks.repeated) + len(book.kept_for)),
        ("web.reported.limit-twice", len(found.twice.again())),
        ("web.reported.limit-sent-back", len(found.twice.sent_back) // 2),
        ("web.reported.limit-reversed", len(found.reversed)),
        ("web.reported.limit-complaints", len(complaints_of(book))),
        ("web.reported.limit-no-clock", sum(1 for each in book.rows.has_clock if not each)),
        ("web.reported.limit-left-out", sum(table.skipped for table in found.tables)),
        ("web.reported.limit-too-many", book.left),
    ):
        if count:
            said.append(Phrase(key, {"count": grouped(count)}))
    return [*said, Phrase("web.reported.limit-accounts")]
