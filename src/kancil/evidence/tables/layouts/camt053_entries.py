"""A bank statement in CSV whose columns bear the element names of ISO 20022 camt.053.

Elements of an entry (`Ntry`) in camt.053, BankToCustomerStatement: `Amt`, `Ccy`, `CdtDbtInd`
(`CRDT` came in, `DBIT` went out), `BookgDt`, `ValDt`, `Sts`, `AcctSvcrRef`, `NtryRef`,
`EndToEndId`, `IBAN`. The message itself is XML, and no bank is bound to a CSV of it: the meaning of
the names is the standard's, the table's form is not confirmed. Source: ISO 20022 message definition
camt.053.001.08; code set CreditDebitCode; read in November 2026 through public guides to it.

An amount is never negative there; the indicator says the direction, also for a reversal. `Sts` is
`BOOK` for what was booked; `PDNG` and `INFO` are left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.column_mapping import BY_WORDS, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.table import TableForm

_NEEDED = {
    "amount": ("Amt",),
    "asset": ("Ccy",),
    "direction": ("CdtDbtInd",),
    "time": ("BookgDt", "ValDt"),
}
_MORE = {
    "own_account": ("IBAN", "Acct", "AcctId"),
    "other_account": ("RltdAcct", "CtrPtyAcct", "DbtrAcct", "CdtrAcct"),
    "other_name": ("RltdPties", "CtrPtyNm"),
    "reference": ("AcctSvcrRef", "NtryRef", "EndToEndId"),
    "status": ("Sts",),
}


class Camt053Entries:
    """The layout of a statement with ISO 20022 names."""

    name = "camt053-entries"
    version = 1
    source = "ISO 20022 camt.053.001.08"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if amount, currency, indicator and date are there."""
        found = picked(columns, _NEEDED)
        if found.keys() != _NEEDED.keys():
            return None
        more = picked(columns, _MORE)
        return ColumnMapping(
            name=self.name,
            version=self.version,
            table=form,
            columns=found | more,
            direction=DirectionRule(BY_WORDS, None, ("CRDT",), ("DBIT",)),
            done=("BOOK",) if "status" in more else None,
        )


CAMT053_ENTRIES = Camt053Entries()
