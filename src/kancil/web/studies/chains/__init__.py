"""The chains of a unit: what they hold, clusters, change, exposure, watch lists."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
