"""What parameters of version 1 name, as it was when they were written: frozen, never added to.

Until version 2 a trace did not record which policies it compared and which heuristics spoke beside
it; it named all of them that Kancil had. These are they.
"""

from __future__ import annotations

POLICIES = (("poison", "1"), ("haircut", "1"), ("fifo", "1"), ("lifo", "1"))
"""Policies compared, name and version, in the order of `totals`."""
HEURISTICS = (
    ("whirlpool", "2"),
    ("whirlpool-tx0", "1"),
    ("wasabi1", "1"),
    ("wasabi2", "1"),
    ("joinmarket", "1"),
    ("equal-output", "1"),
)
"""Heuristics that spoke of what a trace met."""
STOPS = frozenset((("whirlpool", "1"), *HEURISTICS))
"""Heuristics that a trace could name in `stops_at`."""
METHODS = ("1", "2")
"""Versions of the walk: without `stops_at`, and with it."""
