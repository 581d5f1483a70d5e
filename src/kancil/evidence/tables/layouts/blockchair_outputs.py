"""Blockchair's dump of a day's transaction outputs (TSV, offered as `.tsv.gz`).

Columns: `block_id`, `transaction_hash`, `index`, `time`, `value`, `value_usd`, `recipient`, `type`,
`script_hex`, `is_from_coinbase`, `is_spendable`. Layout as seen in the public programs of LoyceV
and of dkothari777 (eth-ws, docker/pg_scripts, commit 4fe76e9), read in November 2026; not confirmed
by Blockchair's own pages.

`time` is the block's, in UTC; `value` counts the smallest unit. Dumps of Litecoin, Dogecoin and
others have the same columns: the table does not say which coin it is of, so the officer does
(`constants.asset`). The dump of inputs, which has `spending_…` columns too, is not of this layout.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import BY_NONE, SMALLEST, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import pick, picked
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "txid": ("transaction_hash",),
    "time": ("time",),
    "amount": ("value",),
    "to_address": ("recipient",),
}
_SIGN = ("block_id", "script_hex", "is_from_coinbase")


class BlockchairOutputs:
    """The layout of Blockchair's outputs."""

    name = "blockchair-outputs"
    version = 1
    source = "dkothari777/eth-ws docker/pg_scripts/__V1__load_data.sql 4fe76e9"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if all of them are there, and none of the dump of inputs."""
        found = picked(columns, _WANTED)
        if found.keys() != _WANTED.keys() or not all(pick(columns, name) for name in _SIGN):
            return None
        if pick(columns, "spending_transaction_hash"):
            return None
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found,
            amount=AmountForm(".", ","),
            time=TimeForm(("YYYY-MM-DD hh:mm:ss",), "UTC"),
            direction=DirectionRule(BY_NONE),
            unit=SMALLEST,
        )


BLOCKCHAIR_OUTPUTS = BlockchairOutputs()
