"""The US sanctions list's digital currency addresses, one a line, one file a currency.

Files are named `sanctioned_addresses_<TICKER>.txt`, as the widely used extraction of the US
Treasury's SDN list names them. They hold addresses and nothing else: neither who, nor since when.
A hit therefore says that the address was on the list when the file was made, not that it was listed
when it was paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.ground.skipped import Skipped

_NAME = re.compile(r"sanctioned_addresses_([A-Za-z0-9]{2,10})\.txt")
PUBLISHER = "US Department of the Treasury, Office of Foreign Assets Control (OFAC)"
LAW = "United States"
LABEL = "Listed by OFAC"
# The list writes bitcoin by its ISO 4217 style code.
_TICKERS = {"XBT": "BTC"}


class OfacList:
    """The format of OFAC address lists."""

    name = "ofac"

    def recognises(self, file: LabelFile) -> bool:
        """The format by the file's name; the content is bare addresses."""
        return _NAME.fullmatch(file.name) is not None

    def names_publisher(self, _file: LabelFile) -> bool:
        """The publisher is the list's own."""
        return True

    def rows(self, file: LabelFile) -> Iterator[Row | Skipped]:
        """Read one address a line; empty lines are no rows."""
        found = _NAME.fullmatch(file.name)
        ticker = found[1].upper() if found else ""
        for number, line in enumerate(file.text.splitlines(), 1):
            address = line.strip()
            if address:
                yield Row(
                    place=f"line {number}",
                    address=address,
                    currency=_TICKERS.get(ticker, ticker),
                    label=LABEL,
                    publisher=PUBLISHER,
                    law=LAW,
                    confidence="authority_data",
                    licence="United States government work",
                    source="Specially Designated Nationals and Blocked Persons List (SDN)",
                    context="OFAC sanctions list, digital currency addresses",
                )


OFAC = OfacList()
