"""What the programme's desk shows on Home: what comes, what is late, unspent, and where."""

SITES = ("programme",)
"""Sites to which the pages of this folder belong."""
