"""Address reuse: the one output that pays a script which the transaction spends from.

Source: S. Meiklejohn and others, *A Fistful of Bitcoins*, IMC 2013, section 4.3, who call it
*self-change* and set such transactions aside for their own heuristic; BlockSci, `address_reuse`
(Kalodner and others, USENIX Security 2020). Whoever can spend the input can spend this output: that
is no guess. That it is *change*, and that no other output is the payer's too, stays one.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, only_one, too_few, untold
from kancil.bitcoin.change.run import Sweep


@dataclass(frozen=True, slots=True)
class Reuse:
    """The member; see the module."""

    name: str = "reuse"
    version: str = "1"
    source: str = (
        "Meiklejohn and others: A Fistful of Bitcoins, IMC 2013, section 4.3 (self-change); "
        "Kalodner and others: BlockSci, USENIX Security 2020, heuristic address_reuse"
    )
    looks_ahead: bool = False
    words: tuple[str, ...] = ("method.change-reuse.1", "method.change-reuse.2")

    def judge(self, seen: Seen) -> ChangeVerdict:
        """Judge one transaction."""
        few = too_few(seen)
        if few is not None:
            return few
        if not seen.has_known_scripts:
            return untold("why.change-input-scripts")
        found = [n for n in seen.candidates if seen.pays_input_script(n)]
        return only_one(found, seen, "reuse", "why.change-reuse")

    def sweep(self, over: Sweep, first: int, last: int, answer: Array) -> None:
        """Judge rows by the kernel."""
        from kancil.bitcoin.change import kernels  # Numba is slow to import

        kernels.reuse(over.ground, first, last, answer)


REUSE = Reuse()
