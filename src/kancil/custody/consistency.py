"""The proof that a later checkpoint grew from an earlier one (docs/formats/ledger.md).

Whoever holds an old bundle and a newer checkpoint of the same unit asks the unit for this file:
with it the newer checkpoint confirms the older bundle, and no entry need be shown.
Source: RFC 6962 section 2.1.2; RFC 9162 section 2.1.4.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase

from .checkpoint import Checkpoint
from .entry import is_hash
from .errors import CheckpointNotReadable, LedgerDiffersFromCheckpoint
from .merkle import Tree, verify_consistency
from .store import LedgerView

FORMAT = "kancil-consistency/1"
_KEYS = {"format", "from", "path", "to", "unit"}


@dataclass(frozen=True, slots=True)
class Consistency:
    """A proof as read; whether it leads from one checkpoint to the other is not yet known."""

    unit: str
    old_size: int
    new_size: int
    path: tuple[bytes, ...]
    """Hashes of subtrees, 32 bytes each, in the order of RFC 6962."""

    def is_between(self, old: Checkpoint, new: Checkpoint) -> bool:
        """Whether it is about these two checkpoints: unit and sizes are theirs."""
        return (self.unit, self.old_size, self.new_size) == (new.unit, old.size, new.size)

    def leads(self, old: Checkpoint, new: Checkpoint) -> bool:
        """Whether the ledger of the older checkpoint is the beginning of the newer one's."""
        return self.is_between(old, new) and verify_consistency(
            self.old_size, self.new_size, self.path, old.root, new.root
        )


def prove_consistency(ledger: LedgerView, old: Checkpoint, new: Checkpoint) -> bytes:
    """Write the proof between two checkpoints of this ledger, the older first.

    Raises LedgerDiffersFromCheckpoint when one of them is not of this ledger as it is held, or the
    first is the later.
    """
    head = ledger.head()
    for one, most in ((new, head.size), (old, new.size)):
        if not 0 < one.size <= most:
            raise LedgerDiffersFromCheckpoint(size=one.size, held=most)
    tree = Tree(ledger.hashes(new.size))
    for one in (old, new):
        if tree.root(one.size) != one.root:
            raise LedgerDiffersFromCheckpoint(size=one.size, held=head.size)
    return canonical.dumps(
        {
            "format": FORMAT,
            "from": old.size,
            "path": [step.hex() for step in tree.consistency_path(old.size)],
            "to": new.size,
            "unit": new.unit,
        }
    )


def read_consistency(data: bytes) -> Consistency:
    """Read a proof strictly, but for a line end after it; raises CheckpointNotReadable."""
    try:
        value = canonical.loads_canonical(data.rstrip(b"\r\n"))
    except NotCanonical as error:
        raise CheckpointNotReadable(why=Phrase("why.consistency-form")) from error
    if (
        not isinstance(value, dict)
        or set(value) != _KEYS
        or value["format"] != FORMAT
        or not (isinstance(value["unit"], str) and is_id(value["unit"]))
        or not all(type(value[name]) is int and value[name] > 0 for name in ("from", "to"))
        or not isinstance(value["path"], list)
        or not all(is_hash(step) for step in value["path"])
    ):
        raise CheckpointNotReadable(why=Phrase("why.consistency-form"))
    path = tuple(bytes.fromhex(step) for step in value["path"])
    return Consistency(value["unit"], value["from"], value["to"], path)
