"""People of the web."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong; the programme takes its entrance alone."""
