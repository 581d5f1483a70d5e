"""The index of selectors: where an address or a transaction was seen, in which case."""
