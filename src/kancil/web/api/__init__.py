"""The HTTP API: the same actions and queries as the pages, for programs, under `/api/v1/`.

A program comes with a token that a person made for herself, never with a cookie; what she may not
do, her token may not do. An operation is declared in its room's file; `operation.py` guards it.
"""
