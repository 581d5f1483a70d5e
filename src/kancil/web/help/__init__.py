"""Help on the site: what each page is for, and a glossary whose every word names its source."""

SITES = ("unit",)
"""Sites to which the pages of this folder belong."""
