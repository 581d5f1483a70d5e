"""Marks: answers compared with a key, and the way of working read from the ledger.

`mark` in `mark.py`, `process_marks` in `conduct.py`, `compare_marks` in `again.py`. Each rule with
its source, or that it is our own choice: docs/reference/marking.md.
"""
