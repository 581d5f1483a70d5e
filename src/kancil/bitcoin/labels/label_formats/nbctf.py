"""Wallets in seizure orders of Israel's National Bureau for Counter Terror Financing (NBCTF).

A table with the columns `order,address,kind`. The kind is a family of address forms (`BTC-like`,
`TRON`, `EVM`), not a currency: a BTC-like address with the version of another coin is kept as one.
The order's number says the year but no day, so the listing date is not known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import BITCOIN, Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.ground.skipped import Skipped

COLUMNS = ["order", "address", "kind"]
PUBLISHER = "Israel, National Bureau for Counter Terror Financing (NBCTF)"
LAW = "Israel"
_CURRENCIES = {"BTC-like": BITCOIN, "TRON": "TRX", "EVM": "ETH"}


class NbctfWallets:
    """The format of NBCTF wallet tables."""

    name = "nbctf"

    def recognises(self, file: LabelFile) -> bool:
        """The format by its three columns."""
        return file.first_line().split(",") == COLUMNS

    def names_publisher(self, _file: LabelFile) -> bool:
        """The publisher is the list's own."""
        return True

    def rows(self, file: LabelFile) -> Iterator[Row | Skipped]:
        """Read one wallet a row."""
        reader = csv.reader(io.StringIO(file.text, newline=""))
        try:
            next(reader, None)
            for cells in reader:
                place = f"line {reader.line_num}"
                if len(cells) != len(COLUMNS):
                    yield Skipped("label-row-cells", place, {"cells": len(cells)})
                    continue
                order, address, kind = (cell.strip() for cell in cells)
                yield Row(
                    place=place,
                    address=address,
                    currency=_CURRENCIES.get(kind, kind),
                    label=f"Seizure order {order}",
                    publisher=PUBLISHER,
                    law=LAW,
                    confidence="authority_data",
                    source=f"Administrative seizure order {order}",
                    context="Wallets named in published seizure orders",
                    may_be_other_coin=kind == "BTC-like",
                )
        except csv.Error as error:
            raise LabelFileNotReadable(path=file.name, line=reader.line_num) from error


NBCTF = NbctfWallets()
