"""Background jobs on the programme's site: what somebody has running, how it ended."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
