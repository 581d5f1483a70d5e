"""A bank statement in no layout known here: a date, and what came in and went out.

Two usual forms: a column of debits beside one of credits, or one amount with a sign or with a
column that says *Dr* or *Cr*. The names are those of everyday bookkeeping; no bank confirms them.
To the holder of an account a credit came in and a debit went out. Whose account it is, its
currency, and the form of dates and amounts are seen in the first rows or left open; the balance is
not read, and so not checked.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.evidence.tables.column_mapping import BY_COLUMNS, ColumnMapping, DirectionRule
from kancil.evidence.tables.layout import picked
from kancil.evidence.tables.table import TableForm

_WANTED = {
    "time": (
        "Transaction Date", "Booking Date", "Posting Date", "Date", "Txn Date", "Trans Date",
        "Value Date", "Date/Time",
    ),
    "time_of_day": ("Time", "Transaction Time"),
    "asset": ("Currency", "Ccy", "CCY"),
    "amount": ("Amount", "Transaction Amount"),
    "amount_in": ("Credit", "Deposit", "Credit Amount", "Deposits", "Money In", "Paid In", "Cr"),
    "amount_out": (
        "Debit", "Withdrawal", "Debit Amount", "Withdrawals", "Money Out", "Paid Out", "Dr",
    ),
    "direction": ("Dr/Cr", "Cr/Dr", "DC", "D/C", "Debit/Credit", "Type"),
    "own_account": ("Account", "Account Number", "Account No", "Account No.", "IBAN"),
    "other_account": (
        "Counterparty Account", "Beneficiary Account", "To Account", "Counter Account",
    ),
    "other_name": ("Counterparty", "Counterparty Name", "Beneficiary", "Beneficiary Name", "Payee"),
    "reference": ("Reference", "Reference No", "Ref No", "Ref", "Transaction ID", "Description",
                  "Narration", "Details", "Remark"),
}  # fmt: skip
_TELLS_A_BANK = ("balance", "ledger balance", "closing balance", "running balance")


class BankStatement:
    """The layout of a statement of account, by usual names."""

    name = "bank-statement"
    version = 1
    source = "usual names of bookkeeping"
    is_confirmed = False

    def mapping(self, columns: Sequence[str], form: TableForm) -> ColumnMapping | None:
        """Map the columns if there are debits and credits, or an amount beside a balance."""
        found = picked(columns, _WANTED)
        has_two = {"amount_in", "amount_out"} <= found.keys()
        has_balance = any(column.casefold().strip() in _TELLS_A_BANK for column in columns)
        if "time" not in found or not (has_two or ("amount" in found and has_balance)):
            return None
        if has_two:
            left_out = {"amount", "direction"}
            rule = DirectionRule(BY_COLUMNS)
        else:
            left_out = {"amount_in", "amount_out"}
            rule = None
        found = {field: column for field, column in found.items() if field not in left_out}
        return ColumnMapping(self.name, self.version, form, found, direction=rule)


BANK_STATEMENT = BankStatement()
