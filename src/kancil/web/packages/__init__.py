"""Packages of figures that other sites sent, on the programme's site."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
