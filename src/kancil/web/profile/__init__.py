"""Profiles on the site: an address, and a cluster of addresses."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
