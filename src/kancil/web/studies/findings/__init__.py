"""From a row of a result to an accepted finding: chosen, drafted, read, signed."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
