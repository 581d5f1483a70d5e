"""Counting rules: what an indicator counts, as data, and the one function that counts by them."""
