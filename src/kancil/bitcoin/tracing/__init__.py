"""Following coins forward and backward under a taint policy."""
