"""Pages of a country's law: extracts, the legal matrix, treaties, the road map."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
