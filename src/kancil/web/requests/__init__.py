"""Requests of a case: drafted, checked, authorised, followed until they are answered."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
