"""Pages of label sources: who says what of addresses, and where each row comes from."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
