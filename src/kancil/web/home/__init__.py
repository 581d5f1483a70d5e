"""Home of the unit's site: my cases, what waits for me, search, sign-in."""
