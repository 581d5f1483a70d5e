"""Provisions of law answered: the matrix, statutes, bills, roads, and what carries over."""
