"""Pages of the directory: offices and keepers to whom requests go, and what other units state."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
