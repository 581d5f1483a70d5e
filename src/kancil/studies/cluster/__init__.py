"""The cluster of an address as a study: what is spent together, and by which transactions."""
