"""Marks: answers compared with a key, and the way of working read from the ledger."""
