"""Work of the desk: what runs behind the pages, kept so that a crash doubles nothing.

How it holds together: docs/reference/background-work.md.
"""
