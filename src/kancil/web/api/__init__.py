"""The HTTP API: the same actions and queries as the pages, for programs, under `/api/v1/`.

A program comes with a token that a person made for their own use, never with a cookie; what that
person may not do, the token may not do. An operation is declared in its room's file;
`operation.py` guards it.
"""
