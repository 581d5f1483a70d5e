"""A chain as it is asked: ingested, opened, its transactions, addresses and blocks."""
