"""What lies on the disks of a case: their examination, files, and what was not examined."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
