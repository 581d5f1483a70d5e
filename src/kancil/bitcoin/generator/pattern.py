"""What a planted pattern must do: act out one instance on a `Stage`, block after block.

Members stand in `kancil.bitcoin.generator.patterns` and, for CoinJoins, in `coinjoins`. A member
knows nothing of blocks, arrays or bytes: it asks the stage for coins and addresses, spends, and
yields how many blocks go by. What it did is the truth that is kept of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kancil.bitcoin.generator.stage import Stage


class Pattern(Protocol):
    """The promise of a member of `kancil.bitcoin.generator.patterns`."""

    @property
    def name(self) -> str:
        """The word of the command line and of the tables of truth."""

    @property
    def version(self) -> str:
        """Version of how it acts; another version makes other chains of the same seed."""

    @property
    def source(self) -> str:
        """Who described the pattern."""

    @property
    def least(self) -> int:
        """Transactions that the smallest instance takes."""

    @property
    def most(self) -> int:
        """Transactions that no instance exceeds."""

    def play(self, stage: Stage) -> Iterator[int]:
        """Act one instance out in at most `stage.room` transactions; yield blocks to wait."""
