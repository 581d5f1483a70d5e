"""Members that keep the promise of `custody.store.LedgerStore`."""

from __future__ import annotations

from .sqlite_file import SqliteLedger

STORES = (SqliteLedger,)
