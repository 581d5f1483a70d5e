"""Custody computes: who did what with which exhibit, in a ledger that shows any change.

Entries (signed, linked canonical JSON) are stored by a `LedgerStore`, folded into a `Roll`, added
to by the acts (`officers`, `cases`, `exhibits`), anchored by checkpoints, and judged by `verify`.
The format is docs/formats/ledger.md and outlives this code. What the bytes of an exhibit are is
the business of the vault, one floor up; here only digests are known.
"""
