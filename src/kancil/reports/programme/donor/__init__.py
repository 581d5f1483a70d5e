"""The report of a grant to its donor for a period."""
