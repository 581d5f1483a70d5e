"""Cases on the unit's site: overview, exhibits, custody, findings, members."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
