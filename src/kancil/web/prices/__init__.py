"""Pages of dated prices: tables with their source, and their rows."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
