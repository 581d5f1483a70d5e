"""Pages of courses: lessons to be read, tests to be sat, figures for the trainer."""

SITES = ("classroom",)
"""Sites to which the pages of this folder belong."""
