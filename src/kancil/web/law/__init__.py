"""Pages of the law that a request stands on: legal bases, treaties, the unit's own texts of law."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
