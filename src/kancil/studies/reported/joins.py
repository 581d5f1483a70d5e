"""Suggestions that two tables speak of one thing: one account, one transfer, one service's wallet.

From a `Book`; to pairs with the reason of each. Nothing is joined before an officer says so: one
number at two banks may be two accounts, and two payments of one amount may be two payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from kancil.ground.phrase import Param, Phrase
from kancil.ground.units import few, grouped

from .book import ACCOUNT, NONE, Book, Party, Row, SameAs
from .twice import Twice, alike, find_twice, only_pairs, sent_back

PARTY: Literal["party"] = "party"
TRANSFER: Literal["transfer"] = "transfer"
SERVICE: Literal["service"] = "service"
REVERSAL: Literal["reversal"] = "reversal"
CONVERSION: Literal["conversion"] = "conversion"
What = Literal["party", "transfer", "service", "reversal", "conversion"]
SAME, APART, UNDONE = "same", "apart", "undone"
DECISIONS = (SAME, APART, UNDONE)
"""What an officer says: they are one (or: it is a service's wallet), they are not, or that an
earlier decision is withdrawn."""
ThingT = TypeVar("ThingT", Party, Row)
MOST_SUGGESTED = 5_000
_SHORTEST_REFERENCE = 6


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decided, as the ledger has it."""

    what: What
    one: Party | Row
    other: Party | Row | None
    decision: str
    reason: str
    """Code of the suggestion, or `own`."""
    remark: str = ""

    @property
    def key(self) -> tuple[str, frozenset[Any]]:
        """What it is about: a later decision about the same stands in its place."""
        return self.what, frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two things that may be one."""

    what: What
    one: Party | Row
    other: Party | Row | None
    reason: str
    said: Phrase
    """Why, in words."""

    @property
    def key(self) -> tuple[str, frozenset[Any]]:
        """As a decision about it has it."""
        return self.what, frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class Together:
    """Suggestions that one decision may answer: of one account, or of one reason and publishers."""

    what: What
    said: Phrase
    """Why, in words; of one suggestion alone its own words."""
    members: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions of a case, the last one about each thing."""

    same: SameAs
    one_transfer: tuple[frozenset[Row], ...]
    """Rows of several tables that report one transfer."""
    services: frozenset[Party]
    reversals: frozenset[Row]
    """Rows of payments that were sent back, and of those that brought them back."""
    keys: frozenset[tuple[str, frozenset[Any]]]
    """What was decided about, either way."""
    conversions: tuple[tuple[Row, Row], ...] = ()
    """A row that came in, and one that went out in another asset for it."""


def decided(decisions: Iterable[Decision]) -> Decided:
    """What stands of decisions in the order in which they were made."""
    last: dict[tuple[str, frozenset[Any]], Decision] = {}
    for each in decisions:
        last.pop(each.key, None)
        if each.decision != UNDONE:
            last[each.key] = each
    made = [each for each in last.values() if each.decision == SAME]
    parties = [(each.one, each.other) for each in made
               if isinstance(each.one, Party) and isinstance(each.other, Party)]  # fmt: skip
    rows = [(each.one, each.other) for each in made
            if each.what == TRANSFER and isinstance(each.one, tuple)
            and isinstance(each.other, tuple)]  # fmt: skip
    groups: defaultdict[Row, set[Row]] = defaultdict(set)
    for row, first in _united(rows).items():
        groups[first] |= {row, first}
    return Decided(
        _united(parties),
        tuple(map(frozenset, groups.values())),
        frozenset(each.one for each in made
                  if each.what == SERVICE and isinstance(each.one, Party)),
        frozenset(row for each in made if each.what == REVERSAL
                  for row in (each.one, each.other) if isinstance(row, tuple)),
        frozenset(last),
        tuple((each.one, each.other) for each in made if each.what == CONVERSION
              and isinstance(each.one, tuple) and isinstance(each.other, tuple)),
    )  # fmt: skip


def _united(pairs: Iterable[tuple[ThingT, ThingT]]) -> dict[ThingT, ThingT]:
    """Each thing of a group, save one, with the one that stands for all: the first in order."""
    stands: dict[ThingT, ThingT] = {}

    def root(thing: ThingT) -> ThingT:
        while stands.get(thing, thing) != thing:
            thing = stands[thing]
        return thing

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        stands[second] = first
    return {thing: root(thing) for thing in stands if root(thing) != thing}


def suggest_joins(
    book: Book,
    known: Iterable[tuple[str, frozenset[Any]]] = (),
    aside: Collection[int] = (),
) -> list[Suggestion]:
    """Pairs that may be one, the surest first, each once; `known`: what was decided about.

    `aside`: rows that count for nothing, of which no reversal is suggested.
    """
    seen = set(known)
    found: list[Suggestion] = []
    for each in _all(book, aside):
        if each.key not in seen:
            seen.add(each.key)
            found.append(each)
        if len(found) == MOST_SUGGESTED:
            break
    return found


def _all(book: Book, aside: Collection[int]) -> Iterator[Suggestion]:
    yield from _accounts(book)
    yield from _wallets(book)
    yield from _transfers(book, "txid", book.texts["txid"])
    yield from _transfers(book, "reference", book.texts["reference"])
    yield from _amounts(book)
    yield from _reversals(book, aside)


def together(book: Book, suggestions: Iterable[Suggestion]) -> list[Together]:
    """Suggestions by what one decision may answer, in the order of the first of each."""
    groups: defaultdict[tuple[str, str, tuple[str, ...]], list[Suggestion]] = defaultdict(list)
    for each in suggestions:
        of = (each.one.value,) if each.what == PARTY and isinstance(each.one, Party) else (
            tuple(_publishers(book, [each])))  # fmt: skip
        groups[each.what, each.reason, of].append(each)
    return [
        Together(members[0].what, _said_of(book, members), tuple(members))
        for members in groups.values()
    ]


def _publishers(book: Book, suggestions: Iterable[Suggestion]) -> list[str]:
    """Whose tables suggestions are about, in order."""
    found = set[str]()
    for each in suggestions:
        for end in (each.one, each.other):
            if isinstance(end, Party):
                found.add(end.publisher or str(each.said.params["publisher"]))
            elif end is not None:
                found.add(book.tables[book.rows.table[book.places[end]]].publisher)
    return sorted(found)


def _said_of(book: Book, members: Sequence[Suggestion]) -> Phrase:
    """Why suggestions belong together; of one alone what it says itself."""
    first = members[0]
    if len(members) == 1:
        return first.said
    publishers = _publishers(book, members)
    told: dict[str, Param] = {"publishers": few(publishers, len(publishers)), "first": first.said,
                              "count": grouped(len(members))}  # fmt: skip
    if isinstance(first.one, Party) and first.what == PARTY:
        return Phrase("note.join-all-account", {**told, "account": first.one.value})
    return Phrase(f"note.join-all-{SERVICE if first.what == SERVICE else first.reason}", told)


def undecided_twice(
    book: Book, known: Collection[tuple[str, frozenset[Any]]], aside: Collection[int]
) -> Twice:
    """Rows that may report one payment, or one that was sent back, and of which nobody decided."""
    named = (
        (each.one, each.other)
        for reason in ("txid", "reference")
        for each in _transfers(book, reason, book.texts[reason])
    )
    places = book.places
    pairs = [(places[one], places[other]) for one, other in named
             if isinstance(one, tuple) and isinstance(other, tuple)]  # fmt: skip

    def is_open(what: What, one: int, other: int) -> bool:
        return (what, frozenset((row_of(book, one), row_of(book, other)))) not in known

    return find_twice(
        book,
        [pair for pair in (*pairs, *alike(book)) if is_open(TRANSFER, *pair)],
        [pair for pair in sent_back(book, aside) if is_open(REVERSAL, *pair)],
        aside,
    )


def _accounts(book: Book) -> Iterator[Suggestion]:
    """One account number in the tables of two publishers."""
    by_number: defaultdict[str, list[Party]] = defaultdict(list)
    for party in book.parties:
        if party.kind == ACCOUNT:
            by_number[party.value].append(party)
    for number, parties in by_number.items():
        parties.sort()
        for other in parties[1:]:
            params: dict[str, Param] = {"account": number, "one": parties[0].publisher,
                                        "other": other.publisher}  # fmt: skip
            said = Phrase("note.join-suggest-account", params)
            yield Suggestion(PARTY, parties[0], other, "account", said)


def _wallets(book: Book) -> Iterator[Suggestion]:
    """Who paid, on a chain, what an account's holder took out at a publisher: its wallet."""
    rows = book.rows
    by_txid = _by_text(book, book.texts["txid"])
    for places in by_txid.values():
        for one in places:
            for other in places:
                a, b = rows.payer[one], rows.payer[other]
                if NONE in (a, b) or book.parties[a].is_address or not book.parties[b].is_address:
                    continue
                if rows.payee[one] == rows.payee[other] != NONE:
                    publisher = book.tables[rows.table[one]].publisher
                    params: dict[str, Param] = {
                        "address": book.parties[b].value, "publisher": publisher,
                        "place": book.place_of(one), "other": book.place_of(other),
                    }  # fmt: skip
                    said = Phrase("note.join-suggest-service", params)
                    yield Suggestion(SERVICE, book.parties[b], None, "txid", said)


def _by_text(book: Book, texts: list[str | None], least: int = 1) -> dict[str, list[int]]:
    """Places of rows by a text that stands in several tables; a text of many rows tells nothing."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        if text and len(text) >= least:
            found[text].append(place)
    tables = book.rows.table
    return {
        text: places
        for text, places in found.items()
        if 2 <= len(places) <= 8 and len({tables[place] for place in places}) > 1
    }


def _transfers(book: Book, reason: str, texts: list[str | None]) -> Iterator[Suggestion]:
    """Rows of two tables with one transaction id, or with one reference and one amount."""
    rows = book.rows
    least = 1 if reason == "txid" else _SHORTEST_REFERENCE
    for text, places in _by_text(book, texts, least).items():
        for one, other in _pairs(book, places):
            alike = (
                rows.amount[one] * 10 ** book.digits[rows.asset[other]]
                == rows.amount[other] * 10 ** book.digits[rows.asset[one]]
            )
            symbols = {book.assets[rows.asset[place]].symbol for place in (one, other)}
            if len(symbols) > 1 or (reason == "reference" and not alike):
                continue
            ends = (rows.payer[one] == rows.payer[other], rows.payee[one] == rows.payee[other])
            if reason == "txid" and (not any(ends) or all(ends)):
                continue
            yield _same(book, one, other, reason, {"text": text})


def _pairs(book: Book, places: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of two tables, save those that an officer joined already."""
    rows = book.rows
    stands = book.kept_for
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            is_one = stands.get(one, one) == stands.get(other, other)
            if rows.table[one] != rows.table[other] and not is_one:
                yield one, other


def _amounts(book: Book) -> Iterator[Suggestion]:
    """The one row of another table with the same amount within minutes, or on the same day."""
    rows = book.rows
    for one, other in only_pairs(book, alike(book)):
        if rows.has_clock[one] and rows.has_clock[other]:
            apart = abs(rows.at[one] - rows.at[other]) // 60_000_000
            yield _same(book, one, other, "amount-time", {"minutes": int(apart)})
        else:
            timed = other if rows.has_clock[one] else one
            yield _same(book, one, other, "amount-day", {"day": book.day_of(timed)})


def _reversals(book: Book, aside: Collection[int]) -> Iterator[Suggestion]:
    """A payment, and the next one that brings the same amount back."""
    for one, other in sent_back(book, aside):
        days = {"day": book.day_of(one), "back": book.day_of(other)}
        yield _same(book, one, other, "sent-back", days, REVERSAL)


_SENTENCES = {"amount-time": "amount-minutes", "amount-day": "amount-one-day"}
"""Names of sentences, where they are not the reason's, which the ledger keeps."""


def _same(
    book: Book, one: int, other: int, reason: str, told: Mapping[str, Param],
    what: What = TRANSFER,
) -> Suggestion:  # fmt: skip
    asset = book.rows.asset[one]
    params: dict[str, Param] = {
        "one": book.place_of(one),
        "other": book.place_of(other),
        "amount": book.said_amount(asset, book.rows.amount[one]),
        **told,
    }
    said = Phrase(f"note.join-suggest-{_SENTENCES.get(reason, reason)}", params)
    return Suggestion(what, row_of(book, one), row_of(book, other), reason, said)


def row_of(book: Book, place: int) -> Row:
    """A row as decisions name it."""
    return book.tables[book.rows.table[place]].entry, book.rows.row[place]
