"""The panel of a reported party: who says who it is, and what one can and cannot do from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from django.urls import reverse

from kancil.bitcoin.script.address import is_address
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.desk.studies.reported import CaseBook
from kancil.ground.phrase import Phrase
from kancil.ground.units import few, grouped
from kancil.ground.workspace import Workspace
from kancil.records.transfer import Direction
from kancil.studies.reported.book import (
    ACCOUNT,
    BITCOIN_ADDRESS,
    HOLDER,
    IBAN,
    VICTIM,
    Book,
    Party,
)
from kancil.studies.reported.exchanged import may_be_converted
from kancil.studies.reported.victims import complaints_of
from kancil.web.cells import link
from kancil.web.parts import Cell, Several

from .panel_acts import Act

_MOST_NAMES = 6
_AT_A_BANK = (ACCOUNT, IBAN, HOLDER)


def who_says(found: CaseBook, number: int) -> list[Phrase]:
    """Who says who a party is, each with its source; labels stand apart, with their publishers."""
    book, rows = found.book, found.book.rows
    said: list[Phrase] = []
    keepers = {
        book.tables[rows.table[place]].publisher: None
        for place, direction in enumerate(book.texts["direction"])
        if direction is not None
        and (rows.payee if direction == Direction.IN.value else rows.payer)[place] == number
    }
    for publisher in keepers:
        said.append(Phrase("web.canvas.who-keeper", {"publisher": publisher}))
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, publisher in book.names_stated.get(number, ()):
        names[name].append(publisher)
    for name, publishers in list(names.items())[:_MOST_NAMES]:
        told = {"name": name, "publishers": few(publishers, 3)}
        said.append(Phrase("web.canvas.who-name", told))
    complaints = [place for place in complaints_of(book)
                  if rows.payee[book.kept_for.get(place, place)] == number]  # fmt: skip
    if complaints:
        by = dict.fromkeys(book.tables[rows.table[place]].publisher for place in complaints)
        told = {"count": grouped(len(complaints)), "publishers": few(list(by), 3)}
        said.append(Phrase("web.canvas.who-complaints", told))
    for entry, decision in found.decisions:
        if decision.one == book.parties[number] and decision.one in found.made.services:
            told = {"remark": decision.remark or "–", "entry": str(entry.n)}
            said.append(Phrase("web.canvas.who-service", told))
            break
    return said


def exchanges(case: Case, found: CaseBook, number: int) -> list[Cell]:
    """What may have been exchanged at a party, each with the way to the form that confirms it."""
    book = found.book
    url = reverse("stated", kwargs={"case": case.number})
    cells: list[Cell] = []
    for came, went in may_be_converted(book, number, found.made.keys, found.aside):
        asked = urlencode({"tab": "follow", "row_one": book.place_of(came),
                           "row_other": book.place_of(went)})  # fmt: skip
        said = Phrase("web.canvas.exchange", {
            "came": _amount(book, came), "in": book.place_of(came),
            "went": _amount(book, went), "out": book.place_of(went),
        })  # fmt: skip
        way = f"{url}?{asked}#id_row_one"
        cells.append(Several([said, link(way, Phrase("web.canvas.exchange-do"))]))
    return cells


def _amount(book: Book, place: int) -> str:
    return book.said_amount(book.rows.asset[place], book.rows.amount[place])


def reported_acts(
    case: Case, workspace: Workspace, found: CaseBook, number: int, *, may_act: bool
) -> list[Act]:
    """What is offered at the box of a party: follow on and back, trace, watch, tag, a finding."""
    party = found.book.parties[number]
    acts = list(_follow(case, found, number))
    chain = _chain_of(workspace, party)
    if chain and may_act:
        acts += _of_chain(case, chain, party.value)
    if may_act and party.kind != VICTIM:
        url = f"{reverse('keepers_sign', kwargs={'case': case.number})}?party={party.id}"
        acts.append(Act("", Phrase("web.canvas.act-finding"), url))
    return acts


def left_out(workspace: Workspace, party: Party) -> Phrase | None:
    """Why a party cannot be watched or tagged, in one sentence; None where it can."""
    if party.kind in _AT_A_BANK:
        return Phrase("web.canvas.no-watch-bank")
    if party.kind == BITCOIN_ADDRESS:
        return None if _chain_of(workspace, party) else Phrase("web.canvas.no-watch-blocks")
    return Phrase("web.canvas.no-watch-chain") if party.is_address else None


def _follow(case: Case, found: CaseBook, number: int) -> Iterator[Act]:
    book = found.book
    stated = reverse("stated", kwargs={"case": case.number})
    if book.parties[number].kind == VICTIM:
        first = next((place for place in book.order if book.rows.payer[place] == number), None)
        if first is not None:
            asked = f"?tab=follow&way=forward&transfer={quote(book.place_of(first))}"
            yield Act("", Phrase("web.canvas.act-follow-on"), f"{stated}{asked}")
        return
    for way, text in (("forward", "follow-on"), ("backward", "follow-back")):
        asked = urlencode({"tab": "follow", "way": way, "account": book.parties[number].id})
        yield Act("", Phrase(f"web.canvas.act-{text}"), f"{stated}?{asked}")


def _chain_of(workspace: Workspace, party: Party) -> str:
    """The first blockchain of the unit whose network a bitcoin address is of; empty for none."""
    if party.kind != BITCOIN_ADDRESS:
        return ""
    names = (name for name in chain_names(workspace)
             if is_address(party.value, open_chain(workspace, name).network))  # fmt: skip
    return next(names, "")


def _of_chain(case: Case, chain: str, address: str) -> Iterator[Act]:
    given = {"case": case.number}
    for direction in ("forward", "backward"):
        asked = urlencode({"start": address, "chain": chain, "direction": direction})
        url = f"{reverse('trace_new', kwargs=given)}?{asked}"
        yield Act("", Phrase(f"web.canvas.act-trace-{direction}"), url)
    watched = urlencode({"chain": chain, "watch_address": address})
    url = f"{reverse('case_watch_new', kwargs=given)}?{watched}"
    yield Act("", Phrase("web.canvas.act-watch"), url)
    asked = urlencode({"kind": "address", "chain": chain, "value": address})
    yield Act("", Phrase("web.canvas.act-tag"), f"{reverse('tag_new')}?{asked}")
