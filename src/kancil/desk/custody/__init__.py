"""Custody of the desk: the unit's ledger in the desk's own database. Custody below computes it."""
