"""Recorded studies other than traces, and how one comes to be recorded."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
