"""The page for the door of the room, attendance, and evaluations."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
