"""Who pays, for what, and what was spent: donors, grants, budgets, rates, the ledger's lines."""
