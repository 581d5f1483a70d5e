"""Fingerprint: the one output whose spender has the same version, lock time, signal and witness.

After G. Kappos and others, *How to Peel a Million*, USENIX Security 2022, who follow a peel chain
by the features that the next transaction shares; and Möser, Narayanan, *Resurrecting Address
Clustering in Bitcoin*, FC 2022, on fingerprints. Not the whole of either: Kappos and others use
more features and the form of addresses besides, and Möser and Narayanan train a model.
"""

from __future__ import annotations

from kancil.bitcoin.change.heuristic import ChangeHeuristic, ChangeVerdict, Seen, Traits, by_mark
from kancil.ground.phrase import Param, Phrase


def _judge(seen: Seen) -> ChangeVerdict:
    return by_mark(seen, seen.traits, lambda each: each.traits, "fingerprint", _told)


def _told(traits: Traits) -> Phrase:
    """Traits as the words that stand in the reason."""
    told: dict[str, Param] = {"version": traits.version}
    for name, has in (
        ("locktime", traits.has_locktime),
        ("replacement", traits.signals_replacement),
        ("witness", traits.has_witness),
    ):
        told[name] = Phrase(f"note.change-trait-{name}" if has else f"note.change-trait-no-{name}")
    return Phrase("note.change-traits", told)


FINGERPRINT = ChangeHeuristic(
    name="fingerprint",
    source=(
        "Kappos and others: How to Peel a Million, USENIX Security 2022, on following peel chains; "
        "Möser, Narayanan: Resurrecting Address Clustering in Bitcoin, FC 2022, on fingerprints"
    ),
    looks_ahead=True,
    judge=_judge,
    kernel="by_traits",
    takes=lambda _, kernels: (kernels.ALL_BITS,),
)
