"""Pages from gap to plan: what is short, and the plan's items."""
