"""Reported transfers on the canvas: accounts and addresses of every rail, joined to the chain.

From the book of a case (`studies.reported`); to boxes of parties and dotted arrows that sum the
rows between two of them, by asset and publisher. A row that names a transaction drawn hangs on it;
a bitcoin address that is drawn is its own party. Where there is no room for all parties, those with
the fewest rows are one box, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from kancil.bitcoin.labels.label import Label
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import short
from kancil.studies.drawing.box_words import NAME, PLAIN, TITLE, Line
from kancil.studies.moneygraph.lines import label_lines
from kancil.studies.moneygraph.parts import Part, Subject
from kancil.studies.moneygraph.stated import StatedTie
from kancil.studies.reported.beside import BesideTransfer
from kancil.studies.reported.book import (
    ACCOUNT,
    BITCOIN_ADDRESS,
    ETHEREUM_ADDRESS,
    HOLDER,
    IBAN,
    NONE,
    OWN_KINDS,
    TRON_ADDRESS,
    VICTIM,
    Book,
    Party,
)
from kancil.studies.reported.totals import by_party, least_of
from kancil.studies.reported.twice import Twice

from .source import Ground

CHAINS = {
    BITCOIN_ADDRESS: "bitcoin", TRON_ADDRESS: "tron", ETHEREUM_ADDRESS: "ethereum",
    ACCOUNT: "bank", IBAN: "bank",
}  # fmt: skip
"""The network of a party by its kind; of others it is not known."""
_LONGEST = 22
LabelsOf = Callable[[str], Sequence[Label]]
"""What publishers say of an address of whatever chain."""
Edge = tuple[int, int, str, str]
"""Payer, payee, symbol of the asset, publisher."""


def subject_of(party: Party) -> Subject:
    """What a party's box stands for; where its value is its publisher's alone, both name it."""
    value = party.value
    if party.kind in OWN_KINDS and party.publisher:
        value = f"{value} ({party.publisher})"
    return Subject("party", CHAINS.get(party.kind, ""), value)


@dataclass(frozen=True)
class ReportedSource:
    """The rows of a case's tables; keeps the promise `source.Source`."""

    book: Book
    key: Hashable
    """Digests of the tables and numbers of the decisions."""
    aside: Collection[int] = ()
    """Places of rows that count for nothing."""
    twice: Twice | None = None
    """What may be reported twice: a sum of it is a range."""
    services: Collection[int] = ()
    beside: Mapping[tuple[str, int, str], BesideTransfer] = field(default_factory=dict)
    """What the chain says of a row, by publisher, number and transaction."""
    is_asked: bool = True
    """False: only what names something drawn of the chain is drawn."""
    exhibits: Collection[str] = ()
    """Of these alone; none: of all."""
    labels_of: LabelsOf = lambda _address: ()

    def add(self, ground: Ground) -> tuple[str, ...]:
        """Draw the rows, those that name what is drawn of the chain first."""
        places = [place for place in self._places() if place not in self.aside]
        joined = [place for place in places if self._touches(ground, place)]
        if not self.is_asked:
            places = joined
        boxes = _Boxes(self, ground, _order(self.book, joined, places))
        drawn = sum(boxes.draw(place) for place in places)
        return tuple(self._notes(drawn, boxes))

    def facts(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """Kind, publishers, sums by asset, first and last day, and where it first stands."""
        number = self._by_subject.get(subject)
        if number is None:
            return ()
        book, rows = self.book, self.book.rows
        party = book.parties[number]
        of_it = [place for place in book.order if number in (rows.payer[place], rows.payee[place])]
        told = [("kind", render(f"name.party-{party.kind}"))]
        publishers = dict.fromkeys(book.tables[rows.table[place]].publisher for place in of_it)
        told.append(("by", ", ".join(list(publishers)[:4])))
        for of, asset, total in by_party(book, self.aside):
            if of == number:
                least = (total.came, total.went)
                if self.twice is not None:
                    least = least_of(book, of, asset, self.aside, self.twice)
                for name, low, high in zip(("came", "went"), least, (total.came, total.went),
                                           strict=True):  # fmt: skip
                    ends = (book.said_amount(asset, each) for each in (low, high))
                    told.append((name, " – ".join(dict.fromkeys(ends))))
        days = sorted(book.day_of(place) for place in of_it)
        told += [("days", " – ".join(dict.fromkeys((days[0], days[-1])))),
                 ("place", book.place_of(of_it[0]))]  # fmt: skip
        if number in self.services:
            told.append(("service", render("note.canvas-party-service")))
        return tuple((render(f"note.canvas-party-{name}-name"), text) for name, text in told)

    def party_of(self, subject: Subject) -> Party | None:
        """The party that a box stands for."""
        number = self._by_subject.get(subject)
        return None if number is None else self.book.parties[number]

    @cached_property
    def _by_subject(self) -> dict[Subject, int]:
        return {subject_of(party): number for number, party in enumerate(self.book.parties)}

    def _places(self) -> Iterator[int]:
        tables = [not self.exhibits or table.exhibit in self.exhibits for table in self.book.tables]
        return (place for place in self.book.order if tables[self.book.rows.table[place]])

    def _touches(self, ground: Ground, place: int) -> bool:
        if ground.sight is None:
            return False
        txid = self.book.texts["txid"][place]
        if txid and ground.transaction(txid) is not None:
            return True
        if self.paid(ground, place) is not None:
            return True
        rows, parties = self.book.rows, self.book.parties
        return any(
            ground.address(parties[end].value) is not None
            for end in (rows.payer[place], rows.payee[place])
            if end != NONE and parties[end].kind == BITCOIN_ADDRESS
        )

    def paid(self, ground: Ground, place: int) -> Part | None:
        """The box of the output that a row names, where one is drawn alone."""
        txid = self.book.texts["txid"][place]
        beside = self.beside.get(_name(self.book, place))
        if not txid or beside is None or beside.output is None:
            return None
        return ground.output(txid, beside.output)

    def _notes(self, drawn: int, boxes: _Boxes) -> Iterator[str]:
        if drawn:
            yield render("note.graph-stated", count=grouped(drawn))
        if boxes.folded:
            yield render("note.canvas-parties-folded", count=grouped(len(boxes.folded)))
        left = sum(1 for place in self._places() if place not in self.aside) - drawn
        if left and self.is_asked:
            yield render("note.canvas-reported-one-end", count=grouped(left))
        elif left:
            yield render("note.graph-stated-left", count=grouped(left))
        apart = sum(1 for place in self._places() if place in self.aside)
        if apart and self.is_asked:
            yield render("note.canvas-reported-aside", count=grouped(apart))


def _order(book: Book, joined: list[int], places: list[int]) -> list[int]:
    """Parties in the order in which they get a box: those of joined rows, then by their rows."""
    rows = book.rows
    first = dict.fromkeys(end for place in joined for end in (rows.payer[place], rows.payee[place]))
    counts = Counter(end for place in places for end in (rows.payer[place], rows.payee[place]))
    both = [*first, *(end for end, _ in counts.most_common())]
    return [end for end in dict.fromkeys(both) if end != NONE]


def _name(book: Book, place: int) -> tuple[str, int, str]:
    """How a row is known to what the chain says of it: publisher, number, transaction."""
    publisher = book.tables[book.rows.table[place]].publisher
    return publisher, book.rows.row[place], book.texts["txid"][place] or ""


class _Boxes:
    """Boxes and arrows as they are made, each party and each sum once."""

    def __init__(self, source: ReportedSource, ground: Ground, order: list[int]) -> None:
        self.source, self.ground, self.book = source, ground, source.book
        room = max(0, ground.room)
        self.folded = set(order[room - 1 :]) if len(order) > room else set[int]()
        self.ties: dict[tuple[str, str, str, str, bool], StatedTie] = {}
        self._made: dict[int, Part | None] = {}
        self._rest: Part | None = None

    def draw(self, place: int) -> bool:
        """Draw a row; False where it names one end only, and no transaction that is drawn."""
        rows = self.book.rows
        txid = self.book.texts["txid"][place] or ""
        payer = self._box(rows.payer[place])
        hub = self.ground.transaction(txid) if txid else None
        payee = self.source.paid(self.ground, place) or self._box(rows.payee[place])
        if hub is not None:
            return self._tie(payer, hub, place) + self._tie(hub, payee, place) > 0
        return self._tie(payer, payee, place)

    def _box(self, number: int) -> Part | None:
        if number == NONE:
            return None
        if number not in self._made:
            self._made[number] = self._make(number)
        return self._made[number]

    def _make(self, number: int) -> Part | None:
        party = self.book.parties[number]
        if party.kind == BITCOIN_ADDRESS:
            drawn = self.ground.address(party.value)
            if drawn is not None:
                return drawn
        if number in self.folded:
            if self._rest is None:
                title = render("note.canvas-parties-more", count=grouped(len(self.folded)))
                subject = Subject("fold", "", "parties-more")
                self._rest = self.ground.party(subject, [Line(TITLE, title)])
            return self._rest
        return self.ground.party(subject_of(party), self._lines(number), apart=party.publisher)

    def _lines(self, number: int) -> list[Line]:
        party, name = self.book.parties[number], self.book.names[number]
        is_service = number in self.source.services
        kind = "note.canvas-party-service" if is_service else f"name.party-{party.kind}"
        value = short(party.value) if party.is_address else _cut(party.value)
        if party.kind == HOLDER:  # known by who keeps the account, not by the exhibit
            value = _cut(party.publisher or party.value)
        lines = [Line(TITLE, render(kind)), Line(PLAIN if party.kind == VICTIM else NAME, value)]
        if name and name != party.value:
            lines.append(Line(PLAIN, _cut(name)))
        if party.publisher and party not in self.book.joined:
            said = render("note.graph-stated-by", publisher=_cut(party.publisher))
            lines.append(Line(PLAIN, said))
        if party.is_address:
            lines += label_lines(self.source.labels_of(party.value))
        return lines

    def _tie(self, source: Part | None, target: Part | None, place: int) -> bool:
        if source is None or target is None or source.id == target.id:
            return False
        book, rows = self.book, self.book.rows
        asset = rows.asset[place]
        publisher = book.tables[rows.table[place]].publisher
        beside = self.source.beside.get(_name(self.book, place))
        is_against = beside is not None and beside.is_contradicted
        key = (source.id, target.id, book.assets[asset].symbol, publisher, is_against)
        tie = self.ties.get(key)
        if tie is None:
            symbol = book.assets[asset].symbol
            tie = self.ties[key] = StatedTie(publisher, symbol, is_contradicted=is_against)
            self.ground.tie(source, target, tie)
        tie.amounts.append(Decimal(book.amount_text(asset, rows.amount[place])))
        tie.rows.append(rows.row[place])
        tie.stated_times.append(book.time_of(place))
        tie.days += [day] if (day := book.day_of(place)) else []
        tie.keys |= dict.fromkeys(beside.reasons if beside is not None else ())
        return True


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
