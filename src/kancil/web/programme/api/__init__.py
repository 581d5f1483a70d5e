"""The HTTP API of the programme's site: registers listed, added to and changed by programs."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
