"""Desk: the books that officers write at once. Crafts compute, the desk remembers, the web shows.

A room has `models.py` (tables), `actions.py` (the only writers) and `queries.py` (the only
readers). Every case action is a ledger entry, and entry and rows are one database transaction.
"""
