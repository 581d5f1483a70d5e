"""From gap to plan: items, their costs and days."""
