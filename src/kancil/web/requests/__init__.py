"""Requests to keepers and other States, and requests of others: their pages."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
