"""Spreadsheets that people have: participants, past activities, budgets."""
