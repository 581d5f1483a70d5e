"""The door of a classroom: the certificate that is to be trusted, and the join code of a class."""

SITES = ("classroom",)
"""Sites to which the pages of this folder belong."""
