"""What a planted CoinJoin must do: as a `Pattern`, with participants who stay who they are.

Members stand in `kancil.bitcoin.generator.coinjoins`. Participants are ordinary users, who come
with a coin of theirs and go on with the coins they get; the truth of a CoinJoin is who owns which
input and which output, which the chain itself hides.
"""

from __future__ import annotations

from typing import Protocol

from kancil.bitcoin.generator.pattern import Pattern


class CoinJoin(Pattern, Protocol):
    """The promise of a member of `kancil.bitcoin.generator.coinjoins`: that of a pattern."""
