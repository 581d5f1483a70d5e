"""Pages of what tables of others state: transfers of a case, and the screen that maps a table."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
