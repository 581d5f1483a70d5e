"""Figures over all cases of the unit, and the packages of them that leave it."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
