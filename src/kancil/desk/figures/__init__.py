"""Figures over all cases of the unit, and the packages of them that leave it."""
