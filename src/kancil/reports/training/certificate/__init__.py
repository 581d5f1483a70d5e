"""A certificate on paper, and the page of one file that verifies it on a telephone."""
