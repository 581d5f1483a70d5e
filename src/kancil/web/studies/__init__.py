"""Studies on the unit's site: chains, labels, and the money graph."""
