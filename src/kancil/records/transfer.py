"""A stated transfer: what somebody's table says was moved, on whatever chain or bank.

It comes from a table that an exchange, a bank or a block explorer made, and goes to a Parquet file,
to the join with a chain, and to pages. It is *stated by* its publisher and never proved by it: a
row of a table is no transaction. Names here last for ever; a column may be added, never changed in
sense. The rows of a trace are another thing (`schema`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from .record import Bits, names_of, schema_of

FORMAT = "kancil-stated-transfers/1"


class Direction(Enum):
    """Which way coins or money went, as the holder of the statement sees it."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class StatedTransfer:
    """One row of a table; what the row does not say is None, and nothing is guessed."""

    row: Annotated[int, Bits(32)]
    """Number of the row in the table, from 1, the line of column names not counted."""
    place: str
    """Where in the file: `line 12`."""
    asset: str
    """ISO 4217 code of a currency, or symbol of a crypto asset, as stated."""
    amount: str
    """Exact decimal number, not negative, in units of the asset, with the digits stated."""
    stated_by: str
    """Publisher of the table, as the officer names it."""
    exhibit_sha256: str
    """Digest of the file that the row stands in."""
    units: str | None = None
    """The amount in the asset's smallest unit, a whole number; None where that is not known."""
    chain: str | None = None
    contract: str | None = None
    """Address of a token's contract."""
    from_account: str | None = None
    from_address: str | None = None
    from_name: str | None = None
    to_account: str | None = None
    to_address: str | None = None
    to_name: str | None = None
    direction: str | None = None
    """A value of `Direction`."""
    fee: str | None = None
    fee_asset: str | None = None
    time: str | None = None
    """UTC, as `clock.to_text` writes it; None where time of day or zone is not stated."""
    day: str | None = None
    """Day as stated, `YYYY-MM-DD`, in the table's own zone."""
    time_as_stated: str | None = None
    zone: str | None = None
    """Zone in which the stated time was read: part of the table, or the officer's assumption."""
    txid: str | None = None
    """Transaction id, small letters."""
    reference: str | None = None
    status: str | None = None
    balance: str | None = None
    """Of the account of the statement after the row, as the statement has it; may be negative."""
    notes: tuple[str, ...] = ()
    """Codes of what a reader must know of this row; words are `note.stated-<code>`."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON-ready form."""
        row = {name: getattr(self, name) for name in NAMES}
        row["notes"] = list(self.notes)
        return row


NAMES = names_of(StatedTransfer)
STATED_TRANSFERS = schema_of(StatedTransfer, FORMAT)


class RowsDigest:
    """SHA-256 over rows in order, one canonical JSON line each: the same rows, the same digest."""

    def __init__(self) -> None:
        """Begin with no row."""
        self._sha256 = hashlib.sha256()

    def add(self, transfer: StatedTransfer) -> None:
        """Take the next row. Its keys are ASCII, so sorted JSON is the RFC 8785 form."""
        row = {name: value for name, value in transfer.as_dict().items() if value not in (None, [])}
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._sha256.update(text.encode("utf-8") + b"\n")

    def hex(self) -> str:
        """The digest so far, lower-case hex."""
        return self._sha256.hexdigest()
