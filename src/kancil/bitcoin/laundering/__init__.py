"""Patterns that laundering often has, looked for over a chain or around something."""
