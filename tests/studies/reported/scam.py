"""The invented swindle of `tests/data/scam`, read as an officer would read it, without a unit."""

from __future__ import annotations

import io
from functools import cache

import pyarrow as pa

from kancil.evidence.tables.column_mapping import ColumnMapping, mapping_from
from kancil.evidence.tables.headings import is_heading
from kancil.evidence.tables.stated import transfers_of
from kancil.evidence.tables.suggest import suggest_mapping
from kancil.evidence.tables.table import Table, sniff_table
from kancil.ground.digests import sha256_hex
from kancil.ground.skipped import Skipped
from kancil.records.record import batch_of
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.book import COLUMNS, Book, TableSource
from kancil.studies.reported.joins import Decision, decided, suggest_joins
from kancil.studies.reported.reading import read_book
from tests.data.scam.make import FILES, PUBLISHERS


def mapping_of(name: str) -> ColumnMapping:
    """The suggested mapping of a file, with what the officer decides."""
    data = io.BytesIO(FILES[name])
    suggested = suggest_mapping(sniff_table(data, name, knows=is_heading, may_be_workbook=True))
    publisher, time = PUBLISHERS[name]
    given = suggested.mapping.as_dict()
    return mapping_from({**given, "stated_by": publisher, "time": {**given["time"], **time}})


@cache
def read_file(name: str) -> tuple[tuple[StatedTransfer, ...], tuple[Skipped, ...]]:
    """What a file states, and what was left out."""
    data, mapping = FILES[name], mapping_of(name)
    table = Table(io.BytesIO(data), mapping.table, name)
    found = list(transfers_of(table, mapping, sha256_hex(data)))
    return (
        tuple(each for each in found if isinstance(each, StatedTransfer)),
        tuple(each for each in found if isinstance(each, Skipped)),
    )


def scam_book(decisions: tuple[Decision, ...] = ()) -> Book:
    """All tables as one book: E1 the victim's bank … E6 the swap."""
    made = decided(decisions)
    return read_book(
        (
            (
                TableSource(entry, f"E{entry}", PUBLISHERS[name][0]),
                pa.Table.from_batches([batch_of(StatedTransfer, read_file(name)[0])]).select(
                    COLUMNS
                ),
            )
            for entry, name in enumerate(FILES, 1)
        ),
        made.same,
        made.one_transfer,
    )


def all_confirmed() -> tuple[Decision, ...]:
    """A decision that each suggestion is right, also of those that come with what was joined."""
    made: tuple[Decision, ...] = ()
    while True:
        found = suggest_joins(scam_book(made), decided(made).keys)
        if not found:
            return made
        made += tuple(
            Decision(each.what, each.one, each.other, "same", each.reason) for each in found
        )
