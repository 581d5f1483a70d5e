"""The country report: what a round says, from its cover to every answer. Content only, no form."""
