"""The rows that a trace gives, as a Parquet file has them; names here last for ever.

The schema is additive: a column may be added with a new number, never changed in sense. Data come
from traces and go to Parquet files, which any other tool reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .record import Bits, schema_of
from .table import Holds

TRANSFERS_FORMAT = "kancil-transfers/1"


@dataclass(frozen=True, slots=True)
class TracedTransfer:
    """Traced coins on one output, and the transaction that moved them; None: not known."""

    row: Annotated[int, Bits(32)]
    hop: Annotated[int, Bits(32)]
    txid: Annotated[str, Holds.ID]
    block_hash: Annotated[str | None, Holds.ID]
    block_time: Annotated[str | None, Holds.TIME]
    """The miner's claim, UTC."""
    from_outputs: Annotated[str, Holds.ID]
    """`txid:n`, joined by a space."""
    to_output: Annotated[str, Holds.ID]
    address: Annotated[str | None, Holds.ID]
    value_sat: Annotated[int | None, Holds.SAT]
    """Of the whole output."""
    lower_sat: Annotated[int, Holds.SAT]
    """What of it is traced at least."""
    upper_sat: Annotated[int, Holds.SAT]
    """What of it is traced at most."""
    reason: str | None
    """Code of why the bounds differ."""
    after_service: str
    labels: str | None


TRANSFERS = schema_of(TracedTransfer, TRANSFERS_FORMAT)
