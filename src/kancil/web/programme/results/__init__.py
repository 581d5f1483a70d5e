"""Pages of the results framework: indicators, counting rules, figures."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
