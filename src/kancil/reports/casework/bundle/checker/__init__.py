"""Checking a bundle: what is compared, in which order, and the one answer at the end."""
