"""Kancil's own table of labels: CSV with named columns, for lists that an officer writes or gets.

Columns (any order; only `address` and `label` must be there): `address, label, currency, category,
abuse, publisher, law, listed_on, fetched_on, confidence, licence, source, authority`; `chain` or
`network` may stand in place of `currency`, with a chain's name. UTF-8; the separator is a comma or
a semicolon, as the first line has it. Without a currency, a row is of TRON or Ethereum where its
address has that form, else of bitcoin. Columns of other names are not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.other_chains import ticker_of
from kancil.ground.skipped import Skipped

REQUIRED = ("address", "label")
_CURRENCY = ("currency", "chain", "network")


class LabelTable:
    """The format of Kancil's label tables."""

    name = "table"

    def recognises(self, file: LabelFile) -> bool:
        """The format by the two columns that must be there."""
        return set(REQUIRED) <= set(_columns(file.first_line())[0])

    def names_publisher(self, file: LabelFile) -> bool:
        """Whether there is a column for it."""
        return "publisher" in _columns(file.first_line())[0]

    def rows(self, file: LabelFile) -> Iterator[Row | Skipped]:
        """Read one label a row."""
        columns, separator = _columns(file.first_line())
        reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=separator)
        try:
            next(reader, None)
            for cells in reader:
                place = f"line {reader.line_num}"
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(columns):
                    yield Skipped("label-row-cells", place, {"cells": len(cells)})
                    continue
                named = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
                yield self._row(place, named)
        except csv.Error as error:
            raise LabelFileNotReadable(path=file.name, line=reader.line_num) from error

    def _row(self, place: str, named: dict[str, str]) -> Row | Skipped:
        if not named["address"]:
            return Skipped("label-address-missing", place)
        if not named["label"]:
            return Skipped("label-name-missing", place, {"address": named["address"][:100]})
        stated = next((named[each] for each in _CURRENCY if named.get(each)), "")
        return Row(
            place=place,
            address=named["address"],
            currency=ticker_of(stated, named["address"]),
            label=named["label"],
            context="table of labels",
            category=named.get("category", ""),
            abuse=named.get("abuse", ""),
            publisher=named.get("publisher", ""),
            law=named.get("law", ""),
            listed_on=named.get("listed_on", ""),
            fetched_on=named.get("fetched_on", ""),
            confidence=named.get("confidence", ""),
            licence=named.get("licence", ""),
            source=named.get("source", ""),
            authority=named.get("authority", "").lower(),
        )


def _columns(first_line: str) -> tuple[list[str], str]:
    separator = ";" if first_line.count(";") > first_line.count(",") else ","
    return [name.strip().strip('"').lower() for name in first_line.split(separator)], separator


TABLE = LabelTable()
