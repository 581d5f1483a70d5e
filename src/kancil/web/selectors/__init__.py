"""What cases have in common, for whoever may tell their officers."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
