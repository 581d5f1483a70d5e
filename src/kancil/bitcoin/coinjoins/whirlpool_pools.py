"""Whirlpool's pools: what its mixes and its tx0s have in common, for the heuristics of both."""

from __future__ import annotations

from datetime import date

POOLS_SAT = (100_000, 1_000_000, 5_000_000, 50_000_000)
"""Sizes of Samourai's pools (whirlpool-server, `server.pools`)."""
MOST_ABOVE_SAT = 110_000
"""Most that a new entrant brings above the pool's size: 0.0011 BTC in the published heuristic."""
FIRST_DAY, LAST_DAY, AGAIN_FROM = date(2019, 4, 1), date(2024, 4, 24), date(2025, 6, 23)
"""When it ran; each heuristic's `Period` says by whom that is known."""
