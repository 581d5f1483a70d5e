"""Pages of the classroom: classes, labs, the trainer's board, marks."""

SITES = ("classroom",)
"""Sites to which the pages of this folder belong."""
