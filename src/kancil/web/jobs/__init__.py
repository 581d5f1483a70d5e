"""Background work on the unit's site: what runs, what waits, how it ended."""
