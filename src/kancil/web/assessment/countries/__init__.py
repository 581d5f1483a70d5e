"""Pages of countries: their board, what they released, the region compared."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
