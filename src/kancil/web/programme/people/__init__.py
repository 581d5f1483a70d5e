"""Pages of organisations, participants and registrations."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
