"""Move an earlier ledger into the desk: the same entries, bytes and hashes unchanged.

Safe to run again after it was interrupted at any moment.
"""

from __future__ import annotations

from kancil.custody.errors import LedgerFileBroken
from kancil.custody.store import LedgerStore
from kancil.ground.phrase import Phrase

from .store import DeskLedger


def take_over(desk: DeskLedger, earlier: LedgerStore) -> int:
    """Bring the desk's ledger up to an earlier one, which is verified; gives how many came in.

    The desk's may have some of the entries, or all of them and its own after them. Anything else
    is another ledger: raises LedgerFileBroken, and changes nothing.
    """
    here, there = desk.head().size, earlier.head().size
    both = min(here, there)
    if desk.hashes(both) != earlier.hashes(both):
        raise LedgerFileBroken(path="desk", why=Phrase("why.ledger-other"))
    if here < there:
        desk.import_lines(earlier.lines(here + 1), after=here)
    return max(0, there - here)
