"""What cases have in common, for whoever may tell their officers."""
