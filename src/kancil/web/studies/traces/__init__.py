"""The money of a case: asking a trace, its page, its tables, its drafts."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
