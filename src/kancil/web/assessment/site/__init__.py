"""Pages of the programme's site itself: home, people, keys, protocols, audit log."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
