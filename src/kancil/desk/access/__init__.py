"""Access in a unit: acts on accounts, memberships and keys, which the ledger remembers."""
