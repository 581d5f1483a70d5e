"""Laundering patterns as a study: where a chain has a form that laundering often has too."""
