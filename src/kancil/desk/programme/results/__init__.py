"""The results framework and its figures."""
