"""Keepers that the money of a case met, gathered from its traces and reported transfers."""
