"""Pages of figures: the profile, one figure, two rounds compared, threats, reports."""
