"""Tables of the index of selectors."""
