"""CoinJoin heuristics, and their verdicts on the transactions of a chain."""
