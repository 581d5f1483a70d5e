"""Home of the unit's site: my cases, what waits for me, search, sign-in."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
