"""What fools people on these rails: false tokens, look-alike addresses, dust, exchanges' wallets.

From a `Book`; to tables of what was met, and the rows that count for nothing until an officer says
otherwise. Each is a rule with a reason, of which no error rate is known:

- **A false token** has the symbol of a known one (also in letters that only look like it) and
  another contract than its issuer's (`issued.json`, with source and date).
- **A look-alike** has the first and last characters of an address that the same party deals with:
  the victim of *address poisoning* copies it from a list. Three characters at each end of a TRON or
  bitcoin address, four of an Ethereum address, are alike by chance once in some ten thousand
  million pairs.
- **Dust** is nothing, or next to nothing, sent to be seen.
- **A hub** deals with many: an exchange's or a service's wallet, in which everybody's money lies
  together. Following stops there.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kancil.records.table import Table, count, decimal, identifier, table_of, text

from .book import (
    BITCOIN_ADDRESS,
    ETHEREUM_ADDRESS,
    NONE,
    PARTY_KIND,
    TRON_ADDRESS,
    Asset,
    Book,
    Party,
)

HUB_PARTIES = 50
"""Counterparties from which a party counts as a hub."""
_ENDS = {TRON_ADDRESS: (1, 3), ETHEREUM_ADDRESS: (2, 4), BITCOIN_ADDRESS: (1, 3)}
"""Of each kind of address, characters that all of them begin with, and how many must be alike at
each end."""
_LOOKS = str.maketrans(
    {"\u0405": "S", "\u0455": "s", "\u0422": "T", "\u20ae": "T", "\u0421": "C", "\u0415": "E",
     "\u0425": "X", "\u0391": "A", "\u0410": "A", "\u0412": "B", "\u041d": "H", "$": "S"}
)  # fmt: skip
"""Letters of other scripts that look like Latin ones in the symbols of tokens."""

FALSE_TOKENS = (*text("asset"), *identifier("contract"), *text("issuer", "issuer_source"),
                *identifier("issuer_contract"), *count("rows"), *decimal("stated_amount"),
                *text("place"))  # fmt: skip
LOOK_ALIKES = (*identifier("address", "looks_like"), *text("party"), *count("rows"),
               *text("paid_to_it", "place"))  # fmt: skip
HUBS = (*text("party"), *PARTY_KIND, *count("counterparties", "rows"))


@dataclass(frozen=True, slots=True)
class Tricks:
    """What was met."""

    false_tokens: Table
    look_alikes: Table
    hubs: Table
    false_rows: frozenset[int]
    """Places of rows in a false token."""
    dust: frozenset[int]
    repeated: frozenset[int]
    """Places of rows that another table reports too, by the same transaction id."""
    hub_parties: frozenset[int]

    @property
    def aside(self) -> frozenset[int]:
        """Rows that count for nothing."""
        return self.false_rows | self.dust | self.repeated


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, and the contract that its issuer names."""

    symbol: str
    chain: str
    contract: str
    issuer: str
    source: str
    dust: str


@cache
def _file() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(
        (files("kancil.studies.reported") / "issued.json").read_bytes()
    )
    return found


@cache
def issued_tokens() -> tuple[Issued, ...]:
    """The known tokens."""
    return tuple(Issued(**each) for each in _file()["tokens"])


def find_tricks(book: Book) -> Tricks:
    """Look all rows over once."""
    false_rows = dict(_false_rows(book))
    hubs = _hubs(book)
    look_alikes = list(_look_alikes(book))
    return Tricks(
        _false_table(book, false_rows),
        table_of("look_alikes", LOOK_ALIKES, look_alikes),
        table_of("hubs", HUBS, hubs.values()),
        frozenset(false_rows),
        frozenset(_dust(book)),
        frozenset(_repeated(book)),
        frozenset(hubs),
    )


def seen_as(symbol: str) -> str:
    """How a symbol reads to a person: capitals, Latin letters for those that look like them."""
    plain = unicodedata.normalize("NFKC", symbol).translate(_LOOKS).upper()
    return "".join(character for character in plain if character.isalnum())


def issuer_of(asset: Asset) -> Issued | None:
    """The token that an asset passes itself off as; None where it is none, or the token itself.

    Without a contract nothing is told: the table does not say which token it is.
    """
    if not asset.contract:
        return None
    known = [each for each in issued_tokens() if each.symbol == seen_as(asset.symbol)]
    if any(each.contract == asset.contract for each in known):
        return None
    return next((each for each in known if each.chain == asset.chain),
                next(iter(known), None) if not asset.chain else None)  # fmt: skip


def _false_rows(book: Book) -> Iterator[tuple[int, Issued]]:
    false = {number: issuer_of(asset) for number, asset in enumerate(book.assets)}
    for place, asset in enumerate(book.rows.asset):
        issued = false[asset]
        if issued is not None:
            yield place, issued


def _false_table(book: Book, rows: dict[int, Issued]) -> Table:
    by_asset: defaultdict[int, list[int]] = defaultdict(list)
    for place in rows:
        by_asset[book.rows.asset[place]].append(place)
    return table_of(
        "false_tokens",
        FALSE_TOKENS,
        [
            {
                "asset": book.assets[asset].symbol,
                "contract": book.assets[asset].contract,
                "issuer": rows[places[0]].issuer,
                "issuer_source": rows[places[0]].source,
                "issuer_contract": rows[places[0]].contract,
                "rows": len(places),
                "stated_amount": book.amount_text(
                    asset, sum(book.rows.amount[place] for place in places)
                ),
                "place": book.place_of(places[0]),
            }
            for asset, places in by_asset.items()
        ],
    )


def _dust(book: Book) -> Iterator[int]:
    least = {}
    coins = _file()["coins"]
    for number, asset in enumerate(book.assets):
        known = [each.dust for each in issued_tokens() if each.contract == asset.contract]
        known += [each["dust"] for each in coins
                  if not asset.contract and (each["symbol"], each["chain"]) ==
                  (asset.symbol, asset.chain)]  # fmt: skip
        known += [each.dust for each in issued_tokens()
                  if not asset.contract and each.symbol == asset.symbol]  # fmt: skip
        dust = Decimal(known[0]) if known else Decimal(0)
        least[number] = int(dust.scaleb(book.digits[number]))
    for place, (of, amount) in enumerate(zip(book.rows.asset, book.rows.amount, strict=True)):
        if amount == 0 or amount < least[of]:
            yield place


def _repeated(book: Book) -> Iterator[int]:
    """Rows of one transaction, payer, payee and amount that a table before it reports too."""
    rows = book.rows
    first: dict[tuple[str, int, int, int, int], int] = {}
    for place in book.by_table:
        txid = book.texts["txid"][place]
        if not txid or place in book.kept_for:
            continue
        key = (txid, rows.payer[place], rows.payee[place], rows.asset[place], rows.amount[place])
        table = first.setdefault(key, rows.table[place])
        if table != rows.table[place]:
            yield place


def _hubs(book: Book) -> dict[int, dict[str, str | int]]:
    rows = book.rows
    others: defaultdict[int, set[int]] = defaultdict(set)
    counts: defaultdict[int, int] = defaultdict(int)
    for payer, payee in zip(rows.payer, rows.payee, strict=True):
        if NONE not in (payer, payee):
            others[payer].add(payee)
            others[payee].add(payer)
            counts[payer] += 1
            counts[payee] += 1
    found = {party: known for party, known in others.items()
             if len(known) >= HUB_PARTIES and book.parties[party].is_address}  # fmt: skip
    return {
        party: {
            "party": book.name_of(party),
            "party_kind": book.parties[party].kind,
            "counterparties": len(known),
            "rows": counts[party],
        }
        for party, known in sorted(found.items(), key=lambda each: -len(each[1]))
    }


# --- look-alike addresses -------------------------------------------------------------------------


def ends_of(party: Party) -> tuple[str, str, str] | None:
    """The kind, first and last characters by which people know an address."""
    told = _ENDS.get(party.kind)
    if told is None:
        return None
    skipped, length = told
    begin = skipped if not party.value.startswith(("bc1", "tb1")) else 4
    return party.kind, party.value[begin : begin + length], party.value[-length:]


def _look_alikes(book: Book) -> Iterator[dict[str, str | int]]:
    """Pairs of addresses with the same ends that deal with one party; the later one is suspected.

    An address is told even if no row pays it: the row that brought it into the list is the trap.
    """
    alike: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, party in enumerate(book.parties):
        ends = ends_of(party)
        if ends is not None:
            alike[ends].append(number)
    suspected = {number for numbers in alike.values() if len(numbers) > 1 for number in numbers}
    if not suspected:
        return
    dealt = _dealings(book, suspected)
    for numbers in alike.values():
        for at, one in enumerate(numbers):
            for other in numbers[at + 1 :]:
                for whose in sorted(dealt[one].keys() & dealt[other].keys()):
                    yield _told(book, whose, dealt[one][whose], dealt[other][whose], one, other)


def _dealings(book: Book, parties: set[int]) -> defaultdict[int, dict[int, list[int]]]:
    """Of each of these parties, with whom it deals, and the places of these rows in time."""
    found: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)
    rows = book.rows
    for place in book.order:
        payer, payee = rows.payer[place], rows.payee[place]
        for one, other in ((payer, payee), (payee, payer)):
            if one in parties and other != NONE:
                found[one].setdefault(other, []).append(place)
    return found


def _told(
    book: Book, party: int, one: list[int], other: list[int], first: int, second: int
) -> dict[str, str | int]:
    """The pair, the one that came later as the look-alike."""
    is_second = book.rank[other[0]] >= book.rank[one[0]]
    places, alike, true = (other, second, first) if is_second else (one, first, second)
    rows = book.rows
    paid: defaultdict[int, int] = defaultdict(int)
    for place in places:
        if rows.payee[place] == alike:
            paid[rows.asset[place]] += rows.amount[place]
    amounts = ", ".join(
        book.said_amount(asset, each) for asset, each in sorted(paid.items()) if each
    )
    return {
        "address": book.parties[alike].value,
        "looks_like": book.parties[true].value,
        "party": book.name_of(party),
        "rows": len(places),
        "paid_to_it": amounts or "0",
        "place": book.place_of(places[0]),
    }
