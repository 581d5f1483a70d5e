"""What most kinds share: a cell of ours holds one identifier, written in its normal form."""

from __future__ import annotations

from collections.abc import Iterator


class OneInACell:
    """A kind of which a cell never holds several."""

    def parts(self, cell: str) -> Iterator[str]:
        """The cell itself, where it holds anything."""
        if cell:
            yield cell
