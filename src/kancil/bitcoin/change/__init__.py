"""Change heuristics: which output of a transaction goes back to who pays."""
