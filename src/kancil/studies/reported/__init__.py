"""Reported transfers: the parties and payments that tables of others state, followed and compared.

`reading.py` makes all rows of some tables a `book.py`; `follow.py`, `paths.py`, `totals.py`,
`balances.py`, `tricks.py`, `joins.py` and `victims.py` answer from it as described tables;
`beside.py` is what a chain says of a row. All of it is *reported by* the tables' publishers and
proved by none of them.
"""
