"""Who pays, for what, until when: donors, grants, budgets, rates of exchange."""
