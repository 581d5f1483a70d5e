"""The canvas of a case: its page, the steps of its picture, its side panel, its saved views."""

SITES = ("unit",)
