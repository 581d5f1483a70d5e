"""Spreadsheets that are imported as one batch, and undone."""
