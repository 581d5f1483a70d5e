"""What amounts were worth at block time, on pages: cells, and a note on how far to trust them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.studies.queries import price_book, price_tables
from kancil.ground.phrase import Phrase
from kancil.studies.fiat_value import NO_MONEY, Worth, worth_of
from kancil.web import parts
from kancil.web.cells import Section, note
from kancil.web.parts import Cell
from kancil.web.unit_desk import unit_desk


def worth_now(chain: Chain) -> Worth:
    """The unit's prices of a chain's coins, as they are now; a test network's have none."""
    if not chain.network.is_real_money:
        return NO_MONEY
    workspace = unit_desk().workspace
    state = tuple(stored.id for stored in price_tables(workspace))
    return worth_of(price_book(workspace), state)


def worth_cell(
    worth: Worth, lower_sat: int | None, upper_sat: int | None, moment: datetime | None
) -> Cell:
    """Show what an amount was worth, each value with its source and date."""
    return parts.Worth(worth.at(lower_sat, upper_sat, moment))


def worth_texts(worth: Worth) -> list[Phrase]:
    """What a value rests on, as sentences of a page's limits."""
    return [each["text"] for each in worth_notes(worth)]


def worth_notes(worth: Worth) -> list[Section]:
    """What a value rests on, or where prices come from if there are none."""
    if worth.currencies:
        left = ", ".join(worth.left)
        more = [note("info", "web.cut.currencies", currencies=left)] if left else []
        return [note("info", "web.worth.rests"), *more]
    if worth == NO_MONEY:
        return [note("info", "note.block-time")]
    none = note("info", "web.worth.no-table", url=reverse("prices"), do="web.room.prices")
    return [none, note("info", "note.block-time")]
