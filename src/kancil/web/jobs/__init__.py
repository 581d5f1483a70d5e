"""Background work on the unit's site: what runs, what waits, how it ended."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
