"""Pages of imports from spreadsheets: mapping, dry run, undo."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
