"""Pages of figures: the profile, one figure, two rounds compared, threats, reports."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
