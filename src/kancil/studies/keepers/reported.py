"""Keepers that reported transfers met: banks, payment services, exchanges and issuers of tokens.

From the book of a case and the transfers from which money is followed, under both conventions; to
keepers. Who keeps an account is said by a statement of that very account, and by nothing else
surely. Weaker, and named as such: the same number in another's statement; the same transaction id
in a statement and on a chain; an officer's decision; a wallet that deals with many. All of it is
*reported by* a table's publisher, and proved by none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kancil.bitcoin.labels.label import Label
from kancil.ground.clock import from_unix
from kancil.records.transfer import Direction
from kancil.studies.reported.book import (
    ACCOUNT,
    BITCOIN_ADDRESS,
    ETHEREUM_ADDRESS,
    IBAN,
    NONE,
    TRON_ADDRESS,
    VICTIM,
    Book,
)
from kancil.studies.reported.follow import (
    CONVENTIONS,
    Account,
    Conversion,
    Followed,
    converted_by,
    follow,
    follow_converted,
    together,
)
from kancil.studies.reported.tricks import Issued, issued_tokens, seen_as
from kancil.studies.reported.victims import complaints_of

from .keeper import BANK, EXCHANGE, ISSUER, UNKNOWN, Arrival, Elsewhere, Keeper, Keepers, Met
from .remaining import Remaining
from .traced import keepers_of_labels

_CHAINS = {BITCOIN_ADDRESS: "bitcoin", TRON_ADDRESS: "tron", ETHEREUM_ADDRESS: "ethereum"}
_BY_WHICH_PAID = (*_CHAINS, ACCOUNT, IBAN)
_DAY = timedelta(hours=24)
LabelsOf = Callable[[str], Sequence[Label]]
"""What publishers say of an address of whatever chain."""


@dataclass(frozen=True)
class Rules:
    """What an officer decided, and what follows from the tables, beside the rows themselves."""

    aside: Collection[int] = ()
    """Rows that count for nothing."""
    sinks: Collection[int] = ()
    """Parties at which following stops: services and hubs."""
    hubs: Collection[int] = ()
    conversions: Collection[Conversion] = ()
    """Rows that came in, each with one that went out for it, as an officer confirmed."""
    opening: Mapping[Account, int] = field(default_factory=dict)
    closing: Mapping[Account, tuple[int, int]] = field(default_factory=dict)
    """Last balances of statements, with the place of their row."""
    zones: Sequence[str] = ()
    """Of each table, the zone of its days; empty: not stated."""
    labels_of: LabelsOf = lambda _address: ()


def complained(book: Book) -> list[int]:
    """Places of the payments that victims complain of, each as the bank has it where it does."""
    return list(dict.fromkeys(book.kept_for.get(each, each) for each in complaints_of(book)))


def reported_keepers(book: Book, starts: Collection[int], rules: Rules) -> Keepers:
    """The keepers to whom the money of some transfers came; `starts`: their places."""
    twins = _twins(book)
    ways = _Ways(book, twins, rules)
    begun = ways.rows_of(starts)
    steps = ways.followed(begun)
    moved = [together(each, book).amounts for each in steps]
    amounts = _bounds(moved)
    known = _Known(book, twins, rules)
    followed = ways.begun(begun, steps)
    met: defaultdict[tuple[Keeper, int, int], list[tuple[int, Arrival]]] = defaultdict(list)
    other: defaultdict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    left = set[tuple[int, int]]()
    """Accounts that money followed had left until here."""
    for place in sorted(amounts, key=book.rank.__getitem__):
        asset = book.rows.asset[place]
        account, arrival = known.arrival(place, amounts[place])
        arrival = replace(arrival, may_be_again=(account, asset) in left)
        left.add((book.rows.payer[place], asset))
        if account == NONE:
            continue
        keepers = list(known.keepers(place, account))
        for keeper in keepers:
            met[keeper, account, asset].append((place, arrival))
        if not keepers:
            other[asset][account] += arrival.most
    shared = {*rules.sinks, *rules.hubs, *known.wallets}
    rests = Remaining(
        book, moved, rules.closing, set(rules.aside) - set(begun), shared,
        frozenset(came for came, _ in ways.conversions),
    )  # fmt: skip
    return Keepers(
        tuple(
            _with_rest(
                _met(book, keeper, account, asset, followed[asset], [one for _, one in arrivals]),
                rests, account, known.own_party(account), asset, [place for place, _ in arrivals],
            )
            for (keeper, account, asset), arrivals in met.items()
        ),
        tuple(
            Elsewhere("", book.assets[asset].symbol, book.digits[asset], len(each),
                      min(followed[asset], sum(each.values())))
            for asset, each in other.items()
        ),
        starts=begun,
    )  # fmt: skip


def complaints_behind(book: Book, places: Iterable[int], starts: Collection[int],
                      rules: Rules) -> list[int]:  # fmt: skip
    """Those of `starts` whose money came to a payment, under either convention."""
    ways = _Ways(book, _twins(book), rules)
    found = dict.fromkeys(place for place in places if place in starts)
    for convention in CONVENTIONS:
        back = follow(
            book, list(places), convention=convention, way="backward",
            aside=ways.aside - set(starts), sinks=rules.sinks, opening=rules.opening,
        )  # fmt: skip
        found |= dict.fromkeys(place for place in starts if back.amounts.get(place))
    if ways.conversions:
        wanted = set(ways.rows_of(places))
        found |= dict.fromkeys(
            place for place in starts
            if place not in found and any(wanted & together(steps, book).amounts.keys()
                                          for steps in ways.followed([place]))
        )  # fmt: skip
    return sorted(found, key=book.rank.__getitem__)


class _Ways:
    """How money is followed to keepers: over the rows of chains, through confirmed conversions."""

    def __init__(self, book: Book, twins: Mapping[int, int], rules: Rules) -> None:
        self.book, self.rules = book, rules
        # What an officer joined with its row of a chain counts by the row that is kept.
        self._twins = {one: twin for one, twin in twins.items() if twin not in book.kept_for}
        self.aside = frozenset(rules.aside) | self._twins.keys()
        self.conversions = tuple(
            (self._twins.get(came, came), self._twins.get(went, went))
            for came, went in rules.conversions
        )

    def rows_of(self, places: Iterable[int]) -> tuple[int, ...]:
        """The rows that are followed for these: of joined ones the kept, else that of the chain."""
        kept = (self.book.kept_for.get(each, each) for each in places)
        return tuple(dict.fromkeys(self._twins.get(each, each) for each in kept))

    def followed(self, starts: Collection[int]) -> list[list[Followed]]:
        """Under each convention, what following gave, and each conversion after it."""
        return [
            follow_converted(
                self.book, starts, self.conversions, convention=convention, aside=self.aside,
                sinks=self.rules.sinks, opening=self.rules.opening,
            )
            for convention in CONVENTIONS
        ]  # fmt: skip

    def begun(self, starts: Collection[int], ways: Sequence[Sequence[Followed]]) -> dict[int, int]:
        """Of each asset, all the money that was followed in it, at most."""
        found: defaultdict[int, int] = defaultdict(int)
        for place in starts:
            found[self.book.rows.asset[place]] += self.book.rows.amount[place]
        converted = [converted_by(self.book, steps) for steps in ways]
        for asset in dict.fromkeys(each for of in converted for each in of):
            found[asset] += max(of.get(asset, 0) for of in converted)
        return dict(found)


def _bounds(moved: Sequence[Mapping[int, int]]) -> dict[int, tuple[int, int]]:
    """Place of a row → how much of the money moved in it, at least and at most."""
    places = dict.fromkeys(place for amounts in moved for place in amounts)
    found = {place: [amounts.get(place, 0) for amounts in moved] for place in places}
    return {place: (min(each), max(each)) for place, each in found.items()}


def _with_rest(
    met: Met, rests: Remaining, account: int, own: int, asset: int, places: list[int]
) -> Met:
    """A keeper with what may remain there."""
    return replace(met, rest=rests.of(account, own, asset, places, met.most))


def _twins(book: Book) -> dict[int, int]:
    """A statement's row → the row of a chain that has its transaction, symbol and amount."""
    rows, complaints = book.rows, set(complaints_of(book))
    by_name: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place in book.by_table:
        txid = book.texts["txid"][place]
        if txid:
            asset = rows.asset[place]
            text = book.amount_text(asset, rows.amount[place])
            amount = text.rstrip("0").rstrip(".") if "." in text else text
            by_name[txid, seen_as(book.assets[asset].symbol), amount].append(place)
    found: dict[int, int] = {}
    for places in by_name.values():
        chain = [each for each in places
                 if book.texts["direction"][each] is None and each not in complaints]  # fmt: skip
        if chain:
            found |= {each: chain[0] for each in places if each not in chain}
    return found


@dataclass(frozen=True, slots=True)
class _Statement:
    """Whose statement names an account as its own."""

    account: int
    table: int


class _Known:
    """Who keeps which account, by how strong a word."""

    def __init__(self, book: Book, twins: Mapping[int, int], rules: Rules) -> None:
        self.book, self.rules = book, rules
        self.own: dict[int, _Statement] = {}
        self.by_number: dict[str, _Statement | None] = {}
        """None: an account of this number stands in the statements of two publishers."""
        self.by_chain: dict[int, _Statement] = {}
        """Place of a chain's row → the statement that has it as money that came in."""
        self.wallets: dict[int, _Statement] = {}
        """Address from which a keeper paid out, by the transaction id."""
        self._kinds: dict[int, str] = {}
        self._same: defaultdict[int, list[int]] = defaultdict(list)
        for place, kept in book.kept_for.items():
            self._same[kept].append(place)
        rows, parties = book.rows, book.parties
        for place in book.by_table:
            direction = book.texts["direction"][place]
            if direction is None:
                continue
            is_in = direction == Direction.IN.value
            account = (rows.payee if is_in else rows.payer)[place]
            if account == NONE:
                continue
            statement = _Statement(account, rows.table[place])
            self.own.setdefault(account, statement)
            if parties[account].kind == ACCOUNT:
                known = self.by_number.setdefault(parties[account].value, statement)
                if known is None or self._publisher(known) != self._publisher(statement):
                    self.by_number[parties[account].value] = None
            other = (rows.payer if is_in else rows.payee)[place]
            is_chain = book.texts["txid"][place] or (other != NONE and parties[other].is_address)
            if is_chain:
                self._kinds[statement.table] = EXCHANGE
            twin = twins.get(place)
            if twin is not None and is_in:
                self.by_chain[twin] = statement
            elif twin is not None and rows.payer[twin] != NONE:
                self.wallets.setdefault(rows.payer[twin], statement)

    def arrival(self, place: int, amounts: tuple[int, int]) -> tuple[int, Arrival]:
        """The account that a row's money came to, and the payment."""
        book, rows = self.book, self.book.rows
        table = rows.table[place]
        statement = self.by_chain.get(place)
        account = statement.account if statement else rows.payee[place]
        paid = [rows.payee[place], *book.also_paid.get(place, ())]
        others = [book.parties[each] for each in paid if each not in (NONE, account)]
        by_name = [each for each in others if each.kind in _BY_WHICH_PAID]
        by_name.sort(key=lambda each: not each.is_address)
        payer = rows.payer[place]
        through = () if payer == NONE or not book.parties[payer].is_address else (
            book.parties[payer].value,
        )  # fmt: skip
        at = from_unix(rows.at[place] // 1_000_000)
        zone = self.rules.zones[table] if table < len(self.rules.zones) else ""
        has_clock = bool(rows.has_clock[place])
        source = book.tables[table]
        return account, Arrival(
            book.place_of(place), *amounts, rows.amount[place],
            "" if has_clock else f"{book.day_of(place)} ({zone or '?'})",
            at if has_clock else None, at if has_clock else at + _DAY,
            zone=zone if has_clock else "",
            txid=book.texts["txid"][place] or "", address=by_name[0].value if by_name else "",
            address_kind=by_name[0].kind if by_name else "",
            through=through, reference=self._reference(place), reported_by=source.publisher,
            source=source.exhibit_sha256, row=rows.row[place],
        )  # fmt: skip

    def _reference(self, place: int) -> str:
        """The row's own reference, and those of the rows that an officer said are the same."""
        texts = self.book.texts["reference"]
        places = [place, *self._same.get(place, ())]
        return ", ".join(dict.fromkeys(text for each in places if (text := texts[each])))

    def keepers(self, place: int, account: int) -> Iterator[Keeper]:
        """Who keeps the account, and who issues the token."""
        named = self._keeper(place, account)
        labelled = [named] if named else self._labelled(account)
        yield from labelled
        issued = self._issued(place)
        if issued is not None:
            yield Keeper(issued.issuer, ISSUER, issued.source, "contract")

    def own_party(self, account: int) -> int:
        """The party as which an account stands in its own statement, where one is held."""
        party = self.book.parties[account]
        numbered = self.by_number.get(party.value) if party.kind == ACCOUNT else None
        return account if account in self.own or numbered is None else numbered.account

    def _keeper(self, place: int, account: int) -> Keeper | None:
        book, party = self.book, self.book.parties[account]
        if account in self.own:
            how = "transaction" if place in self.by_chain else "statement"
            return self._by_statement(self.own[account], how)
        numbered = self.by_number.get(party.value) if party.kind == ACCOUNT else None
        if numbered is not None:
            return self._by_statement(numbered, "number")
        if account in self.wallets:
            return self._by_statement(self.wallets[account], "transaction")
        if not party.is_address:
            return None if party.kind == VICTIM else Keeper("", UNKNOWN, "", "none")
        if account in self.rules.hubs or account in self.rules.sinks:
            how = "hub" if account in self.rules.hubs else "decision"
            return Keeper(book.names[account], EXCHANGE if how == "hub" else UNKNOWN, "", how)
        return None

    def _labelled(self, account: int) -> list[Keeper]:
        party = self.book.parties[account]
        if not party.is_address:
            return []
        services = [each for each in self.rules.labels_of(party.value) if each.is_service]
        return list(keepers_of_labels(services, "label"))

    def _publisher(self, statement: _Statement) -> str:
        return self.book.tables[statement.table].publisher

    def _by_statement(self, statement: _Statement, how: str) -> Keeper:
        publisher = self._publisher(statement)
        return Keeper(publisher, self._kinds.get(statement.table, BANK), publisher, how)

    def _issued(self, place: int) -> Issued | None:
        """The issuer's token that a row pays on a chain; a false token's rows are set aside."""
        book, rows = self.book, self.book.rows
        asset, payee = book.assets[rows.asset[place]], rows.payee[place]
        paid = [payee, *book.also_paid.get(place, ())]
        kinds = {book.parties[each].kind for each in paid if each != NONE}
        chain = asset.chain or next((_CHAINS[each] for each in kinds if each in _CHAINS), "")
        return next(
            (
                each for each in issued_tokens()
                if each.symbol == seen_as(asset.symbol) and each.chain == chain
                and asset.contract in ("", each.contract)
            ),
            None,
        )  # fmt: skip


def _met(
    book: Book, keeper: Keeper, account: int, asset: int, followed: int, arrivals: list[Arrival]
) -> Met:
    party, known = book.parties[account], book.assets[asset]
    identifier, kind = party.value, party.kind
    paid = next((each for each in arrivals if each.address), None)
    if keeper.kind == ISSUER and paid and paid.address_kind in _CHAINS:
        identifier, kind = paid.address, paid.address_kind
    issued = next((each for each in issued_tokens() if each.issuer == keeper.name
                   and each.symbol == seen_as(known.symbol)
                   and (not known.chain or each.chain == known.chain)), None)  # fmt: skip
    contract = known.contract or (issued.contract if issued and keeper.kind == ISSUER else "")
    return Met(
        keeper, identifier, kind, known.symbol, known.chain, contract, book.digits[asset],
        max(followed, *(each.most for each in arrivals)), tuple(arrivals),
    )  # fmt: skip
