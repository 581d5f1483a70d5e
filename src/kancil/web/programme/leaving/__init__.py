"""Pages of what leaves: donor reports, country pages, IATI files."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
