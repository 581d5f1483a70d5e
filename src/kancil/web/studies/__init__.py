"""Studies on the unit's site: chains, labels, and the money graph."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
