"""Evaluations: the questions asked at once and months later, and what the sheets say together."""
