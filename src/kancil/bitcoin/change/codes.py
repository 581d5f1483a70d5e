"""Numbers that the change heuristics, their kernels and whoever sweeps a chain agree on."""

from __future__ import annotations

NONE, UNKNOWN, NOT_ASKED = -1, -2, -3
"""Instead of an output's row: the rule names none; what is held does not tell; not asked, for it is
a coinbase, stands in no block of the chain, or is excluded."""
WAIT_BLOCKS = 144
"""Later blocks that must be held before *never paid again* is said; about a day. Meiklejohn and
others wait a day, or a week (IMC 2013, section 4.5)."""
FINAL_SEQUENCE = 0xFFFFFFFE
"""From here on an input's sequence does not ask for replacement (BIP 125, explicit signaling)."""
LEAST_CANDIDATES = 2
"""With fewer outputs that can be change no member names one."""
