"""From victims to cash-out in sentences to be read aloud: first all of it, then each asset."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from kancil.ground.phrase import Param
from kancil.ground.units import few, grouped
from kancil.ground.words import render
from kancil.studies.amounts import short
from kancil.studies.reported.book import HOLDER, NONE, OWN_KINDS, Book
from kancil.studies.reported.cash_out import End, Ended, Flow, Range

from .reported import CaseBook

_NAMED, _MOST_WAYS = 2, 4


@lru_cache(maxsize=4)
def cash_out_said(found: CaseBook) -> tuple[str, ...]:
    """The sentences, each sum counted once; nothing where no table of complaints was read."""
    known = found.cash_out
    if known is None:
        return ()
    teller = _Teller(found, known.accounts)
    paid = [found.book.said_amount(asset, amount) for asset, amount in known.paid.items()]
    params: dict[str, Param] = {
        "count": grouped(known.count),
        "paid": few(paid, len(paid)),
        "accounts": few([teller.name(each) for each in known.accounts], _NAMED),
    }
    clauses = [render("note.cash-out-paid", **params), *teller.clauses(known.flows)]
    sentences = [render("note.cash-out", clauses="; ".join(clauses))]
    sentences += [teller.sentence(flow) for flow in known.flows if not teller.is_whole(flow)]
    if found.suggestions:
        count = len(found.suggestions)
        key = f"note.cash-out-suggested{'-one' if count == 1 else ''}"
        sentences.append(render(key, count=grouped(count)))
    return tuple(sentences)


def cash_out_limits(found: CaseBook) -> tuple[str, ...]:
    """What the sentences rest on, and why an amount is not exact; nothing where there are none."""
    known = found.cash_out
    if known is None:
        return ()
    is_up_to = any(0 == end.amount[0] < end.amount[1] for flow in known.flows for end in flow.ends)
    said = [render("note.cash-out-open")] if is_up_to else []
    return (*said, render("web.reported.conventions"))


class _Teller:
    def __init__(self, found: CaseBook, accounts: Collection[int]) -> None:
        """Take a book; `accounts`: those that victims paid, where what remains did not leave."""
        self.book: Book = found.book
        self.accounts = accounts
        book, rows = found.book, found.book.rows
        self._keeper: dict[int, str] = {}
        """Account → publisher of its own statement."""
        for place, direction in enumerate(book.texts["direction"]):
            if direction is not None:
                own = (rows.payee if direction == "in" else rows.payer)[place]
                self._keeper.setdefault(own, book.tables[rows.table[place]].publisher)

    def name(self, number: int) -> str:
        """An account with who keeps it, where its own statement is held."""
        if number == NONE:
            return render("note.cash-out-nobody")
        party, keeper = self.book.parties[number], self._keeper.get(number, "")
        if party.is_address:
            return short(party.value)
        if party.kind == HOLDER:
            return render("note.cash-out-holder", keeper=keeper or party.publisher)
        if keeper:
            return render("note.cash-out-account", account=party.value, keeper=keeper)
        return party.value if party.kind in OWN_KINDS else self.book.name_of(number)

    def amount(self, asset: int, amount: Range) -> str:
        """An amount as far as it is sure: exact, *up to*, or from the least to the most."""
        least, most = (self.book.said_amount(asset, each) for each in amount)
        if amount[0] == amount[1]:
            return most
        if not amount[0]:
            return render("note.cash-out-up-to", amount=most)
        symbol = f" {self.book.assets[asset].symbol}"
        return render("note.cash-out-range", least=least.removesuffix(symbol), most=most)

    def clauses(self, flows: Sequence[Flow]) -> list[str]:
        """Of each flow the largest part that left the accounts that were paid; then the rest."""
        said, lost = [], []
        for flow in flows:
            left = next((end for end in flow.ends if self._is_left(end)), None)
            if left is None:
                continue
            amount = self.amount(flow.asset, left.amount)
            if left.how is Ended.UNKNOWN and left.party in self.accounts:
                lost.append(amount)
            elif left.how is Ended.CONVERTED:
                into = ", ".join(self.book.assets[each].symbol for each, _ in left.into)
                said.append(self._said("converted", amount, left.party, into))
            else:
                how = "came-to" if left.how is not Ended.SERVICE else "service"
                said.append(self._said(how, amount, left.party))
        if lost:
            said.append(render("note.cash-out-unfollowed", amount=few(lost, len(lost))))
        return said

    def _is_left(self, end: End) -> bool:
        stayed = end.how is Ended.REMAINS and end.party in self.accounts
        return bool(end.amount[1]) and not stayed and end.how not in (Ended.SENT_BACK, Ended.AGAIN)

    def is_whole(self, flow: Flow) -> bool:
        """Whether the first sentence says all of a flow."""
        (first, *others) = flow.ends or (None,)
        return first is None or (
            not others and first.how is Ended.UNKNOWN and first.party in self.accounts
        )

    def sentence(self, flow: Flow) -> str:
        """All parts of a flow, which come to its whole."""
        parts = [self._part(flow.asset, end) for end in flow.ends[:_MOST_WAYS]]
        rest = flow.ends[_MOST_WAYS:]
        if rest:
            of_rest = (sum(end.amount[0] for end in rest), sum(end.amount[1] for end in rest))
            amount = self.amount(flow.asset, of_rest)
            parts.append(render("note.cash-out-others", amount=amount, count=grouped(len(rest))))
        whole = self.amount(flow.asset, flow.whole)
        return render("note.cash-out-of", whole=whole, parts="; ".join(parts))

    def _part(self, asset: int, end: End) -> str:
        into = ", ".join(self.amount(each, amount) for each, amount in end.into)
        return self._said(end.how.value, self.amount(asset, end.amount), end.party, into)

    def _said(self, how: str, amount: str, party: int, into: str = "") -> str:
        return render(f"note.cash-out-{how}", amount=amount, party=self.name(party), into=into)
