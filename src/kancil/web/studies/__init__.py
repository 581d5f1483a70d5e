"""Studies on the unit's site; beside its rooms stands what they all show of chains and traces."""
