"""Pages of donors, grants, budgets, rates of exchange and spending."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
