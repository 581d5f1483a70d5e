"""Pages from gap to plan: what is short, and the plan's items."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
