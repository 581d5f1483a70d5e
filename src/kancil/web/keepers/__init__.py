"""Pages of keepers: where the money of a case can still be stopped, and the letter that asks."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
