"""Saved views of the canvas, read from the entries of their case; no table repeats them."""
