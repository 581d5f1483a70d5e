"""Tables that list transactions without holding them: no source of a chain, told by their header.

A first line comes from `read`, when nothing else fits a file. Such a table is somebody's
statement and is read as one (`kancil.evidence.tables`). Examples: Blockchair's dumps (TSV), the
histories that Electrum and blockchain.com save (CSV). Column names: Electrum, wallet history
export; BittyTax, src/bittytax/conv/parsers/blockchain.py and blockchair.py.
"""

from __future__ import annotations

LINE_BYTES = 4096
"""A longer first line is no header."""
_MARKS = ("\t", ",", ";")
_LEAST_COLUMNS = 4
_TRANSACTION = {
    "transactionhash",
    "octransactionhash",
    "transactionid",
    "txhash",
    "txid",
    "tx",
    "hash",
}
_MORE = {"time", "timestamp", "date", "datetimeutc", "datetime", "blockid"}


def is_transfer_table(head: bytes) -> bool:
    """Whether a file's first line names a column of transaction ids beside one of times."""
    line, end, _ = head[:LINE_BYTES].partition(b"\n")
    if not end:
        return False
    text = line.decode("utf-8-sig", "replace").strip().casefold()
    for mark in _MARKS:
        names = {name.strip(' "').replace("_", "").replace(" ", "") for name in text.split(mark)}
        if len(names) >= _LEAST_COLUMNS and names & _TRANSACTION and names & _MORE:
            return True
    return False


__all__ = ["LINE_BYTES", "is_transfer_table"]
