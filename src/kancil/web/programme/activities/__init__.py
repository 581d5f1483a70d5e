"""Pages of activities: what is done, for whom, when, and what is left behind."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
