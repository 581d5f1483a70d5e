"""Pages of a round: its questions, answers, evidence, interviews, team and files."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
